//! Who is inside while components tell that they live: how stays and classes end, each once, with its reason and its time.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use lectern::clock::Clock;
use lectern::db;
use lectern::domain::Error;
use lectern::domain::classroom::session;
use lectern::domain::classroom::session::{Component, JoinRequest, Kick};
use lectern::domain::events::event::Extra;
use lectern::domain::tenancy::enterprise;
use lectern::domain::tenancy::enterprise::Patch;
use lectern::domain::tenancy::secret;
use serde_json::{Value, json};

use crate::outbox::{self, hearing};
use crate::receiver::Receiver;
use crate::service::{BEGIN, Enterprise, Service};

const LEASE: i64 = 90;
const GRACE: i64 = 5;

/// A stay, times in seconds from the beginning of the test.
#[derive(Debug, PartialEq, Eq, QueryableByName)]
struct Stay {
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

/// A stay that ended.
fn ended(user_id: &str, ordinal: i64, enter: i64, quit: i64, reason: &str) -> Stay {
    Stay { user_id: user_id.into(), ordinal, enter, quit: Some(quit), reason: Some(reason.into()) }
}

/// A stay that goes on.
fn open(user_id: &str, ordinal: i64, enter: i64) -> Stay {
    Stay { user_id: user_id.into(), ordinal, enter, quit: None, reason: None }
}

/// A component of somebody.
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
    /// Registers a pupil whose device has their `user_token`.
    async fn device(&self, user_id: &str) -> Device {
        let user = json!({"list": [{"user_id": user_id, "role": "student"}]});
        let made = self.ok("user/register", user).await;
        let token = made["user_list"][0]["user_token"].as_str().unwrap().to_owned();
        Device { user_id: user_id.into(), token }
    }

    /// One more device of somebody, with a token of its own.
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
            session::join(conn, &row, class_id, JoinRequest::of_component(&component), now).map(drop)
        };
        self.service.app.db.write(write).await
    }

    async fn leave(&self, class_id: i64, device: &Device) {
        let (sdkappid, component, now) = (self.sdkappid, device.component(), self.service.clock.now());
        let write = move |conn: &mut _| {
            let row = enterprise::require(conn, sdkappid)?;
            session::quit_as_component(conn, &row, class_id, &component, now)
        };
        self.service.app.db.write(write).await.unwrap();
    }

    async fn kick(&self, class_id: i64, user_id: &str, by: &str) -> Result<(), Error> {
        let (sdkappid, user_id, by) = (self.sdkappid, user_id.to_owned(), by.to_owned());
        let now = self.service.clock.now();
        let write = move |conn: &mut _| {
            let row = enterprise::require(conn, sdkappid)?;
            session::kick(conn, &row, class_id, Kick { user_id: &user_id, by: &by }, now)
        };
        self.service.app.db.write(write).await
    }

    /// Tells as a component does that it lives, and returns the answer.
    async fn beat(&self, class_id: i64, device: &Device) -> Value {
        self.beat_at(self.service, class_id, device).await
    }

    /// As [`Enterprise::beat`], to another instance.
    async fn beat_at(&self, service: &Service, class_id: i64, device: &Device) -> Value {
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

    async fn lives(&self, class_id: i64, device: &Device) {
        assert_eq!(self.beat(class_id, device).await, json!({"Response": {"IntervalTime": 30}}));
    }

    async fn sessions(&self, class_id: i64) -> Vec<Stay> {
        let begin = BEGIN * 1000;
        let statement = format!(
            "SELECT user_id, ordinal, (enter_time - {begin}) / 1000 AS enter, (quit_time - {begin}) / 1000 AS quit, \
             quit_reason AS reason FROM sessions WHERE class_id = {class_id} ORDER BY id"
        );
        let read = move |conn: &mut db::Conn| Ok::<_, db::Error>(diesel::sql_query(statement).load(conn)?);
        self.service.app.db.read_slow(read).await.unwrap()
    }

    /// Waits until the stays of a class are as they should be: what falls silent is ended by a worker.
    async fn wait_for_stays(&self, class_id: i64, expected: &[Stay]) {
        let deadline = tokio::time::Instant::now() + std::time::Duration::from_mins(1);
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
        let deadline = tokio::time::Instant::now() + std::time::Duration::from_mins(1);
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

    /// What happened in a class: names of events and the time that each tells of, from the beginning of the test.
    async fn told(&self, class_id: i64) -> Vec<(String, i64)> {
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

    async fn hears_who_comes_and_goes(&self) {
        let callback_events = Some(vec![Extra::JoinClass, Extra::QuitClass]);
        self.set(Patch { callback_events, ..Patch::default() }).await;
    }
}

/// Lets the workers of a service do what there is to do now.
async fn work(service: &Service) {
    service.app.presence.work(&service.app.db, service.clock.now()).await.unwrap();
}

#[tokio::test]
async fn a_second_device_ends_the_first_stay_as_replaced() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.begun(36_000).await;
    let (first, second) = (enterprise.device("u").await, enterprise.second_device("u").await);
    enterprise.enter(class_id, &first).await.unwrap();
    service.pass(10);
    enterprise.enter(class_id, &second).await.unwrap();
    assert_eq!(enterprise.sessions(class_id).await, [ended("u", 1, 0, 10, "replaced"), open("u", 2, 10)]);
    enterprise.lives(class_id, &second).await;
    // What the first still says is of a stay that is over.
    assert_eq!(enterprise.beat(class_id, &first).await["error_code"], 10203);
    enterprise.leave(class_id, &first).await;
    assert_eq!(enterprise.sessions(class_id).await[1], open("u", 2, 10));
    enterprise.leave(class_id, &second).await;
    assert_eq!(enterprise.sessions(class_id).await[1], ended("u", 2, 10, 10, "quit"));
}

#[tokio::test]
async fn the_same_device_and_the_back_end_find_the_stay_that_is_there() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.begun(36_000).await;
    let device = enterprise.device("u").await;
    let by_call = json!({"class_id": class_id, "user_id": "u"});
    // The back end lets somebody in, and their component comes.
    enterprise.ok("member/join", by_call.clone()).await;
    service.pass(10);
    enterprise.enter(class_id, &device).await.unwrap();
    service.pass(10);
    enterprise.enter(class_id, &device).await.unwrap();
    assert_eq!(enterprise.sessions(class_id).await, [open("u", 1, 0)]);
    // The back end says nothing of whether the component lives.
    service.pass(50);
    enterprise.ok("member/join", by_call).await;
    assert_eq!(enterprise.sessions(class_id).await, [open("u", 1, 0)]);
    service.pass(LEASE + GRACE - 50 + 1);
    enterprise.wait_for_stays(class_id, &[ended("u", 1, 0, 20, "timeout")]).await;
}

