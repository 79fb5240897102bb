//! The life cycle of a class: reserve, change, start, end, delete.

mod booking;
mod change;
mod draft;
mod ending;
mod patch;
mod progress;
pub(in crate::domain) mod rules;

pub use crate::store::classroom::class::{
    Class, Cutoffs, EndReason, Filter, Listed, LiveType, Place, RecordType, Settings, Status, Type, beginning,
    count_beginning, list,
};
pub use crate::store::classroom::member::Member;
pub use booking::{Booking, Once, Pending, Step, create, create_once};
pub use change::{delete, info, info_of_each, modify};
pub(in crate::domain) use draft::{ClassDraft, default_settings};
pub use ending::{due, end_by_itself, stop, stop_as_component};
pub(in crate::domain) use ending::{empty, end_with_course};
pub use patch::{Patch, SettingsPatch};
pub use progress::{Actor, Via, start, start_as_component};
pub(in crate::domain) use rules::{check_not_over, end_of_answering, is_recorder_id, lock};
pub use rules::{host, require};
