//! The life of a class against a model.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::over_a_service;
use crate::support::service::Enterprise;

/// The users of the model. The last one is not registered; the first [`RESERVED`] are reserved in every class.
const USERS: [&str; 4] = ["u0", "u1", "u2", "unregistered"];

/// How many users are reserved.
const RESERVED: usize = 2;

/// A call of an enterprise.
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

/// The expected state of a class.
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
    /// Whether a user finds no place. A place is held for each reserved user who is outside.
    fn is_full_for(&self, user: usize) -> bool {
        let places = usize::try_from(self.room).unwrap();
        let others = self.inside.iter().filter(|other| **other != user);
        let (reserved, guests): (Vec<usize>, Vec<usize>) = others.partition(|other| **other < RESERVED);
        let taken = if user < RESERVED { reserved.len() } else { RESERVED + guests.len() };
        places > 0 && !self.inside.contains(&user) && taken >= places
    }

    /// Applies a step other than `Create`, and returns the expected code.
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
            (Step::Join(user), _) if !self.public && *user >= RESERVED => 10226,
            (Step::Join(user), _) => {
                if self.is_full_for(*user) {
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

/// The call of a step on an existing class.
fn call(step: &Step, class_id: i64) -> (&'static str, Value) {
    match step {
        Step::Create { public, room } => {
            let members: Vec<Value> =
                USERS[..RESERVED].iter().map(|id| json!({"user_id": id, "role": "student"})).collect();
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
fn a_class_behaves_as_its_model() {
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

/// Whether a class matches its model.
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
