//! Questions to a class, and the replies.

use std::collections::HashMap;

use diesel::dsl::count_star;

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::literal::literal;
use crate::store::schema::questions;
use crate::store::schema::questions::dsl;
use crate::store::schema::replies;

literal!(HasLimit = "limit_time > 0");

/// A question.
#[derive(Clone, Debug, Queryable)]
pub struct Question {
    /// The row id, assigned in ascending order.
    pub id: i64,
    /// The enterprise of the class.
    pub enterprise_id: EnterpriseId,
    /// The class.
    pub class_id: ClassId,
    /// The question id, chosen by the component.
    pub question_id: String,
    /// The user who asked it.
    pub user_id: String,
    /// The options to choose from, as JSON.
    pub options: String,
    /// The correct answer, as JSON; empty if there is none.
    pub correct_answer: String,
    /// For how many milliseconds it accepts replies; 0 for no limit.
    pub limit_time: Millis,
    /// When it was asked.
    pub launch_time: Millis,
    /// When it was ended: early, or at its time limit.
    pub cancel_time: Option<Millis>,
}

/// A question to insert.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = questions, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the fields of Question")]
pub struct NewQuestion {
    pub enterprise_id: EnterpriseId,
    pub class_id: ClassId,
    pub question_id: String,
    pub user_id: String,
    pub options: String,
    pub correct_answer: String,
    pub limit_time: Millis,
    pub launch_time: Millis,
}

/// The reply of a user to a question. A later reply replaces an earlier one.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = replies, treat_none_as_default_value = false)]
pub struct Reply {
    /// The enterprise of the class.
    pub enterprise_id: EnterpriseId,
    /// The class.
    pub class_id: ClassId,
    /// The question.
    pub question_id: String,
    /// The user who replied.
    pub user_id: String,
    /// The reply id, chosen by the component.
    pub reply_id: String,
    /// The chosen options, as JSON.
    pub reply_select: String,
    /// Whether the reply is correct.
    pub is_right: bool,
    /// When it was given.
    pub create_time: Millis,
}

/// The columns of a [`Reply`].
const REPLY: (
    replies::enterprise_id,
    replies::class_id,
    replies::question_id,
    replies::user_id,
    replies::reply_id,
    replies::reply_select,
    replies::is_right,
    replies::create_time,
) = (
    replies::enterprise_id,
    replies::class_id,
    replies::question_id,
    replies::user_id,
    replies::reply_id,
    replies::reply_select,
    replies::is_right,
    replies::create_time,
);

/// Inserts a question.
pub fn insert(conn: &mut Conn, new: &NewQuestion) -> Result<()> {
    diesel::insert_into(dsl::questions).values(new).execute(conn).map(drop)
}

/// Returns a question.
pub fn find(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    question_id: &str,
) -> Result<Option<Question>> {
    dsl::questions
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::question_id.eq(question_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .get_result(conn)
        .optional()
}

/// Returns the last question of a class that was not ended, and whose time limit is after `now`.
pub fn open(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId, now: Millis) -> Result<Option<Question>> {
    let open = dsl::questions
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::cancel_time.is_null())
        .filter(dsl::limit_time.eq(0).or((dsl::launch_time + dsl::limit_time).gt(now)))
        .order(dsl::id.desc())
        .limit(1)
        .load(conn)?;
    Ok(open.into_iter().next())
}

/// Returns the questions of a class that were not ended, and whose time limits are after `now`, in order.
pub fn all_open(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId, now: Millis) -> Result<Vec<Question>> {
    dsl::questions
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::cancel_time.is_null())
        .filter(dsl::limit_time.eq(0).or((dsl::launch_time + dsl::limit_time).gt(now)))
        .order(dsl::id)
        .load(conn)
}

/// Returns the last question of a class.
pub fn last(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<Option<Question>> {
    let last = dsl::questions
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .order(dsl::id.desc())
        .limit(1)
        .load(conn)?;
    Ok(last.into_iter().next())
}

/// Ends a question early.
pub fn cancel(conn: &mut Conn, enterprise_id: EnterpriseId, id: i64, now: Millis) -> Result<()> {
    diesel::update(dsl::questions.find(id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .set(dsl::cancel_time.eq(now))
        .execute(conn)
        .map(drop)
}

/// Counts the questions of a class.
pub fn count(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<i64> {
    dsl::questions
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .count()
        .get_result(conn)
}

/// Stores a reply. Replaces an earlier reply of the same user.
pub fn reply(conn: &mut Conn, new: &Reply) -> Result<()> {
    diesel::delete(replies::table)
        .filter(replies::class_id.eq(new.class_id))
        .filter(replies::question_id.eq(&new.question_id))
        .filter(replies::user_id.eq(&new.user_id))
        .filter(replies::enterprise_id.eq(new.enterprise_id))
        .execute(conn)?;
    diesel::insert_into(replies::table).values(new).execute(conn).map(drop)
}

/// Returns the classes and ids of some questions, of any enterprise, that were not ended although their time limit has passed.
pub fn past_limit(conn: &mut Conn, now: Millis, at_most: i64) -> Result<Vec<(EnterpriseId, ClassId, String)>> {
    dsl::questions
        .filter(dsl::cancel_time.is_null())
        .filter(HasLimit)
        .filter((dsl::launch_time + dsl::limit_time).le(now))
        .limit(at_most)
        .select((dsl::enterprise_id, dsl::class_id, dsl::question_id))
        .load(conn)
}

/// Returns the reply of a user to a question.
pub fn reply_of(conn: &mut Conn, question: &Question, user_id: &str) -> Result<Option<Reply>> {
    replies::table
        .filter(replies::class_id.eq(question.class_id))
        .filter(replies::question_id.eq(&question.question_id))
        .filter(replies::enterprise_id.eq(question.enterprise_id))
        .filter(replies::user_id.eq(user_id))
        .select(REPLY)
        .get_result(conn)
        .optional()
}

/// Returns the replies to a question, in order.
pub fn replies(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    question_id: &str,
) -> Result<Vec<Reply>> {
    replies::table
        .filter(replies::class_id.eq(class_id))
        .filter(replies::question_id.eq(question_id))
        .filter(replies::enterprise_id.eq(enterprise_id))
        .order(replies::id)
        .select(REPLY)
        .load(conn)
}

/// Counts of a user's replies in a class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The number of questions answered.
    pub answered: i64,
    /// The number answered correctly.
    pub right: i64,
}

/// Returns the tallies of some users. Users without replies are left out.
pub fn tallies(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    user_ids: &[String],
) -> Result<HashMap<String, Tally>> {
    let rows: Vec<(String, bool, i64)> = replies::table
        .filter(replies::class_id.eq(class_id))
        .filter(replies::enterprise_id.eq(enterprise_id))
        .filter(replies::user_id.eq_any(user_ids))
        .group_by((replies::user_id, replies::is_right))
        .select((replies::user_id, replies::is_right, count_star()))
        .load(conn)?;
    let mut tallies: HashMap<String, Tally> = HashMap::new();
    for (user_id, is_right, n) in rows {
        let tally = tallies.entry(user_id).or_default();
        tally.answered += n;
        tally.right += if is_right { n } else { 0 };
    }
    Ok(tallies)
}
