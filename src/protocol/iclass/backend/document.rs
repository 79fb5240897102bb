//! `/paas/v1/document/*`: adding, deleting and finding courseware.

use std::sync::Arc;

use actix_web::post;
use actix_web::web::{Data, ServiceConfig};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::seconds;
use crate::domain;
use crate::domain::classroom::courseware;
use crate::domain::content::document;
use crate::domain::content::document::{Document, Draft, Filter, Permission, TranscodeStatus};
use crate::domain::tenancy::enterprise::Enterprise;
use crate::domain::tenancy::quota::Counted;
use crate::protocol::iclass::auth::{Body, Caller};
use crate::protocol::iclass::conversion::{conversion_code, message};
use crate::protocol::iclass::error::ApiError;
use crate::protocol::iclass::reply::{Answer, Done, ListReply, Reply, done, reply};
use crate::protocol::iclass::wire::{After, MaybeUserId, Name, Natural, Size, Text, Url, int, page, text};
use crate::state::AppState;
use crate::store::Page;

/// The id of a document.
pub type DocId = Text<1, 64>;

/// Adds the calls.
pub fn configure(config: &mut ServiceConfig) {
    config.service(add).service(delete).service(info).service(list);
}

/// A new document.
#[derive(Deserialize, ToSchema)]
pub struct AddDocument {
    /// The URL of the original
    doc_url: Url,
    /// The name, without the extension
    doc_name: Option<Name>,
    /// The extension, such as ppt
    doc_ext: Option<Text<0, 16>>,
    /// In bytes
    doc_size: Option<Natural>,
    /// The MD5 of the content
    doc_md5: Option<Text<0, 64>>,
    /// Who may see it [default: private; a document without an owner is always public]
    permission: Option<Permission>,
    /// Whether to convert it to an H5 page [default: false]
    is_transcode: Option<bool>,
    /// The user who owns it; without an owner it is public
    owner: Option<MaybeUserId>,
    /// Whether slides become static pictures without animations [default: false]
    is_static_ppt: Option<bool>,
}

impl From<AddDocument> for Draft {
    fn from(request: AddDocument) -> Self {
        Self {
            doc_url: request.doc_url.0,
            file: None,
            doc_name: text(request.doc_name).unwrap_or_default(),
            doc_ext: text(request.doc_ext).unwrap_or_default(),
            doc_size: int(request.doc_size).unwrap_or_default(),
            doc_md5: text(request.doc_md5).unwrap_or_default(),
            permission: request.permission.unwrap_or(Permission::Private),
            owner: text(request.owner).unwrap_or_default(),
            is_transcode: request.is_transcode.unwrap_or_default(),
            is_static: request.is_static_ppt.unwrap_or_default(),
        }
    }
}

/// The document that was added.
#[derive(Serialize, ToSchema)]
pub struct Added {
    /// Its id
    pub doc_id: String,
}

/// Add a document
#[utoipa::path(tag = "document", request_body = AddDocument, responses((status = 200, body = Reply<Added>)))]
#[post("/document/add")]
async fn add(app: Data<AppState>, caller: Caller, body: Body<AddDocument>) -> Answer<Added> {
    add_document(&app, caller.0, body.0.into()).await
}

/// Adds a document. Its URL may be that of an upload.
pub async fn add_document(app: &AppState, enterprise: Arc<Enterprise>, draft: Draft) -> Answer<Added> {
    let (missing, now) = (app.converter.missing(), app.now());
    app.check_quota(enterprise.enterprise_id, Counted::Documents, 1).await?;
    if draft.is_transcode {
        app.quotas.take_conversion(&app.db, enterprise.enterprise_id, now).await?;
    }
    let draft = Draft { file: app.file_of(&enterprise, &draft.doc_url)?, ..draft };
    let doc_id = app.db.write(move |conn| document::add(conn, &enterprise, draft, missing, now)).await?;
    reply(Added { doc_id })
}

/// The documents to delete.
#[derive(Deserialize, ToSchema)]
pub struct DeleteDocuments {
    /// 1 to 1000 ids
    doc_ids: Vec<DocId>,
}

impl DeleteDocuments {
    /// The ids.
    pub fn ids(self) -> Vec<String> {
        self.doc_ids.into_iter().map(|id| id.0).collect()
    }
}

