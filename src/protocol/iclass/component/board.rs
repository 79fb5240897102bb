//! `board/*`: the board of a class.

mod request;
pub mod view;

use actix_web::web::Data;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::auth::{ComponentRequest, Participant};
use super::calls::Calls;
use crate::domain::Limit;
use crate::domain::classroom::board;
use crate::domain::classroom::board::{Operation, Reading};
use crate::domain::ids::ClassId;
use crate::protocol::iclass::error::ApiError;
use crate::protocol::iclass::reply::{Answer, Done, Reply, done, reply};
use crate::protocol::iclass::wire::{After, Int, Natural, Record, Size, Text, int};
use crate::state::AppState;
use crate::state::Who;
use request::OperationRequest;
use view::PlacedItemView;

/// The most items that a page of the list has.
const PAGE: i64 = 500;

/// The name of a page of the board.
type PageText = Text<1, 100>;

/// Adds the calls.
pub fn add_to(calls: &mut Calls) {
    calls.add("/board/page", page);
    calls.add("/board/draw", draw);
    calls.add("/board/show", show);
    calls.add("/board/add", add);
    calls.add("/board/remove", remove);
}

#[derive(Deserialize, ToSchema)]
struct ReadPageRequest {
    /// The class
    class_id: Natural,
    /// `w1` for a whiteboard page, or `<doc_id>/3` for the page of a document, from 1
    page: PageText,
    /// Empty for the first items, then the `next` of the answer before
    after: Option<After>,
    /// The most items to return, at most 500 [default: 500]
    size: Option<Size>,
}

/// Items of a page, from the bottom to the top.
#[derive(Serialize, ToSchema)]
struct ItemsView {
    /// The number of the last event that the answer contains
    sequence: i64,
    items: Vec<PlacedItemView>,
    /// The `after` of the next items; absent if there are no more
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    /// Whether these are the last items
    finish: bool,
}

/// Get the items of a page of the board
#[utoipa::path(post, path = "/board/page", tag = "component", request_body = ReadPageRequest, responses((status = 200, body = Reply<ItemsView>)))]
async fn page(app: Data<AppState>, me: Participant, body: ComponentRequest<ReadPageRequest>) -> Answer<ItemsView> {
    let ReadPageRequest { class_id, page, after, size } = body.0;
    let after = match after {
        Some(Text(after)) if !after.is_empty() => {
            after.parse().map_err(|_| ApiError::invalid("after: must be what next said, or empty"))?
        }
        _ => 0,
    };
    let size = int(size).unwrap_or(PAGE);
    let read =
        move |conn: &mut _| board::items(conn, &me.user, ClassId(class_id.0), Reading { page: &page.0, after, size });
    let found = app.db.read_slow(read).await?;
    let last = found.items.last().map(|item| item.position.to_string());
    reply(ItemsView {
        sequence: found.sequence,
        next: last.filter(|_| !found.finish),
        finish: found.finish,
        items: found.items.into_iter().map(PlacedItemView::from).collect(),
    })
}

#[derive(Deserialize, ToSchema)]
struct DrawRequest {
    /// The class
    class_id: Natural,
    /// The page, as in `board/page`
    page: PageText,
    /// 1 to 100 operations, done in this order, all or none
    #[schema(value_type = Vec<OperationRequest>)]
    operations: Vec<Record<OperationRequest>>,
}

/// What was drawn.
#[derive(Serialize, ToSchema)]
struct DrawnReply {
    /// The number of its event; absent if it changed nothing, or if nobody follows the class
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence: Option<i64>,
}

/// Draw on a page: add, remove and restore items, or clear it; those who moderate the class, and those inside with `enable_draw`
#[utoipa::path(post, path = "/board/draw", tag = "component", request_body = DrawRequest, responses((status = 200, body = Reply<DrawnReply>)))]
async fn draw(app: Data<AppState>, me: Participant, body: ComponentRequest<DrawRequest>) -> Answer<DrawnReply> {
    let DrawRequest { class_id, page, operations } = body.0;
    let who = Who { user_id: Some(&me.user.user_id), ..Who::enterprise(me.enterprise.enterprise_id) };
    app.rates.take(Limit::Drawings, &who)?;
    let operations: Result<Vec<Operation>, ApiError> =
        operations.into_iter().enumerate().map(|(index, operation)| operation.0.into_domain(index)).collect();
    let (operations, now) = (operations?, app.now());
    let draw = move |conn: &mut _| board::draw(conn, me.in_class(class_id.0), page.0, operations, now);
    reply(DrawnReply { sequence: app.db.write(draw).await? })
}

#[derive(Deserialize, ToSchema)]
struct ShowRequest {
    /// The class
    class_id: Natural,
    /// The page, as in `board/page`
    page: PageText,
    /// The step of the animations of an animated document [default: 0]
    step: Option<Int<0, 100_000>>,
}

/// Show a page of the board to everybody, as a moderator
#[utoipa::path(post, path = "/board/show", tag = "component", request_body = ShowRequest, responses((status = 200, body = Reply<Done>)))]
async fn show(app: Data<AppState>, me: Participant, body: ComponentRequest<ShowRequest>) -> Answer<Done> {
    let ShowRequest { class_id, page, step } = body.0;
    let (step, now) = (int(step).unwrap_or(0), app.now());
    app.db.write(move |conn| board::show(conn, me.in_class(class_id.0), &page.0, step, now)).await?;
    done()
}

#[derive(Deserialize, ToSchema)]
struct AddPageRequest {
    /// The class
    class_id: Natural,
}

/// The page that was added.
#[derive(Serialize, ToSchema)]
struct AddedPage {
    /// Its name
    page: String,
}

/// Add a whiteboard page after the others, as a moderator
#[utoipa::path(post, path = "/board/add", tag = "component", request_body = AddPageRequest, responses((status = 200, body = Reply<AddedPage>)))]
async fn add(app: Data<AppState>, me: Participant, body: ComponentRequest<AddPageRequest>) -> Answer<AddedPage> {
    let (class_id, now) = (body.0.class_id.0, app.now());
    let page = app.db.write(move |conn| board::add_page(conn, me.in_class(class_id), now)).await?;
    reply(AddedPage { page })
}

#[derive(Deserialize, ToSchema)]
struct RemovePageRequest {
    /// The class
    class_id: Natural,
    /// The whiteboard page
    page: PageText,
}

/// Remove a whiteboard page with everything on it, as a moderator
#[utoipa::path(post, path = "/board/remove", tag = "component", request_body = RemovePageRequest, responses((status = 200, body = Reply<Done>)))]
async fn remove(app: Data<AppState>, me: Participant, body: ComponentRequest<RemovePageRequest>) -> Answer<Done> {
    let (RemovePageRequest { class_id, page }, now) = (body.0, app.now());
    app.db.write(move |conn| board::remove_page(conn, me.in_class(class_id.0), &page.0, now)).await?;
    done()
}
