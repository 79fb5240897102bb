//! `imstorage/filter/*`: the words that are masked in the messages of an enterprise.

use actix_web::post;
use actix_web::web::{Data, ServiceConfig};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::db::Conn;
use crate::domain;
use crate::domain::chat::filter;
use crate::domain::tenancy::audit;
use crate::domain::tenancy::audit::{AuditAction, Change};
use crate::protocol::iclass::audited::AuditedCaller;
use crate::protocol::iclass::auth::{Body, Caller};
use crate::protocol::iclass::error::ApiError;
use crate::protocol::iclass::reply::{Answer, Reply, reply};
use crate::protocol::iclass::wire::Text;
use crate::state::AppState;

/// A word on the wire. The filter counts its characters itself.
type Word = Text<1, 1024>;

/// Adds the calls.
pub fn configure(config: &mut ServiceConfig) {
    config.service(add).service(delete).service(list);
}

/// Words to add or to remove.
#[derive(Deserialize, ToSchema)]
struct FilterWords {
    /// Up to 1,000 words of at most 64 characters
    words: Vec<Word>,
}

impl FilterWords {
    fn into_texts(self) -> Result<Vec<String>, ApiError> {
        if self.words.is_empty() || self.words.len() > filter::AT_MOST {
            return Err(ApiError::invalid(format!("words: must have 1 to {} words", filter::AT_MOST)));
        }
        Ok(self.words.into_iter().map(|word| word.0).collect())
    }
}

#[derive(Serialize, ToSchema)]
struct AddedWords {
    /// How many words were new
    added: usize,
}

/// Mask words in the text messages of all classes from now on
#[utoipa::path(tag = "imstorage", request_body = FilterWords, responses((status = 200, body = Reply<AddedWords>)))]
#[post("/imstorage/filter/add")]
async fn add(app: Data<AppState>, caller: Caller, by: AuditedCaller, body: Body<FilterWords>) -> Answer<AddedWords> {
    let (enterprise_id, now, words) = (caller.0.enterprise_id, app.now(), body.0.into_texts()?);
    let write = move |conn: &mut Conn| {
        let added = filter::add(conn, enterprise_id, &words, now)?;
        let change = Change::of(enterprise_id, AuditAction::FilterAdd, "").with(json!({ "added": added }));
        audit::record(conn, &by.0, change, now)?;
        Ok::<_, domain::Error>(added)
    };
    let added = app.db.write(write).await?;
    app.word_filters.forget(enterprise_id);
    reply(AddedWords { added })
}

#[derive(Serialize, ToSchema)]
struct DeletedWords {
    /// How many words were there
    deleted: usize,
}

/// Mask words no longer; what was masked stays masked
#[utoipa::path(tag = "imstorage", request_body = FilterWords, responses((status = 200, body = Reply<DeletedWords>)))]
#[post("/imstorage/filter/delete")]
async fn delete(
    app: Data<AppState>,
    caller: Caller,
    by: AuditedCaller,
    body: Body<FilterWords>,
) -> Answer<DeletedWords> {
    let (enterprise_id, now, words) = (caller.0.enterprise_id, app.now(), body.0.into_texts()?);
    let write = move |conn: &mut Conn| {
        let deleted = filter::remove(conn, enterprise_id, &words)?;
        let change = Change::of(enterprise_id, AuditAction::FilterRemove, "").with(json!({ "deleted": deleted }));
        audit::record(conn, &by.0, change, now)?;
        Ok::<_, domain::Error>(deleted)
    };
    let deleted = app.db.write(write).await?;
    app.word_filters.forget(enterprise_id);
    reply(DeletedWords { deleted })
}

#[derive(Serialize, ToSchema)]
struct ListedWords {
    total: usize,
    /// The words as they were added
    list: Vec<String>,
}

/// List the words that are masked
#[utoipa::path(tag = "imstorage", responses((status = 200, body = Reply<ListedWords>)))]
#[post("/imstorage/filter/list")]
async fn list(app: Data<AppState>, caller: Caller) -> Answer<ListedWords> {
    let enterprise_id = caller.0.enterprise_id;
    let words = app.db.read(move |conn| filter::list(conn, enterprise_id)).await?;
    reply(ListedWords { total: words.len(), list: words.into_iter().map(|word| word.word).collect() })
}
