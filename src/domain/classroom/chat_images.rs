//! The images in the chats of classes that are deleted.

use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::Result;
use crate::store;
use crate::store::ids::{ClassId, EnterpriseId};

/// Discards the images of classes that are about to be deleted.
pub(in crate::domain) fn discard(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    class_ids: &[ClassId],
    now: Millis,
) -> Result<()> {
    let keys = store::classroom::chat_image::keys(conn, enterprise_id, class_ids)?;
    if keys.is_empty() { Ok(()) } else { Ok(store::content::file::discard(conn, enterprise_id, &keys, now)?) }
}
