//! Images in the chat of a class. They are uploaded first, and then sent by who uploaded them.

use imagesize::ImageType;

use super::draft::{Content, key_of};
use super::groups::stored;
use super::speaking::check_speaks;
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::classroom::actor::Actor;
use crate::domain::classroom::class;
use crate::domain::content::file;
use crate::domain::content::file::{Address, Key, Link};
use crate::domain::{Error, Field, Problem, Result};
use crate::store;
use crate::store::classroom::chat_image::ChatImage;
use crate::store::classroom::class::{Class, Type};
use crate::store::ids::EnterpriseId;

/// The most pixels that an image may have: a photo has up to fifty million. Browsers of pupils must be able to show it.
const PIXELS: usize = 64_000_000;

/// How many bytes at the beginning of an image show what it is.
pub const HEAD: usize = 256 * 1024;

/// The file extension of an image, by its first [`HEAD`] bytes.
///
/// # Errors
/// [`Error::Invalid`] for a file of another kind, and for an image with too many pixels.
pub fn extension(head: &[u8]) -> Result<&'static str> {
    let found = match imagesize::image_type(head) {
        Ok(ImageType::Png) => Some("png"),
        Ok(ImageType::Jpeg) => Some("jpg"),
        Ok(ImageType::Gif) => Some("gif"),
        Ok(ImageType::Webp) => Some("webp"),
        _ => None,
    };
    let is_shown =
        imagesize::blob_size(head).is_ok_and(|size| (1..=PIXELS).contains(&size.width.saturating_mul(size.height)));
    let problem = Problem::NotImage { max_pixels: PIXELS };
    found.filter(|_| is_shown).ok_or_else(|| Error::invalid(Field::MessageContent, problem))
}

/// Checks whether a user may upload an image for a class, as for sending one. Returns whether only the holder of a link may
/// see it: unless the class is public.
///
/// # Errors
/// Those of sending a message.
pub fn check_upload(conn: &mut Conn, actor: Actor<'_>) -> Result<bool> {
    let class = class::require(conn, actor.enterprise_id, actor.class_id)?;
    check(conn, &class, actor.user_id)?;
    Ok(class.class_type != Type::Public)
}

fn check(conn: &mut Conn, class: &Class, user_id: &str) -> Result<()> {
    check_speaks(conn, class, user_id)?;
    class::check_not_over(class)?;
    stored(conn, class, None).map(drop)
}

/// Keeps an image of this many bytes for a class.
///
/// # Errors
/// Those of [`check_upload`]; [`Error::Forbidden`] when the file was discarded meanwhile.
pub fn keep(conn: &mut Conn, actor: Actor<'_>, address: &Address, bytes: i64, now: Millis) -> Result<()> {
    let Actor { enterprise_id, class_id, user_id } = actor;
    let class = class::lock(conn, enterprise_id, class_id)?;
    check(conn, &class, user_id)?;
    let key = address.key();
    file::keep(conn, enterprise_id, key, bytes)?;
    let new = ChatImage {
        file_key: key.as_str().to_owned(),
        enterprise_id,
        class_id,
        user_id: user_id.to_owned(),
        address: address.to_string(),
        is_sent: false,
        create_time: now,
    };
    Ok(store::classroom::chat_image::insert(conn, &new)?)
}

/// The key of the file at an address, with or without `public_url`, the base address of this server. Whoever uploaded a file
/// may name it by an expired link.
///
/// # Errors
/// [`Error::Invalid`] for any other address.
pub fn key_of_url(public_url: &str, url: &str) -> Result<Key> {
    let link = Link::parse(url.strip_prefix(public_url).unwrap_or(url));
    link.map(|link| link.address.key().clone()).ok_or_else(no_image)
}

fn no_image() -> Error {
    Error::invalid(Field::MessageContent, Problem::NoImage)
}

/// The content of a message as it is stored. An image is used up by it.
pub(super) fn settle(conn: &mut Conn, class: &Class, user_id: &str, content: Content) -> Result<String> {
    let key = match content {
        Content::Text(text) => return Ok(text.into_text()),
        Content::Custom(data) => return Ok(data),
        Content::Image(key) => key,
    };
    let found = store::classroom::chat_image::find(conn, class.enterprise_id, key.as_str())?;
    let is_own = |image: &ChatImage| image.class_id == class.class_id && image.user_id == user_id && !image.is_sent;
    let image = found.filter(is_own).ok_or_else(no_image)?;
    store::classroom::chat_image::set_sent(conn, class.enterprise_id, key.as_str())?;
    Ok(image.address)
}

/// Removes an image, by its stored address.
///
/// # Errors
/// Only those of the database.
pub fn forget(conn: &mut Conn, enterprise_id: EnterpriseId, stored: &str, now: Millis) -> Result<()> {
    let Some(key) = key_of(stored) else { return Ok(()) };
    store::classroom::chat_image::delete(conn, enterprise_id, key.as_str())?;
    file::discard(conn, enterprise_id, &key, now)
}
