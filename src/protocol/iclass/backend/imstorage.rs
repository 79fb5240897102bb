//! `imstorage/*`: the chat groups of a class, and what is said in them where Lectern's own chat keeps it.
//!
//! The published classroom has calls of these names (`list`, `msg`); no document says what they answer, so the fields are
//! ours. `send` is ours altogether.

use std::borrow::Cow;

use actix_web::post;
use actix_web::web::{Data, ServiceConfig};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use super::class::ClassRef;
use crate::clock::seconds;
use crate::domain::chat::group;
use crate::domain::chat::group::{Draft, Engine, Group, GroupKind, Message, MessageKind};
use crate::protocol::iclass::auth::{Body, Caller};
use crate::protocol::iclass::reply::{Answer, ListReply, Reply, reply};
use crate::protocol::iclass::wire::{After, Natural, Size, Text, UserId, int, page, text};
use crate::state::AppState;
use crate::store::Paged;

type GroupId = Text<1, 64>;

/// The most characters of a message.
const CONTENT_CHARS: usize = 8_192;

/// Adds the calls.
pub fn configure(config: &mut ServiceConfig) {
    config.service(list).service(groups).service(msg).service(send);
}

/// A group as it is shown.
#[derive(Serialize, ToSchema)]
pub struct GroupRow {
    /// What clients call it
    group_id: String,
    /// What it is for
    #[serde(rename = "type")]
    kind: GroupKind,
    /// Which chat service has its messages
    engine: Engine,
    /// In seconds
    create_time: i64,
    /// How many messages there are; 0 where the hosted chat service has them
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

/// List the chat groups of a class: two, or none when it was made without
#[utoipa::path(tag = "imstorage", request_body = ClassRef, responses((status = 200, body = Reply<ListReply<GroupRow>>)))]
#[post("/imstorage/list")]
async fn list(app: Data<AppState>, caller: Caller, body: Body<ClassRef>) -> Answer<ListReply<GroupRow>> {
    show_groups(&app, caller.0.enterprise_id, body.0.class_id.0).await
}

/// Answers with the groups of a class.
pub async fn show_groups(app: &AppState, enterprise_id: i64, class_id: i64) -> Answer<ListReply<GroupRow>> {
    let rows = app.db.read(move |conn| group::of_class(conn, enterprise_id, class_id)).await?;
    let total = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    reply(ListReply::new(Paged { total, rows, finish: true, next: None }, GroupRow::from))
}

/// Whose groups are asked for.
#[derive(Deserialize, ToSchema)]
struct GroupsOf {
    /// The organization; 0 for groups of none
    organization_id: Natural,
    /// Rows to leave out [default: 0]
    index: Option<Natural>,
    /// Rows to return, at most 100 [default: 100]
    size: Option<Size>,
}

/// List the chat groups of an organization: those of its courses, and those that IM made
#[utoipa::path(tag = "imstorage", request_body = GroupsOf, responses((status = 200, body = Reply<ListReply<GroupRow>>)))]
#[post("/imstorage/groups")]
async fn groups(app: Data<AppState>, caller: Caller, body: Body<GroupsOf>) -> Answer<ListReply<GroupRow>> {
    let (enterprise_id, page) = (caller.0.enterprise_id, page(body.0.index, body.0.size, None)?);
    let organization_id = body.0.organization_id.0;
    let read = move |conn: &mut _| group::of_organization(conn, enterprise_id, organization_id, page);
    reply(ListReply::new(app.db.read_slow(read).await?, GroupRow::from))
}

/// Which messages are asked for.
#[derive(Deserialize, ToSchema)]
pub struct MessagesOf {
    /// The class
    pub class_id: Natural,
    /// Which of its groups [default: the one where people write]
    group_id: Option<GroupId>,
    /// Rows to leave out [default: 0]
    index: Option<Natural>,
    /// Rows to return, at most 100 [default: 100]
    size: Option<Size>,
    /// Instead of `index`: empty for the first page, then what `next` said
    after: Option<After>,
}

/// A message as it is shown.
#[derive(Serialize, ToSchema)]
pub struct MessageRow {
    /// Counts the messages of the group from 1
    sequence: i64,
    /// Who sent it
    user_id: String,
    /// What it holds
    #[serde(rename = "type")]
    kind: MessageKind,
    content: String,
    /// The sender's own number of it; 0 for none
    random: i64,
    /// In seconds
    send_time: i64,
    /// What a sender is called who is no user: it has no `user_id`
    #[serde(skip_serializing_if = "String::is_empty")]
    nickname: String,
}

impl MessageRow {
    fn new(app: &AppState, message: Message) -> Self {
        let notice = message.notice().map(|notice| (app.show_notice)(&notice, &message));
        Self {
            sequence: message.sequence,
            kind: message.shown_kind(),
            user_id: message.user_id,
            content: notice.unwrap_or(message.content),
            random: message.random.unwrap_or(0),
            send_time: seconds(message.create_time),
            nickname: message.sender_name,
        }
    }
}

/// Read what was said in a group of a class, in its order
#[utoipa::path(tag = "imstorage", request_body = MessagesOf, responses((status = 200, body = Reply<ListReply<MessageRow>>)))]
#[post("/imstorage/msg")]
async fn msg(app: Data<AppState>, caller: Caller, body: Body<MessagesOf>) -> Answer<ListReply<MessageRow>> {
    show_messages(&app, caller.0.enterprise_id, body.0).await
}

/// Answers with messages of a group.
pub async fn show_messages(app: &AppState, enterprise_id: i64, asked: MessagesOf) -> Answer<ListReply<MessageRow>> {
    let page = page(asked.index, asked.size, asked.after)?;
    let read = move |conn: &mut _| {
        let group_id = text(asked.group_id);
        group::messages(conn, enterprise_id, asked.class_id.0, group_id.as_deref(), page)
    };
    reply(ListReply::new(app.db.read_slow(read).await?, |message| MessageRow::new(app, message)))
}

/// What somebody says, and where.
#[derive(Deserialize, ToSchema)]
pub struct Said {
    /// The class
    class_id: Natural,
    /// Which of its groups [default: the one where people write]
    group_id: Option<GroupId>,
    /// What it holds [default: text]
    #[serde(rename = "type")]
    kind: Option<MessageKind>,
    /// At most 8192 characters
    content: Content,
    /// Any number but 0: a message that comes again with it is kept once
    random: Option<Natural>,
}

impl Said {
    /// The class, the group and the message, as it is said by somebody.
    pub fn by(self, user_id: String) -> (i64, Option<String>, Draft) {
        let draft = Draft {
            user_id,
            kind: self.kind.unwrap_or(MessageKind::Text),
            content: self.content.0,
            random: int(self.random).filter(|random| *random != 0),
        };
        (self.class_id.0, text(self.group_id), draft)
    }
}

#[derive(Deserialize, ToSchema)]
struct Speaker {
    /// Who sends it
    user_id: UserId,
}

/// How the body of imstorage/send is described: it is read as both.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body")]
struct SendMessage {
    #[schema(inline)]
    #[serde(flatten)]
    speaker: Speaker,
    #[serde(flatten)]
    said: Said,
}

/// What became of it.
#[derive(Serialize, ToSchema)]
pub struct SentMessage {
    /// The how-manieth message of the group it is
    sequence: i64,
    /// In seconds
    send_time: i64,
}

impl From<Message> for SentMessage {
    fn from(message: Message) -> Self {
        Self { sequence: message.sequence, send_time: seconds(message.create_time) }
    }
}

/// Send a message to a group of a class, where Lectern's own chat has it
#[utoipa::path(tag = "imstorage", request_body = SendMessage, responses((status = 200, body = Reply<SentMessage>)))]
#[post("/imstorage/send")]
async fn send(app: Data<AppState>, caller: Caller, who: Body<Speaker>, body: Body<Said>) -> Answer<SentMessage> {
    let (enterprise_id, now) = (caller.0.enterprise_id, app.now());
    let (class_id, group_id, draft) = body.0.by(who.0.user_id.0);
    let send = move |conn: &mut _| group::send(conn, enterprise_id, class_id, group_id.as_deref(), draft, now);
    reply(app.db.write(send).await?.into())
}

/// What somebody says, lines and tabs and all.
#[derive(Clone, Debug)]
struct Content(String);

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let length = text.chars().count();
        if text.is_empty() {
            Err(D::Error::custom("must not be empty"))
        } else if length > CONTENT_CHARS {
            Err(D::Error::custom(format!("has {length} characters, more than {CONTENT_CHARS}")))
        } else if text.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            Err(D::Error::custom("has a control character"))
        } else {
            Ok(Self(text))
        }
    }
}

impl PartialSchema for Content {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(CONTENT_CHARS)).into()
    }
}

impl ToSchema for Content {
    fn name() -> Cow<'static, str> {
        "Content".into()
    }
}