#[tokio::test]
async fn a_heartbeat_takes_over_the_stay_that_the_back_end_opened() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.begun(36_000).await;
    let (device, second) = (enterprise.device("u").await, enterprise.second_device("u").await);
    enterprise.ok("member/join", json!({"class_id": class_id, "user_id": "u"})).await;
    service.pass(10);
    enterprise.lives(class_id, &device).await;
    assert_eq!(enterprise.beat(class_id, &second).await["error_code"], 10203);
    service.pass(LEASE + GRACE + 1);
    enterprise.wait_for_stays(class_id, &[ended("u", 1, 0, 10, "timeout")]).await;
}

#[tokio::test]
async fn going_into_another_class_ends_the_stay_as_moved() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (one, other) = (enterprise.begun(36_000).await, enterprise.begun(36_000).await);
    let device = enterprise.device("u").await;
    for (left, entered) in [(one, other), (other, one)] {
        enterprise.enter(left, &device).await.unwrap();
        service.pass(10);
        enterprise.enter(entered, &device).await.unwrap();
    }
    assert_eq!(enterprise.sessions(one).await, [ended("u", 1, 0, 10, "moved"), open("u", 2, 20)]);
    assert_eq!(enterprise.sessions(other).await, [ended("u", 1, 10, 20, "moved")]);
    // Another device may be elsewhere.
    let second = enterprise.second_device("u").await;
    enterprise.enter(other, &second).await.unwrap();
    assert_eq!(enterprise.sessions(one).await[1], open("u", 2, 20));
}

#[tokio::test]
async fn a_late_quit_or_heartbeat_of_an_earlier_stay_changes_nothing() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.begun(36_000).await;
    let (first, second) = (enterprise.device("u").await, enterprise.second_device("u").await);
    enterprise.enter(class_id, &first).await.unwrap();
    enterprise.lives(class_id, &first).await;
    service.pass(10);
    enterprise.leave(class_id, &first).await;
    service.pass(GRACE);
    work(&service).await;
    enterprise.beat(class_id, &first).await;
    service.pass(GRACE);
    work(&service).await;
    assert_eq!(enterprise.beat(class_id, &first).await["error_code"], 10203);
    enterprise.leave(class_id, &first).await;
    let before = [ended("u", 1, 0, 10, "quit")];
    assert_eq!(enterprise.sessions(class_id).await, before);
    enterprise.enter(class_id, &second).await.unwrap();
    enterprise.leave(class_id, &first).await;
    assert_eq!(enterprise.sessions(class_id).await[1], open("u", 2, 10 + 2 * GRACE));
}

