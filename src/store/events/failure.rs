//! Why a conversion failed, as rows and events have it: a word, which each protocol gives its own number.

use serde::{Deserialize, Deserializer};

use crate::store::text::words;

words! {
    /// Why a conversion failed.
    FailureKind {
        /// This machine has no whole converter.
        NoConverter = "no_converter",
        /// The server was at fault while it converted.
        ServerFault = "server_fault",
        /// The document, or a part of it, can't be read.
        Damaged = "damaged",
        /// The document needs a password.
        Encrypted = "encrypted",
        /// The file has no content.
        Empty = "empty",
        /// Files of this kind are not converted.
        Unsupported = "unsupported",
        /// The document is too large unpacked, or its pages are.
        TooLarge = "too_large",
        /// The document has too many pages.
        TooManyPages = "too_many_pages",
        /// Converting took too long.
        TooSlow = "too_slow",
        /// One of the above: rows of earlier versions do not say which.
        NotConverted = "not_converted",
        /// It was begun several times and never came to an end.
        BrokeOff = "broke_off",
        /// The pages could not be stored.
        NotStored = "not_stored",
        /// The address of the original can't be opened.
        NotOpened = "not_opened",
        /// The original did not come whole. Rows of earlier versions have it also for the four that follow.
        NotWhole = "not_whole",
        /// The original is too large to be fetched.
        OriginalTooLarge = "original_too_large",
        /// The original has another size than was announced.
        OtherSize = "other_size",
        /// The original has another digest than was announced.
        OtherDigest = "other_digest",
        /// The original could not be kept while it was converted.
        NotKept = "not_kept",
        /// The original did not come in time.
        NotInTime = "not_in_time",
    }
}

/// What an event says of its failure: a word or nothing, or a number in events that an earlier version wrote (as field `code`).
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Kind(FailureKind),
    Number(i64),
    Nothing(()),
}

/// Reads the failure of an event. The numbers are the ones that migration `conversion_failures` translates in rows.
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
