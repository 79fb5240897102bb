//! The names that error messages of the command line have for fields: those that its output has.

use lectern::domain::{Field, Noun, Vocabulary};

/// The names of the command line.
pub struct Words;

impl Vocabulary for Words {
    fn field(&self, field: Field) -> &'static str {
        use Field as F;
        match field {
            F::BucketName => "cos_bucket",
            F::CallbackKey => "callback_key",
            F::CallbackUrl => "call_back_url",
            F::ChannelPhone => "mobile",
            F::ChatAppId => "chat_app_id",
            F::ChatMasterKey => "chat_master_key",
            F::Class => "class_id",
            F::Deliveries => "delivery_ids",
            F::Delivery => "delivery_id",
            F::Email => "e_mail",
            F::EnterpriseNumber => "sdkappid",
            F::FilterWords => "words",
            F::Phone => "phone_no",
            F::SigningKey => "tic_key",
            F::OperatorName | F::TokenName => "name",
            F::User => "user_id",
            F::Validity => "valid_seconds",
            // The commands return no errors about these.
            F::Avatar
            | F::BoardOperations
            | F::BoardPage
            | F::BoundFile
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
            | F::Document
            | F::Documents
            | F::DocumentUrl
            | F::Group
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
            | F::OrganizationCallbackUrl
            | F::OrganizationName
            | F::OrganizationOwner
            | F::Podium
            | F::Question
            | F::QuestionAnswer
            | F::QuestionOptions
            | F::Recorder
            | F::RemovedMembers
            | F::ReportData
            | F::Resolution
            | F::StartTime
            | F::StopTime
            | F::Teacher
            | F::TimerDuration
            | F::Token
            | F::RecordingCallbackUrl
            | F::TranscodeCallbackUrl
            | F::Video
            | F::Users => field.english(),
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
    fn an_error_names_the_field() {
        let error = Error::Invalid { field: Field::CallbackUrl, problem: Problem::NotHttpUrlOrEmpty };
        assert_eq!(error.words(&Words), "call_back_url: must be an http or https address, or empty");
    }
}
