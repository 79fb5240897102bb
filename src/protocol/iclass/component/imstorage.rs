//! `imstorage/*` for components: reading the messages of a class that the caller may enter, and sending from inside it.

use actix_web::web::Data;

use super::auth::{ComponentRequest, Participant};
use super::calls::Calls;
use crate::domain::classroom::chat;
use crate::domain::classroom::member;
use crate::domain::ids::ClassId;
use crate::protocol::iclass::backend::class::ClassRef;
use crate::protocol::iclass::backend::imstorage::{
    GroupRow, ListMessages, MessageRow, NewMessage, SentMessage, show_groups, show_messages,
};
use crate::protocol::iclass::reply::{Answer, ListReply, Reply, reply};
use crate::state::AppState;

/// Adds the calls.
pub fn add_to(calls: &mut Calls) {
    calls.add("/imstorage/list", list);
    calls.add("/imstorage/msg", msg);
    calls.add("/imstorage/send", send);
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
    let (enterprise_id, class_id) = (me.enterprise.enterprise_id, body.0.class_id.0);
    app.db.read(move |conn| member::check_sees(conn, ClassId(class_id), &me.user)).await?;
    show_messages(&app, enterprise_id, body.0).await
}

/// Send a message in a class that the caller is inside; only with Lectern's own chat
#[utoipa::path(post, path = "/imstorage/send", tag = "component", request_body = NewMessage, responses((status = 200, body = Reply<SentMessage>)))]
async fn send(app: Data<AppState>, me: Participant, body: ComponentRequest<NewMessage>) -> Answer<SentMessage> {
    let (enterprise_id, now) = (me.enterprise.enterprise_id, app.now());
    app.check_new_message(enterprise_id, Some(&me.user.user_id)).await?;
    let (class_id, draft) = body.0.into_draft(me.user.user_id);
    let send = move |conn: &mut _| chat::send_from_inside(conn, enterprise_id, ClassId(class_id), draft, now);
    reply(app.db.write(send).await?.into())
}
