//! Rows of conversions.

use crate::clock::{Millis, ended};
use crate::db::prelude::*;
use crate::store::events::failure::FailureKind;
use crate::store::events::payload::{ConversionStatus, Service, TranscodeStatus};
use crate::store::ids::EnterpriseId;
use crate::store::schema::conversions;

/// A conversion of a document.
#[derive(Clone, Debug, Queryable)]
pub struct Conversion {
    /// The row id, assigned in ascending order.
    pub id: i64,
    /// The enterprise.
    pub enterprise_id: EnterpriseId,
    /// The task id on the wire.
    pub task_id: String,
    /// The API that requested it.
    pub service: Service,
    /// The document; `None` if the document service requested it.
    pub doc_id: Option<String>,
    /// The URL of the original.
    pub url: String,
    /// The file name without the extension.
    pub name: String,
    /// The announced file extension; empty if unknown.
    pub extension: String,
    /// The announced size in bytes; 0 if unknown.
    pub size: i64,
    /// The announced MD5 of the content; empty if unknown.
    pub md5: String,
    /// Whether access to the result is restricted.
    pub is_private: bool,
    /// Whether slides become still images, without animations.
    pub is_static: bool,
    /// The reported state.
    pub state: TranscodeStatus,
    /// The progress in percent.
    pub progress: i64,
    /// A description of the failure.
    pub message: String,
    /// The stored address of the page that shows the result; empty before it is finished.
    pub result: String,
    /// The number of pages; 0 while unknown.
    pub pages: i64,
    /// The width of the first page in pixels; 0 while unknown.
    pub width: i64,
    /// The height of the first page in pixels; 0 while unknown.
    pub height: i64,
    /// The title of the document; its file name while unknown.
    pub title: String,
    /// How often it was started.
    pub attempts: i64,
    /// When it may be started.
    pub due: Millis,
    /// The token of the lease.
    pub lease_token: Option<String>,
    /// When the lease expires.
    pub lease_until: Option<Millis>,
    /// When it was requested.
    pub create_time: Millis,
    /// When it was first started.
    pub begin_time: Option<Millis>,
    /// When it finished.
    pub end_time: Option<Millis>,
    /// Why it failed, if it did.
    pub failure: Option<FailureKind>,
    /// The recording that becomes a video; `None` for a document.
    pub recording_id: Option<i64>,
}

impl Conversion {
    /// Returns the status as of `time`.
    #[must_use]
    pub fn status(&self, time: Millis) -> ConversionStatus {
        ConversionStatus {
            task_id: self.task_id.clone(),
            service: self.service,
            doc_id: self.doc_id.clone(),
            state: self.state,
            progress: self.progress,
            failure: self.failure,
            message: self.message.clone(),
            result: self.result.clone(),
            pages: self.pages,
            width: self.width,
            height: self.height,
            title: self.title.clone(),
            time: ended(self.begin_time.unwrap_or(self.create_time), time),
        }
    }
}

/// A conversion to insert.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = conversions, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the fields of Conversion")]
pub struct NewConversion {
    pub enterprise_id: EnterpriseId,
    pub task_id: String,
    pub service: Service,
    pub doc_id: Option<String>,
    pub url: String,
    pub name: String,
    pub extension: String,
    pub size: i64,
    pub md5: String,
    pub is_private: bool,
    pub is_static: bool,
    pub state: TranscodeStatus,
    pub progress: i64,
    pub failure: Option<FailureKind>,
    pub message: String,
    pub result: String,
    pub pages: i64,
    pub width: i64,
    pub height: i64,
    pub title: String,
    pub attempts: i64,
    pub due: Millis,
    pub create_time: Millis,
    pub end_time: Option<Millis>,
    pub recording_id: Option<i64>,
}
