//! `class/document/*` for components: the documents of a class.

pub mod view;

use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use super::auth::{ComponentRequest, Participant};
use super::calls::Calls;
use super::document::Courseware;
use crate::domain;
use crate::domain::classroom::courseware;
use crate::domain::content::document::{Document, ShownDocument};
use crate::domain::ids::ClassId;
use crate::domain::tenancy::enterprise::Enterprise;
use crate::protocol::iclass::backend::courseware::{ClassDocuments, ListClassDocuments};
use crate::protocol::iclass::reply::{Answer, Done, ListReply, Reply, done, reply};
use crate::state::AppState;
use crate::store::Paged;
use view::ConvertedView;

/// Adds the calls.
pub fn add_to(calls: &mut Calls) {
    calls.add("/class/document/add", add);
    calls.add("/class/document/delete", delete);
    calls.add("/class/document/list", list);
}

/// Add documents that the caller may see to a class, all or none, as a moderator
#[utoipa::path(post, path = "/class/document/add", tag = "component", request_body = ClassDocuments, responses((status = 200, body = Reply<Done>)))]
async fn add(app: Data<AppState>, me: Participant, body: ComponentRequest<ClassDocuments>) -> Answer<Done> {
    let ((class_id, doc_ids), now) = (body.0.into_parts(), app.now());
    let bind = move |conn: &mut _| courseware::bind_as_component(conn, &me.user, ClassId(class_id), &doc_ids, now);
    app.db.write(bind).await?;
    done()
}

/// Remove documents from a class, all or none, as a moderator; the documents themselves stay
#[utoipa::path(post, path = "/class/document/delete", tag = "component", request_body = ClassDocuments, responses((status = 200, body = Reply<Done>)))]
async fn delete(app: Data<AppState>, me: Participant, body: ComponentRequest<ClassDocuments>) -> Answer<Done> {
    let ((class_id, doc_ids), now) = (body.0.into_parts(), app.now());
    let unbind = move |conn: &mut _| courseware::unbind_as_component(conn, &me.user, ClassId(class_id), &doc_ids, now);
    app.db.write(unbind).await?;
    done()
}

/// A document of a class.
#[derive(Serialize, ToSchema)]
struct ClassDocument {
    #[serde(flatten)]
    courseware: Courseware,
    #[serde(flatten)]
    converted: ConvertedView,
}

impl ClassDocument {
    fn of(app: &AppState, enterprise: &Enterprise, (document, shown): (Document, ShownDocument)) -> Self {
        let converted = ConvertedView::of(app, enterprise, &shown);
        Self { courseware: Courseware::of(app, enterprise, document), converted }
    }
}

/// List the documents of a class that the caller may enter: all for moderators and those inside, public ones and their own for others
#[utoipa::path(post, path = "/class/document/list", tag = "component", request_body = ListClassDocuments,
    responses((status = 200, body = Reply<ListReply<ClassDocument>>)))]
async fn list(
    app: Data<AppState>,
    me: Participant,
    body: ComponentRequest<ListClassDocuments>,
) -> Answer<ListReply<ClassDocument>> {
    let (class_id, page) = body.0.into_page()?;
    let enterprise = me.enterprise.clone();
    let read = move |conn: &mut _| {
        let Paged { total, rows, finish, next } = courseware::bound_for(conn, &me.user, ClassId(class_id), page)?;
        let shown = courseware::shown(conn, me.enterprise.enterprise_id, rows.clone())?;
        Ok::<_, domain::Error>(Paged { total, rows: rows.into_iter().zip(shown).collect(), finish, next })
    };
    let documents = app.db.read_slow(read).await?;
    reply(ListReply::new(documents, |document| ClassDocument::of(&app, &enterprise, document)))
}
