//! `imstorage/*`: the chat groups of a class, and their messages if Lectern's own chat stores them.
//!
//! The published classroom has the calls `list` and `msg`, but no document describes their responses, so the fields are
//! Lectern's. All other calls are Lectern's own.

pub mod filter;
pub mod private;
mod text;

use actix_web::post;
use actix_web::web::{Data, ServiceConfig};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::class::ClassRef;
use crate::clock::seconds;
use crate::domain::chat::group;
use crate::domain::chat::group::{Engine, Group, GroupKind, Message, MessageKind, Notice};
use crate::domain::classroom::chat;
use crate::domain::classroom::chat::{Draft, Sent};
use crate::domain::ids::{ClassId, EnterpriseId, OrganizationId};
use crate::domain::tenancy::enterprise::Enterprise;
use crate::protocol::iclass::auth::{Body, Caller};
use crate::protocol::iclass::control;
use crate::protocol::iclass::error::ApiError;
use crate::protocol::iclass::message::shown;
use crate::protocol::iclass::reply::{Answer, ListReply, Reply, reply};
use crate::protocol::iclass::wire::{After, Natural, Size, Text, UserId, int, page, text};
use crate::state::AppState;
use crate::store::Paged;
use text::MessageText;

type GroupId = Text<1, 64>;

/// Adds the calls.
pub fn configure(config: &mut ServiceConfig) {
    config.service(list).service(groups).service(msg).service(send);
    private::configure(config);
    filter::configure(config);
}

/// A chat group.
#[derive(Serialize, ToSchema)]
pub struct GroupRow {
    /// The id for clients
    group_id: String,
    /// The purpose of the group
    #[serde(rename = "type")]
    kind: GroupKind,
    /// The chat service that has its messages
    engine: Engine,
    /// In seconds
    create_time: i64,
    /// The number of messages; 0 if the hosted chat service has them
    total: i64,
}

impl From<Group> for GroupRow {
    fn from(group: Group) -> Self {
        Self {
            group_id: group.group_id,
            kind: group.kind,
            engine: group.engine,
            create_time: seconds(group.create_time),
            total: group.last_sequence,
        }
    }
}

/// List the chat groups of a class: two, or none if the class was created without
#[utoipa::path(tag = "imstorage", request_body = ClassRef, responses((status = 200, body = Reply<ListReply<GroupRow>>)))]
#[post("/imstorage/list")]
async fn list(app: Data<AppState>, caller: Caller, body: Body<ClassRef>) -> Answer<ListReply<GroupRow>> {
    show_groups(&app, caller.0.enterprise_id, ClassId(body.0.class_id.0)).await
}

/// Responds with the groups of a class.
pub async fn show_groups(
    app: &AppState,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
) -> Answer<ListReply<GroupRow>> {
    let rows = app.db.read(move |conn| chat::of_class(conn, enterprise_id, class_id)).await?;
    let total = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    reply(ListReply::new(Paged { total, rows, finish: true, next: None }, GroupRow::from))
}

/// The organization and page of a list of groups.
#[derive(Deserialize, ToSchema)]
#[schema(as = GroupsOf)]
struct ListGroups {
    /// The organization; 0 for groups without an organization
    organization_id: Natural,
    /// Rows to skip [default: 0]
    index: Option<Natural>,
    /// Rows to return, at most 100 [default: 100]
    size: Option<Size>,
}

/// List the chat groups of an organization: those of its courses, and those created through IM
#[utoipa::path(tag = "imstorage", request_body = ListGroups, responses((status = 200, body = Reply<ListReply<GroupRow>>)))]
#[post("/imstorage/groups")]
async fn groups(app: Data<AppState>, caller: Caller, body: Body<ListGroups>) -> Answer<ListReply<GroupRow>> {
    let (enterprise_id, page) = (caller.0.enterprise_id, page(body.0.index, body.0.size, None)?);
    let organization_id = body.0.organization_id.0;
    let read = move |conn: &mut _| group::of_organization(conn, enterprise_id, OrganizationId(organization_id), page);
    reply(ListReply::new(app.db.read_slow(read).await?, GroupRow::from))
}

/// The group and page of a list of messages.
#[derive(Deserialize, ToSchema)]
#[schema(as = MessagesOf)]
pub struct ListMessages {
    /// The class
    pub class_id: Natural,
    /// Which of its groups [default: the one where people write]
    group_id: Option<GroupId>,
    /// Rows to skip [default: 0]
    index: Option<Natural>,
    /// Rows to return, at most 100 [default: 100]
    size: Option<Size>,
    /// Used instead of `index`: empty for the first page, then the `next` of the page before
    after: Option<After>,
}

