//! What the command line calls the fields and things that errors mention: flags where it has them; what is given without a
//! flag, and fields that only calls have, by the names that its output has for them.

use lectern::domain::{Field, Noun, Vocabulary};

/// The names of the command line.
pub struct Words;

impl Vocabulary for Words {
    fn field(&self, field: Field) -> &'static str {
        use Field as F;
        match field {
            F::Avatar => "avatar",
            F::BoundFile => "bind_file",
            F::BucketName => "--cos-bucket",
            F::CallbackUrl => "--callback-url",
            F::ChannelPhone => "mobile",
            F::ChatAppId => "--chat-app-id",
            F::ChatMasterKey => "--chat-master-key",
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
            F::Email => "--e-mail",
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
            F::OrganizationName => "name",
            F::OrganizationOwner => "organization_owner",
            F::Phone => "--phone-no",
            F::Podium => "max_podium_user",
            F::Question => "question_id",
            F::QuestionAnswer => "reply_select",
            F::QuestionOptions => "options",
            F::Recorder => "record_user_id",
            F::RemovedMembers | F::Users => "list",
            F::ReportData => "data",
            F::Resolution => "clarity",
            F::SigningKey => "--tic-key",
            F::StartTime => "start_time",
            F::StopTime => "stop_time",
            F::Teacher => "teacher_id",
            F::Token => "token",
            F::TokenName => "--name",
            F::TranscodeCallbackUrl => "callback",
            F::User => "user_id",
            F::Validity => "--valid-seconds",
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
    use lectern::domain::{Error, Field, Noun, Problem, Vocabulary};

    use super::Words;

    #[test]
    fn everything_has_a_name() {
        assert!(Field::ALL.iter().all(|field| !Words.field(*field).is_empty()));
        assert!(Noun::ALL.iter().all(|noun| !Words.noun(*noun).is_empty()));
    }

    #[test]
    fn an_error_names_the_flag() {
        let error = Error::Invalid { field: Field::CallbackUrl, problem: Problem::NotHttpUrlOrEmpty };
        assert_eq!(error.words(&Words), "--callback-url: must be an http or https address, or empty");
    }
}
