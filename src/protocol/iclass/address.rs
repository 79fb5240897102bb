//! The addresses of the page of a class.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::domain::classroom::link::Link;
use crate::domain::ids::ClassId;

/// What a user id is written with in an address: everything but the unreserved characters of URLs is escaped.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The page of a class, for everybody. `public_url` is the base of the service, without a slash at its end.
#[must_use]
pub fn class_page(public_url: &str, sdkappid: i64, class_id: ClassId) -> String {
    format!("{public_url}/{sdkappid}/{class_id}")
}

/// The page of a class for its teacher and assistant.
#[must_use]
pub fn host_page(public_url: &str, sdkappid: i64, class_id: ClassId) -> String {
    class_page(public_url, sdkappid, class_id) + "/0"
}

/// The page of a class for everybody else.
#[must_use]
pub fn pupil_page(public_url: &str, sdkappid: i64, class_id: ClassId) -> String {
    class_page(public_url, sdkappid, class_id) + "/1"
}

/// The page of a class, with a token that signs its user in. Browsers send nothing after the `#` to any server.
#[must_use]
pub fn link(public_url: &str, sdkappid: i64, link: &Link) -> String {
    let page = if link.is_host { host_page } else { pupil_page };
    let user_id = utf8_percent_encode(&link.user_id, ESCAPED);
    format!("{}#{user_id}/{}", page(public_url, sdkappid, link.class_id), link.token)
}
