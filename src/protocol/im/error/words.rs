//! The names that IM has for the fields and resources in errors.

use crate::domain::{Field, Noun, Vocabulary};

/// The names of IM.
pub struct Words;

impl Vocabulary for Words {
    fn field(&self, field: Field) -> &'static str {
        use Field as F;
        match field {
            F::Avatar => "group_avatar",
            F::ChatAppId => "app_id",
            F::Class => "class_id",
            F::Group => "group_id",
            F::Members | F::RemovedMembers | F::Users => "member_client_ids",
            F::Token => "token",
            F::User => "client_id",
            // The calls of this protocol return no errors about these.
            F::BoardOperations
            | F::BoardPage
            | F::BoundFile
            | F::BucketName
            | F::CallbackKey
            | F::CallbackUrl
            | F::ChannelPhone
            | F::ChatMasterKey
            | F::CheckIn
            | F::CheckInLimit
            | F::ClassPassword
            | F::ConsoleName
            | F::ConversionSource
            | F::ConversionTask
            | F::CorrectAnswer
            | F::CourseMembers
            | F::CourseTitle
            | F::Cover
            | F::Deliveries
            | F::Delivery
            | F::Document
            | F::Documents
            | F::DocumentUrl
            | F::Email
            | F::EnterpriseNumber
            | F::FilterWords
            | F::IdempotencyKey
            | F::LessonClock
            | F::LessonDuration
            | F::LessonPeriod
            | F::LessonTimes
            | F::LessonWeekdays
            | F::MessageContent
            | F::MessageId
            | F::MessageNumber
            | F::MessageReceiver
            | F::Nickname
            | F::OperatorName
            | F::OrganizationCallbackUrl
            | F::OrganizationName
            | F::OrganizationOwner
            | F::Phone
            | F::Podium
            | F::Question
            | F::QuestionAnswer
            | F::QuestionOptions
            | F::Recorder
            | F::ReportData
            | F::Resolution
            | F::SigningKey
            | F::StartTime
            | F::StopTime
            | F::Teacher
            | F::TimerDuration
            | F::TokenName
            | F::RecordingCallbackUrl
            | F::TranscodeCallbackUrl
            | F::Video
            | F::Validity => field.english(),
        }
    }

    fn noun(&self, noun: Noun) -> &'static str {
        match noun {
            Noun::Class => "class",
            Noun::Course => "course",
            Noun::Group => "group",
            Noun::Member => "member",
            Noun::Organization => "organization",
            Noun::User => "user",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Words;
    use crate::domain::ids::ClassId;
    use crate::domain::{Error, Field, Forbidden, Noun, Problem, Vocabulary};

    #[test]
    fn everything_has_a_name() {
        assert!(Field::ALL.iter().all(|field| !Words.field(*field).is_empty()));
        assert!(Noun::ALL.iter().all(|noun| !Words.noun(*noun).is_empty()));
    }

    #[test]
    fn sentences_name_fields_as_the_protocol_does() {
        let user_id = || "u".to_owned();
        for (error, words) in [
            (Error::UnknownGroup(999), "group_id 999: no such group"),
            (Error::UnknownClass(ClassId(7)), "class_id 7: no such class"),
            (Error::UnknownUser(user_id()), "client_id \"u\": no such user"),
            (Error::AlreadyMessaged(7), "class_id 7: was messaged today already"),
            (Error::NotFound { noun: Noun::Group, id: 7 }, "group 7: not found"),
            (
                Error::Forbidden(Forbidden::GroupOfClass { group: 7 }),
                "group_id 7: does not stand alone, it is the group of a course or a class",
            ),
            (
                Error::Invalid { field: Field::Users, problem: Problem::UserCount { max: 2, found: 3 } },
                "member_client_ids: must have 1 to 2 users, has 3",
            ),
        ] {
            assert_eq!(error.words(&Words), words);
        }
    }
}
