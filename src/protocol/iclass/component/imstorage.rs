//! `imstorage/*` for components: reading the messages of a class that the caller may enter, sending from inside it, and
//! recalling.

pub mod upload;

use actix_web::web::Data;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::auth::{ComponentRequest, Participant};
use super::calls::Calls;
use crate::domain::classroom::chat;
use crate::domain::classroom::chat::{History, MessageId, Recaller};
use crate::domain::classroom::member;
use crate::domain::ids::ClassId;
use crate::protocol::iclass::backend::class::ClassRef;
use crate::protocol::iclass::backend::imstorage::{
    GroupRow, ListMessages, MessageRow, NewMessage, SentMessage, show_groups, show_messages,
};
use crate::protocol::iclass::error::ApiError;
use crate::protocol::iclass::message::MessageView;
use crate::protocol::iclass::reply::{Answer, Done, ListReply, Reply, done, reply};
use crate::protocol::iclass::wire::{MaybeUserId, Natural, Size, Text, text};
use crate::state::AppState;

/// How many messages a part of the history has by default.
const PAGE: i64 = 50;
/// How many messages a part of the history has at most.
const AT_MOST: i64 = 100;

/// Adds the calls.
pub fn add_to(calls: &mut Calls) {
    calls.add("/imstorage/list", list);
    calls.add("/imstorage/msg", msg);
    calls.add("/imstorage/send", send);
    calls.add("/imstorage/recall", recall);
    calls.add("/imstorage/history", history);
}

/// List the chat groups of a class that the caller may enter
#[utoipa::path(post, path = "/imstorage/list", tag = "component", request_body = ClassRef,
    responses((status = 200, body = Reply<ListReply<GroupRow>>)))]
async fn list(app: Data<AppState>, me: Participant, body: ComponentRequest<ClassRef>) -> Answer<ListReply<GroupRow>> {
    let (enterprise_id, class_id) = (me.enterprise.enterprise_id, body.0.class_id.0);
    app.db.read(move |conn| member::check_sees(conn, ClassId(class_id), &me.user)).await?;
    show_groups(&app, enterprise_id, ClassId(class_id)).await
}

/// List the messages of a chat group of a class that the caller may enter
#[utoipa::path(post, path = "/imstorage/msg", tag = "component", request_body = ListMessages,
    responses((status = 200, body = Reply<ListReply<MessageRow>>)))]
async fn msg(
    app: Data<AppState>,
    me: Participant,
    body: ComponentRequest<ListMessages>,
) -> Answer<ListReply<MessageRow>> {
    let class_id = body.0.class_id.0;
    app.db.read(move |conn| member::check_sees(conn, ClassId(class_id), &me.user)).await?;
    show_messages(&app, &me.enterprise, body.0).await
}

/// The receiver of a private message.
#[derive(Deserialize, ToSchema)]
struct Receiver {
    /// Sends a private message to this user; a pupil may write to the teacher and assistants, these to everybody
    to: Option<MaybeUserId>,
}

/// The body of imstorage/send in the OpenAPI description. The handler parses it as both types.
#[derive(ToSchema)]
#[schema(as = SayInClass)]
#[expect(dead_code, reason = "describes a body")]
struct SendInClass {
    #[schema(inline)]
    #[serde(flatten)]
    receiver: Receiver,
    #[serde(flatten)]
    message: NewMessage,
}

/// The message that was sent.
#[derive(Serialize, ToSchema)]
struct SentInClass {
    #[schema(value_type = String)]
    message_id: MessageId,
    #[serde(flatten)]
    sent: SentMessage,
}

/// Send a message in a class that the caller is inside; only with Lectern's own chat
#[utoipa::path(post, path = "/imstorage/send", tag = "component", request_body = SendInClass, responses((status = 200, body = Reply<SentInClass>)))]
async fn send(
    app: Data<AppState>,
    me: Participant,
    receiver: ComponentRequest<Receiver>,
    body: ComponentRequest<NewMessage>,
) -> Answer<SentInClass> {
    let (enterprise_id, now) = (me.enterprise.enterprise_id, app.now());
    app.check_new_message(enterprise_id, Some(&me.user.user_id)).await?;
    let (class_id, mut draft) = body.0.into_draft(&app, enterprise_id, me.user.user_id).await?;
    draft.receiver_id = text(receiver.0.to).filter(|to| !to.is_empty());
    let speak = move |conn: &mut _| chat::send_from_inside(conn, enterprise_id, class_id, draft, now);
    let sent = app.db.write(speak).await?;
    reply(SentInClass { message_id: sent.message_id, sent: sent.into() })
}

/// The message to recall.
#[derive(Deserialize, ToSchema)]
struct Recalled {
    class_id: Natural,
    #[schema(value_type = String)]
    message_id: MessageId,
}

/// Recall a message: the sender, or a moderator of the class
#[utoipa::path(post, path = "/imstorage/recall", tag = "component", request_body = Recalled, responses((status = 200, body = Reply<Done>)))]
async fn recall(app: Data<AppState>, me: Participant, body: ComponentRequest<Recalled>) -> Answer<Done> {
    let (enterprise_id, now, Recalled { class_id, message_id }) = (me.enterprise.enterprise_id, app.now(), body.0);
    let recall = move |conn: &mut _| {
        let by = Recaller::User(&me.user.user_id);
        chat::recall(conn, enterprise_id, ClassId(class_id.0), by, message_id, now)
    };
    app.db.write(recall).await?;
    done()
}

/// The part of a history.
#[derive(Deserialize, ToSchema)]
struct ReadHistory {
    class_id: Natural,
    /// The messages before this `message_id` [default: the last ones]
    before: Option<Text<0, 24>>,
    /// At most 100 [default: 50]
    size: Option<Size>,
}

/// What was said in a class.
#[derive(Serialize, ToSchema)]
struct HistoryView {
    /// The newest last
    messages: Vec<MessageView>,
    /// Whether nothing was said before
    finish: bool,
}

/// Read what was said in a class that the caller may enter, with the own private messages
#[utoipa::path(post, path = "/imstorage/history", tag = "component", request_body = ReadHistory, responses((status = 200, body = Reply<HistoryView>)))]
async fn history(app: Data<AppState>, me: Participant, body: ComponentRequest<ReadHistory>) -> Answer<HistoryView> {
    let ReadHistory { class_id, before, size } = body.0;
    let before = match text(before).filter(|before| !before.is_empty()) {
        Some(before) => Some(before.parse().map_err(|problem| ApiError::invalid(format!("before: {problem}")))?),
        None => None,
    };
    let size = size.map_or(PAGE, |size| size.0.min(AT_MOST));
    let enterprise = me.enterprise;
    let read = move |conn: &mut _| chat::history(conn, &me.user, ClassId(class_id.0), before, size);
    let History { messages, finish } = app.db.read_slow(read).await?;
    let show = |message| MessageView::new(&app, &enterprise, message);
    reply(HistoryView { messages: messages.iter().map(show).collect(), finish })
}
