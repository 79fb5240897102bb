//! Conversions: documents that become pages, from asked for to finished.
//!
//! What is told of one goes from queued over processing to finished and never back. Apart from that, a worker holds it under
//! a lease or nobody does: one whose worker died is still processing, and taken up again.

mod claim;
mod failure;

use serde::{Deserialize, Serialize};

use super::document::TranscodeStatus;
use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::schema::conversions;
use crate::store::schema::conversions::dsl;
use crate::store::text::words;

pub use claim::{Candidate, Lease, begun, candidates, lock, release, release_expired, renew, take, waiting};
pub use failure::FailureKind;

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

/// A conversion.
#[derive(Clone, Debug, Queryable)]
pub struct Conversion {
    /// Counts up.
    pub id: i64,
    /// Whose it is.
    pub enterprise_id: i64,
    /// Its id on the wire.
    pub task_id: String,
    /// Through which calls it was asked for.
    pub service: Service,
    /// The document; none where the document service was asked.
    pub doc_id: Option<String>,
    /// Where the original is.
    pub url: String,
    /// What it is called, without the extension.
    pub name: String,
    /// What it is said to be; empty when nothing is said.
    pub extension: String,
    /// In bytes, as given; 0 when nothing is said.
    pub size: i64,
    /// Of its content, as given; empty when nothing is said.
    pub md5: String,
    /// Whether only some may see the result.
    pub is_private: bool,
    /// Whether slides become pictures, without their animations.
    pub is_static: bool,
    /// What is told.
    pub state: TranscodeStatus,
    /// In percent.
    pub progress: i64,
    /// Why it failed, in words.
    pub message: String,
    /// The address of the page that shows what it became, as rows have it; empty before.
    pub result: String,
    /// How many pages there are; 0 before that is known.
    pub pages: i64,
    /// The width of the first, in pixels; 0 before that is known.
    pub width: i64,
    /// The height of the first, in pixels; 0 before that is known.
    pub height: i64,
    /// The document's title; its name before that is known.
    pub title: String,
    /// How often it was begun.
    pub attempts: i64,
    /// From when on it may be begun.
    pub due: Millis,
    /// Who holds it …
    pub lease_token: Option<String>,
    /// … and until when.
    pub lease_until: Option<Millis>,
    /// When it was asked for.
    pub create_time: Millis,
    /// When it was first begun.
    pub begin_time: Option<Millis>,
    /// When it was finished.
    pub end_time: Option<Millis>,
    /// Why it failed, if it did.
    pub failure: Option<FailureKind>,
}

/// How a conversion stands, as it is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields of Conversion")]
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
    /// When it came to stand so.
    pub time: Millis,
}

impl Conversion {
    /// How it stands.
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
            time,
        }
    }
}

/// What a new conversion starts with.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = conversions, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the fields of Conversion")]
pub struct NewConversion {
    pub enterprise_id: i64,
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
}

/// Adds a conversion.
pub fn insert(conn: &mut Conn, new: &NewConversion) -> Result<()> {
    diesel::insert_into(dsl::conversions).values(new).execute(conn).map(drop)
}

/// One conversion.
pub fn find(conn: &mut Conn, enterprise_id: i64, task_id: &str) -> Result<Option<Conversion>> {
    dsl::conversions
        .filter(dsl::task_id.eq(task_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .get_result(conn)
        .optional()
}

/// Writes down how a conversion stands; who holds it, and since when, is not touched.
pub fn stand(conn: &mut Conn, enterprise_id: i64, status: &ConversionStatus) -> Result<()> {
    let end_time = (status.state == TranscodeStatus::Finished).then_some(status.time);
    diesel::update(
        dsl::conversions.filter(dsl::task_id.eq(&status.task_id)).filter(dsl::enterprise_id.eq(enterprise_id)),
    )
    .set((
        dsl::state.eq(status.state),
        dsl::progress.eq(status.progress),
        dsl::failure.eq(status.failure),
        dsl::message.eq(&status.message),
        dsl::result.eq(&status.result),
        dsl::pages.eq(status.pages),
        dsl::width.eq(status.width),
        dsl::height.eq(status.height),
        dsl::title.eq(&status.title),
        dsl::end_time.eq(end_time),
    ))
    .execute(conn)
    .map(drop)
}
