//! The names that iClass has for the fields and resources in errors.

use crate::domain::{Field, Noun, Vocabulary};

/// The names of iClass.
pub struct Words;

impl Vocabulary for Words {
    fn field(&self, field: Field) -> &'static str {
        use Field as F;
        match field {
            F::Avatar => "avatar",
            F::BoardOperations => "operations",
            F::BoardPage => "page",
            F::CallbackUrl => "call_back_url",
            F::CheckIn => "check_id",
            F::CheckInLimit => "time_limit",
            F::Class => "class_id",
            F::ClassPassword => "password",
            F::ConsoleName => "name",
            F::ConversionSource => "url",
            F::ConversionTask => "task_id",
            F::CorrectAnswer => "correct_answer",
            F::Deliveries => "delivery_ids",
            F::Delivery => "delivery_id",
            F::Document => "doc_id",
            F::Documents => "doc_ids",
            F::DocumentUrl => "doc_url",
            F::Email => "e_mail",
            F::EnterpriseNumber => "sdkappid",
            F::FilterWords => "words",
            F::Group => "group_id",
            F::IdempotencyKey => "Idempotency-Key",
            F::Members => "members",
            F::MessageContent => "content",
            F::MessageId => "message_id",
            F::MessageNumber => "random",
            F::MessageReceiver => "to",
            F::Nickname => "nickname",
            F::Phone => "phone_no",
            F::Question => "question_id",
            F::QuestionAnswer => "reply_select",
            F::QuestionOptions => "options",
            F::Recorder => "record_user_id",
            F::RemovedMembers | F::Users => "list",
            F::ReportData => "data",
            F::StartTime => "start_time",
            F::StopTime => "stop_time",
            F::Teacher => "teacher_id",
            F::TimerDuration => "duration",
            F::Token => "token",
            F::RecordingCallbackUrl | F::TranscodeCallbackUrl => "callback",
            F::User => "user_id",
            F::Video => "video_id",
            // The calls of this protocol return no errors about these.
            F::BoundFile
            | F::BucketName
            | F::CallbackKey
            | F::ChannelPhone
            | F::ChatAppId
            | F::ChatMasterKey
            | F::CourseMembers
            | F::CourseTitle
            | F::Cover
            | F::LessonClock
            | F::LessonDuration
            | F::LessonPeriod
            | F::LessonTimes
            | F::LessonWeekdays
            | F::OperatorName
            | F::OrganizationCallbackUrl
            | F::OrganizationName
            | F::OrganizationOwner
            | F::Podium
            | F::Resolution
            | F::SigningKey
            | F::TokenName
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
            (
                Error::Invalid { field: Field::StopTime, problem: Problem::Before(Field::StartTime) },
                "stop_time: must not be before start_time",
            ),
            (
                Error::Invalid { field: Field::CallbackUrl, problem: Problem::NoCallback },
                "call_back_url: the enterprise has none",
            ),
            (
                Error::Invalid { field: Field::Phone, problem: Problem::NotPhoneNumber },
                "phone_no: must be 3 to 32 digits, with + - ( ) and blanks between them",
            ),
            (Error::Invalid { field: Field::Email, problem: Problem::NotEmail }, "e_mail: must be like name@host"),
            (
                Error::Invalid { field: Field::Members, problem: Problem::TwoRoles { user_id: user_id() } },
                "members: user_id \"u\" has two roles",
            ),
            (
                Error::Invalid { field: Field::Members, problem: Problem::TooManyMembers { found: 3, max: 2 } },
                "members: 3 are more than the 2 that are allowed",
            ),
            (
                Error::Invalid { field: Field::IdempotencyKey, problem: Problem::UsedForAnotherRequest },
                "Idempotency-Key: was used for a request with another body",
            ),
            (
                Error::Invalid {
                    field: Field::Group,
                    problem: Problem::NoGroupOfClass { class_id: ClassId(7), group_id: None },
                },
                "group_id: class_id 7 has no chat group",
            ),
            (
                Error::Invalid {
                    field: Field::Group,
                    problem: Problem::NoGroupOfClass { class_id: ClassId(7), group_id: Some(user_id()) },
                },
                "group_id: class_id 7 has no group \"u\"",
            ),
            (
                Error::Invalid { field: Field::Documents, problem: Problem::NoDocuments(vec![user_id(), user_id()]) },
                "doc_ids: no such document: u, u",
            ),
            (
                Error::Invalid { field: Field::DocumentUrl, problem: Problem::NotHttpUrl },
                "doc_url: must be an http or https address",
            ),
            (
                Error::Invalid {
                    field: Field::CheckInLimit,
                    problem: Problem::NotWithin { value: -1, min: 0, max: 9 },
                },
                "time_limit: -1 is not from 0 to 9",
            ),
            (Error::UsersExist(vec![user_id()]), "user_id in use: u; no user was created"),
            (Error::UnknownUser(user_id()), "user_id \"u\": no such user"),
            (Error::UnknownClass(ClassId(7)), "class_id 7: no such class"),
            (Error::UnknownGroup(7), "group_id 7: no such group"),
            (Error::NotFound { noun: Noun::Organization, id: 7 }, "organization 7: not found"),
            (Error::ClassEnded(ClassId(7)), "class_id 7: the class has ended"),
            (Error::WrongClassPassword(ClassId(7)), "password: wrong for class_id 7"),
            (
                Error::NotInside { user_id: user_id(), class_id: ClassId(7) },
                "user_id \"u\": not inside class_id 7 with this token",
            ),
            (Error::Banned { user_id: user_id(), class_id: ClassId(7) }, "user_id \"u\": was put out of class_id 7"),
            (Error::DeadToken, "token: not valid any more"),
            (Error::TooEarly { class_id: ClassId(7), opens: 9_000 }, "class_id 7: opens at 9"),
            (
                Error::TeacherIsFixed(ClassId(7)),
                "teacher_id: can't be changed in the last hour before class_id 7 begins",
            ),
            (Error::ClassIdsUsedUp, "class_id: all nine-digit ids are in use"),
            (
                Error::Forbidden(Forbidden::NotHost { user_id: user_id(), class_id: ClassId(7) }),
                "teacher_id \"u\": does not give class_id 7",
            ),
            (
                Error::Forbidden(Forbidden::VisitorsOnlyInPublic { class_id: ClassId(7) }),
                "class_id 7: visitors may enter public classes only",
            ),
            (Error::Forbidden(Forbidden::OthersDocuments { doc_ids: vec![user_id()] }), "doc_ids: of somebody else: u"),
        ] {
            assert_eq!(error.words(&Words), words);
        }
    }
}
