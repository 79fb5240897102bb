//! `lectern copy`: from one SQLite file to another, and to PostgreSQL and back if there is a server.

mod interrupted;
mod refused;
mod whole;

use std::process::{Command, Output};
use std::sync::Arc;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use lectern::clock::Clock;
use lectern::db::Conn;
use serde_json::json;

use crate::support::database::Database;
use crate::support::receiver::Receiver;
use crate::support::service::{BEGIN, Enterprise, Service};
use crate::support::webhooks;

/// All kinds of targets.
fn targets() -> Vec<Arc<Database>> {
    std::iter::once(Database::in_file()).chain(Database::on_server()).map(Arc::new).collect()
}

/// A `lectern copy` command.
fn command(from: &str, to: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lectern"));
    command.args(["copy", "--from", from, "--to", to]);
    command
}

/// Copies, expects success, and returns the output.
fn copy(from: &str, to: &str) -> String {
    let output = command(from, to).output().unwrap();
    assert!(output.status.success(), "{}", complaint(&output));
    String::from_utf8(output.stdout).unwrap()
}

/// Copies, expects a failure, and returns the error message.
fn refused(from: &str, to: &str) -> String {
    let output = command(from, to).output().unwrap();
    assert!(!output.status.success());
    complaint(&output)
}

fn complaint(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A service on a SQLite file, the source of copies.
fn service_in_file() -> Service {
    start(Arc::new(Database::in_file()))
}

/// A service that may deliver to this machine.
fn start(database: Arc<Database>) -> Service {
    let flags = ["--callback-allow-private", "true"].map(ToString::to_string);
    Service::start_on(database, Clock::set_at(BEGIN * 1000), flags.into())
}

/// Fills every table: users, classes, open and ended sessions, documents, delivered and pending events.
async fn school<'a>(service: &'a Service, receiver: &Receiver) -> Enterprise<'a> {
    let enterprise = webhooks::subscribed(service, &receiver.url).await;
    enterprise.students(&["Zoë 张 \"quoted\" \\ ' 🎓"]).await;
    let over = webhooks::begun_class(&enterprise).await;
    enterprise.ok("member/join", json!({"class_id": over, "user_id": "pupil"})).await;
    enterprise.ok("class/stop", json!({"class_id": over})).await;
    webhooks::wait_for(&enterprise, json!({}), |rows| rows.iter().all(|row| row["state"] == "delivered")).await;
    // Deliveries wait from here on.
    enterprise.set(webhooks::paused(true)).await;
    let going_on = webhooks::begun_class(&enterprise).await;
    enterprise.ok("member/join", json!({"class_id": going_on, "user_id": "pupil"})).await;
    let added = enterprise.ok("document/add", json!({"doc_url": "https://files.example.com/a.pptx"})).await;
    enterprise.ok("class/document/add", json!({"class_id": going_on, "doc_ids": [added["doc_id"]]})).await;
    let request = service.http.post(enterprise.signed("class/create")).header("Idempotency-Key", "once");
    request.body(r#"{"teacher_id":"t"}"#).send().await.unwrap();
    let (enterprise_id, url) = (enterprise.enterprise_id, service.database_url());
    execute(
        url,
        &format!("INSERT INTO tokens VALUES ('of a token', {enterprise_id}, 'pupil', 0, {BEGIN}000, {going_on})"),
    );
    execute(url, &format!("INSERT INTO bans VALUES ({going_on}, 'banned', {enterprise_id}, 0)"));
    // Nothing here is due during the test: a service that does it would write.
    let (of, pupil) = (format!("1, {enterprise_id}, {going_on}"), "'pupil'");
    for row in [
        format!("recordings VALUES ({of}, {pupil}, 's', 'v', 'u', 'mp4', 1, 2, 3, 4, 5, 6, 2, 'a0', 1, 'task')"),
        format!(
            "online_recordings VALUES ({of}, 'task of a recording', 'composed', 'done', '[]', '', 1, 9000000000000000, 'online')"
        ),
        format!("recording_logs VALUES (1, 'log', {enterprise_id}, TRUE)"),
        format!("recording_parts VALUES (1, 'log', 1, {enterprise_id}, 'a0', 1)"),
        format!("recording_settings VALUES ({enterprise_id}, 'composed', TRUE)"),
        format!("reports VALUES ({of}, {pupil}, 'hand_up', '', '{{\"a\":\"张\"}}', 1)"),
        format!("switches VALUES ({of}, {pupil}, 1, 'camera', TRUE, 1)"),
        format!("questions VALUES ({of}, 'q', {pupil}, '[\"A\"]', 'A', 9000000000000000, 1, NULL)"),
        format!("replies VALUES ({of}, 'q', {pupil}, 'r', 'A', TRUE, 1)"),
        format!("check_ins VALUES ({of}, 'c', {pupil}, 1, 9000000000000000, NULL)"),
        format!("checks VALUES ({of}, 'c', {pupil}, 1)"),
        format!("group_members VALUES (1, {enterprise_id}, 1, {pupil})"),
        format!("messages VALUES (1, {enterprise_id}, 1, 1, {pupil}, 'text', 'Hello', NULL, 1, '', '', '')"),
        format!(
            "private_messages VALUES ({going_on}, 1, {enterprise_id}, 1, {pupil}, 'teacher_1', 'text', '悄悄', 7, 1, '')"
        ),
        format!("chat_images VALUES ('a0', {enterprise_id}, {going_on}, {pupil}, '/files/a0/image.png', TRUE, 1)"),
        format!("filter_words VALUES ({enterprise_id}, '坏蛋', '坏蛋', 1)"),
        format!("signing_keys VALUES ({enterprise_id}, 'key', 'old', 1)"),
        format!("channels VALUES (1, {enterprise_id}, '192321213', {pupil}, 'hash', 1, 1)"),
        format!("organizations VALUES (1, {enterprise_id}, 1, '古诗词', '', '', '', '', 8, 'FHD', '', 1, 1)"),
        format!("memberships VALUES (1, {enterprise_id}, 1, {pupil}, 'student', '', '', 1)"),
        format!("courses VALUES (1, {enterprise_id}, 1, 1, {pupil}, '王维', '', '', 8, 'HD', 1, 1, 1, NULL, 1, 1)"),
        format!("visitors VALUES ({enterprise_id}, 'visitor_1', {going_on}, '192.0.2.1', 1, NULL)"),
        format!("given_lessons VALUES ({going_on}, {enterprise_id}, 1, 1, 9, '王维')"),
        format!("course_times VALUES (1, {enterprise_id}, 1, 1, 680, 'weekly', '[3,4]')"),
        format!("course_members VALUES (1, {enterprise_id}, 1, 1, {pupil}, 'student')"),
        format!("files VALUES ('a0', {enterprise_id}, 'upload', 'kept', 1, 1, NULL, 0)"),
        // Finished, because a service would claim a pending conversion.
        format!(
            "conversions VALUES (1, {enterprise_id}, 'task', 'transcode', NULL, 'u', '张', 'pptx', 1, '', FALSE, FALSE, \
             'finished', 100, '', '', 1, 2, 3, 't', 1, 1, NULL, NULL, 1, 1, 1, NULL, NULL)"
        ),
        format!("conversion_turns VALUES ({enterprise_id}, 1)"),
        format!("cloud_settings VALUES ({enterprise_id}, 1, 2, 3, 'id', '密钥')"),
        format!("former_users VALUES ({enterprise_id}, '走了', 1)"),
        format!("callback_keys VALUES ({enterprise_id}, 'a key of callbacks')"),
        format!("chat_settings VALUES ({enterprise_id}, 'lean', 'masterkey', TRUE)"),
        format!("enterprise_tokens VALUES (1, {enterprise_id}, '手机', 'hash', 1)"),
        format!("push_records VALUES (1, {enterprise_id}, {going_on}, NULL, 1, 1)"),
        format!("hosted_messages VALUES ({of}, 'g', '{{\"a\":\"张\"}}', 1, 9000000000000000, 1)"),
        format!("live_classes VALUES ({going_on}, {enterprise_id}, 1)"),
        format!("live_streams VALUES ({going_on}, {enterprise_id}, NULL, '{{}}', 9000000000000000)"),
        format!("log_entries VALUES ({going_on}, 1, {enterprise_id}, '[\"张\"]', '{{}}', 1)"),
        format!("logged_messages VALUES ({going_on}, 'p1', {enterprise_id}, 1)"),
        format!("boards VALUES ({going_on}, {enterprise_id}, 'w1', 0, '[1]', 1, 1, 2)"),
        format!("board_pages VALUES ({going_on}, 'w1', {enterprise_id}, 1, 2)"),
        format!(
            "board_items VALUES ({going_on}, 'w1', 1, {enterprise_id}, 'a', {pupil}, FALSE, '{{\"text\":\"张\"}}')"
        ),
        format!("timers VALUES ({going_on}, {enterprise_id}, 1, 2, 3, 'paused')"),
        // As if another instance lived for a long time.
        "media_instances VALUES (1, 2, 9000000000000000)".to_owned(),
        format!("media_places VALUES ({going_on}, {enterprise_id}, 1, 9000000000000000)"),
        format!(
            "media_requests VALUES (1, {enterprise_id}, {going_on}, 1, {pupil}, 'hash', '', 'v=0', '[]', NULL, \
             9000000000000000)"
        ),
        format!("group_removals VALUES ({enterprise_id}, 'gone', 1, 'a', 's', FALSE, 9000000000000000, 1)"),
        "operators VALUES (1, '张', 'hash', 'secret', 1, 'operator', TRUE, 1)".to_owned(),
        format!("console_sessions VALUES ('hash', 1, {enterprise_id}, 'admin', '张', 1, 1, 9000000000000000)"),
        format!("console_links VALUES ('hash', {enterprise_id}, 'support', '张', 1, 9000000000000000)"),
        // Counted now, so that it is not counted again.
        format!("usage_days VALUES ({enterprise_id}, {}, 1, 2, 3, NULL, 4, 5, {BEGIN}000)", BEGIN / 86_400),
        format!("audit_entries VALUES (1, {enterprise_id}, '张', 'cli', '', 'enterprise_set', '', '{{}}', 1)"),
    ] {
        execute(url, &format!("INSERT INTO {row}"));
    }
    enterprise
}

