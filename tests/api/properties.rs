//! What holds for everything that can be asked: the signature, the life of a class against a model of it, and paging.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use lectern::db::{Conn, Db};
use lectern::domain::classroom::class;
use lectern::domain::classroom::class::{Member, Patch};
use lectern::domain::classroom::session;
use lectern::domain::classroom::session::JoinRequest;
use lectern::domain::content::document;
use lectern::domain::content::document::Permission;
use lectern::domain::tenancy::enterprise;
use lectern::domain::tenancy::enterprise::Enterprise as Row;
use lectern::domain::tenancy::user;
use lectern::domain::tenancy::user::Role;
use lectern::protocol::iclass::sign;
use lectern::protocol::iclass::sign::Error as SignError;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::database::Database;
use crate::service::{BEGIN, Enterprise, Service};

/// An enterprise with these keys, the old one good until `until`.
fn enterprise(tic_key: String, old: Option<String>, until: Option<i64>) -> Row {
    static ANY: LazyLock<Row> = LazyLock::new(|| {
        let database = Database::create();
        let db = Db::open(&database.url).unwrap();
        db.migrate().unwrap();
        let made = db.write(|conn| enterprise::create(conn, enterprise::Draft::default(), 0));
        tokio::runtime::Runtime::new().unwrap().block_on(made).unwrap()
    });
    Row { tic_key, old_tic_key: old, old_tic_key_until: until, ..ANY.clone() }
}

fn key() -> impl Strategy<Value = String> {
    "[!-~]{16,40}"
}

const MAX_AGE: i64 = 604_800;
const NOW: i64 = BEGIN * 1000 + 999;

fn check(row: &Row, given: &str, expire_time: i64) -> Result<(), SignError> {
    sign::check(row, Some(given), Some(expire_time), NOW, MAX_AGE)
}

proptest! {
    #[test]
    fn the_right_signature_is_accepted_exactly_within_its_time(
        key in key(),
        ahead in prop_oneof![-100_000_i64..700_000, Just(-1), Just(0), Just(MAX_AGE), Just(MAX_AGE + 1)],
    ) {
        let expire_time = BEGIN + ahead;
        let expected = match ahead {
            ..0 => Err(SignError::Expired),
            0..=MAX_AGE => Ok(()),
            _ => Err(SignError::TooFarAhead(MAX_AGE)),
        };
        let right = sign::sign(&key, expire_time);
        prop_assert_eq!(check(&enterprise(key, None, None), &right, expire_time), expected);
    }

    #[test]
    fn no_other_text_is_a_signature(key in key(), ahead in 0..MAX_AGE, other in any::<String>()) {
        let expire_time = BEGIN + ahead;
        let right = sign::sign(&key, expire_time);
        let expected = if other.is_empty() { SignError::NoSign } else { SignError::Wrong };
        prop_assume!(other != right);
        prop_assert_eq!(check(&enterprise(key, None, None), &other, expire_time), Err(expected));
    }

    #[test]
    fn nothing_near_the_signature_is_one(key in key(), ahead in 0..MAX_AGE, at in 0_usize..32, digit in "[0-9a-fA-F]") {
        let expire_time = BEGIN + ahead;
        let right = sign::sign(&key, expire_time);
        prop_assert!(right.len() == 32 && right.bytes().all(|b| b"0123456789abcdef".contains(&b)));
        let (mut changed, mut doubled, mut shorter) = (right.clone(), right.clone(), right.clone());
        changed.replace_range(at..=at, &digit);
        doubled.insert_str(at, &digit);
        shorter.remove(at);
        let row = enterprise(key, None, None);
        let near = [changed, doubled, shorter, right.to_uppercase(), format!(" {right}"), format!("{right}\0")];
        for other in near.into_iter().filter(|other| *other != right) {
            prop_assert_eq!(check(&row, &other, expire_time), Err(SignError::Wrong), "{:?}", other);
        }
    }

    #[test]
    fn a_signature_is_good_for_its_key_and_its_time_alone(keys in vec(key(), 2), ahead in vec(0..MAX_AGE, 2)) {
        let (mine, theirs) = (enterprise(keys[0].clone(), None, None), &keys[1]);
        prop_assume!(keys[0] != keys[1] && ahead[0] != ahead[1]);
        let expire_time = BEGIN + ahead[0];
        for other in [sign::sign(theirs, expire_time), sign::sign(&keys[0], BEGIN + ahead[1])] {
            prop_assert_eq!(check(&mine, &other, expire_time), Err(SignError::Wrong));
        }
    }

    #[test]
    fn the_key_before_the_rotation_is_good_until_its_grace_is_over(keys in vec(key(), 2), left in -1000_i64..1000) {
        let expire_time = BEGIN + 60;
        let row = enterprise(keys[0].clone(), Some(keys[1].clone()), Some(NOW + left));
        prop_assert_eq!(check(&row, &sign::sign(&keys[0], expire_time), expire_time), Ok(()));
        let old = check(&row, &sign::sign(&keys[1], expire_time), expire_time);
        prop_assert_eq!(old.is_ok(), left >= 0 || keys[0] == keys[1]);
    }
}

