//! Chat groups: those of classes and courses, and free groups.

mod free;
mod provision;

pub use crate::store::chat::group::{Engine, Group, GroupKind};
pub use crate::store::chat::message::{Message, MessageKind};
pub use crate::store::chat::notice::{ClassAction, ClassNotice, DeviceStates, Notice};
pub use free::{FreeGroup, add_members, create, members, of_organization, remove, remove_members, rename};
pub use provision::{Administrator, abandon, ids};
pub(in crate::domain) use provision::{
    CourseGroup, add_for_class, add_for_course, add_for_lessons, cancel_deletions, delete_hosted, schedule_deletions,
};
