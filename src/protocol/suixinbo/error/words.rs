//! What Suixinbo edu calls the fields and things that errors mention: a class is a room, a user an account. Fields of other
//! protocols have the names they have there.

use crate::domain::{Field, Noun, Vocabulary};

/// The names of Suixinbo edu.
pub struct Words;

impl Vocabulary for Words {
    fn field(&self, field: Field) -> &'static str {
        use Field as F;
        match field {
            F::Avatar => "avatar",
            F::BoundFile => "bind_file",
            F::BucketName => "bucket",
            F::CallbackUrl => "call_back_url",
            F::ChannelPhone => "mobile",
            F::ChatAppId => "chat_app_id",
            F::ChatMasterKey => "chat_master_key",
            F::CheckIn => "check_id",
            F::CheckInLimit => "time_limit",
            F::Class => "roomnum",
            F::ClassPassword => "pwd",
            F::ConversionSource | F::Document | F::Documents | F::DocumentUrl => "url",
            F::ConversionTask => "task_id",
            F::CorrectAnswer => "correct_answer",
            F::CourseMembers | F::Members => "members",
            F::CourseTitle => "title",
            F::Deliveries => "delivery_ids",
            F::Delivery => "delivery_id",
            F::Email => "e_mail",
            F::EnterpriseNumber => "appid",
            F::Group => "groupid",
            F::IdempotencyKey => "Idempotency-Key",
            F::LessonClock => "class_start",
            F::LessonDuration => "duration",
            F::LessonPeriod => "period",
            F::LessonTimes => "times",
            F::LessonWeekdays => "points",
            F::MessageNumber => "random",
            F::OrganizationCallbackUrl => "callback_url",
            F::OrganizationName | F::TokenName => "name",
            F::OrganizationOwner => "organization_owner",
            F::Phone => "phone_no",
            F::Podium => "max_podium_user",
            F::Question => "question_id",
            F::QuestionAnswer => "reply_select",
            F::QuestionOptions => "options",
            F::Recorder => "userid",
            F::RemovedMembers => "list",
            F::ReportData => "data",
            F::Resolution => "clarity",
            F::SigningKey => "tic_key",
            F::StartTime => "start_time",
            F::StopTime => "end_time",
            F::Teacher => "host_uid",
            F::Token => "token",
            F::TranscodeCallbackUrl => "callback",
            F::User | F::Users => "id",
            F::Validity => "valid_seconds",
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
            (Error::UnknownClass(7), "roomnum 7: no such room"),
            (Error::ClassEnded(7), "roomnum 7: the room has ended"),
            (Error::DeadToken, "token: not valid any more"),
            (Error::NotFound { noun: Noun::Class, id: 7 }, "room 7: not found"),
            (Error::Forbidden(Forbidden::NotATeacher { user_id: user_id() }), "id \"u\": only teachers open rooms"),
            (
                Error::Forbidden(Forbidden::NotTeacher { user_id: user_id(), class_id: 7 }),
                "id \"u\": only the teacher of roomnum 7 may",
            ),
        ] {
            assert_eq!(error.words(&Words), words);
        }
    }
}
