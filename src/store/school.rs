//! Rows of the school: courses, lessons and members of organizations.

pub mod course;
pub mod lesson;
pub mod membership;
