//! Test data: an enterprise with its users, any number of classes, and one class in progress.

use diesel::prelude::*;
use lectern::clock::Clock;
use lectern::db::{Conn, Db};
use lectern::domain;
use lectern::domain::classroom::class;
use lectern::domain::classroom::class::Via;
use lectern::domain::classroom::session;
use lectern::domain::classroom::session::JoinRequest;
use lectern::domain::tenancy::enterprise;
use lectern::domain::tenancy::enterprise::{Draft, Enterprise, Protocols};
use lectern::domain::tenancy::{secret, user};
use lectern::protocol::iclass::sign;
use lectern::store::ids::ClassId;
use lectern::store::tenancy::user::Role;

use crate::load;

/// How many users there are: `user_0` and so on.
pub const USERS: usize = 1_000;
/// How many users are inside the class in progress.
pub const INSIDE: usize = 30;
/// The password of all accounts.
const PASSWORD: &str = "cGFzc3dvcmQ=";
/// How long the tokens of components are valid, in milliseconds.
const DAY: i64 = 86_400_000;
/// How many classes are hot: most requests read them.
const HOT: usize = 1_000;
/// How many classes one statement inserts.
const BATCH: usize = 100_000;

/// The enterprise and its classes.
pub struct School {
    enterprise: Enterprise,
    first_class: i64,
    pub classes: usize,
    /// The class in progress.
    pub lesson: i64,
    /// One class for each connection to join and quit.
    pub rooms: Vec<ClassId>,
}

impl School {
    /// Fills an empty database.
    pub async fn found(db: &Db, classes: usize, rooms: usize) -> Self {
        let now = Clock::System.now();
        let draft = Draft { name: "bench".into(), protocols: Protocols::ALL, ..Draft::default() };
        let enterprise = db.write(move |conn| enterprise::create(conn, draft, now)).await.unwrap();
        let id = enterprise.enterprise_id;
        for first in (0..USERS).step_by(user::AT_ONCE) {
            let some = (first..first + user::AT_ONCE).map(|at| new_user(user_id(at), None)).collect();
            db.write(move |conn| user::register(conn, id, some, now).map(drop)).await.unwrap();
        }
        // One hash for all accounts: hashing takes as long as a login.
        let password_hash = secret::hash_password(PASSWORD).unwrap();
        let some = (0..user::AT_ONCE).map(|at| new_user(account_id(at), Some(password_hash.clone()))).collect();
        db.write(move |conn| user::register(conn, id, some, now).map(drop)).await.unwrap();
        let reserve = move |conn: &mut Conn| class::create(conn, id, reservation(), now);
        let first_class = db.write(reserve).await.unwrap();
        for done in (1..classes).step_by(BATCH) {
            let more = BATCH.min(classes - done);
            db.write(move |conn| copies(conn, id.0, first_class.0, done, more).map_err(lectern::db::Error::from))
                .await
                .unwrap();
        }
        let lesson = db.write(reserve).await.unwrap();
        let owner = enterprise.clone();
        let hold = move |conn: &mut Conn| {
            class::start(conn, &owner, lesson, Via::Api.by(None), Ok(i64::MAX), now)?;
            (0..INSIDE).try_for_each(|at| {
                session::join(conn, &owner, lesson, JoinRequest::of_user(&user_id(at)), now).map(drop)
            })
        };
        db.write(hold).await.unwrap();
        let mut made = Vec::new();
        for _ in 0..rooms {
            made.push(db.write(reserve).await.unwrap());
        }
        let attended = move |conn: &mut Conn| {
            (1..=3).try_for_each(|user| attend(conn, (first_class.0, HOT), &user_id(user), now - DAY))
        };
        db.write(move |conn| attended(conn).map_err(lectern::db::Error::from)).await.unwrap();
        // Autovacuum would do this within minutes; until then the query planner has no statistics.
        db.write(|conn| match conn {
            Conn::Sqlite(_) => Ok(()),
            Conn::Postgres(c) => diesel::sql_query("ANALYZE").execute(c).map(drop).map_err(lectern::db::Error::from),
        })
        .await
        .unwrap();
        Self { enterprise, first_class: first_class.0, classes, lesson: lesson.0, rooms: made }
    }

    /// The signed path of a call.
    pub fn path(&self, call: &str) -> String {
        format!("/paas/v1/{call}?{}", sign::query(&self.enterprise, Clock::System.now(), 86_400))
    }

