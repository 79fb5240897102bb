//! Property tests: signatures, the life of a class against a model, and paging.

mod class_model;
mod paging;
mod signature;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::support::service::Service;

/// Checks a property on a service. Each case may make any number of requests.
fn over_a_service<S: Strategy>(cases: u32, strategy: &S, property: &impl AsyncFn(&Service, S::Value)) {
    let (service, runtime) = (Service::start(), tokio::runtime::Runtime::new().unwrap());
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let result = runner.run(strategy, |value| {
        runtime.block_on(property(&service, value));
        Ok(())
    });
    result.unwrap();
}
