//! Sessions: entering a class, staying alive in it, and leaving it.

mod beat;
mod component;
mod ending;
mod event;
mod following;
mod joining;
mod leaving;
mod places;

pub use crate::store::classroom::session::{
    QuitReason, Seen, Session, count_inside, count_seen, inside, on_stage, seen,
};
pub use beat::{Alive, Heartbeat, alive, record, revive};
pub use component::Component;
pub use ending::{GRACE, Kick, Overdue, allow, kick, overdue, remove_members, sweep};
pub(in crate::domain) use ending::{bar_from_each, expel_from_each, expel_unless, leave_all, leave_each};
pub use following::{Followed, Rights, follow, rights};
pub use joining::{Devices, JoinRequest, Joined, VisitorRequest, join, join_as_visitor};
pub(in crate::domain) use leaving::check_inside;
pub use leaving::{quit, quit_as_component};
