//! The board of a class, through the calls of components.

mod drawing;
mod model;
mod over_the_channel;
mod pages;
mod validity;

use diesel::sql_types::BigInt;
use diesel::{QueryableByName, RunQueryDsl};
use lectern::db;
use lectern::db::Conn;
use lectern::domain::Error;
use lectern::domain::classroom::log;
use lectern::domain::classroom::log::LogEvent;
use lectern::domain::ids::{ClassId, EnterpriseId};
use serde_json::{Value, json};

use crate::support::component::Component;
use crate::support::service::{Enterprise, Service};

impl Enterprise<'_> {
    /// Follows a class, as the first connection to its channel does.
    pub async fn follow(&self, class_id: i64) {
        let (enterprise_id, class_id) = (EnterpriseId(self.enterprise_id), ClassId(class_id));
        let start = move |conn: &mut _| log::start(conn, enterprise_id, class_id);
        self.service.app.db.write(start).await.unwrap();
    }

    /// The events in the log of a class.
    pub async fn log_events(&self, class_id: i64) -> Vec<LogEvent> {
        let (enterprise_id, class_id) = (EnterpriseId(self.enterprise_id), ClassId(class_id));
        let read = move |conn: &mut _| log::after(conn, enterprise_id, class_id, 0, 100_000);
        let entries = self.service.app.db.read(read).await.map_err(|e: Error| e.to_string()).unwrap();
        entries.into_iter().map(|entry| entry.event.unwrap()).collect()
    }
}

/// A class with a teacher, a pupil who may draw and one who may not, all inside.
pub struct Lesson<'a> {
    pub class_id: i64,
    pub teacher: Component<'a>,
    pub li: Component<'a>,
    pub wang: Component<'a>,
}

impl<'a> Lesson<'a> {
    pub async fn begin(enterprise: &Enterprise<'a>) -> Self {
        let teacher = Component::register(enterprise, "teacher_1", "teacher").await;
        let li = Component::register(enterprise, "li", "student").await;
        let wang = Component::register(enterprise, "wang", "student").await;
        let members = json!([{"user_id": "li", "role": "student"}, {"user_id": "wang", "role": "student"}]);
        let class_id = enterprise.class(json!({"class_type": "1vN", "members": members})).await;
        for component in [&teacher, &li, &wang] {
            component.ok("member/join", json!({ "class_id": class_id })).await;
        }
        let lesson = Self { class_id, teacher, li, wang };
        lesson.let_draw("li", true).await;
        lesson
    }

    /// Lets a pupil draw, or not any more.
    pub async fn let_draw(&self, user_id: &str, may: bool) {
        let event = if may { "enable_draw" } else { "disable_draw" };
        let report = json!({"class_id": self.class_id, "event": event, "data": {"user_id": user_id}});
        self.teacher.ok("report/event", report).await;
    }

    /// The body of `board/draw`.
    pub fn drawing(&self, page: &str, operations: Value) -> Value {
        let mut body = json!({"class_id": self.class_id, "page": page});
        body["operations"] = operations;
        body
    }

    /// The ids of the items on a page, with their writers.
    pub async fn on_page(&self, page: &str) -> Vec<String> {
        let items = self.items(&self.wang, page).await;
        let name = |item: &Value| format!("{} of {}", item["id"].as_str().unwrap(), item["user_id"].as_str().unwrap());
        items.iter().map(name).collect()
    }

    /// All items of a page, as a component reads them.
    pub async fn items(&self, component: &Component<'_>, page: &str) -> Vec<Value> {
        let (mut items, mut after) = (Vec::new(), json!(""));
        loop {
            let body = json!({"class_id": self.class_id, "page": page, "after": after});
            let answer = component.ok("board/page", body).await;
            items.extend(answer["items"].as_array().unwrap().iter().cloned());
            assert_eq!(answer["finish"], answer.get("next").is_none(), "{answer}");
            match answer.get("next") {
                Some(next) => after = next.clone(),
                None => return items,
            }
        }
    }
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// How many rows a table has. Its name may be followed by a condition.
pub async fn count(service: &Service, table: &str) -> i64 {
    let query = format!("SELECT count(*) AS number FROM {table}");
    let read = move |conn: &mut Conn| Ok::<_, db::Error>(diesel::sql_query(query).get_result::<Number>(conn)?.number);
    service.app.db.read(read).await.unwrap()
}

/// An operation that adds a stroke.
pub fn stroke(id: &str) -> Value {
    json!({"op": "add", "item": pen(id)})
}

/// A stroke.
pub fn pen(id: &str) -> Value {
    json!({"id": id, "kind": "pen", "color": "#1a2B3c", "width": 40, "points": [0, 0, 50, 5000, 2800, 100]})
}

/// An operation with ids.
pub fn of_ids(op: &str, ids: &[&str]) -> Value {
    json!({"op": op, "ids": ids})
}
