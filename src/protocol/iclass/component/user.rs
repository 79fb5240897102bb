//! `user/info` for components.

use actix_web::web::Data;
use serde::Deserialize;
use utoipa::ToSchema;

use super::auth::{ComponentRequest, Participant};
use super::calls::Calls;
use crate::domain::classroom::member;
use crate::protocol::iclass::backend::user::{UserInfo, UserWire};
use crate::protocol::iclass::reply::{Answer, Reply, reply};
use crate::protocol::iclass::wire::{MaybeUserId, text};
use crate::state::AppState;

/// Adds the calls.
pub fn add_to(calls: &mut Calls) {
    calls.add("/user/info", info);
}

#[derive(Deserialize, ToSchema)]
#[schema(as = WhichUser)]
struct UserRequest {
    /// The user [default: the caller]
    user_id: Option<MaybeUserId>,
}

/// Get a user
///
/// Only administrators see the contact details of others. A visitor, and who came by a link to a class, sees only the people of the
/// class that they are inside.
#[utoipa::path(post, path = "/user/info", tag = "component", request_body = UserRequest, responses((status = 200, body = Reply<UserInfo>)))]
async fn info(app: Data<AppState>, me: Participant, body: ComponentRequest<UserRequest>) -> Answer<UserInfo> {
    let user_id = text(body.0.user_id).filter(|id| !id.is_empty()).unwrap_or_else(|| me.user.user_id.clone());
    let sees_contacts = user_id == me.user.user_id || (me.is_administrator() && me.only_in.is_none());
    let user = app.db.read(move |conn| member::require_visible(conn, &me.holder(), &me.token_hash, &user_id)).await?;
    let mut user_info = UserWire::new(user, &app.public_url);
    if !sees_contacts {
        user_info.phone_no.clear();
        user_info.e_mail.clear();
    }
    reply(UserInfo { user_info })
}