/// Runs a property over a service; each case may make as many requests as it needs.
fn over_a_service<S: Strategy>(cases: u32, strategy: &S, property: &impl AsyncFn(&Service, S::Value)) {
    let (service, runtime) = (Service::start(), tokio::runtime::Runtime::new().unwrap());
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let result = runner.run(strategy, |value| {
        runtime.block_on(property(&service, value));
        Ok(())
    });
    result.unwrap();
}

/// Users that the model knows: the last one is not registered, the first two are reserved in every class.
const USERS: [&str; 4] = ["u0", "u1", "u2", "unregistered"];

/// Something that an enterprise does.
#[derive(Clone, Debug)]
enum Step {
    Create { public: bool, room: i64 },
    Modify { start: Option<i64>, stop: Option<i64> },
    Start,
    Stop,
    Delete,
    Join(usize),
    Quit(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let time = || option::of(0_i64..4);
    prop_oneof![
        1 => (any::<bool>(), 0_i64..3).prop_map(|(public, room)| Step::Create { public, room }),
        2 => (time(), time()).prop_map(|(start, stop)| Step::Modify { start, stop }),
        2 => Just(Step::Start),
        2 => Just(Step::Stop),
        1 => Just(Step::Delete),
        5 => (0..USERS.len()).prop_map(Step::Join),
        3 => (0..USERS.len()).prop_map(Step::Quit),
    ]
}

/// What a class should be.
#[derive(Debug)]
struct Model {
    status: &'static str,
    public: bool,
    room: i64,
    start: i64,
    stop: i64,
    inside: BTreeSet<usize>,
}

impl Model {
    /// Does a step other than `Create` and says which code it should answer with.
    fn take(&mut self, step: &Step) -> i64 {
        match (step, self.status) {
            (Step::Modify { .. } | Step::Delete, "ing") => 10223,
            (Step::Modify { .. } | Step::Start, "end") => 10224,
            (Step::Modify { start, stop }, _) => {
                let times = (start.unwrap_or(self.start), stop.unwrap_or(self.stop));
                if times.1 < times.0 {
                    return 10003;
                }
                (self.start, self.stop) = times;
                0
            }
            (Step::Start, _) => {
                self.status = "ing";
                0
            }
            (Step::Stop, "will") => 10003,
            (Step::Stop, _) => {
                self.status = "end";
                self.inside.clear();
                0
            }
            (Step::Join(3) | Step::Quit(3), _) => 10215,
            (Step::Join(_), "end") => 10224,
            (Step::Join(user), _) if !self.public && *user > 1 => 10226,
            (Step::Join(user), _) => {
                let full = self.room > 0 && self.inside.len() >= usize::try_from(self.room).unwrap();
                if full && !self.inside.contains(user) {
                    return 10227;
                }
                self.inside.insert(*user);
                0
            }
            (Step::Quit(user), _) => {
                self.inside.remove(user);
                0
            }
            (Step::Create { .. } | Step::Delete, _) => 0,
        }
    }
}

/// The call that a step is, on the class that is there.
fn call(step: &Step, class_id: i64) -> (&'static str, Value) {
    match step {
        Step::Create { public, room } => {
            let members: Vec<Value> = USERS[..2].iter().map(|id| json!({"user_id": id, "role": "student"})).collect();
            let class_type = if *public { "public" } else { "1vN" };
            let fields = json!({"teacher_id": "t", "class_type": class_type, "max_member_num": room, "members": members,
                "start_time": 1, "stop_time": 2});
            ("class/create", fields)
        }
        Step::Modify { start, stop } => {
            ("class/modify", json!({"class_id": class_id, "start_time": start, "stop_time": stop}))
        }
        Step::Start => ("class/start", json!({"class_id": class_id})),
        Step::Stop => ("class/stop", json!({"class_id": class_id})),
        Step::Delete => ("class/delete", json!({"class_id": class_id})),
        Step::Join(user) => ("member/join", json!({"class_id": class_id, "user_id": USERS[*user]})),
        Step::Quit(user) => ("member/quit", json!({"class_id": class_id, "user_id": USERS[*user]})),
    }
}

#[test]
fn a_class_lives_as_its_model_does() {
    over_a_service(64, &vec(step(), 0..25), &async |service, steps| {
        let enterprise = service.enterprise().await;
        enterprise.students(&USERS[..3]).await;
        let (mut class_id, mut model) = (999_999_999, None::<Model>);
        for step in steps {
            let (name, body) = call(&step, class_id);
            let answer = enterprise.call(name, body).await;
            let expected = match (&step, &mut model) {
                (Step::Create { public, room }, model) => {
                    class_id = answer["class_id"].as_i64().unwrap();
                    let inside = BTreeSet::new();
                    *model = Some(Model { status: "will", public: *public, room: *room, start: 1, stop: 2, inside });
                    0
                }
                (_, None) => 10230,
                (step, Some(model)) => model.take(step),
            };
            assert_eq!(answer["error_code"], expected, "{step:?} of {model:?}: {answer}");
            if matches!(step, Step::Delete) && expected == 0 {
                model = None;
            }
            compare(&enterprise, class_id, model.as_ref()).await;
        }
    });
}

/// Whether a class is as its model is.
async fn compare(enterprise: &Enterprise<'_>, class_id: i64, model: Option<&Model>) {
    let this = json!({"class_id": class_id});
    let info = enterprise.call("class/info", this.clone()).await;
    let Some(model) = model else {
        assert_eq!(info["error_code"], 10230);
        return;
    };
    assert_eq!(
        (&info["class_status"], &info["start_time"], &info["stop_time"]),
        (&json!(model.status), &json!(model.start), &json!(model.stop))
    );
    let list = enterprise.ok("member/runtime/list", this).await;
    let inside: BTreeSet<&str> =
        list["list"].as_array().unwrap().iter().map(|r| r["user_id"].as_str().unwrap()).collect();
    assert_eq!(inside, model.inside.iter().map(|user| USERS[*user]).collect());
    assert_eq!(list["total"], model.inside.len());
}

/// Row `n` of each list: when it was made, and whether its user has left the class.
type Made = (i64, bool);

/// The ids of the rows of a list in its order.
struct Expected {
    class_id: i64,
    classes: Vec<String>,
    users: Vec<String>,
    documents: Vec<String>,
    inside: Vec<String>,
    seen: Vec<String>,
}

fn fill(conn: &mut Conn, sdkappid: i64, rows: &[Made]) -> lectern::domain::Result<Expected> {
    let enterprise = enterprise::require(conn, sdkappid)?;
    let id = enterprise.enterprise_id;
    let booked = |topic: usize| Patch {
        teacher_id: Some("t".into()),
        class_topic: Some(topic.to_string()),
        members: Some(vec![Member { user_id: "everywhere".into(), role: Role::Student }]),
        ..Patch::default()
    };
    let mut made = Vec::new();
    for (n, (time, left)) in rows.iter().enumerate() {
        let user_id = format!("u{n}");
        let draft = user::Draft::of(user_id.clone(), Role::Student);
        user::register(conn, id, vec![draft], *time)?;
        let class_id = class::create(conn, id, booked(n), *time)?;
        let document = document::Draft {
            doc_url: "https://example.com/a".into(),
            file: None,
            doc_name: String::new(),
            doc_ext: String::new(),
            doc_size: 0,
            doc_md5: String::new(),
            permission: Permission::Public,
            owner: String::new(),
            is_transcode: false,
            is_static: false,
        };
        let doc_id = document::add(conn, &enterprise, document, None, *time)?;
        made.push((*time, n, *left, user_id, class_id, doc_id));
    }
    // One that is in no list of "everywhere", so that the rows are not all rows.
    let patch = Patch { teacher_id: Some("t".into()), ..Patch::default() };
    let class_id = class::create(conn, id, patch, 0)?;
    for (time, _, left, user_id, _, _) in &made {
        session::join(conn, &enterprise, class_id, JoinRequest::of_user(user_id), *time)?;
        if *left {
            session::quit(conn, &enterprise, class_id, user_id, *time)?;
        }
    }
    Ok(Expected {
        class_id,
        classes: made.iter().map(|row| row.4.to_string()).collect(),
        users: made.iter().map(|row| row.3.clone()).collect(),
        documents: made.iter().map(|row| row.5.clone()).collect(),
        inside: made.iter().filter(|row| !row.2).map(|row| row.3.clone()).collect(),
        seen: made.iter().map(|row| row.3.clone()).collect(),
    })
}

/// Walks a list in pages of `size`, by index and by cursor, and compares every page.
async fn walk(enterprise: &Enterprise<'_>, call: &str, asked: &Value, field: &str, size: usize, expected: &[String]) {
    walk_by(enterprise, false, call, asked, field, size, expected).await;
    walk_by(enterprise, true, call, asked, field, size, expected).await;
}

async fn walk_by(
    enterprise: &Enterprise<'_>,
    cursor: bool,
    call: &str,
    asked: &Value,
    field: &str,
    size: usize,
    expected: &[String],
) {
    let mut seen: Vec<String> = Vec::new();
    let mut next = json!("");
    loop {
        let mut asked = asked.clone();
        asked["size"] = size.into();
        if cursor {
            asked["after"] = next;
        } else {
            asked["index"] = seen.len().into();
        }
        let page = enterprise.ok(call, asked).await;
        let rows = page["list"].as_array().unwrap();
        assert!(rows.len() <= size, "{call}");
        assert_eq!(page["total"], expected.len(), "{call}");
        seen.extend(rows.iter().map(|row| row[field].as_str().map_or_else(|| row[field].to_string(), str::to_owned)));
        assert_eq!(page["finish"], seen.len() == expected.len(), "{call} after {}", seen.len());
        assert_eq!(page.get("next").is_some(), cursor && page["finish"] == false, "{call}");
        if page["finish"] == true || rows.is_empty() {
            break;
        }
        next = page["next"].clone();
    }
    assert_eq!(seen, expected, "{call}");
}

#[test]
fn pages_of_any_size_give_each_row_once_in_order() {
    let rows = vec(((0_i64..4).prop_map(|n| BEGIN * 1000 + n * 400), any::<bool>()), 0..30);
    over_a_service(64, &(rows, 1_usize..35), &async |service, (rows, size)| {
        let enterprise = service.enterprise().await;
        let sdkappid = enterprise.sdkappid;
        let expected = service.app.db.write(move |conn| fill(conn, sdkappid, &rows)).await.unwrap();
        let this = json!({"class_id": expected.class_id});
        let theirs = json!({"user_id": "everywhere"});
        let mut oldest = theirs.clone();
        oldest["create_time_desc"] = false.into();
        let newest: Vec<String> = expected.classes.iter().rev().cloned().collect();
        // The order is that in which they were made, though the clock may have been set back meanwhile.
        walk(&enterprise, "class/list", &oldest, "class_id", size, &expected.classes).await;
        walk(&enterprise, "class/list", &theirs, "class_id", size, &newest).await;
        walk(&enterprise, "user/list", &json!({}), "user_id", size, &expected.users).await;
        walk(&enterprise, "document/list", &json!({}), "doc_id", size, &expected.documents).await;
        walk(&enterprise, "member/runtime/list", &this, "user_id", size, &expected.inside).await;
        walk(&enterprise, "member/history/list", &this, "user_id", size, &expected.seen).await;
    });
}

#[test]
fn a_list_of_some_kinds_has_the_classes_of_these_kinds_and_counts_them() {
    const STATUSES: [&str; 3] = ["will", "ing", "end"];
    const TYPES: [&str; 3] = ["public", "1v1", "1vN"];
    let some = |of: &'static [&'static str]| proptest::sample::subsequence(of, 0..=of.len());
    let classes = vec((0..3_usize, 0..3_usize, any::<bool>()), 0..12);
    let asked = (some(&STATUSES), some(&TYPES), any::<bool>(), any::<bool>(), 1_usize..5);
    over_a_service(48, &(classes, asked), &async |service, (classes, (statuses, types, oldest, of_user, size))| {
        let enterprise = service.enterprise().await;
        let mut expected = Vec::new();
        for (status, class_type, reserved) in classes {
            let mut class = json!({"class_type": TYPES[class_type]});
            if reserved {
                class["members"] = json!([{"user_id": "pupil", "role": "student"}]);
            }
            let class_id = enterprise.class(class).await;
            for call in &["class/start", "class/stop"][..status] {
                enterprise.ok(call, json!({ "class_id": class_id })).await;
            }
            let shown = |asked: &[&str], is: &str| asked.is_empty() || asked.contains(&is);
            if shown(&statuses, STATUSES[status]) && shown(&types, TYPES[class_type]) && (reserved || !of_user) {
                expected.push(class_id.to_string());
            }
        }
        if !oldest {
            expected.reverse();
        }
        let mut asked = json!({"class_status": statuses, "class_type": types, "create_time_desc": !oldest});
        if of_user {
            asked["user_id"] = "pupil".into();
        }
        walk(&enterprise, "class/list", &asked, "class_id", size, &expected).await;
    });
}
