//! The names that Suixinbo edu has for the fields and resources in errors: a class is a room, a user is an account.

use crate::domain::{Field, Noun, Vocabulary};

/// The names of Suixinbo edu.
pub struct Words;

impl Vocabulary for Words {
    fn field(&self, field: Field) -> &'static str {
        use Field as F;
        match field {
            F::BoundFile => "bind_file",
            F::Class => "roomnum",
            F::ClassPassword => "pwd",
            F::Cover => "cover",
            F::EnterpriseNumber => "appid",
            F::Group => "groupid",
            F::Recorder => "userid",
            F::StartTime => "start_time",
            F::StopTime => "end_time",
            F::Teacher => "host_uid",
            F::Token => "token",
            F::User | F::Users => "id",
            // The calls of this protocol return no errors about these.
            F::Avatar
            | F::BoardOperations
            | F::BoardPage
            | F::BucketName
            | F::CallbackKey
            | F::CallbackUrl
            | F::ChannelPhone
            | F::ChatAppId
            | F::ChatMasterKey
            | F::CheckIn
            | F::CheckInLimit
            | F::ConsoleName
            | F::ConversionSource
            | F::ConversionTask
            | F::CorrectAnswer
            | F::CourseMembers
            | F::CourseTitle
            | F::Deliveries
            | F::Delivery
            | F::Document
            | F::Documents
            | F::DocumentUrl
            | F::Email
            | F::FilterWords
            | F::IdempotencyKey
            | F::LessonClock
            | F::LessonDuration
            | F::LessonPeriod
            | F::LessonTimes
            | F::LessonWeekdays
            | F::Members
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
            | F::RemovedMembers
            | F::ReportData
            | F::Resolution
            | F::SigningKey
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
            Noun::Class => "room",
            Noun::Course => "course",
            Noun::Group => "group",
            Noun::Member => "member",
            Noun::Organization => "organization",
            Noun::User => "account",
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
            (
                Error::Invalid { field: Field::BoundFile, problem: Problem::TooManyBound { max: 1_000 } },
                "bind_file: 1000 are bound already",
            ),
            (Error::UsersExist(vec![user_id()]), "id in use: u; no account was created"),
            (Error::UnknownUser(user_id()), "id \"u\": no such account"),
            (Error::UnknownClass(ClassId(7)), "roomnum 7: no such room"),
            (Error::ClassEnded(ClassId(7)), "roomnum 7: the room has ended"),
            (Error::DeadToken, "token: not valid any more"),
            (Error::NotFound { noun: Noun::Class, id: 7 }, "room 7: not found"),
            (Error::Forbidden(Forbidden::NotATeacher { user_id: user_id() }), "id \"u\": only teachers open rooms"),
            (
                Error::Forbidden(Forbidden::NotTeacher { user_id: user_id(), class_id: ClassId(7) }),
                "id \"u\": only the teacher of roomnum 7 may",
            ),
        ] {
            assert_eq!(error.words(&Words), words);
        }
    }
}