#[tokio::test]
async fn who_falls_silent_has_left_at_the_last_sign_of_life() {
    let service = outbox::start(&[]);
    let receiver = Receiver::start();
    let enterprise = hearing(&service, &receiver.url).await;
    let class_id = enterprise.begun(36_000).await;
    let (silent, alive) = (enterprise.device("silent").await, enterprise.device("alive").await);
    enterprise.enter(class_id, &silent).await.unwrap();
    enterprise.enter(class_id, &alive).await.unwrap();
    enterprise.ok("member/join", json!({"class_id": class_id, "user_id": "pupil"})).await;
    for _ in 0..3 {
        service.pass(30);
        enterprise.lives(class_id, &silent).await;
        enterprise.lives(class_id, &alive).await;
    }
    for _ in 0..3 {
        service.pass(30);
        enterprise.lives(class_id, &alive).await;
    }
    service.pass(GRACE);
    work(&service).await;
    // The lease ran out, but another instance may have heard of it.
    assert_eq!(enterprise.sessions(class_id).await[0], open("silent", 1, 0));
    service.pass(GRACE);
    enterprise.lives(class_id, &alive).await;
    let sessions = [ended("silent", 1, 0, 90, "timeout"), open("alive", 1, 0), open("pupil", 1, 0)];
    enterprise.wait_for_stays(class_id, &sessions).await;
    let inside = enterprise.ok("member/runtime/list", json!({"class_id": class_id})).await;
    assert_eq!(inside["total"], 2);
    // The next device is another stay, and who has no component stays for ever.
    assert_eq!(enterprise.beat(class_id, &silent).await["error_code"], 10203);
    enterprise.leave(class_id, &alive).await;
    service.pass(9_000);
    work(&service).await;
    assert_eq!(enterprise.sessions(class_id).await[2], open("pupil", 1, 0));
    let told = enterprise.told(class_id).await;
    let quits: Vec<_> = told.iter().filter(|(name, _)| name == "quit_class").collect();
    assert_eq!(quits, [&("quit_class".to_owned(), 90), &("quit_class".to_owned(), 190)]);
}

#[tokio::test]
async fn a_heartbeat_needs_a_good_token_of_somebody_inside() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.begun(36_000).await;
    let (device, other) = (enterprise.device("u").await, enterprise.device("other").await);
    enterprise.enter(class_id, &device).await.unwrap();
    let code = async |class_id: i64, device: &Device| enterprise.beat(class_id, device).await["error_code"].clone();
    assert_eq!(code(class_id, &other).await, 10203);
    assert_eq!(code(class_id + 1, &device).await, 10203);
    let made_up = Device { token: "made-up".into(), ..device.clone() };
    assert_eq!(code(class_id, &made_up).await, 10216);
    let of_another = Device { token: other.token.clone(), ..device.clone() };
    assert_eq!(code(class_id, &of_another).await, 10216);
    enterprise.lives(class_id, &device).await;
    assert_eq!(code(class_id, &of_another).await, 10216);
    let named_wrongly = Device { user_id: "other".into(), ..device.clone() };
    assert_eq!(code(class_id, &named_wrongly).await, 10216);
    // A token that is renewed is found dead at the latest when the sign of life is written down.
    let sdkappid = enterprise.enterprise_id;
    let renew = move |conn: &mut _| lectern::domain::tenancy::user::renew_token(conn, sdkappid, "u");
    service.app.db.write(renew).await.unwrap();
    service.pass(GRACE);
    enterprise.beat(class_id, &device).await;
    service.pass(GRACE);
    work(&service).await;
    assert_eq!(code(class_id, &device).await, 10216);
}

#[tokio::test]
async fn a_component_may_report_with_its_token_in_the_query() {
    let service = Service::start_with(&["--heartbeat-seconds", "7"]);
    let enterprise = service.enterprise().await;
    let class_id = enterprise.begun(36_000).await;
    let device = enterprise.device("u").await;
    enterprise.enter(class_id, &device).await.unwrap();
    let url = format!(
        "{}/saas/v1/report/heartbeat?sdkappid={}&user_id=u&token={}&random=1",
        service.url, enterprise.sdkappid, device.token
    );
    let body = json!({"platform": "web", "class_id": class_id}).to_string();
    let answer: Value = service.http.post(&url).body(body).send().await.unwrap().json().await.unwrap();
    assert_eq!(answer, json!({"error_code": 0, "error_msg": "", "Response": {"IntervalTime": 7}}));
    let empty: Value = service.http.post(&url).send().await.unwrap().json().await.unwrap();
    assert_eq!(empty["error_code"], 10003);
}

