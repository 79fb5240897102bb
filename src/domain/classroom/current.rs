//! What goes on in a class at this moment, for those who enter late.

use super::{check_in, class, question};
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::Result;
use crate::store;
use crate::store::classroom::class::{Class, Status};
use crate::store::classroom::member::Member;
use crate::store::ids::{ClassId, CourseId, EnterpriseId, OrganizationId};

/// A class and what goes on in it.
#[derive(Clone, Debug)]
pub struct Current {
    /// The class.
    pub class: Class,
    /// Who is reserved for it.
    pub members: Vec<Member>,
    /// The id of the check-in that accepts answers.
    pub check_id: Option<String>,
    /// The id of the question that accepts answers.
    pub question_id: Option<String>,
    /// How long it has been in progress, or was, in milliseconds; 0 before its begin.
    pub duration: Millis,
    /// The course of a lesson, and its organization.
    pub course: Option<(OrganizationId, CourseId)>,
}

/// A class and what goes on in it.
///
/// # Errors
/// [`crate::domain::Error::UnknownClass`].
pub fn current(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId, now: Millis) -> Result<Current> {
    let (class, members) = class::info(conn, enterprise_id, class_id)?;
    let check_in = check_in::open(conn, &class, now)?;
    let question = question::open(conn, &class, now)?;
    let course = match class.course_id {
        Some(course_id) => store::tenancy::organization::of_course(conn, enterprise_id, course_id)?
            .map(|organization| (organization.organization_id, course_id)),
        None => None,
    };
    let until = match class.class_status {
        Status::Will => class.real_start_time,
        Status::Ing => now,
        Status::End => class.real_stop_time,
    };
    Ok(Current {
        check_id: check_in.map(|check_in| check_in.check_id),
        question_id: question.map(|question| question.question_id),
        // A class that never began has an end, but no beginning.
        duration: if class.real_start_time > 0 { until.saturating_sub(class.real_start_time).max(0) } else { 0 },
        course,
        class,
        members,
    })
}
