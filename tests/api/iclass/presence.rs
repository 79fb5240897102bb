//! Sessions that heartbeats keep open. Each session and each class ends once, with its reason and its time.

mod class_ends;
mod heartbeats;
mod sessions;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use lectern::db;
use lectern::domain::Error;
use lectern::domain::classroom::session;
use lectern::domain::classroom::session::{Component, JoinRequest, Kick};
use lectern::domain::events::event::Extra;
use lectern::domain::tenancy::enterprise;
use lectern::domain::tenancy::enterprise::Patch;
use lectern::domain::tenancy::secret;
use lectern::store::ids::ClassId;
use serde_json::{Value, json};

use crate::support::PATIENCE;
use crate::support::service::{BEGIN, Enterprise, Service};

const LEASE: i64 = 90;
const GRACE: i64 = 5;

/// A session, with times in seconds from the beginning of the test.
#[derive(Debug, PartialEq, Eq, QueryableByName)]
struct Session {
    #[diesel(sql_type = Text)]
    user_id: String,
    #[diesel(sql_type = BigInt)]
    ordinal: i64,
    #[diesel(sql_type = BigInt)]
    enter: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    quit: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    reason: Option<String>,
}

/// A session that ended.
fn ended(user_id: &str, ordinal: i64, enter: i64, quit: i64, reason: &str) -> Session {
    Session { user_id: user_id.into(), ordinal, enter, quit: Some(quit), reason: Some(reason.into()) }
}

/// An open session.
fn open(user_id: &str, ordinal: i64, enter: i64) -> Session {
    Session { user_id: user_id.into(), ordinal, enter, quit: None, reason: None }
}

/// A component of a user.
#[derive(Clone, Debug)]
struct Device {
    user_id: String,
    token: String,
}

impl Device {
    fn component(&self) -> Component {
        let token_hash = secret::hash_token(&self.token);
        Component { user_id: self.user_id.clone(), token_hash, lease: LEASE * 1000 }
    }
}

