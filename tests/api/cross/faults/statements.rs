//! A failure at each statement of a change: either the change and its events are stored, or neither.

use std::panic::resume_unwind;
use std::path::PathBuf;

use diesel::connection::{Instrumentation, InstrumentationEvent, SimpleConnection};
use diesel::sql_types::Text;
use diesel::{Connection, QueryableByName, RunQueryDsl, SqliteConnection};
use lectern::clock::{Clock, Millis};
use lectern::db::{Conn, Db};
use lectern::domain;
use lectern::domain::classroom::class;
use lectern::domain::classroom::class::Via;
use lectern::domain::classroom::session;
use lectern::domain::classroom::session::{JoinRequest, VisitorRequest};
use lectern::domain::events::event;
use lectern::domain::tenancy::enterprise::Enterprise;
use lectern::domain::tenancy::user;
use lectern::domain::tenancy::user::{Draft, Role};
use lectern::store::ids::ClassId;

use crate::support::school::School;

/// More statements than any change here has.
const STATEMENTS: usize = 200;

/// A change under test.
type Change = fn(&mut Conn, &Enterprise, i64, Millis) -> domain::Result<()>;

/// How a statement fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// The row is not written. The transaction continues.
    Row,
    /// The row is not written, and the transaction is rolled back, as on a full disk.
    Transaction,
    /// The process panics in the statement, whatever it does.
    Program,
}

#[tokio::test]
async fn a_class_begins_with_its_event_or_not_at_all() {
    let start: Change = |conn, school, class_id, now| {
        class::start(conn, school, ClassId(class_id), Via::Api.by(None), Ok(i64::MAX), now)
    };
    both_or_neither(start, |_, _, _, _| Ok(()), &["classes", "outbox", "totals"]).await;
}

#[tokio::test]
async fn a_class_with_people_inside_ends_with_all_its_events_or_not_at_all() {
    let stop: Change =
        |conn, school, class_id, now| class::stop(conn, school, ClassId(class_id), Via::Api.by(None), now);
    let begin_and_fill: Change = |conn, school, class_id, now| {
        class::start(conn, school, ClassId(class_id), Via::Api.by(None), Ok(i64::MAX), now)?;
        join(conn, school, class_id, "first", now)?;
        join(conn, school, class_id, "second", now)
    };
    both_or_neither(stop, begin_and_fill, &["classes", "outbox", "sessions", "totals"]).await;
}

#[tokio::test]
async fn somebody_joins_with_the_event_or_not_at_all() {
    let first: Change = |conn, school, class_id, now| join(conn, school, class_id, "first", now);
    both_or_neither(first, |_, _, _, _| Ok(()), &["classes", "outbox", "sessions"]).await;
}

#[tokio::test]
async fn somebody_quits_with_the_event_or_not_at_all() {
    let first: Change = |conn, school, class_id, now| join(conn, school, class_id, "first", now);
    let quit: Change = |conn, school, class_id, now| session::quit(conn, school, ClassId(class_id), "first", now);
    both_or_neither(quit, first, &["classes", "outbox", "sessions"]).await;
}

#[tokio::test]
async fn a_visitor_comes_with_an_account_and_the_event_or_not_at_all() {
    let visit: Change = |conn, school, class_id, now| {
        session::join_as_visitor(
            conn,
            school,
            ClassId(class_id),
            VisitorRequest { nickname: None, password: "", stranger: None, lease: 90_000 },
            now,
        )
        .map(drop)
    };
    both_or_neither(visit, |_, _, _, _| Ok(()), &["classes", "outbox", "sessions", "totals", "users", "visitors"])
        .await;
}

#[tokio::test]
async fn an_outbox_entry_is_relayed_with_all_its_deliveries_or_remains_in_the_outbox() {
    let relay: Change = |conn, _, _, _| Ok(event::relay(conn).map(drop)?);
    let publish: Change = |conn, school, class_id, now| {
        class::start(conn, school, ClassId(class_id), Via::Api.by(None), Ok(i64::MAX), now)?;
        join(conn, school, class_id, "first", now)?;
        event::test(conn, school, now)
    };
    both_or_neither(relay, publish, &["deliveries", "events", "outbox"]).await;
}

#[tokio::test]
async fn a_test_event_is_published_or_not_at_all() {
    let test: Change = |conn, school, _, now| event::test(conn, school, now);
    both_or_neither(test, |_, _, _, _| Ok(()), &["outbox"]).await;
}

fn join(conn: &mut Conn, school: &Enterprise, class_id: i64, user_id: &str, now: Millis) -> domain::Result<()> {
    session::join(conn, school, ClassId(class_id), JoinRequest::of_user(user_id), now).map(drop)
}