/// Adds members to a class.
async fn crowd(service: &Service, members: i64) {
    let enterprise = service.enterprise().await;
    let class_id = enterprise.class(json!({})).await;
    let values = format!(
        "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {members}) \
         INSERT INTO members (enterprise_id, class_id, user_id, role) \
         SELECT {}, {class_id}, 'user' || n, 'student' FROM n",
        enterprise.enterprise_id
    );
    execute(service.database_url(), &values);
}

fn connect(url: &str) -> Conn {
    match url.strip_prefix("sqlite://") {
        Some(path) => {
            let mut conn = SqliteConnection::establish(path).unwrap();
            conn.batch_execute("PRAGMA busy_timeout = 60000").unwrap();
            Conn::Sqlite(conn)
        }
        None => Conn::Postgres(PgConnection::establish(url).unwrap()),
    }
}

fn execute(url: &str, statements: &str) {
    connect(url).batch_execute(statements).unwrap();
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

/// The number that a query returns as `number`.
fn number(url: &str, query: &str) -> i64 {
    diesel::sql_query(query).get_result::<Number>(&mut connect(url)).unwrap().number
}

fn count(url: &str, table: &str) -> i64 {
    number(url, &format!("SELECT count(*) AS number FROM {table}"))
}

/// The names that a query returns as `name`.
fn names(url: &str, query: &str) -> Vec<String> {
    diesel::sql_query(query).load::<Name>(&mut connect(url)).unwrap().into_iter().map(|row| row.name).collect()
}
