//! What the token of a link is good for: the calls that are about its class.

use actix_web::HttpRequest;

use super::auth::limited;
use crate::domain::ids::ClassId;
use crate::domain::{Error, Forbidden};
use crate::protocol::iclass::backend::class::ClassRef;
use crate::protocol::iclass::error::ApiError;
use crate::protocol::iclass::wire;

/// A call that is about no class, but that everybody may make.
const OF_ONESELF: &str = "/user/info";
/// Calls that are about no class, whatever their body says. Every other call requires a `class_id`.
const OF_NO_CLASS: [&str; 5] =
    ["/class/list", "/class/public/list", "/document/add", "/document/delete", "/document/list"];

/// Checks that the token of a request is good for the call at a path.
///
/// # Errors
/// [`Error::Forbidden`] for the token of a link, if the call is about another class or about none.
pub(super) fn check(path: &str, request: &HttpRequest) -> Result<(), ApiError> {
    let Some((class_id, body)) = limited(request) else { return Ok(()) };
    if path == OF_ONESELF {
        return Ok(());
    }
    let named = if OF_NO_CLASS.contains(&path) { None } else { wire::parse::<ClassRef>(&body).ok() };
    if named.is_some_and(|named| ClassId(named.class_id.0) == class_id) {
        return Ok(());
    }
    Err(Error::Forbidden(Forbidden::TokenOfOneClass { class_id }).into())
}
