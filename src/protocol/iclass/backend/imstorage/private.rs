//! `imstorage/private` and `imstorage/recall`: private messages as the back end reads them, and the recall of any message.

use actix_web::post;
use actix_web::web::{Data, ServiceConfig};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::seconds;
use crate::domain::chat::group::MessageKind;
use crate::domain::classroom::chat;
use crate::domain::classroom::chat::{MessageId, PrivateMessage, Recaller};
use crate::domain::ids::ClassId;
use crate::domain::tenancy::enterprise::Enterprise;
use crate::protocol::iclass::auth::{Body, Caller};
use crate::protocol::iclass::message::shown;
use crate::protocol::iclass::reply::{Answer, Done, ListReply, Reply, done, reply};
use crate::protocol::iclass::wire::{After, Natural, Size, UserId, page};
use crate::state::AppState;

/// Adds the calls.
pub fn configure(config: &mut ServiceConfig) {
    config.service(list).service(recall);
}

/// The class and the page of a list of private messages.
#[derive(Deserialize, ToSchema)]
struct ListPrivateMessages {
    class_id: Natural,
    /// Rows to skip [default: 0]
    index: Option<Natural>,
    /// Rows to return, at most 100 [default: 100]
    size: Option<Size>,
    /// Used instead of `index`: empty for the first page, then the `next` of the page before
    after: Option<After>,
}

/// A private message.
#[derive(Serialize, ToSchema)]
struct PrivateMessageRow {
    #[schema(value_type = String)]
    message_id: MessageId,
    /// The sender
    user_id: String,
    /// The receiver
    to: String,
    /// The type of the content
    #[serde(rename = "type")]
    kind: MessageKind,
    content: String,
    /// The sender's number of the message; 0 for none
    random: i64,
    /// In seconds
    send_time: i64,
    /// 1 for a message that was recalled, whose content is empty
    recalled: i64,
}

impl PrivateMessageRow {
    fn new(app: &AppState, enterprise: &Enterprise, message: PrivateMessage) -> Self {
        Self {
            message_id: MessageId::Private(message.number),
            content: shown(app, enterprise, message.kind, &message.content),
            kind: message.kind,
            user_id: message.user_id,
            to: message.receiver_id,
            random: message.random.unwrap_or(0),
            send_time: seconds(message.create_time),
            recalled: i64::from(!message.recalled_by.is_empty()),
        }
    }
}

/// List the private messages of a class, in order
#[utoipa::path(tag = "imstorage", request_body = ListPrivateMessages, responses((status = 200, body = Reply<ListReply<PrivateMessageRow>>)))]
#[post("/imstorage/private")]
async fn list(
    app: Data<AppState>,
    caller: Caller,
    body: Body<ListPrivateMessages>,
) -> Answer<ListReply<PrivateMessageRow>> {
    let ListPrivateMessages { class_id, index, size, after } = body.0;
    let (enterprise_id, page) = (caller.0.enterprise_id, page(index, size, after)?);
    let read = move |conn: &mut _| chat::private_messages(conn, enterprise_id, ClassId(class_id.0), page);
    reply(ListReply::new(app.db.read_slow(read).await?, |message| PrivateMessageRow::new(&app, &caller.0, message)))
}

/// The message to recall, and in whose name.
#[derive(Deserialize, ToSchema)]
struct RecallFor {
    class_id: Natural,
    /// The user in whose name it is recalled
    user_id: UserId,
    /// `c` and the `sequence` of a message in the chat group, `k` and that of one in the command group, or the `message_id` of
    /// a private message
    #[schema(value_type = String)]
    message_id: MessageId,
}

/// Recall a message: its content is removed, and its place stays
#[utoipa::path(tag = "imstorage", request_body = RecallFor, responses((status = 200, body = Reply<Done>)))]
#[post("/imstorage/recall")]
async fn recall(app: Data<AppState>, caller: Caller, body: Body<RecallFor>) -> Answer<Done> {
    let (enterprise_id, now) = (caller.0.enterprise_id, app.now());
    let RecallFor { class_id, user_id, message_id } = body.0;
    let recall = move |conn: &mut _| {
        chat::recall(conn, enterprise_id, ClassId(class_id.0), Recaller::BackEnd(&user_id.0), message_id, now)
    };
    app.db.write(recall).await?;
    done()
}
