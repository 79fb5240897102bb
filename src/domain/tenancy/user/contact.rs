//! How a person can be reached: what avatars, phone numbers and e-mail addresses look like.

use crate::domain::{Error, Field, Problem, Result};

/// Checks the fields that are given and not empty.
pub(super) fn check(avatar: Option<&str>, phone_no: Option<&str>, e_mail: Option<&str>) -> Result<()> {
    if avatar.is_some_and(|url| !url.is_empty() && !crate::domain::is_http_url(url)) {
        return Err(Error::invalid(Field::Avatar, Problem::NotHttpUrl));
    }
    if phone_no.is_some_and(|number| !number.is_empty() && !is_phone_number(number)) {
        return Err(Error::invalid(Field::Phone, Problem::NotPhoneNumber));
    }
    if e_mail.is_some_and(|address| !address.is_empty() && !is_mail_address(address)) {
        return Err(Error::invalid(Field::Email, Problem::NotEmail));
    }
    Ok(())
}

pub(in crate::domain) fn is_phone_number(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    digits >= 3 && text.len() <= 32 && text.bytes().all(|b| b.is_ascii_digit() || b"+-() ".contains(&b))
}

/// A rough check of an e-mail address. Only a delivery can prove that it exists.
fn is_mail_address(text: &str) -> bool {
    let one_at = text.matches('@').count() == 1 && !text.contains(char::is_whitespace);
    one_at && text.len() <= 254 && !text.starts_with('@') && !text.ends_with('@')
}