#[tokio::test]
async fn a_restart_keeps_who_lives_and_ends_who_is_gone() {
    let mut service = Service::start();
    let enterprise = service.enterprise().await;
    let sdkappid = enterprise.sdkappid;
    let class_id = enterprise.begun(36_000).await;
    let (gone, alive) = (enterprise.device("gone").await, enterprise.device("alive").await);
    enterprise.enter(class_id, &gone).await.unwrap();
    enterprise.enter(class_id, &alive).await.unwrap();
    service.clock.set((BEGIN + 2) * 1000);
    // In memory alone when the service stops.
    enterprise.lives(class_id, &gone).await;
    enterprise.lives(class_id, &alive).await;
    // Away for longer than a lease: who lives could not say so.
    service.restart_after(600);
    let enterprise = service.known(sdkappid).await;
    service.pass(20);
    enterprise.lives(class_id, &alive).await;
    service.pass(20);
    enterprise.wait_for_stays(class_id, &[ended("gone", 1, 0, 2, "timeout"), open("alive", 1, 0)]).await;
}

#[tokio::test]
async fn who_was_put_out_comes_back_only_when_allowed() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise
        .ok(
            "user/register",
            json!({"list": [{"user_id": "teacher_1", "role": "teacher"},
        {"user_id": "stranger", "role": "teacher"}, {"user_id": "boss", "role": "admin"}]}),
        )
        .await;
    let class_id = enterprise.begun(36_000).await;
    let device = enterprise.device("u").await;
    enterprise.device("other").await;
    enterprise.enter(class_id, &device).await.unwrap();
    service.pass(10);
    for by in ["other", "stranger", "nobody", "u"] {
        let refused = enterprise.kick(class_id, "u", by).await;
        assert!(matches!(refused, Err(Error::Forbidden(_))), "{by}");
    }
    assert_eq!(enterprise.sessions(class_id).await, [open("u", 1, 0)]);
    enterprise.kick(class_id, "u", "teacher_1").await.unwrap();
    let out = ended("u", 1, 0, 10, "kicked");
    assert_eq!(enterprise.sessions(class_id).await, [out]);
    assert!(matches!(enterprise.enter(class_id, &device).await, Err(Error::Banned { .. })));
    let by_call = json!({"class_id": class_id, "user_id": "u"});
    enterprise.refused("member/join", by_call.clone(), 10203).await;
    // Elsewhere they are welcome.
    let elsewhere = enterprise.begun(36_000).await;
    enterprise.enter(elsewhere, &device).await.unwrap();
    enterprise.ok("member/add", json!({"class_id": class_id, "list": [{"user_id": "u", "role": "student"}]})).await;
    enterprise.enter(class_id, &device).await.unwrap();
    enterprise.kick(class_id, "u", "boss").await.unwrap();
    let enterprise_id = enterprise.enterprise_id;
    let allow = move |conn: &mut _, by: &str| session::allow(conn, enterprise_id, class_id, "u", by);
    let refused = service.app.db.write(move |conn| allow(conn, "other")).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
    enterprise.refused("member/join", by_call.clone(), 10203).await;
    service.app.db.write(move |conn| allow(conn, "teacher_1")).await.unwrap();
    enterprise.ok("member/join", by_call).await;
}

#[tokio::test]
async fn an_empty_class_ends_by_itself_within_a_minute_of_its_time() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.hears_who_comes_and_goes().await;
    let class_id = enterprise.begun(600).await;
    let device = enterprise.device("u").await;
    enterprise.enter(class_id, &device).await.unwrap();
    enterprise.ok("member/join", json!({"class_id": class_id, "user_id": "u"})).await;
    for _ in 0..22 {
        service.pass(30);
        enterprise.lives(class_id, &device).await;
    }
    work(&service).await;
    enterprise.wait_for_status(class_id, "ing").await;
    enterprise.leave(class_id, &device).await;
    // Somebody may be loading the page again.
    service.pass(10);
    work(&service).await;
    enterprise.wait_for_status(class_id, "ing").await;
    service.pass(50);
    enterprise.wait_for_status(class_id, "end").await;
    assert_eq!(enterprise.end_reason(class_id).await.as_deref(), Some("empty"));
    service.pass(50_000);
    work(&service).await;
    let told = enterprise.told(class_id).await;
    let expected = [("join_class", 0), ("quit_class", 660), ("class_over", 720)];
    assert_eq!(told, expected.map(|(name, time)| (name.to_owned(), time)));
}

