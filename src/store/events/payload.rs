//! The payload of an event: plain data that is independent of protocols. It is stored as JSON as long as the event, so
//! serialised names must not change.

use serde::{Deserialize, Serialize};

use super::failure;
use super::failure::FailureKind;
use crate::clock::Millis;
use crate::store::ids::{CourseId, OrganizationId};
use crate::store::tenancy::organization::Resolution;
use crate::store::tenancy::user::Role;
use crate::store::text::words;

/// What happened. Times are in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EventPayload {
    /// A class started.
    ClassBegan {
        /// When it started.
        time: Millis,
        /// The course, if the class is a lesson.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        course_id: Option<CourseId>,
    },
    /// A class ended.
    ClassEnded {
        /// When it ended.
        time: Millis,
        /// The course, if the class is a lesson.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        course_id: Option<CourseId>,
    },
    /// Somebody joined a class.
    Joined {
        /// The user.
        user_id: String,
        /// The role in the class.
        role: Role,
        /// When the user joined.
        time: Millis,
    },
    /// Somebody left a class.
    Left {
        /// The user.
        user_id: String,
        /// The role in the class.
        role: Role,
        /// When the user left.
        time: Millis,
    },
    /// The recording of a class started.
    RecordingBegan {
        /// When it started.
        time: Millis,
        /// How it was requested.
        #[serde(default = "Requested::by_no_call", skip_serializing_if = "Requested::is_no_call")]
        requested: Requested,
    },
    /// The recording of a class did not start.
    NotRecorded {
        /// When it should have started.
        time: Millis,
        /// Why it did not. Events of earlier versions have none.
        #[serde(default = "NotRecordedReason::earlier")]
        reason: NotRecordedReason,
    },
    /// There is no video of a recording that is over.
    RecordingFailed {
        /// The start, in seconds.
        begin: i64,
        /// The end, in seconds.
        end: i64,
        /// Why, and what to do.
        message: String,
        /// When that was found.
        time: Millis,
        /// How it was requested.
        #[serde(default = "Requested::by_no_call", skip_serializing_if = "Requested::is_no_call")]
        requested: Requested,
    },
    /// A course was created. Its schedule is still empty.
    CourseCreated {
        /// The course.
        course: CreatedCourse,
    },
    /// Somebody sent a message to the group of a course.
    Said {
        /// The course.
        course_id: CourseId,
        /// The display name of the sender.
        name: String,
        /// The role of the sender in the course; `None` if the sender is not a user.
        role: Option<Role>,
        /// The URL of the sender's avatar; empty for none.
        avatar: String,
        /// The kind of the message.
        holds: MessageKind,
        /// The message.
        content: String,
    },
    /// A conversion changed its state or made progress.
    Transcoded(Box<ConversionStatus>),
    /// A recording of a class is available.
    Recorded {
        /// The start, in seconds.
        begin: i64,
        /// The end, in seconds.
        end: i64,
        /// The parts of the recording.
        videos: Vec<Video>,
        /// Why it ended early; empty if it did not.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        message: String,
        /// When it was reported.
        time: Millis,
        /// How it was requested.
        #[serde(default = "Requested::by_no_call", skip_serializing_if = "Requested::is_no_call")]
        requested: Requested,
    },
    /// A component uploaded what it recorded of a class.
    LocallyRecorded(Box<LocalRecording>),
    /// A test event, sent by an operator.
    Test {
        /// When it was sent.
        time: Millis,
    },
}

/// A course as it was created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields of Course")]
pub struct CreatedCourse {
    pub course_id: CourseId,
    pub organization_id: OrganizationId,
    pub creator_id: String,
    pub title: String,
    pub poster: String,
    pub description: String,
    pub max_podium_user: i64,
    pub clarity: Resolution,
    pub create_time: Millis,
}

/// A part of a recording.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Video {
    /// The user who is recorded; empty if the recorder does not say.
    pub user_id: String,
    /// The id that the recorder gave.
    pub video_id: String,
    /// The URL.
    pub video_url: String,
    /// The format, such as mp4.
    pub video_format: String,
    /// The position of the first frame in the stream, in milliseconds.
    pub play_time: i64,
    /// The size in bytes.
    pub size: i64,
    /// The duration in seconds.
    pub duration: i64,
    /// 0 for a camera, 1 for a screen, 2 for the whole class.
    #[serde(default)]
    pub video_type: i64,
}

/// What a component recorded of a class and uploaded. Times are in seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalRecording {
    /// The `sdkappid` of the enterprise.
    pub sdkappid: i64,
    /// The topic of the class.
    pub class_topic: String,
    /// The teacher of the class.
    pub teacher_id: String,
    /// The assistant of the class; empty for none.
    pub assistant_id: String,
    /// When the recording begins.
    pub begin: i64,
    /// When the recording ends.
    pub end: i64,
    /// When the class began, or was to begin.
    pub class_begin: i64,
    /// When the class ended, or was to end.
    pub class_end: i64,
    /// The task of the component.
    pub task_id: String,
    /// The file.
    pub video: Video,
}

words! {
    /// Why a class is not recorded.
    NotRecordedReason {
        /// The service does not record classes.
        Off = "off",
        /// The disk has no room.
        NoRoom = "no_room",
        /// The enterprise keeps as much as it may.
        Quota = "quota",
        /// The recording was not begun, or is over.
        NotBegun = "not_begun",
    }
}

impl NotRecordedReason {
    fn earlier() -> Self {
        Self::Off
    }
}

words! {
    /// How a recording, or its video, was requested.
    Requested {
        /// By no call: it was booked with the class, or an external recorder made it.
        No = "",
        /// By a call while the class went on.
        Online = "online",
        /// By a call after the class.
        Offline = "offline",
    }
}

impl Requested {
    fn by_no_call() -> Self {
        Self::No
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    fn is_no_call(&self) -> bool {
        *self == Self::No
    }
}

words! {
    /// The API that a conversion was requested through.
    Service {
        /// The document API.
        Document = "document",
        /// The document service API.
        Transcode = "transcode",
        /// The document service API, by its earlier name.
        Ppt2h5 = "ppt2h5",
        /// None: a recording becomes a video.
        Recording = "recording",
    }
}

words! {
    /// The status of a document conversion (iClass, callback 5).
    TranscodeStatus {
        /// No conversion was requested.
        None = "",
        /// It is queued.
        Queued = "queued",
        /// It is running.
        Processing = "processing",
        /// It is over, successfully or not.
        Finished = "finished",
    }
}

/// The state of a conversion, as events report it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields of store::content::conversion::Conversion")]
pub struct ConversionStatus {
    pub task_id: String,
    pub service: Service,
    pub doc_id: Option<String>,
    pub state: TranscodeStatus,
    pub progress: i64,
    // Events of earlier versions have a number here.
    #[serde(default, alias = "code", deserialize_with = "failure::read")]
    pub failure: Option<FailureKind>,
    pub message: String,
    pub result: String,
    pub pages: i64,
    pub width: i64,
    pub height: i64,
    pub title: String,
    /// When it reached this state.
    pub time: Millis,
}

words! {
    /// The kind of a message.
    MessageKind {
        /// Text for people.
        Text = "text",
        /// The address of an image.
        Image = "image",
        /// Data for components.
        Custom = "custom",
    }
}