    /// A random hot class.
    pub fn hot_class(&self) -> i64 {
        self.class_at(rand::random_range(0..HOT.min(self.classes)) * self.classes.div_ceil(HOT) % self.classes)
    }

    /// A random class.
    pub fn any_class(&self) -> i64 {
        self.class_at(rand::random_range(0..self.classes))
    }

    fn class_at(&self, at: usize) -> i64 {
        self.first_class + i64::try_from(at).unwrap()
    }
}

/// Somebody was inside the first classes for a while.
fn attend(conn: &mut Conn, (first, classes): (i64, usize), user_id: &str, begin: i64) -> QueryResult<()> {
    let (last, end) = (first + i64::try_from(classes).unwrap(), begin + 3_600_000);
    diesel::sql_query(format!(
        "INSERT INTO sessions (enterprise_id, class_id, user_id, role, ordinal, enter_time, last_seen, quit_time, \
         quit_reason, camera, mic, speaker, silence, hand_up) SELECT enterprise_id, class_id, '{user_id}', 'student', 1, \
         {begin}, {end}, {end}, 'quit', 0, 0, 0, 0, 0 FROM classes WHERE class_id >= {first} AND class_id < {last}"
    ))
    .execute(conn)
    .map(drop)
}

/// Components inside classes: the first users are in every class, with a token for each.
pub struct Live {
    people: usize,
    sdkappid: i64,
    class_ids: Vec<ClassId>,
}

impl Live {
    /// Creates the classes, tokens and sessions.
    pub async fn enter(db: &Db, school: &School, classes: usize, people: usize) -> Self {
        let (now, enterprise_id) = (Clock::System.now(), school.enterprise.enterprise_id);
        let mut class_ids = Vec::new();
        for at in 0..classes {
            let enter = move |conn: &mut Conn| {
                let class_id = class::create(conn, enterprise_id, reservation(), now)?;
                let (mut tokens, mut sessions) = (Vec::new(), Vec::new());
                for user in 0..people {
                    let (hash, user_id) = (secret::hash_token(&token(at, user)), user_id(user));
                    tokens.push(format!("('{hash}', {enterprise_id}, '{user_id}', {now}, {})", now + DAY));
                    let until = now + 90_000;
                    sessions.push(format!(
                        "({enterprise_id}, {class_id}, '{user_id}', 'student', 1, {now}, {now}, 0, 0, 0, 0, 0, '{hash}', {until}, 1)"
                    ));
                }
                for statement in [
                    format!(
                        "INSERT INTO tokens (token_hash, enterprise_id, user_id, create_time, expire_time) VALUES {}",
                        tokens.join(", ")
                    ),
                    format!(
                        "INSERT INTO sessions (enterprise_id, class_id, user_id, role, ordinal, enter_time, last_seen, camera, \
                         mic, speaker, silence, hand_up, token_hash, lease_until, enable_draw) VALUES {}",
                        sessions.join(", ")
                    ),
                ] {
                    diesel::sql_query(statement).execute(conn).map_err(lectern::db::Error::from)?;
                }
                Ok::<_, domain::Error>(class_id)
            };
            class_ids.push(db.write(enter).await.unwrap());
        }
        Self { people, sdkappid: school.enterprise.sdkappid, class_ids }
    }

    /// How many components there are.
    pub fn count(&self) -> usize {
        self.class_ids.len() * self.people
    }

