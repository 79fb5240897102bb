//! Images that were uploaded for the chat of a class. Each is for one message at most.

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::schema::chat_images;
use crate::store::schema::chat_images::dsl;

/// The maximum number of class ids in one statement. SQLite allows at most 32,766 values.
const CLASSES_AT_ONCE: usize = 10_000;

/// An uploaded image.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = chat_images, treat_none_as_default_value = false)]
pub struct ChatImage {
    /// The key of its file.
    pub file_key: String,
    /// The enterprise of the class.
    pub enterprise_id: EnterpriseId,
    /// The class.
    pub class_id: ClassId,
    /// The `user_id` of who uploaded it.
    pub user_id: String,
    /// The stored address.
    pub address: String,
    /// Whether a message has it.
    pub is_sent: bool,
    /// When it was uploaded.
    pub create_time: Millis,
}

/// Inserts an image.
pub fn insert(conn: &mut Conn, new: &ChatImage) -> Result<()> {
    diesel::insert_into(dsl::chat_images).values(new).execute(conn).map(drop)
}

/// Returns an image by the key of its file.
pub fn find(conn: &mut Conn, enterprise_id: EnterpriseId, file_key: &str) -> Result<Option<ChatImage>> {
    dsl::chat_images.find(file_key).filter(dsl::enterprise_id.eq(enterprise_id)).get_result(conn).optional()
}

/// Records that a message has the image.
pub fn set_sent(conn: &mut Conn, enterprise_id: EnterpriseId, file_key: &str) -> Result<()> {
    diesel::update(dsl::chat_images.find(file_key))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .set(dsl::is_sent.eq(true))
        .execute(conn)
        .map(drop)
}

/// Deletes an image.
pub fn delete(conn: &mut Conn, enterprise_id: EnterpriseId, file_key: &str) -> Result<()> {
    diesel::delete(dsl::chat_images.find(file_key)).filter(dsl::enterprise_id.eq(enterprise_id)).execute(conn).map(drop)
}

/// Returns the keys of the files of some classes.
pub fn keys(conn: &mut Conn, enterprise_id: EnterpriseId, class_ids: &[ClassId]) -> Result<Vec<String>> {
    let mut keys = Vec::new();
    for some in class_ids.chunks(CLASSES_AT_ONCE) {
        let found: Vec<String> = dsl::chat_images
            .filter(dsl::class_id.eq_any(some))
            .filter(dsl::enterprise_id.eq(enterprise_id))
            .select(dsl::file_key)
            .load(conn)?;
        keys.extend(found);
    }
    // All transactions lock files in this order.
    keys.sort_unstable();
    Ok(keys)
}
