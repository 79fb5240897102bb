//! Why a conversion failed, as stored in rows and events. Each protocol maps it to its own error code.

use serde::{Deserialize, Deserializer};

use crate::store::text::words;

words! {
    /// Why a conversion failed.
    FailureKind {
        /// The converter is missing or incomplete on this machine.
        NoConverter = "no_converter",
        /// A fault of the server during the conversion.
        ServerFault = "server_fault",
        /// The document, or a part of it, can't be read.
        Damaged = "damaged",
        /// The document needs a password.
        Encrypted = "encrypted",
        /// The file has no content.
        Empty = "empty",
        /// Files of this kind are not converted.
        Unsupported = "unsupported",
        /// The unpacked document or its pages are too large.
        TooLarge = "too_large",
        /// The document has too many pages.
        TooManyPages = "too_many_pages",
        /// The conversion timed out.
        TooSlow = "too_slow",
        /// One of the above. Rows of earlier versions do not say which.
        NotConverted = "not_converted",
        /// The conversion started several times and never finished.
        BrokeOff = "broke_off",
        /// The pages could not be stored.
        NotStored = "not_stored",
        /// The URL of the original can't be opened.
        NotOpened = "not_opened",
        /// The download of the original was incomplete. Rows of earlier versions also use this for the next four.
        NotWhole = "not_whole",
        /// The original is too large to download.
        OriginalTooLarge = "original_too_large",
        /// The size of the original differs from the announced one.
        OtherSize = "other_size",
        /// The digest of the original differs from the announced one.
        OtherDigest = "other_digest",
        /// The original could not be stored during the conversion.
        NotKept = "not_kept",
        /// The download of the original timed out.
        NotInTime = "not_in_time",
    }
}

/// The failure as written in an event: a word or nothing, or a number in events of an earlier version (field `code`).
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Kind(FailureKind),
    Number(i64),
    Nothing(()),
}

/// Reads the failure of an event. The migration `conversion_failures` maps the same numbers in rows.
pub(super) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<FailureKind>, D::Error> {
    Ok(match Written::deserialize(deserializer)? {
        Written::Kind(kind) => Some(kind),
        Written::Number(0) | Written::Nothing(()) => None,
        Written::Number(-9) => Some(FailureKind::BrokeOff),
        Written::Number(-12) => Some(FailureKind::NotStored),
        Written::Number(-24) => Some(FailureKind::NotOpened),
        Written::Number(-26) => Some(FailureKind::NotWhole),
        Written::Number(-27) => Some(FailureKind::NotInTime),
        Written::Number(_) => Some(FailureKind::NotConverted),
    })
}