#[tokio::test]
async fn no_class_goes_on_for_ever() {
    let service = Service::start_with(&["--class-max-overrun-seconds", "1000"]);
    let enterprise = service.enterprise().await;
    enterprise.device("u").await;
    let class_id = enterprise.begun(600).await;
    enterprise.ok("member/join", json!({"class_id": class_id, "user_id": "u"})).await;
    let never = enterprise.class(json!({"start_time": BEGIN, "stop_time": BEGIN + 600})).await;
    let later = enterprise.class(json!({"start_time": BEGIN, "stop_time": BEGIN + 700})).await;
    // Reserved, and begun, when its time was over: it has as long from then.
    let late = enterprise.class(json!({"start_time": 1, "stop_time": 2})).await;
    let stopped = enterprise.begun(600).await;
    enterprise.ok("class/stop", json!({"class_id": stopped})).await;
    service.pass(999);
    work(&service).await;
    enterprise.wait_for_status(late, "will").await;
    service.pass(600);
    work(&service).await;
    enterprise.wait_for_status(class_id, "ing").await;
    enterprise.wait_for_status(never, "will").await;
    service.pass(10);
    enterprise.wait_for_status(class_id, "end").await;
    enterprise.wait_for_status(never, "end").await;
    enterprise.wait_for_status(later, "will").await;
    enterprise.wait_for_status(late, "end").await;
    assert_eq!(enterprise.sessions(class_id).await, [ended("u", 1, 0, 1_609, "class_ended")]);
    for (class_id, reason) in [(class_id, "overrun"), (never, "never_began"), (stopped, "stopped")] {
        assert_eq!(enterprise.end_reason(class_id).await.as_deref(), Some(reason));
    }
    assert_eq!(enterprise.end_reason(later).await, None);
    for class_id in [class_id, never] {
        assert_eq!(enterprise.told(class_id).await, [("class_over".to_owned(), 1_609)]);
    }
    assert_eq!(enterprise.told(stopped).await, []);
}

#[tokio::test]
async fn of_several_instances_each_stay_and_each_class_ends_once() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.hears_who_comes_and_goes().await;
    let class_id = enterprise.begun(600).await;
    let mut devices = Vec::new();
    for n in 0..20 {
        let device = enterprise.device(&format!("u{n}")).await;
        enterprise.enter(class_id, &device).await.unwrap();
        devices.push(device);
    }
    let clock = || Clock::set_at(BEGIN * 1000);
    let others = [Service::start_beside(&service, clock()), Service::start_beside(&service, clock())];
    let at = |seconds: i64| (BEGIN + seconds) * 1000;
    // Each instance hears of some, and what one heard the others do not end.
    for other in &others {
        other.clock.set(at(30));
    }
    service.clock.set(at(30));
    for (n, device) in devices.iter().enumerate() {
        let instance = [&service, &others[0], &others[1]][n % 3];
        let answer = enterprise.beat_at(instance, class_id, device).await;
        assert_eq!(answer["Response"]["IntervalTime"], 30, "{answer}");
    }
    let instances = [&service, &others[0], &others[1]];
    for instance in instances {
        instance.app.presence.work(&instance.app.db, at(36)).await.unwrap();
    }
    for seconds in [100, 125, 126, 700, 800] {
        let done = instances.map(|instance| instance.app.presence.work(&instance.app.db, at(seconds)));
        let [one, two, three] = done;
        let done = tokio::join!(one, two, three);
        assert!(done.0.is_ok() && done.1.is_ok() && done.2.is_ok(), "{done:?}");
        if seconds == 100 || seconds == 125 {
            assert!(enterprise.sessions(class_id).await.iter().all(|session| session.quit.is_none()), "{seconds}");
        }
    }
    let sessions = enterprise.sessions(class_id).await;
    let expected: Vec<Stay> = (0..20).map(|n| ended(&format!("u{n}"), 1, 0, 30, "timeout")).collect();
    assert_eq!(sessions, expected);
    let told = enterprise.told(class_id).await;
    let count = |name: &str| told.iter().filter(|(event, _)| event == name).count();
    assert_eq!((count("join_class"), count("quit_class"), count("class_over")), (20, 20, 1));
}
