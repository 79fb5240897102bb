//! What is said in a class, for those who may enter it, and saying something, for those who are inside.

use actix_web::post;
use actix_web::web::{Data, ServiceConfig};

use super::auth::{ComponentRequest, Participant};
use crate::domain::classroom::chat;
use crate::domain::classroom::member;
use crate::protocol::iclass::backend::class::ClassRef;
use crate::protocol::iclass::backend::imstorage::{
    GroupRow, MessageRow, MessagesOf, Said, SentMessage, show_groups, show_messages,
};
use crate::protocol::iclass::reply::{Answer, ListReply, Reply, reply};
use crate::state::AppState;

/// Adds the calls.
pub fn configure(config: &mut ServiceConfig) {
    config.service(list).service(msg).service(send);
}

/// List the chat groups of a class that the caller may enter
#[utoipa::path(tag = "component", request_body = ClassRef,
    responses((status = 200, body = Reply<ListReply<GroupRow>>)))]
#[post("/imstorage/list")]
async fn list(app: Data<AppState>, me: Participant, asked: ComponentRequest<ClassRef>) -> Answer<ListReply<GroupRow>> {
    let (enterprise_id, class_id) = (me.enterprise.enterprise_id, asked.0.class_id.0);
    app.db.read(move |conn| member::check_sees(conn, class_id, &me.user)).await?;
    show_groups(&app, enterprise_id, class_id).await
}

/// Read what was said in a group of a class that the caller may enter
#[utoipa::path(tag = "component", request_body = MessagesOf,
    responses((status = 200, body = Reply<ListReply<MessageRow>>)))]
#[post("/imstorage/msg")]
async fn msg(
    app: Data<AppState>,
    me: Participant,
    asked: ComponentRequest<MessagesOf>,
) -> Answer<ListReply<MessageRow>> {
    let (enterprise_id, class_id) = (me.enterprise.enterprise_id, asked.0.class_id.0);
    app.db.read(move |conn| member::check_sees(conn, class_id, &me.user)).await?;
    show_messages(&app, enterprise_id, asked.0).await
}

/// Say something in a class that the caller is inside, where Lectern's own chat has it
#[utoipa::path(tag = "component", request_body = Said, responses((status = 200, body = Reply<SentMessage>)))]
#[post("/imstorage/send")]
async fn send(app: Data<AppState>, me: Participant, asked: ComponentRequest<Said>) -> Answer<SentMessage> {
    let (enterprise_id, now) = (me.enterprise.enterprise_id, app.now());
    let (class_id, draft) = asked.0.by(me.user.user_id);
    let say = move |conn: &mut _| chat::say(conn, enterprise_id, class_id, draft, now);
    reply(app.db.write(say).await?.into())
}
