//! The fields and nouns that an error can mention, independent of their wire names, and the trait by which a protocol
//! or the command line names them.

macro_rules! named {
    ($(#[doc = $doc:literal])* $name:ident { $($variant:ident = $english:literal,)+ }) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $(#[doc = concat!("The ", $english, ".")] $variant,)+ }

        impl $name {
            /// All variants.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Its name in English, for the log.
            #[must_use]
            pub fn english(self) -> &'static str {
                match self { $(Self::$variant => $english,)+ }
            }
        }
    };
}

named! {
    /// A field of a request that an error can be about.
    Field {
        Avatar = "avatar",
        BoardOperations = "operations on the board",
        BoardPage = "page of the board",
        BoundFile = "file to bind",
        BucketName = "bucket of the hosted storage",
        CallbackKey = "callback key of the enterprise",
        CallbackUrl = "callback address of the enterprise",
        ChannelPhone = "mobile number of the channel",
        ChatAppId = "chat application",
        ChatMasterKey = "master key of the chat application",
        CheckIn = "check-in",
        CheckInLimit = "time limit of the check-in",
        Class = "class id",
        ClassPassword = "class password",
        ConsoleName = "name of who signs in to the console",
        ConversionSource = "address of the document to convert",
        ConversionTask = "conversion task",
        CorrectAnswer = "correct answer",
        CourseMembers = "members of the course",
        CourseTitle = "title of the course",
        Cover = "cover of the room",
        Deliveries = "deliveries",
        Delivery = "delivery",
        Document = "document",
        Documents = "documents",
        DocumentUrl = "address of the document",
        Email = "e-mail address",
        EnterpriseNumber = "number of the enterprise",
        FilterWords = "words of the filter",
        Group = "group",
        IdempotencyKey = "idempotency key",
        LessonClock = "time of day of the lessons",
        LessonDuration = "duration of the lessons",
        LessonPeriod = "period of the lessons",
        LessonTimes = "times of the lessons",
        LessonWeekdays = "weekdays of the lessons",
        Members = "members",
        MessageContent = "content of the message",
        MessageId = "id of the message",
        MessageNumber = "random number of the message",
        MessageReceiver = "receiver of the message",
        Nickname = "nickname",
        OperatorName = "name of the operator",
        OrganizationCallbackUrl = "callback address of the organization",
        OrganizationName = "name of the organization",
        OrganizationOwner = "owner of the organization",
        Phone = "telephone number",
        Podium = "number of people on stage",
        Question = "question",
        QuestionAnswer = "answer to the question",
        QuestionOptions = "options of the question",
        Recorder = "recording user",
        RecordingCallbackUrl = "callback address of the recording service",
        RemovedMembers = "members to remove",
        ReportData = "data of the report",
        Resolution = "resolution",
        SigningKey = "signing key of the enterprise",
        StartTime = "start time",
        StopTime = "stop time",
        Teacher = "teacher",
        TimerDuration = "duration of the timer",
        Token = "token",
        TokenName = "name of the token",
        TranscodeCallbackUrl = "callback address of the document service",
        User = "user id",
        Video = "video",
        Users = "users",
        Validity = "validity of the enterprise",
    }
}

named! {
    /// A kind of object that an error can report as missing.
    Noun {
        Class = "class",
        Course = "course",
        Group = "group",
        Member = "member",
        Organization = "organization",
        User = "user",
    }
}

/// How a protocol, or the command line, names the fields and nouns of errors. Implementations match without a
/// catch-all, so the compiler demands a name for every new field or noun.
pub trait Vocabulary {
    /// The wire name of a field.
    fn field(&self, field: Field) -> &'static str;
    /// The word for a noun.
    fn noun(&self, noun: Noun) -> &'static str;
}

/// Plain English, for the log.
pub(super) struct English;

impl Vocabulary for English {
    fn field(&self, field: Field) -> &'static str {
        field.english()
    }

    fn noun(&self, noun: Noun) -> &'static str {
        noun.english()
    }
}