/// Lets the first statement of a change fail, then the second, and so on for all statements. `written` are the tables that the
/// change writes.
async fn both_or_neither(change: Change, before: Change, written: &[&str]) {
    for fault in [Fault::Row, Fault::Transaction, Fault::Program] {
        let stage = Stage::set(fault, before).await;
        let untouched = stage.rows();
        let mut failures = 0;
        while stage.perform(change, failures).await.is_err() {
            assert_eq!(stage.rows(), untouched, "{fault:?} at statement {failures}");
            failures += 1;
            assert!(failures < STATEMENTS, "it never goes well");
        }
        let now = stage.rows();
        let changed: Vec<&str> =
            now.iter().zip(&untouched).filter(|(a, b)| a != b).map(|(a, _)| a.0.as_str()).collect();
        assert_eq!(changed, written, "{fault:?}");
        assert!(failures >= written.len(), "only {failures} statements failed");
    }
}

/// A school with a class and two students, whose statements can fail.
struct Stage {
    db: Db,
    school: School,
    class_id: i64,
    fault: Fault,
    file: PathBuf,
    _folder: tempfile::TempDir,
}

impl Stage {
    async fn set(fault: Fault, before: Change) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let school = School::in_folder(folder.path(), "http://127.0.0.1:9/").await;
        let db = Db::open(&school.database_url).unwrap();
        let enterprise = school.enterprise.clone();
        let made: domain::Result<ClassId> = db
            .write(move |conn| {
                let now = Clock::System.now();
                user::register(conn, enterprise.enterprise_id, vec![student("first"), student("second")], now)?;
                let patch = class::Patch { teacher_id: Some("teacher".into()), ..class::Patch::default() };
                let class_id = class::create(conn, enterprise.enterprise_id, patch, now)?;
                before(conn, &enterprise, class_id.0, now)?;
                Ok(class_id)
            })
            .await;
        let stage = Self {
            db,
            class_id: made.unwrap().0,
            fault,
            file: folder.path().join("lectern.db"),
            school,
            _folder: folder,
        };
        stage.lay_triggers();
        stage
    }

    /// Makes the change. All statements fail after the first `passes`.
    async fn perform(&self, change: Change, passes: usize) -> domain::Result<()> {
        let (fault, class_id, enterprise) = (self.fault, self.class_id, self.school.enterprise.clone());
        if fault != Fault::Program {
            self.connect().batch_execute(&format!("UPDATE faults SET passes = {passes}")).unwrap();
        }
        let performed = self.db.write(move |conn| {
            if fault == Fault::Program {
                conn.set_instrumentation(Countdown(passes));
            }
            change(conn, &enterprise, class_id, Clock::System.now())?;
            conn.set_instrumentation(None::<Countdown>);
            Ok(())
        });
        performed.await
    }

    /// Lets only the first `passes` rows be written.
    fn lay_triggers(&self) {
        if self.fault == Fault::Program {
            return;
        }
        let how = if self.fault == Fault::Row { "ABORT" } else { "ROLLBACK" };
        let mut conn = self.connect();
        conn.batch_execute("CREATE TABLE faults (passes BIGINT); INSERT INTO faults VALUES (1000000)").unwrap();
        for table in self.tables() {
            for operation in ["INSERT", "UPDATE", "DELETE"] {
                let trigger = format!(
                    "CREATE TRIGGER {table}_{operation} BEFORE {operation} ON {table} BEGIN
                        UPDATE faults SET passes = passes - 1;
                        SELECT RAISE({how}, 'a fault') FROM faults WHERE passes < 0;
                    END"
                );
                conn.batch_execute(&trigger).unwrap();
            }
        }
    }

    /// All tables with all their rows.
    fn rows(&self) -> Vec<(String, Vec<String>)> {
        let conn = &mut self.connect();
        let mut all = Vec::new();
        for table in self.tables() {
            let columns = texts(conn, &format!("SELECT name AS text FROM pragma_table_info('{table}')"));
            let quoted: Vec<String> = columns.iter().map(|column| format!("quote({column})")).collect();
            let rows = texts(conn, &format!("SELECT {} AS text FROM {table} ORDER BY text", quoted.join("||' '||")));
            all.push((table, rows));
        }
        all
    }

    fn tables(&self) -> Vec<String> {
        let ours = "SELECT name AS text FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' \
            AND name NOT IN ('faults', '__diesel_schema_migrations', 'idempotency_keys') ORDER BY name";
        texts(&mut self.connect(), ours)
    }

    fn connect(&self) -> SqliteConnection {
        let mut conn = SqliteConnection::establish(self.file.to_str().unwrap()).unwrap();
        conn.batch_execute("PRAGMA busy_timeout = 5000").unwrap();
        conn
    }
}

/// Panics at the statement after the first `passes`.
struct Countdown(usize);

impl Instrumentation for Countdown {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if matches!(event, InstrumentationEvent::StartQuery { .. }) {
            // Unwinds without the panic message.
            self.0 = self.0.checked_sub(1).unwrap_or_else(|| resume_unwind(Box::new("a fault")));
        }
    }
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    text: String,
}

fn texts(conn: &mut SqliteConnection, query: &str) -> Vec<String> {
    let rows: Vec<Row> = diesel::sql_query(query).load(conn).unwrap();
    rows.into_iter().map(|row| row.text).collect()
}

fn student(user_id: &str) -> Draft {
    Draft::of(user_id.to_owned(), Role::Student)
}
