//! Queue of messages for the command groups of classes in the hosted chat service. Rows survive a crash, so every message is
//! eventually sent or given up. The messages of a class are sent in the order of their ids: one worker at a time has the first
//! of them, and the others wait for it.

use diesel::dsl::{exists, not};

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::chat::notice::ClassNotice;
use crate::store::classroom::class;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::schema::hosted_messages;
use crate::store::schema::hosted_messages::dsl;
use crate::store::tenancy::enterprise;

/// How many messages of a class are sent at a time.
const AT_ONCE: i64 = 50;

diesel::alias!(
    const EARLIER: Alias<Earlier> = hosted_messages as earlier;
);

/// A message to insert.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the class and its group")]
pub struct NewHostedMessage {
    pub enterprise_id: EnterpriseId,
    pub class_id: ClassId,
    pub group_id: String,
    pub notice: ClassNotice,
    pub create_time: Millis,
}

/// The messages of one class that are due, and the account that sends them.
#[derive(Clone, Debug)]
pub struct ClassQueue {
    /// The enterprise of the class.
    pub enterprise_id: EnterpriseId,
    /// The class.
    pub class_id: ClassId,
    /// The id of its command group.
    pub group_id: String,
    /// The application id at the chat service.
    pub sdkappid: i64,
    /// The administrator account at the chat service.
    pub admin_id: String,
    /// The ticket (`UserSig`) of the administrator.
    pub admin_sig: String,
    /// The id of the first message.
    pub first_id: i64,
    /// The number of attempts so far to send it.
    pub attempts: i64,
    /// The first messages, as id and notice. Without those that a later version wrote and this one can't read.
    pub messages: Vec<(i64, ClassNotice)>,
    /// The id of the last of the first messages.
    pub last_id: i64,
}

/// Inserts a message. The class must be locked.
pub fn insert(conn: &mut Conn, new: &NewHostedMessage) -> Result<()> {
    let NewHostedMessage { enterprise_id, class_id, group_id, notice, create_time } = new;
    diesel::insert_into(dsl::hosted_messages)
        .values((
            dsl::enterprise_id.eq(enterprise_id),
            dsl::class_id.eq(class_id),
            dsl::group_id.eq(group_id),
            // Serialisation can't fail: a notice has no maps.
            dsl::notice.eq(serde_json::to_string(notice).unwrap_or_default()),
            dsl::create_time.eq(create_time),
            dsl::due.eq(create_time),
            dsl::attempts.eq(0_i64),
        ))
        .execute(conn)
        .map(drop)
}

/// The first message of each class. The others wait for it.
#[diesel::dsl::auto_type(no_type_alias)]
fn first() -> _ {
    let before =
        EARLIER.filter(EARLIER.field(dsl::class_id).eq(dsl::class_id)).filter(EARLIER.field(dsl::id).lt(dsl::id));
    dsl::hosted_messages.filter(not(exists(before)))
}

/// Whether a message is due.
pub fn is_due(conn: &mut Conn, now: Millis) -> Result<bool> {
    diesel::select(exists(first().filter(dsl::due.le(now)))).get_result(conn)
}

/// Returns the due messages of some classes of all enterprises, the longest due first. Skips classes whose messages another
/// transaction has locked.
pub fn due(conn: &mut Conn, now: Millis, at_most: i64) -> Result<Vec<ClassQueue>> {
    let first = first().filter(dsl::due.le(now)).order((dsl::due, dsl::id)).limit(at_most).select((
        dsl::enterprise_id,
        dsl::class_id,
        dsl::group_id,
        dsl::id,
        dsl::attempts,
    ));
    let first: Vec<(EnterpriseId, ClassId, String, i64, i64)> = match conn {
        Conn::Sqlite(c) => first.load(c)?,
        Conn::Postgres(c) => first.for_update().skip_locked().load(c)?,
    };
    let mut queues = Vec::with_capacity(first.len());
    for (enterprise_id, class_id, group_id, first_id, attempts) in first {
        // Both are there: the messages are deleted with them.
        let Some(class) = class::find(conn, enterprise_id, class_id)? else { continue };
        let Some(enterprise) = enterprise::get(conn, enterprise_id)? else { continue };
        let (messages, last_id) = messages(conn, enterprise_id, class_id)?;
        queues.push(ClassQueue {
            enterprise_id,
            class_id,
            group_id,
            sdkappid: enterprise.sdkappid,
            admin_id: class.admin_id,
            admin_sig: class.admin_sig,
            first_id,
            attempts,
            messages,
            last_id,
        });
    }
    Ok(queues)
}

fn messages(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<(Vec<(i64, ClassNotice)>, i64)> {
    let rows: Vec<(i64, String)> = dsl::hosted_messages
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .order(dsl::id)
        .limit(AT_ONCE)
        .select((dsl::id, dsl::notice))
        .load(conn)?;
    let last_id = rows.last().map_or(0, |(id, _)| *id);
    Ok((rows.into_iter().filter_map(|(id, notice)| Some((id, serde_json::from_str(&notice).ok()?))).collect(), last_id))
}

/// Counts an attempt to send the first message, and schedules the next one. The others wait for it.
pub fn reschedule(conn: &mut Conn, queue: &ClassQueue, until: Millis) -> Result<()> {
    diesel::update(dsl::hosted_messages.find(queue.first_id))
        .filter(dsl::enterprise_id.eq(queue.enterprise_id))
        .set((dsl::due.eq(until), dsl::attempts.eq(queue.attempts + 1)))
        .execute(conn)
        .map(drop)
}

/// Removes the messages of a class up to this id.
pub fn done(conn: &mut Conn, queue: &ClassQueue, last_id: i64) -> Result<()> {
    diesel::delete(dsl::hosted_messages)
        .filter(dsl::class_id.eq(queue.class_id))
        .filter(dsl::enterprise_id.eq(queue.enterprise_id))
        .filter(dsl::id.le(last_id))
        .execute(conn)
        .map(drop)
}
