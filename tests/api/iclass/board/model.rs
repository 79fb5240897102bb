//! Random drawing against a model in memory.

use std::collections::HashMap;

use lectern::domain::classroom::board::Operation;
use lectern::domain::classroom::log::LogEvent;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use super::{Lesson, pen};
use crate::support::service::{Enterprise, Service};

const IDS: usize = 6;

/// An operation of one of two people on the items of the model.
#[derive(Clone, Debug)]
enum Step {
    /// An item with one of two contents.
    Add(usize, bool),
    Remove(Vec<usize>),
    Restore(Vec<usize>),
    Clear,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..IDS, prop::bool::weighted(0.9)).prop_map(|(id, is_usual)| Step::Add(id, is_usual)),
        2 => vec(0..IDS, 1..4).prop_map(Step::Remove),
        2 => vec(0..IDS, 1..4).prop_map(Step::Restore),
        1 => Just(Step::Clear),
    ]
}

fn name(id: usize) -> String {
    format!("i{id}")
}

impl Step {
    fn body(&self) -> Value {
        let names = |ids: &[usize]| ids.iter().map(|id| name(*id)).collect::<Vec<_>>();
        match self {
            Self::Add(id, is_usual) => {
                let mut item = pen(&name(*id));
                item["width"] = if *is_usual { 10 } else { 11 }.into();
                json!({"op": "add", "item": item})
            }
            Self::Remove(ids) => json!({"op": "remove", "ids": names(ids)}),
            Self::Restore(ids) => json!({"op": "restore", "ids": names(ids)}),
            Self::Clear => json!({"op": "clear"}),
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
struct Placed {
    id: usize,
    is_usual: bool,
    by_teacher: bool,
    is_removed: bool,
}

/// A page: what was added, in its order.
#[derive(Clone, Debug, Default)]
struct Model(Vec<Placed>);

impl Model {
    /// Takes a step; `None` if it is refused.
    fn take(&mut self, step: &Step, by_teacher: bool) -> Option<()> {
        match step {
            Step::Add(id, is_usual) => match self.0.iter().find(|placed| placed.id == *id) {
                Some(placed) if placed.is_usual != *is_usual || placed.by_teacher != by_teacher => return None,
                Some(_) => {}
                None => self.0.push(Placed { id: *id, is_usual: *is_usual, by_teacher, is_removed: false }),
            },
            Step::Remove(ids) | Step::Restore(ids) => {
                for placed in self.0.iter_mut().filter(|placed| ids.contains(&placed.id)) {
                    if !by_teacher && placed.by_teacher {
                        return None;
                    }
                    placed.is_removed = matches!(step, Step::Remove(_));
                }
            }
            Step::Clear if !by_teacher => return None,
            Step::Clear => self.0.iter_mut().for_each(|placed| placed.is_removed = true),
        }
        Some(())
    }

    fn shown(&self) -> Vec<(String, i64)> {
        let shown = self.0.iter().filter(|placed| !placed.is_removed);
        shown.map(|placed| (name(placed.id), if placed.is_usual { 10 } else { 11 })).collect()
    }
}

/// A client that has nothing but the events.
#[derive(Default)]
struct Follower {
    order: Vec<(String, i64)>,
    removed: HashMap<String, bool>,
}

impl Follower {
    fn hear(&mut self, operation: Operation) {
        match operation {
            Operation::Add(item) => {
                self.removed.insert(item.id.clone(), false);
                self.order.push((item.id, item.width));
            }
            Operation::Remove(ids) => self.removed.extend(ids.into_iter().map(|id| (id, true))),
            Operation::Restore(ids) => self.removed.extend(ids.into_iter().map(|id| (id, false))),
            Operation::Clear => self.removed.values_mut().for_each(|removed| *removed = true),
        }
    }

    fn shown(&self) -> Vec<(String, i64)> {
        self.order.iter().filter(|(id, _)| !self.removed[id]).cloned().collect()
    }
}

async fn play(enterprise: &Enterprise<'_>, lesson: &Lesson<'_>, page: &str, calls: Vec<(bool, Vec<Step>)>) {
    let mut model = Model::default();
    let before = enterprise.log_events(lesson.class_id).await.len();
    for (by_teacher, steps) in calls {
        let component = if by_teacher { &lesson.teacher } else { &lesson.li };
        let mut after = model.clone();
        let is_taken = steps.iter().try_for_each(|step| after.take(step, by_teacher)).is_some();
        let operations: Vec<Value> = steps.iter().map(Step::body).collect();
        let answer = component.call("board/draw", lesson.drawing(page, operations.into())).await;
        assert_eq!(answer["error_code"] == 0, is_taken, "{steps:?} on {model:?}: {answer}");
        if is_taken {
            model = after;
        }
        let items = lesson.items(&lesson.wang, page).await;
        let there: Vec<(String, i64)> = items
            .iter()
            .map(|item| (item["id"].as_str().unwrap().to_owned(), item["width"].as_i64().unwrap()))
            .collect();
        assert_eq!(there, model.shown(), "{steps:?}");
    }
    let mut follower = Follower::default();
    for event in enterprise.log_events(lesson.class_id).await.into_iter().skip(before) {
        match event {
            LogEvent::Drawn { operations, .. } => operations.into_iter().for_each(|operation| follower.hear(operation)),
            LogEvent::Board { .. } => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(follower.shown(), model.shown());
}

#[tokio::test(flavor = "multi_thread")]
async fn drawings_and_their_events_are_those_of_a_simple_model() {
    let service = Service::start_with(&["--limit-drawings-per-account", "off"]);
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    enterprise.follow(lesson.class_id).await;
    let runtime = tokio::runtime::Handle::current();
    let strategy = vec((any::<bool>(), vec(step(), 1..6)), 1..12);
    let mut runner =
        TestRunner::new(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() });
    let run = runner.run(&strategy, |calls| {
        tokio::task::block_in_place(|| {
            runtime.block_on(async {
                // The page before makes room.
                let added = lesson.teacher.ok("board/add", json!({"class_id": lesson.class_id})).await;
                let page = added["page"].as_str().unwrap().to_owned();
                play(&enterprise, &lesson, &page, calls).await;
                lesson.teacher.ok("board/remove", json!({"class_id": lesson.class_id, "page": page})).await;
            });
        });
        Ok(())
    });
    run.unwrap();
}
