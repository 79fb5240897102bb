//! Document conversion: requesting, running and publishing the status. Every status is published exactly once, in the
//! transaction that changes it. Progress never decreases.

mod composition;
mod failure;
mod progress;
mod work;

use percent_encoding::percent_decode_str;

use super::file::Address;
use crate::clock::Millis;
use crate::db::{Conn, Topic};
use crate::domain::tenancy::{secret, settings};
use crate::domain::{Error, Field, Problem, Result};
use crate::store;
use crate::store::content::conversion::NewConversion;
pub use crate::store::content::conversion::{Conversion, ConversionStatus, Service};
pub use crate::store::content::document::PageFiles;
use crate::store::content::document::TranscodeStatus;
use crate::store::ids::EnterpriseId;
use crate::store::tenancy::enterprise::Enterprise;

pub use composition::{ComposedVideo, Composition};
pub use failure::{ConversionFailure, FailureKind};
use progress::publish_status;
pub use work::{
    Advanced, Outcome, Queue, Settled, TRIES, Taken, advance, claim, finish, release, release_expired, renew,
    reschedule,
};

/// A conversion was queued.
pub const QUEUED: Topic<()> = Topic::new("conversions");

/// Maximum length, in characters, of a name taken from a URL; given names have the same limit.
const LONGEST_NAME: usize = 128;

/// The fields of a new conversion.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields of Conversion")]
pub struct Draft {
    pub service: Service,
    pub doc_id: Option<String>,
    pub url: String,
    /// The file that the address refers to, when it was uploaded here.
    pub file: Option<Address>,
    pub name: String,
    pub extension: String,
    pub size: i64,
    pub md5: String,
    pub is_private: bool,
    pub is_static: bool,
}

/// Returns how many documents of an enterprise wait for a worker.
///
/// # Errors
/// Only those of the database.
pub fn queued(conn: &mut Conn, enterprise_id: EnterpriseId) -> Result<i64> {
    Ok(store::content::conversion::queued(conn, enterprise_id)?)
}

/// Requests a conversion and returns its `task_id`. If this machine lacks something for conversions, the conversion
/// fails at once instead of waiting for a converter that does not exist.
///
/// # Errors
/// [`Error::Invalid`] for an address that can't be fetched.
pub fn request(
    conn: &mut Conn,
    enterprise: &Enterprise,
    draft: Draft,
    missing: Option<String>,
    now: Millis,
) -> Result<String> {
    let url = match &draft.file {
        Some(address) => {
            let key = address.key().to_string();
            if store::content::file::lock_kept(conn, enterprise.enterprise_id, &[key])?.is_empty() {
                return Err(Error::invalid(Field::ConversionSource, Problem::NoFile));
            }
            address.to_string()
        }
        None if crate::domain::is_http_url(&draft.url) => draft.url,
        None => return Err(Error::invalid(Field::ConversionSource, Problem::NotHttpUrl)),
    };
    let (in_url, extension_in_url) = named_in(&url);
    let name = if draft.name.is_empty() { in_url } else { draft.name };
    // Some clients send it with its dot.
    let given = draft.extension.trim_start_matches('.');
    let extension = if given.is_empty() { extension_in_url } else { given.to_owned() };
    let state = if missing.is_some() { TranscodeStatus::Finished } else { TranscodeStatus::Queued };
    let failure = missing.map(|missing| ConversionFailure::NoConverter { missing });
    let enterprise_id = enterprise.enterprise_id;
    let new = NewConversion {
        enterprise_id,
        task_id: secret::letters_and_digits(20),
        service: draft.service,
        doc_id: draft.doc_id,
        url,
        title: name.clone(),
        name,
        extension,
        size: draft.size,
        md5: draft.md5,
        is_private: draft.is_private,
        is_static: draft.is_static,
        state,
        progress: 0,
        failure: failure.as_ref().map(ConversionFailure::kind),
        message: failure.map(|failure| failure.to_string()).unwrap_or_default(),
        result: String::new(),
        pages: 0,
        width: 0,
        height: 0,
        attempts: 0,
        due: now,
        create_time: now,
        end_time: (state == TranscodeStatus::Finished).then_some(now),
        recording_id: None,
    };
    store::content::conversion::insert(conn, &new)?;
    let status = require(conn, enterprise_id, &new.task_id)?.status(now);
    publish_status(conn, enterprise, status, true, now)?;
    if state == TranscodeStatus::Queued {
        QUEUED.notify_at_commit(());
    }
    Ok(new.task_id)
}

/// Has a recording made into a video. Whoever waits for it learns of the recording, not of the conversion.
pub(in crate::domain) fn request_video(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    (recording_id, task_id): (i64, &str),
    now: Millis,
) -> Result<()> {
    let nothing = String::new;
    let new = NewConversion {
        enterprise_id,
        task_id: format!("{task_id}-{now}"),
        service: Service::Recording,
        doc_id: None,
        url: nothing(),
        title: nothing(),
        name: nothing(),
        extension: nothing(),
        size: 0,
        md5: nothing(),
        is_private: !settings::recordings(conn, enterprise_id)?.is_public,
        is_static: false,
        state: TranscodeStatus::Queued,
        progress: 0,
        failure: None,
        message: nothing(),
        result: nothing(),
        pages: 0,
        width: 0,
        height: 0,
        attempts: 0,
        due: now,
        create_time: now,
        end_time: None,
        recording_id: Some(recording_id),
    };
    store::content::conversion::insert(conn, &new)?;
    QUEUED.notify_at_commit(());
    Ok(())
}

/// Returns a conversion that must exist.
///
/// # Errors
/// [`Error::Invalid`] when it does not.
pub fn require(conn: &mut Conn, enterprise_id: EnterpriseId, task_id: &str) -> Result<Conversion> {
    store::content::conversion::find(conn, enterprise_id, task_id)?
        .ok_or_else(|| Error::invalid(Field::ConversionTask, Problem::NoTask(task_id.to_owned())))
}

/// The name and the extension of the file in a URL; empty where there is none.
fn named_in(url: &str) -> (String, String) {
    let parsed = url::Url::parse(url).ok();
    let last = match &parsed {
        Some(url) => url.path_segments().and_then(|mut segments| segments.next_back()),
        // The path of an uploaded file, as stored in rows.
        None => url.rsplit('/').next(),
    };
    let file = percent_decode_str(last.unwrap_or_default()).decode_utf8_lossy();
    let is_extension = |text: &str| (1..=5).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
    let (name, extension) = match file.rsplit_once('.') {
        Some((name, extension)) if is_extension(extension) => (name, extension.to_ascii_lowercase()),
        _ => (file.as_ref(), String::new()),
    };
    (name.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect(), extension)
}

#[cfg(test)]
mod tests {
    use super::named_in;

    #[test]
    fn an_address_names_its_file() {
        for (url, name, extension) in [
            ("https://a.b/c/lesson.PPTX?sign=x.y", "lesson", "pptx"),
            ("https://a.b/%E8%AF%AD%E6%96%87%E8%AF%BE.ppt", "语文课", "ppt"),
            ("https://a.b/语文课.ppt#2", "语文课", "ppt"),
            ("https://a.b/v1.2-final", "v1.2-final", ""),
            ("https://a.b/a%2Fb%00.txt", "a/b", "txt"),
            ("https://a.b/", "", ""),
            ("https://a.b", "", ""),
            ("/files/a0/%E8%AF%BE.pdf", "课", "pdf"),
        ] {
            assert_eq!(named_in(url), (name.to_owned(), extension.to_owned()), "{url}");
        }
    }
}
