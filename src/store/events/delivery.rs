//! Deliveries: each is one event for one endpoint, from published to delivered or dead.
//!
//! A delivery is `ready` when it may be sent once it is due. It is `waiting` while an earlier delivery of its lane is
//! unsettled. It is `claimed` while a worker holds it under a lease.

mod claim;
mod lane;
mod query;
mod replay;
pub(in crate::store::events) mod row;
mod search;
mod settle;

pub use claim::{claim, endpoints, next_due, pull_forward, release, release_expired, renew};
pub use query::{Filter, dead_since, enterprise_of, find, list};
pub use replay::{lift_order, progress, replay};
pub use row::{Delivery, State};
pub use search::{Failure, Found, LastAttempt, Position, Search, failures, last_of, search};
pub use settle::{Outcome, settle};