/// A message.
#[derive(Serialize, ToSchema)]
pub struct MessageRow {
    /// The number of the message in its group, from 1
    sequence: i64,
    /// The sender
    user_id: String,
    /// The type of the content
    #[serde(rename = "type")]
    kind: MessageKind,
    content: String,
    /// The sender's number of the message; 0 for none
    random: i64,
    /// In seconds
    send_time: i64,
    /// `CTRL` for a message of the server about what happens in the class; absent in other messages
    #[serde(skip_serializing_if = "str::is_empty")]
    ext: &'static str,
    /// The name of a sender who is not a user and has no `user_id`
    #[serde(skip_serializing_if = "String::is_empty")]
    nickname: String,
    /// 1 for a message that was recalled, whose content is empty; absent in other messages
    #[serde(skip_serializing_if = "is_zero")]
    recalled: i64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &i64) -> bool {
    *number == 0
}

impl MessageRow {
    fn new(app: &AppState, enterprise: &Enterprise, message: Message) -> Self {
        let recalled = i64::from(message.is_recalled());
        let notice = message.notice();
        let ext = if matches!(notice, Some(Notice::InClass(_))) { control::EXT } else { "" };
        let notice = notice.map(|notice| (app.show_notice)(&notice, &message));
        let content = notice.unwrap_or_else(|| shown(app, enterprise, message.shown_kind(), &message.content));
        Self {
            ext,
            sequence: message.sequence,
            kind: message.shown_kind(),
            user_id: message.user_id,
            content,
            random: message.random.unwrap_or(0),
            send_time: seconds(message.create_time),
            nickname: message.sender_name,
            recalled,
        }
    }
}

/// List the messages of a chat group of a class, in order
#[utoipa::path(tag = "imstorage", request_body = ListMessages, responses((status = 200, body = Reply<ListReply<MessageRow>>)))]
#[post("/imstorage/msg")]
async fn msg(app: Data<AppState>, caller: Caller, body: Body<ListMessages>) -> Answer<ListReply<MessageRow>> {
    show_messages(&app, &caller.0, body.0).await
}

/// Responds with a page of messages.
pub async fn show_messages(
    app: &AppState,
    enterprise: &Enterprise,
    request: ListMessages,
) -> Answer<ListReply<MessageRow>> {
    let (enterprise_id, page) = (enterprise.enterprise_id, page(request.index, request.size, request.after)?);
    let read = move |conn: &mut _| {
        let group_id = text(request.group_id);
        chat::messages(conn, enterprise_id, ClassId(request.class_id.0), group_id.as_deref(), page)
    };
    reply(ListReply::new(app.db.read_slow(read).await?, |message| MessageRow::new(app, enterprise, message)))
}

/// A message to send, and its group.
#[derive(Deserialize, ToSchema)]
#[schema(as = Said)]
pub struct NewMessage {
    /// The class
    class_id: Natural,
    /// Which of its groups [default: the one where people write]
    group_id: Option<GroupId>,
    /// The type of the content [default: text]
    #[serde(rename = "type")]
    kind: Option<MessageKind>,
    /// At most 8192 characters; the `url` of the upload for an image
    content: MessageText,
    /// Any number but 0; a message that is sent again with the same number is stored once
    random: Option<Natural>,
}

impl NewMessage {
    /// The class and the message of a sender.
    pub async fn into_draft(
        self,
        app: &AppState,
        enterprise_id: EnterpriseId,
        user_id: String,
    ) -> Result<(ClassId, Draft), ApiError> {
        let kind = self.kind.unwrap_or(MessageKind::Text);
        let draft = Draft {
            group_id: text(self.group_id),
            receiver_id: None,
            user_id,
            content: app.message_content(enterprise_id, kind, self.content.0).await?,
            random: int(self.random).filter(|random| *random != 0),
        };
        Ok((ClassId(self.class_id.0), draft))
    }
}

#[derive(Deserialize, ToSchema)]
#[schema(as = Speaker)]
struct Sender {
    /// The sender
    user_id: UserId,
}

/// The body of imstorage/send in the OpenAPI description. The handler parses it as both types.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body")]
struct SendMessage {
    #[schema(inline)]
    #[serde(flatten)]
    sender: Sender,
    #[serde(flatten)]
    message: NewMessage,
}

/// The stored message.
#[derive(Serialize, ToSchema)]
pub struct SentMessage {
    /// The number of the message in its group, from 1
    sequence: i64,
    /// In seconds
    send_time: i64,
}

impl From<Sent> for SentMessage {
    fn from(sent: Sent) -> Self {
        Self { sequence: sent.sequence, send_time: seconds(sent.send_time) }
    }
}

/// Send a message to a chat group of a class; only with Lectern's own chat
#[utoipa::path(tag = "imstorage", request_body = SendMessage, responses((status = 200, body = Reply<SentMessage>)))]
#[post("/imstorage/send")]
async fn send(
    app: Data<AppState>,
    caller: Caller,
    sender: Body<Sender>,
    body: Body<NewMessage>,
) -> Answer<SentMessage> {
    let (enterprise_id, now) = (caller.0.enterprise_id, app.now());
    app.check_new_message(enterprise_id, None).await?;
    let (class_id, draft) = body.0.into_draft(&app, enterprise_id, sender.0.user_id.0).await?;
    let send = move |conn: &mut _| chat::send(conn, enterprise_id, class_id, draft, now);
    reply(app.db.write(send).await?.into())
}