impl Enterprise<'_> {
    /// Registers a pupil. The device uses the `user_token`.
    async fn device(&self, user_id: &str) -> Device {
        let user = json!({"list": [{"user_id": user_id, "role": "student"}]});
        let made = self.ok("user/register", user).await;
        let token = made["user_list"][0]["user_token"].as_str().unwrap().to_owned();
        Device { user_id: user_id.into(), token }
    }

    /// Another device of a user, with its own token.
    async fn second_device(&self, user_id: &str) -> Device {
        let device = Device { user_id: user_id.into(), token: secret::token() };
        let hash = secret::hash_token(&device.token);
        let statement = format!(
            "INSERT INTO tokens (token_hash, enterprise_id, user_id, create_time, expire_time) \
             VALUES ('{hash}', {}, '{user_id}', 0, {})",
            self.enterprise_id,
            i64::MAX
        );
        let write = move |conn: &mut db::Conn| Ok::<_, db::Error>(diesel::sql_query(statement).execute(conn)?);
        self.service.app.db.write(write).await.unwrap();
        device
    }

    async fn enter(&self, class_id: i64, device: &Device) -> Result<(), Error> {
        let (sdkappid, component, now) = (self.sdkappid, device.component(), self.service.clock.now());
        let write = move |conn: &mut _| {
            let row = enterprise::require(conn, sdkappid)?;
            session::join(conn, &row, ClassId(class_id), JoinRequest::of_component(&component), now).map(drop)
        };
        self.service.app.db.write(write).await
    }

    async fn leave(&self, class_id: i64, device: &Device) {
        let (sdkappid, component, now) = (self.sdkappid, device.component(), self.service.clock.now());
        let write = move |conn: &mut _| {
            let row = enterprise::require(conn, sdkappid)?;
            session::quit_as_component(conn, &row, ClassId(class_id), &component, now)
        };
        self.service.app.db.write(write).await.unwrap();
    }

    async fn kick(&self, class_id: i64, user_id: &str, by: &str) -> Result<(), Error> {
        let (sdkappid, user_id, by) = (self.sdkappid, user_id.to_owned(), by.to_owned());
        let now = self.service.clock.now();
        let write = move |conn: &mut _| {
            let row = enterprise::require(conn, sdkappid)?;
            session::kick(conn, &row, ClassId(class_id), Kick { user_id: &user_id, by: &by }, now)
        };
        self.service.app.db.write(write).await
    }

    /// Sends a heartbeat and returns the answer.
    async fn heartbeat(&self, class_id: i64, device: &Device) -> Value {
        self.heartbeat_at(self.service, class_id, device).await
    }

    /// As [`Enterprise::heartbeat`], to another instance.
    async fn heartbeat_at(&self, service: &Service, class_id: i64, device: &Device) -> Value {
        let Device { user_id, token } = device;
        let body =
            json!({"HeartbeatList": [{"CustomData": {"user_id": user_id, "class_id": class_id, "token": token}}]});
        let url = format!(
            "{}/v4/ilvb_edu/report_heartbeat?sdkappid={}&usersig=x&identifier={user_id}&contenttype=json&random=1",
            service.url, self.sdkappid
        );
        let answer = service.http.post(url).body(body.to_string()).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        answer.json().await.unwrap()
    }

    async fn beats(&self, class_id: i64, device: &Device) {
        assert_eq!(self.heartbeat(class_id, device).await, json!({"Response": {"IntervalTime": 30}}));
    }

    async fn sessions(&self, class_id: i64) -> Vec<Session> {
        let begin = BEGIN * 1000;
        let statement = format!(
            "SELECT user_id, ordinal, (enter_time - {begin}) / 1000 AS enter, (quit_time - {begin}) / 1000 AS quit, \
             quit_reason AS reason FROM sessions WHERE class_id = {class_id} ORDER BY id"
        );
        let read = move |conn: &mut db::Conn| Ok::<_, db::Error>(diesel::sql_query(statement).load(conn)?);
        self.service.app.db.read_slow(read).await.unwrap()
    }

    /// Waits until the sessions of a class are as expected: a worker ends those without heartbeats.
    async fn wait_for_sessions(&self, class_id: i64, expected: &[Session]) {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let sessions = self.sessions(class_id).await;
            if sessions == expected {
                return;
            }
            assert!(tokio::time::Instant::now() < deadline, "{sessions:#?}, not {expected:#?}");
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }

    async fn wait_for_status(&self, class_id: i64, status: &str) {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let info = self.ok("class/info", json!({"class_id": class_id})).await;
            if info["class_status"] == status {
                return;
            }
            assert!(tokio::time::Instant::now() < deadline, "{info}");
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }

    async fn end_reason(&self, class_id: i64) -> Option<String> {
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = Nullable<Text>)]
            end_reason: Option<String>,
        }
        let statement = format!("SELECT end_reason FROM classes WHERE class_id = {class_id}");
        let read = move |conn: &mut db::Conn| Ok::<_, db::Error>(diesel::sql_query(statement).get_result::<Row>(conn)?);
        self.service.app.db.read_slow(read).await.unwrap().end_reason
    }

    /// The events of a class: names and times, from the beginning of the test.
    async fn published(&self, class_id: i64) -> Vec<(String, i64)> {
        let feed = self.ok("event/list", json!({"class_id": class_id})).await;
        let time = |event: &Value| {
            let data = event["data"].as_object().unwrap();
            data.iter().find(|(name, _)| name.ends_with("time")).unwrap().1.as_i64().unwrap() - BEGIN
        };
        let rows = feed["list"].as_array().unwrap();
        rows.iter().map(|event| (event["event"].as_str().unwrap().to_owned(), time(event))).collect()
    }

    async fn begun(&self, stop_time: i64) -> i64 {
        let class_id = self.class(json!({"start_time": BEGIN, "stop_time": BEGIN + stop_time})).await;
        self.ok("class/start", json!({"class_id": class_id})).await;
        class_id
    }

    async fn publishes_joins_and_quits(&self) {
        let callback_events = Some(vec![Extra::JoinClass, Extra::QuitClass]);
        self.set(Patch { callback_events, ..Patch::default() }).await;
    }
}

/// Runs the presence work of a service now.
async fn work(service: &Service) {
    service.app.presence.work(&service.app.db, service.clock.now()).await.unwrap();
}
