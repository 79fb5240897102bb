//! The names that NiuClass has for the fields and resources in errors.

use crate::domain::{Field, Noun, Vocabulary};

/// The names of NiuClass.
pub struct Words;

impl Vocabulary for Words {
    fn field(&self, field: Field) -> &'static str {
        use Field as F;
        match field {
            F::Avatar => "avatar",
            F::ChannelPhone | F::Phone => "mobile",
            F::Class => "class_id",
            F::CourseMembers | F::Members => "members",
            F::CourseTitle => "title",
            F::Email => "email",
            F::Group => "group_id",
            F::LessonClock => "class_start",
            F::LessonDuration => "duration",
            F::LessonPeriod => "period",
            F::LessonTimes => "times",
            F::LessonWeekdays => "points",
            F::OrganizationCallbackUrl => "callback_url",
            F::OrganizationName => "name",
            F::OrganizationOwner => "organization_owner",
            F::Podium => "max_podium_user",
            F::Resolution => "clarity",
            F::Teacher => "teacher_id",
            F::Token => "token",
            F::User => "user_id",
            // The calls of this protocol return no errors about these.
            F::BoardOperations
            | F::BoardPage
            | F::BoundFile
            | F::BucketName
            | F::CallbackKey
            | F::CallbackUrl
            | F::ChatAppId
            | F::ChatMasterKey
            | F::CheckIn
            | F::CheckInLimit
            | F::ClassPassword
            | F::ConsoleName
            | F::ConversionSource
            | F::ConversionTask
            | F::CorrectAnswer
            | F::Cover
            | F::Deliveries
            | F::Delivery
            | F::Document
            | F::Documents
            | F::DocumentUrl
            | F::EnterpriseNumber
            | F::FilterWords
            | F::IdempotencyKey
            | F::MessageContent
            | F::MessageId
            | F::MessageNumber
            | F::MessageReceiver
            | F::Nickname
            | F::OperatorName
            | F::Question
            | F::QuestionAnswer
            | F::QuestionOptions
            | F::Recorder
            | F::RemovedMembers
            | F::ReportData
            | F::SigningKey
            | F::StartTime
            | F::StopTime
            | F::TimerDuration
            | F::TokenName
            | F::RecordingCallbackUrl
            | F::TranscodeCallbackUrl
            | F::Video
            | F::Users
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
            (
                Error::Invalid { field: Field::Phone, problem: Problem::OfAnotherMember(user_id()) },
                "mobile: u is of a member already",
            ),
            (
                Error::Invalid { field: Field::Phone, problem: Problem::NotPhoneNumber },
                "mobile: must be 3 to 32 digits, with + - ( ) and blanks between them",
            ),
            (Error::Invalid { field: Field::Email, problem: Problem::NotEmail }, "email: must be like name@host"),
            (
                Error::Invalid { field: Field::Podium, problem: Problem::AbovePodium { max: 8 } },
                "max_podium_user: must be from 1 to 8, as the organization says",
            ),
            (
                Error::Invalid { field: Field::LessonTimes, problem: Problem::TimeCount { max: 50 } },
                "times: must be 1 to 50",
            ),
            (
                Error::Invalid { field: Field::LessonWeekdays, problem: Problem::NoWeekdays },
                "points: must name days of the week when repeat is weekly",
            ),
            (
                Error::Invalid { field: Field::OrganizationOwner, problem: Problem::NoUser(user_id()) },
                "organization_owner: \"u\": no such user",
            ),
            (Error::NotFound { noun: Noun::Course, id: 7 }, "course 7: not found"),
            (Error::UnknownUser(user_id()), "user_id \"u\": no such user"),
            (Error::Forbidden(Forbidden::FileDiscarded), "the file was discarded before it was whole"),
        ] {
            assert_eq!(error.words(&Words), words);
        }
    }
}
