//! Voice and pictures of classes: the calls, and what the media server is asked to let through.

mod browsers;
mod calls;
mod following;
mod instances;
mod live;
mod networks;
mod pages;
mod real;
mod recorded;
mod slow_network;
mod writing_back;

use diesel::sql_types::BigInt;
use diesel::{QueryableByName, RunQueryDsl};
use lectern::db;
use lectern::domain::tenancy::secret;
use serde_json::{Value, json};

use crate::iclass::board::Lesson;
use crate::support::component::Component;
use crate::support::service::{Enterprise, Service};

/// A new offer in a class.
fn offer(class_id: i64) -> Value {
    json!({ "class_id": class_id, "session": "", "offer": "v=0\r\n", "sources": [] })
}

/// Another device of a user, with a token of its own.
async fn second_device<'a>(enterprise: &Enterprise<'a>, user_id: &str) -> Component<'a> {
    let token = secret::token();
    let statement = format!(
        "INSERT INTO tokens (token_hash, enterprise_id, user_id, create_time, expire_time) VALUES ('{}', {}, '{user_id}', 0, {})",
        secret::hash_token(&token),
        enterprise.enterprise_id,
        i64::MAX
    );
    execute(enterprise.service, statement).await;
    Component::of(enterprise, user_id, &token)
}

/// Runs a statement on the database of a service.
async fn execute(service: &Service, statement: String) {
    let write = move |conn: &mut db::Conn| Ok::<_, db::Error>(diesel::sql_query(statement).execute(conn)?);
    service.app.db.write(write).await.unwrap();
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// The number that a query returns as `number`.
async fn number(service: &Service, query: String) -> i64 {
    let read = move |conn: &mut db::Conn| {
        let row = diesel::sql_query(query).get_result::<Number>(conn)?;
        Ok::<_, db::Error>(row.number)
    };
    service.app.db.read(read).await.unwrap()
}

/// Connects a component, and returns its media session.
async fn connect(component: &Component<'_>, class_id: i64) -> String {
    let answer = component.ok("media/connect", offer(class_id)).await;
    answer["session"].as_str().unwrap().to_owned()
}

impl Lesson<'_> {
    /// Reports an event of a component, about one user or about itself.
    async fn report(&self, by: &Component<'_>, event: &str, about: Option<&str>) {
        let mut report = json!({ "class_id": self.class_id, "event": event });
        if let Some(user_id) = about {
            report["data"] = json!({ "user_id": user_id });
        }
        by.ok("report/event", report).await;
    }

    /// The microphone, the camera and the screen of somebody, as the list of members shows them.
    async fn devices(&self, user_id: &str) -> [i64; 3] {
        let list = self.teacher.ok("member/runtime/list", json!({ "class_id": self.class_id })).await;
        let row = list["list"].as_array().unwrap().iter().find(|row| row["user_id"] == user_id).unwrap();
        ["mic", "camera", "screen"].map(|device| row["status"][device].as_i64().unwrap())
    }
}
