//! `/paas/v1/class/document/*`: the documents of a class.

use actix_web::post;
use actix_web::web::{Data, ServiceConfig};
use serde::Deserialize;
use utoipa::ToSchema;

use super::document::{DocId, DocumentWire};
use crate::domain::classroom::courseware;
use crate::domain::ids::ClassId;
use crate::protocol::iclass::auth::{Body, Caller};
use crate::protocol::iclass::error::ApiError;
use crate::protocol::iclass::reply::{Answer, Done, ListReply, Reply, done, reply};
use crate::protocol::iclass::wire::{After, Natural, Size, page};
use crate::state::AppState;
use crate::store::Page;

/// Adds the calls.
pub fn configure(config: &mut ServiceConfig) {
    config.service(add).service(delete).service(list);
}

/// Documents of a class.
#[derive(Deserialize, ToSchema)]
pub struct ClassDocuments {
    /// The class
    class_id: Natural,
    /// 1 to 1000 ids
    doc_ids: Vec<DocId>,
}

impl ClassDocuments {
    /// The class and the ids.
    pub fn into_parts(self) -> (i64, Vec<String>) {
        (self.class_id.0, self.doc_ids.into_iter().map(|id| id.0).collect())
    }
}

/// Add documents to a class, all or none
#[utoipa::path(tag = "class", request_body = ClassDocuments, responses((status = 200, body = Reply<Done>)))]
#[post("/class/document/add")]
async fn add(app: Data<AppState>, caller: Caller, body: Body<ClassDocuments>) -> Answer<Done> {
    let (enterprise_id, (class_id, doc_ids), now) = (caller.0.enterprise_id, body.0.into_parts(), app.now());
    app.db.write(move |conn| courseware::bind(conn, enterprise_id, ClassId(class_id), &doc_ids, now)).await?;
    done()
}

/// Remove documents from a class, all or none; the documents themselves stay
#[utoipa::path(tag = "class", request_body = ClassDocuments, responses((status = 200, body = Reply<Done>)))]
#[post("/class/document/delete")]
async fn delete(app: Data<AppState>, caller: Caller, body: Body<ClassDocuments>) -> Answer<Done> {
    let (enterprise_id, (class_id, doc_ids), now) = (caller.0.enterprise_id, body.0.into_parts(), app.now());
    app.db.write(move |conn| courseware::unbind(conn, enterprise_id, ClassId(class_id), &doc_ids, now)).await?;
    done()
}

/// The class and page of a list of documents.
#[derive(Deserialize, ToSchema)]
pub struct ListClassDocuments {
    /// The class
    class_id: Natural,
    /// Rows to skip [default: 0]
    index: Option<Natural>,
    /// Rows to return, at most 100 [default: 100]
    size: Option<Size>,
    /// Used instead of `index`: empty for the first page, then the `next` of the page before. Costs the same anywhere in the list
    after: Option<After>,
}

impl ListClassDocuments {
    /// The class and the page.
    pub fn into_page(self) -> Result<(i64, Page), ApiError> {
        Ok((self.class_id.0, page(self.index, self.size, self.after)?))
    }
}

/// List the documents of a class in the order in which they were added
#[utoipa::path(tag = "class", request_body = ListClassDocuments, responses((status = 200, body = Reply<ListReply<DocumentWire>>)))]
#[post("/class/document/list")]
async fn list(app: Data<AppState>, caller: Caller, body: Body<ListClassDocuments>) -> Answer<ListReply<DocumentWire>> {
    let (enterprise_id, (class_id, page)) = (caller.0.enterprise_id, body.0.into_page()?);
    let documents =
        app.db.read_slow(move |conn| courseware::bound(conn, enterprise_id, ClassId(class_id), page)).await?;
    reply(ListReply::new(documents, |document| DocumentWire::of(&app, &caller.0, document)))
}
