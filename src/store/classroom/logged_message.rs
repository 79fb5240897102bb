//! Which entry of the log of a class has a message, so that a recall finds it.

use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::chat::message_id::MessageId;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::schema::logged_messages::dsl;

/// Records the number of the entry that has a message.
pub fn insert(
    conn: &mut Conn,
    (enterprise_id, class_id): (EnterpriseId, ClassId),
    message_id: MessageId,
    log_sequence: i64,
) -> Result<()> {
    diesel::insert_into(dsl::logged_messages)
        .values((
            dsl::class_id.eq(class_id),
            dsl::message_id.eq(message_id.to_string()),
            dsl::enterprise_id.eq(enterprise_id),
            dsl::log_sequence.eq(log_sequence),
        ))
        .execute(conn)
        .map(drop)
}

/// Returns the number of the entry that has a message; `None` for a message from before the class was followed.
pub fn find(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    message_id: MessageId,
) -> Result<Option<i64>> {
    dsl::logged_messages
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::message_id.eq(message_id.to_string()))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .select(dsl::log_sequence)
        .get_result(conn)
        .optional()
}
