//! Background jobs: how workers are started, supervised and stopped, and what they share. Nothing here depends on the domain.
//!
//! A [`Supervisor`] owns all workers of a process. A [`Worker`] runs until its stop is requested. A [`Periodic`] worker runs a
//! step from time to time. [`DueWork`] processes rows when they are due, and retries each until it succeeds. A worker holds a row
//! under a [`Lease`] while it works on it.

mod backoff;
mod due_work;
mod failure_log;
mod lease;
mod periodic;
mod stop;
mod supervisor;
mod worker;

pub use backoff::Backoff;
pub use due_work::{DueWork, due_work};
pub use failure_log::FailureLog;
pub use lease::{Lease, LeaseLost, LeaseTerm, expired};
pub use periodic::{AtStop, Failure, Next, Periodic, periodic};
pub use stop::Stop;
pub use supervisor::Supervisor;
pub use worker::{Context, Worker};
