//! Questions and check-ins end at their time limits, and the components of their classes get a notice.

use super::class::rules;
use super::{check_in, question};
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::{Error, Result};
use crate::store;
use crate::store::ids::{ClassId, EnterpriseId};

/// A question or a check-in whose time limit has passed.
#[derive(Clone, Debug)]
pub struct Deadline {
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    of: Limited,
}

#[derive(Clone, Debug)]
enum Limited {
    Question(String),
    CheckIn(String),
}

/// Some questions and check-ins, of any enterprise, whose time limits have passed, and that were not ended.
///
/// # Errors
/// Only those of the database.
pub fn due(conn: &mut Conn, now: Millis, at_most: i64) -> Result<Vec<Deadline>> {
    let questions = store::classroom::question::past_limit(conn, now, at_most)?.into_iter();
    let check_ins = store::classroom::check_in::past_limit(conn, now, at_most)?.into_iter();
    let question = |(enterprise_id, class_id, id)| Deadline { enterprise_id, class_id, of: Limited::Question(id) };
    let check_in = |(enterprise_id, class_id, id)| Deadline { enterprise_id, class_id, of: Limited::CheckIn(id) };
    Ok(questions.map(question).chain(check_ins.map(check_in)).collect())
}

/// Ends one of them, unless another instance has ended it meanwhile.
///
/// # Errors
/// Only those of the database.
pub fn pass(conn: &mut Conn, deadline: &Deadline, now: Millis) -> Result<()> {
    let class = match rules::lock(conn, deadline.enterprise_id, deadline.class_id) {
        Ok(class) => class,
        Err(Error::UnknownClass(_)) => return Ok(()),
        Err(error) => return Err(error),
    };
    match &deadline.of {
        Limited::Question(question_id) => question::time_out(conn, &class, question_id, now),
        Limited::CheckIn(check_id) => check_in::time_out(conn, &class, check_id, now),
    }
}
