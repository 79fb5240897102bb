//! The school: courses, schedules, lessons and memberships.

pub mod contact;
pub mod course;
pub mod membership;
pub mod organization;
pub mod people;
pub mod registration;
pub mod removal;
