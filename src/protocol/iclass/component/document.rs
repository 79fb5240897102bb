//! `document/*` for components: listing, adding and deleting courseware.

use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use super::auth::{ComponentRequest, Participant};
use super::calls::Calls;
use crate::domain;
use crate::domain::classroom::courseware;
use crate::domain::content::document;
use crate::domain::content::document::{Document, Draft};
use crate::domain::tenancy::enterprise::Enterprise;
use crate::domain::tenancy::user::Role;
use crate::protocol::iclass::backend::document::{
    AddDocument, Added, DeleteDocuments, DocumentWire, ListDocuments, add_document,
};
use crate::protocol::iclass::error::{ApiError, Code};
use crate::protocol::iclass::reply::{Answer, Done, ListReply, Reply, done, reply};
use crate::state::AppState;

/// Adds the calls.
pub fn add_to(calls: &mut Calls) {
    calls.add("/document/add", add);
    calls.add("/document/delete", delete);
    calls.add("/document/list", list);
}

/// Add a document that the caller owns; visitors may not
#[utoipa::path(post, path = "/document/add", tag = "component", request_body = AddDocument, responses((status = 200, body = Reply<Added>)))]
async fn add(app: Data<AppState>, me: Participant, body: ComponentRequest<AddDocument>) -> Answer<Added> {
    if me.user.role == Role::Visitor {
        return Err(ApiError::new(Code::Forbidden, "visitors have no documents"));
    }
    let own = Draft { owner: me.user.user_id, ..body.0.into() };
    add_document(&app, me.enterprise, own).await
}

/// Delete documents that the caller owns, all or none; administrators may delete any
#[utoipa::path(post, path = "/document/delete", tag = "component", request_body = DeleteDocuments, responses((status = 200, body = Reply<Done>)))]
async fn delete(app: Data<AppState>, me: Participant, body: ComponentRequest<DeleteDocuments>) -> Answer<Done> {
    let (enterprise_id, doc_ids, now) = (me.enterprise.enterprise_id, body.0.ids(), app.now());
    app.db
        .write(move |conn| {
            if me.is_administrator() {
                courseware::remove(conn, enterprise_id, &doc_ids, now)
            } else {
                courseware::remove_own(conn, enterprise_id, &me.user.user_id, &doc_ids, now)
            }
        })
        .await?;
    done()
}

/// A document with the fields that a whiteboard needs.
#[derive(Serialize, ToSchema)]
pub struct Courseware {
    #[serde(flatten)]
    document: DocumentWire,
    /// The number of pages; 0 before the conversion
    pages: i64,
    /// The width of the first page in pixels; 0 before the conversion
    doc_width: i64,
    /// The height of the first page in pixels; 0 before the conversion
    doc_height: i64,
}

impl Courseware {
    /// The wire form of a document, with URLs that are valid now.
    pub fn of(app: &AppState, enterprise: &Enterprise, document: Document) -> Self {
        let (pages, doc_width, doc_height) = (document.pages, document.width, document.height);
        Self { document: DocumentWire::of(app, enterprise, document), pages, doc_width, doc_height }
    }
}

/// List the documents that the caller may see: public ones and their own, or all for administrators
#[utoipa::path(post, path = "/document/list", tag = "component", request_body = ListDocuments, responses((status = 200, body = Reply<ListReply<Courseware>>)))]
async fn list(
    app: Data<AppState>,
    me: Participant,
    body: ComponentRequest<ListDocuments>,
) -> Answer<ListReply<Courseware>> {
    let (filter, page) = body.0.into_filter()?;
    let (enterprise, enterprise_id) = (me.enterprise.clone(), me.enterprise.enterprise_id);
    let documents = app
        .db
        .read_slow(move |conn| {
            let found = if me.is_administrator() {
                document::list(conn, enterprise_id, &filter, page)?
            } else {
                document::visible(conn, enterprise_id, &me.user.user_id, &filter, page)?
            };
            Ok::<_, domain::Error>(found)
        })
        .await?;
    reply(ListReply::new(documents, |document| Courseware::of(&app, &enterprise, document)))
}
