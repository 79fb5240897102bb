//! What the log of a class says of the class itself.

use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::Result;
use crate::store;
use crate::store::classroom::class::Class;
use crate::store::classroom::log::{Audience, LogEvent};
use crate::store::ids::{ClassId, EnterpriseId};

/// Appends what a class is now. Nothing else may be locked after it.
pub(in crate::domain) fn class(conn: &mut Conn, class: &Class, now: Millis) -> Result<()> {
    let event = LogEvent::Class { class: class.into() };
    store::classroom::log::append(conn, (class.enterprise_id, class.class_id), &Audience::Everyone, &event, now)?;
    Ok(())
}

/// Appends what some classes are now, of which somebody else wrote the rows.
pub(in crate::domain) fn classes(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_ids: &[ClassId],
    now: Millis,
) -> Result<()> {
    for class_id in store::classroom::log::followed(conn, enterprise_id, class_ids)? {
        if let Some(found) = store::classroom::class::find(conn, enterprise_id, class_id)? {
            class(conn, &found, now)?;
        }
    }
    Ok(())
}
