//! What IM calls the fields and things that errors mention. Fields of other protocols have the names they have there.

use crate::domain::{Field, Noun, Vocabulary};

/// The names of IM.
pub struct Words;

impl Vocabulary for Words {
    fn field(&self, field: Field) -> &'static str {
        use Field as F;
        match field {
            F::Avatar => "avatar",
            F::BoundFile => "bind_file",
            F::BucketName => "cos_bucket",
            F::CallbackUrl => "call_back_url",
            F::ChannelPhone => "mobile",
            F::ChatAppId => "app_id",
            F::ChatMasterKey => "chat_master_key",
            F::CheckIn => "check_id",
            F::CheckInLimit => "time_limit",
            F::Class => "class_id",
            F::ClassPassword => "password",
            F::ConversionSource => "url",
            F::ConversionTask => "task_id",
            F::CorrectAnswer => "correct_answer",
            F::CourseMembers => "members",
            F::CourseTitle => "title",
            F::Deliveries => "delivery_ids",
            F::Delivery => "delivery_id",
            F::Document => "doc_id",
            F::Documents => "doc_ids",
            F::DocumentUrl => "doc_url",
            F::Email => "e_mail",
            F::EnterpriseNumber => "sdkappid",
            F::Group => "group_id",
            F::IdempotencyKey => "Idempotency-Key",
            F::LessonClock => "class_start",
            F::LessonDuration => "duration",
            F::LessonPeriod => "period",
            F::LessonTimes => "times",
            F::LessonWeekdays => "points",
            F::Members | F::RemovedMembers | F::Users => "member_client_ids",
            F::MessageNumber => "random",
            F::OrganizationCallbackUrl => "callback_url",
            F::OrganizationName | F::TokenName => "name",
            F::OrganizationOwner => "organization_owner",
            F::Phone => "phone_no",
            F::Podium => "max_podium_user",
            F::Question => "question_id",
            F::QuestionAnswer => "reply_select",
            F::QuestionOptions => "options",
            F::Recorder => "record_user_id",
            F::ReportData => "data",
            F::Resolution => "clarity",
            F::SigningKey => "tic_key",
            F::StartTime => "start_time",
            F::StopTime => "stop_time",
            F::Teacher => "teacher_id",
            F::Token => "token",
            F::TranscodeCallbackUrl => "callback",
            F::User => "client_id",
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
            (Error::UnknownGroup(999), "group_id 999: no such group"),
            (Error::UnknownClass(7), "class_id 7: no such class"),
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
