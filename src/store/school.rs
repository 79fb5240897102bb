//! Rows of the school: courses, their lessons and the members of organizations.

pub mod course;
pub mod lesson;
pub mod membership;