/// Delete documents, all or none
#[utoipa::path(tag = "document", request_body = DeleteDocuments, responses((status = 200, body = Reply<Done>)))]
#[post("/document/delete")]
async fn delete(app: Data<AppState>, caller: Caller, body: Body<DeleteDocuments>) -> Answer<Done> {
    let (enterprise_id, doc_ids, now) = (caller.0.enterprise_id, body.0.ids(), app.now());
    app.db.write(move |conn| courseware::remove(conn, enterprise_id, &doc_ids, now)).await?;
    done()
}

#[derive(Deserialize, ToSchema)]
struct DocumentRef {
    /// The document
    doc_id: DocId,
}

/// A document.
#[derive(Serialize, ToSchema)]
pub struct DocumentWire {
    doc_id: String,
    doc_name: String,
    doc_url: String,
    doc_ext: String,
    doc_md5: String,
    doc_size: i64,
    permission: Permission,
    owner: String,
    /// In seconds
    upload_time: i64,
    is_transcode: bool,
    transcode_status: TranscodeStatus,
    /// 0, or why the conversion failed
    transcode_code: i64,
    transcode_msg: String,
    /// The URL of the H5 page
    transcode_result: String,
}

impl DocumentWire {
    /// The wire form of a document, with URLs that are valid now.
    pub fn of(app: &AppState, enterprise: &Enterprise, document: Document) -> Self {
        Self {
            doc_id: document.doc_id,
            doc_name: document.doc_name,
            doc_url: app.address(enterprise, &document.doc_url),
            doc_ext: document.doc_ext,
            doc_md5: document.doc_md5,
            doc_size: document.doc_size,
            permission: document.permission,
            owner: document.owner,
            upload_time: seconds(document.upload_time),
            is_transcode: document.is_transcode,
            transcode_status: document.transcode_status,
            transcode_code: conversion_code(document.transcode_failure),
            transcode_msg: message(document.transcode_failure, &document.transcode_msg).into_owned(),
            transcode_result: app.address(enterprise, &document.transcode_result),
        }
    }
}

/// Get a document
#[utoipa::path(tag = "document", request_body = DocumentRef, responses((status = 200, body = Reply<DocumentWire>)))]
#[post("/document/info")]
async fn info(app: Data<AppState>, caller: Caller, body: Body<DocumentRef>) -> Answer<DocumentWire> {
    let enterprise_id = caller.0.enterprise_id;
    let found = app.db.read(move |conn| document::require(conn, enterprise_id, &body.0.doc_id.0)).await?;
    reply(DocumentWire::of(&app, &caller.0, found))
}

/// The filter and page of a list of documents.
#[derive(Deserialize, ToSchema)]
pub struct ListDocuments {
    /// Rows to skip [default: 0]
    index: Option<Natural>,
    /// Rows to return, at most 100 [default: 100]
    size: Option<Size>,
    /// Used instead of `index`: empty for the first page, then the `next` of the page before. Costs the same anywhere in the list
    after: Option<After>,
    /// Only names with this prefix
    prefix: Option<Name>,
    /// Only this user's
    owner: Option<MaybeUserId>,
    /// Only these [default: all]
    permissions: Option<Vec<Permission>>,
}

impl ListDocuments {
    /// The filter and the page.
    pub fn into_filter(self) -> Result<(Filter, Page), ApiError> {
        let filter = Filter {
            prefix: text(self.prefix).unwrap_or_default(),
            owner: text(self.owner).filter(|owner| !owner.is_empty()),
            permissions: self.permissions.unwrap_or_default(),
        };
        Ok((filter, page(self.index, self.size, self.after)?))
    }
}

/// List documents in the order in which they were added
#[utoipa::path(tag = "document", request_body = ListDocuments, responses((status = 200, body = Reply<ListReply<DocumentWire>>)))]
#[post("/document/list")]
async fn list(app: Data<AppState>, caller: Caller, body: Body<ListDocuments>) -> Answer<ListReply<DocumentWire>> {
    let (enterprise_id, (filter, page)) = (caller.0.enterprise_id, body.0.into_filter()?);
    let documents = app
        .db
        .read_slow(move |conn| Ok::<_, domain::Error>(document::list(conn, enterprise_id, &filter, page)?))
        .await?;
    reply(ListReply::new(documents, |document| DocumentWire::of(&app, &caller.0, document)))
}
