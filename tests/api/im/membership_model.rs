//! The members of a group against a model, which is a set.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use reqwest::Method;
use serde_json::json;

use super::app::{AppState, form};
use crate::support::service::Service;

/// A change of a group.
#[derive(Clone, Debug)]
struct Step {
    adds: bool,
    ids: Vec<String>,
    as_form: bool,
}

fn ids() -> impl Strategy<Value = Vec<String>> {
    // A few ids, so that changes overlap. Some need escaping.
    vec(
        prop_oneof![Just("1"), Just("2"), Just("o12"), Just("a b"), Just("é&=+"), Just("学生")].prop_map(String::from),
        1..5,
    )
}

fn step() -> impl Strategy<Value = Step> {
    (any::<bool>(), ids(), any::<bool>()).prop_map(|(adds, ids, as_form)| Step { adds, ids, as_form })
}

/// The expected members, in the order in which they were added.
fn add(model: &mut Vec<String>, ids: &[String]) {
    for id in ids {
        if !model.contains(id) {
            model.push(id.clone());
        }
    }
}

#[test]
fn a_group_has_the_members_that_a_set_would_have() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let service = Service::start();
    let app = runtime.block_on(async { AppState::of(&service.enterprise().await).await });
    let mut runner = TestRunner::new(Config { cases: 40, ..Config::default() });
    let histories = (ids(), vec(step(), 0..8));
    let held = runner.run(&histories, |(first, steps)| {
        let mut model = Vec::new();
        add(&mut model, &first);
        let (found, model) = runtime.block_on(async {
            let id = app.group(json!({"member_client_ids": first.join(":")})).await;
            for Step { adds, ids, as_form } in steps {
                let fields = json!({"member_client_ids": ids.join(":")});
                let body = if as_form { form(&fields) } else { fields.to_string() };
                let method = if adds { Method::POST } else { Method::DELETE };
                let (status, _) = app.send(method, &format!("/im/group/{id}/member"), body).await;
                assert_eq!(status, if adds { 201 } else { 204 });
                if adds {
                    add(&mut model, &ids);
                } else {
                    model.retain(|member| !ids.contains(member));
                }
            }
            (app.members(id).await, model)
        });
        prop_assert_eq!(found, model);
        Ok(())
    });
    held.unwrap();
}
