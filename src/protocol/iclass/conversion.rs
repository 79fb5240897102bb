//! The codes and messages of failed conversions: `transcode_code` and `transcode_msg`; in callbacks `error_code` and `error_msg`.
//! The negative codes are those of the hosted document service.

use std::borrow::Cow;

use crate::domain::content::conversion::FailureKind;

/// The code of a failure; 0 for none.
#[must_use]
pub fn conversion_code(failure: Option<FailureKind>) -> i64 {
    use FailureKind as K;
    match failure {
        None => 0,
        Some(
            K::NoConverter
            | K::ServerFault
            | K::Damaged
            | K::Encrypted
            | K::Empty
            | K::Unsupported
            | K::TooLarge
            | K::TooManyPages
            | K::TooSlow
            | K::NotConverted,
        ) => 10250,
        Some(K::BrokeOff) => -9,
        Some(K::NotStored) => -12,
        Some(K::NotOpened) => -24,
        Some(K::NotWhole | K::OriginalTooLarge | K::OtherSize | K::OtherDigest | K::NotKept) => -26,
        Some(K::NotInTime) => -27,
    }
}

/// The message of a failure: the stored text, with the name of the field to correct if there is one.
pub(super) fn message(failure: Option<FailureKind>, stored: &str) -> Cow<'_, str> {
    use FailureKind as K;
    match failure {
        Some(K::OtherSize) => format!("{stored}, as doc_size says; see what its address gives").into(),
        Some(K::OtherDigest) => format!("{stored}, and not the doc_md5 that was given").into(),
        Some(
            K::NoConverter
            | K::ServerFault
            | K::Damaged
            | K::Encrypted
            | K::Empty
            | K::Unsupported
            | K::TooLarge
            | K::TooManyPages
            | K::TooSlow
            | K::NotConverted
            | K::BrokeOff
            | K::NotStored
            | K::NotOpened
            | K::NotWhole
            | K::OriginalTooLarge
            | K::NotKept
            | K::NotInTime,
        )
        | None => stored.into(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{conversion_code, message};
    use crate::domain::content::conversion::{ConversionFailure, ConversionStatus, FailureKind};

    #[test]
    fn the_announced_size_and_digest_are_named_as_the_fields_they_came_in() {
        let size = ConversionFailure::OtherSize { found: 10, announced: 11 };
        assert_eq!(
            message(Some(size.kind()), &size.to_string()),
            "the document has 10 bytes and not 11, as doc_size says; see what its address gives"
        );
        let digest = ConversionFailure::OtherDigest { found: "ab".into() };
        assert_eq!(
            message(Some(digest.kind()), &digest.to_string()),
            "the content of the document has the MD5 ab, and not the doc_md5 that was given"
        );
        let damaged = ConversionFailure::Damaged;
        assert_eq!(message(Some(damaged.kind()), &damaged.to_string()), damaged.to_string());
    }

    fn status(failure: &serde_json::Value, field: &str) -> ConversionStatus {
        let mut status = json!({"task_id": "t", "service": "document", "doc_id": null, "state": "finished", "progress": 0,
            "message": "m", "result": "", "pages": 0, "width": 0, "height": 0, "title": "", "time": 1});
        status[field] = failure.clone();
        serde_json::from_value(status).unwrap()
    }

    #[test]
    fn an_event_of_an_earlier_version_has_the_number_it_was_written_with() {
        for code in [0, 10250, -9, -12, -24, -26, -27] {
            let status = status(&json!(code), "code");
            assert_eq!(conversion_code(status.failure), code);
            assert_eq!(message(status.failure, &status.message), "m");
        }
    }

    #[test]
    fn an_event_is_read_as_it_was_written() {
        for failure in [None, Some(FailureKind::Encrypted), Some(FailureKind::OtherSize)] {
            let written =
                serde_json::to_value(ConversionStatus { failure, ..status(&json!(null), "failure") }).unwrap();
            assert_eq!(serde_json::from_value::<ConversionStatus>(written).unwrap().failure, failure);
        }
    }
}
