//! Background work: how a worker is started, supervised and stopped, and what workers share.
//!
//! A [`Supervisor`] owns all workers of a process. A [`Worker`] runs until it is told to stop; a [`Periodic`] one does a step
//! now and then; [`DueWork`] tries rows as they fall due, until each is done. Who works on a row holds it under a [`Lease`].
//! Nothing here knows the domain.

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
pub use lease::{Lease, LeaseLost, LeaseTerm};
pub use periodic::{AtStop, Failure, Next, Periodic, periodic};
pub use stop::Stop;
pub use supervisor::Supervisor;
pub use worker::{Context, Worker};
