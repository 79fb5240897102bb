//! What NiuClass calls the fields and things that errors mention. Fields of other protocols have the names they have there.

use crate::domain::{Field, Noun, Vocabulary};

/// The names of NiuClass.
pub struct Words;

impl Vocabulary for Words {
    fn field(&self, field: Field) -> &'static str {
        use Field as F;
        match field {
            F::Avatar => "avatar",
            F::BoundFile => "bind_file",
            F::BucketName => "cos_bucket",
            F::CallbackUrl => "call_back_url",
            F::ChannelPhone | F::Phone => "mobile",
            F::ChatAppId => "chat_app_id",
            F::ChatMasterKey => "chat_master_key",
            F::CheckIn => "check_id",
            F::CheckInLimit => "time_limit",
            F::Class => "class_id",
            F::ClassPassword => "password",
            F::ConversionSource => "url",
            F::ConversionTask => "task_id",
            F::CorrectAnswer => "correct_answer",
            F::CourseMembers | F::Members => "members",
            F::CourseTitle => "title",
            F::Deliveries => "delivery_ids",
            F::Delivery => "delivery_id",
            F::Document => "doc_id",
            F::Documents => "doc_ids",
            F::DocumentUrl => "doc_url",
            F::Email => "email",
            F::EnterpriseNumber => "sdkappid",
            F::Group => "group_id",
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
            F::Podium => "max_podium_user",
            F::Question => "question_id",
            F::QuestionAnswer => "reply_select",
            F::QuestionOptions => "options",
            F::Recorder => "record_user_id",
            F::RemovedMembers | F::Users => "list",
            F::ReportData => "data",
            F::Resolution => "clarity",
            F::SigningKey => "tic_key",
            F::StartTime => "start_time",
            F::StopTime => "stop_time",
            F::Teacher => "teacher_id",
            F::Token => "token",
            F::TranscodeCallbackUrl => "callback",
            F::User => "user_id",
            F::Validity => "valid_seconds",
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
