//! What an event says: plain data in the words of no protocol. As JSON it is kept as long as the event, so names stay.

use serde::{Deserialize, Serialize};

use super::failure;
use super::failure::FailureKind;
use crate::clock::Millis;
use crate::store::tenancy::organization::Resolution;
use crate::store::tenancy::user::Role;
use crate::store::text::words;

/// What happened. Times are milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EventPayload {
    /// A class began.
    ClassBegan {
        /// When.
        time: Millis,
        /// The course it is a lesson of.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        course_id: Option<i64>,
    },
    /// A class ended.
    ClassEnded {
        /// When.
        time: Millis,
        /// The course it is a lesson of.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        course_id: Option<i64>,
    },
    /// Somebody came into a class.
    Joined {
        /// Who.
        user_id: String,
        /// As what.
        role: Role,
        /// When.
        time: Millis,
    },
    /// Somebody left a class.
    Left {
        /// Who.
        user_id: String,
        /// As what.
        role: Role,
        /// When.
        time: Millis,
    },
    /// The recording that a class asks for did not begin, because there is no recorder.
    NotRecorded {
        /// When.
        time: Millis,
    },
    /// A course was created. It has no times yet.
    CourseCreated {
        /// The course.
        course: CreatedCourse,
    },
    /// Somebody sent a message to the group of a course.
    Said {
        /// The course.
        course_id: i64,
        /// What the speaker is called.
        name: String,
        /// Their role in the course; `None` for a sender who is no user.
        role: Option<Role>,
        /// The address of their picture; empty for none.
        avatar: String,
        /// What the message holds.
        holds: MessageKind,
        /// The message.
        content: String,
    },
    /// A conversion changed its state or made progress.
    Transcoded(Box<ConversionStatus>),
    /// A recording of a class is available.
    Recorded {
        /// When it begins, in seconds.
        begin: i64,
        /// When it ends, in seconds.
        end: i64,
        /// Its parts.
        videos: Vec<Video>,
        /// When it was reported.
        time: Millis,
    },
    /// Nothing: an operator tests whether events arrive.
    Test {
        /// When.
        time: Millis,
    },
}

/// A course as it was created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields of Course")]
pub struct CreatedCourse {
    pub course_id: i64,
    pub organization_id: i64,
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
    /// Who is seen and heard; empty when the recorder does not say.
    pub user_id: String,
    /// What the recorder calls it.
    pub video_id: String,
    /// Where it is.
    pub video_url: String,
    /// Such as mp4.
    pub video_format: String,
    /// Where its first picture stands in the stream, in milliseconds.
    pub play_time: i64,
    /// In bytes.
    pub size: i64,
    /// In seconds.
    pub duration: i64,
}

words! {
    /// Through which calls a conversion was asked for.
    Service {
        /// Those of documents.
        Document = "document",
        /// Those of the document service.
        Transcode = "transcode",
        /// Those of the document service, by its earlier name.
        Ppt2h5 = "ppt2h5",
    }
}

words! {
    /// How the conversion of a document stands (iClass, callback 5).
    TranscodeStatus {
        /// None was asked for.
        None = "",
        /// It waits.
        Queued = "queued",
        /// It runs.
        Processing = "processing",
        /// It is over, well or not.
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
    /// When it got there.
    pub time: Millis,
}

words! {
    /// What a message holds.
    MessageKind {
        /// What people read.
        Text = "text",
        /// What components read.
        Custom = "custom",
    }
}
