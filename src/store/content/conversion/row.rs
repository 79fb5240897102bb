//! A conversion as a row, and how it stands.

use crate::clock::Millis;
use crate::db::prelude::*;
use crate::store::events::failure::FailureKind;
use crate::store::events::payload::{ConversionStatus, Service, TranscodeStatus};
use crate::store::schema::conversions;

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
