//! The address of a live picture: of one class, or of whichever lesson of a course goes on. It has a signature that expires.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::clock::{Millis, millis, seconds};
use crate::domain::tenancy::enterprise::Enterprise;
use crate::domain::tenancy::secret;
use crate::store::ids::{ClassId, CourseId};

/// What is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A class.
    Class(ClassId),
    /// The lesson of a course that goes on.
    Course(CourseId),
}

/// A parsed link. Whether it is good is known with the enterprise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveLink {
    pub(super) subject: Subject,
    expires: String,
    signature: String,
}

impl Subject {
    /// The path of the list, for who may see it until `until`, rounded down to the second.
    #[must_use]
    pub fn path(self, enterprise: &Enterprise, until: Millis) -> String {
        let (kind, id) = self.words();
        let expires = seconds(until).to_string();
        let signature = signature(&enterprise.tic_key, self, &expires);
        format!("/live/{kind}/{id}/{expires}.{signature}/index.m3u8")
    }

    fn words(self) -> (&'static str, i64) {
        match self {
            Self::Class(class_id) => ("class", class_id.0),
            Self::Course(course_id) => ("course", course_id.0),
        }
    }
}

impl LiveLink {
    /// Parses the segments of a path: what it is about, its id, and the ticket. Returns `None` when it can't be one of these.
    #[must_use]
    pub fn parse(kind: &str, id: &str, ticket: &str) -> Option<Self> {
        let id = id.parse().ok()?;
        let subject = match kind {
            "class" => Subject::Class(ClassId(id)),
            "course" => Subject::Course(CourseId(id)),
            _ => return None,
        };
        let (expires, signature) = ticket.split_once('.')?;
        Some(Self { subject, expires: expires.to_owned(), signature: signature.to_owned() })
    }

    /// Whether an enterprise signed it, and it has not expired. Takes the same time for every wrong signature.
    pub(super) fn is_good(&self, enterprise: &Enterprise, now: Millis) -> bool {
        let is_signed = enterprise.keys_at(now).fold(false, |is_signed, tic_key| {
            is_signed | secret::same(&signature(tic_key, self.subject, &self.expires), &self.signature)
        });
        is_signed && self.expires.parse().is_ok_and(|expires| now <= millis(expires))
    }
}

/// Signs as links to files are signed. The words before the id keep other signed texts from being used here.
fn signature(tic_key: &str, subject: Subject, expires: &str) -> String {
    // HMAC takes keys of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(tic_key.as_bytes()) else { return String::new() };
    let (kind, id) = subject.words();
    mac.update(format!("lectern live {kind} {id} until {expires}").as_bytes());
    secret::hex(&mac.finalize().into_bytes())
}
