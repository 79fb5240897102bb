//! Users, as a component sees them.

use actix_web::post;
use actix_web::web::{Data, ServiceConfig};
use serde::Deserialize;
use utoipa::ToSchema;

use super::auth::{ComponentRequest, Participant};
use crate::domain::tenancy::user;
use crate::protocol::iclass::backend::user::{UserInfo, UserWire};
use crate::protocol::iclass::reply::{Answer, Reply, reply};
use crate::protocol::iclass::wire::{MaybeUserId, text};
use crate::state::AppState;

/// Adds the calls.
pub fn configure(config: &mut ServiceConfig) {
    config.service(info);
}

#[derive(Deserialize, ToSchema)]
struct WhichUser {
    /// The user [default: the caller]
    user_id: Option<MaybeUserId>,
}

/// Look at a user
///
/// Where others can be reached is told to administrators alone.
#[utoipa::path(tag = "component", request_body = WhichUser, responses((status = 200, body = Reply<UserInfo>)))]
#[post("/user/info")]
async fn info(app: Data<AppState>, me: Participant, asked: ComponentRequest<WhichUser>) -> Answer<UserInfo> {
    let user_id = text(asked.0.user_id).filter(|id| !id.is_empty()).unwrap_or_else(|| me.user.user_id.clone());
    let own = user_id == me.user.user_id || me.is_administrator();
    let enterprise_id = me.enterprise.enterprise_id;
    let found = app.db.read(move |conn| user::require(conn, enterprise_id, &user_id)).await?;
    let mut user_info = UserWire::new(found, &app.public_url);
    if !own {
        user_info.phone_no.clear();
        user_info.e_mail.clear();
    }
    reply(UserInfo { user_info })
}