    /// A room command (Suixinbo) from one component, with these fields beside the common ones.
    pub fn command(&self, at: usize, cmd: &str, fields: &str) -> Vec<u8> {
        let at = at % self.count();
        let token = token(at / self.people, at % self.people);
        let body = format!(r#"{{"appid":{},"timeStamp":1,"token":"{token}",{fields}}}"#, self.sdkappid);
        load::post(&format!("/index.php?svc=live&cmd={cmd}"), &body)
    }

    /// Like [`Live::beat`], with the room command.
    pub fn beat_in_room(&self, at: usize) -> Vec<u8> {
        let class_id = self.class_ids[at % self.count() / self.people];
        self.command(at, "heartbeat", &format!(r#""roomnum":{class_id}"#))
    }

    /// The first message of a component over the channel.
    pub fn sign_in(&self, at: usize) -> String {
        let (class, user) = (at / self.people, at % self.people);
        let (class_id, token, user_id, sdkappid) =
            (self.class_ids[class], token(class, user), user_id(user), self.sdkappid);
        format!(
            r#"{{"type":"sign_in","sdkappid":{sdkappid},"user_id":"{user_id}","token":"{token}","class_id":{class_id}}}"#
        )
    }

    /// A signal of a component over the channel. The users of the benchmarks may draw.
    pub fn signal(content: &str) -> String {
        format!(r#"{{"type":"signal","kind":"pointer","data":{{"page":"w1","content":"{content}"}}}}"#)
    }

    /// A chat message of a component over the channel.
    pub fn message(&self, at: usize, content: &str) -> String {
        let class_id = self.class_ids[at / self.people];
        format!(
            r#"{{"type":"call","id":1,"call":"imstorage/send","body":{{"class_id":{class_id},"content":"{content}"}}}}"#
        )
    }

    /// A login with a password.
    pub fn login(&self, at: usize) -> Vec<u8> {
        let user_id = account_id(at % user::AT_ONCE);
        let body = format!(r#"{{"appid":{},"timeStamp":1,"id":"{user_id}","pwd":"{PASSWORD}"}}"#, self.sdkappid);
        load::post("/index.php?svc=account&cmd=login", &body)
    }

    /// A heartbeat of one component.
    pub fn beat(&self, at: usize) -> Vec<u8> {
        let at = at % self.count();
        let (class, user) = (at / self.people, at % self.people);
        let (class_id, token, user_id) = (self.class_ids[class], token(class, user), user_id(user));
        let path = format!("/saas/v1/report/heartbeat?sdkappid={}&user_id={user_id}&token={token}", self.sdkappid);
        load::post(&path, &format!(r#"{{"platform":"web","class_id":{class_id}}}"#))
    }
}

fn token(class: usize, user: usize) -> String {
    format!("{class:016x}{user:016x}")
}

pub fn user_id(at: usize) -> String {
    format!("user_{at}")
}

/// Accounts for logins. They are not the users inside classes, because a login revokes the earlier token.
fn account_id(at: usize) -> String {
    format!("account_{at}")
}

fn new_user(user_id: String, password_hash: Option<String>) -> user::Draft {
    let nickname = Some(format!("Name of {user_id}"));
    let (gender, avatar, phone_no, e_mail) = (None, None, None, None);

    user::Draft { user_id, role: Role::Student, nickname, gender, avatar, phone_no, e_mail, password_hash }
}

fn reservation() -> class::Patch {
    let member = |user_id: &str| class::Member { user_id: user_id.into(), role: Role::Student };
    let members = Some(vec![member("user_1"), member("user_2")]);
    class::Patch { teacher_id: Some("user_0".into()), members, ..class::Patch::default() }
}

/// Copies the first class with its members, one second apart; most copies have ended. It uses bulk statements, because
/// creating one class at a time would take longer than the benchmark.
fn copies(conn: &mut Conn, enterprise_id: i64, first: i64, done: usize, more: usize) -> QueryResult<()> {
    let numbers =
        format!("WITH RECURSIVE n (i) AS (SELECT {done} UNION ALL SELECT i + 1 FROM n WHERE i < {})", done + more - 1);
    let columns = "enterprise_id, class_topic, class_type, class_live_type, teacher_id, assistant_id, start_time, stop_time, \
                   real_start_time, real_stop_time, admin_id, admin_sig, max_member_limit, max_member_num, password_hash, \
                   settings, record_user_id, record_user_sig, last_sequence";
    diesel::sql_query(format!(
        "INSERT INTO classes (class_id, class_status, create_time, {columns}) {numbers} SELECT {first} + i, \
         CASE WHEN i % 50 = 0 THEN 'will' ELSE 'end' END, create_time + i * 1000, {columns} FROM classes, n \
         WHERE class_id = {first} ORDER BY i"
    ))
    .execute(conn)?;
    // One teacher for all classes; the students rotate.
    for (user, role) in
        [("'user_0'", "teacher"), ("'user_' || (i % 998 + 1)", "student"), ("'user_' || (i % 998 + 2)", "student")]
    {
        diesel::sql_query(format!(
            "INSERT INTO members (enterprise_id, class_id, user_id, role) {numbers} SELECT {enterprise_id}, {first} + i, {user}, \
             '{role}' FROM n ORDER BY i"
        ))
        .execute(conn)?;
    }
    if let Conn::Postgres(conn) = conn {
        diesel::sql_query("SELECT setval(pg_get_serial_sequence('classes', 'class_id'), max(class_id)) FROM classes")
            .execute(conn)?;
    }
    Ok(())
}
