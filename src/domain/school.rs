//! The school: courses, schedules, lessons and memberships.

pub mod course;
pub mod membership;
