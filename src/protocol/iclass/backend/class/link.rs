//! `class/link`: an address that signs one user in to one class.

use actix_web::post;
use actix_web::web::Data;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::{millis, seconds};
use crate::domain::classroom::link;
use crate::domain::ids::ClassId;
use crate::protocol::iclass::address;
use crate::protocol::iclass::auth::{Body, Caller};
use crate::protocol::iclass::reply::{Answer, Reply, reply};
use crate::protocol::iclass::wire::{Int, Natural, UserId};
use crate::state::AppState;

#[derive(Deserialize, ToSchema)]
#[schema(as = MakeLink)]
struct LinkRequest {
    /// The class
    class_id: Natural,
    /// The user who is signed in: a member, or anybody if the class is public
    user_id: UserId,
    /// How long one can enter with the link, in seconds [default: 3600]
    valid_seconds: Option<Int<1, { link::VALID_SECONDS_AT_MOST }>>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ClassLink)]
struct LinkView {
    /// The page of the class, with a token of the user for this class only
    url: String,
    /// Until when one can enter with it, in seconds
    expire_time: i64,
}

/// Make a link that signs a user in to a class
///
/// Who opens it needs no password and no `user_token`. Who has entered with it stays signed in until 24 hours after it was made. It
/// ends earlier when the user is put out of the class or is deleted, when their `user_token` is renewed or their password is set, and
/// when the class is deleted.
#[utoipa::path(tag = "class", request_body = LinkRequest, responses((status = 200, body = Reply<LinkView>)))]
#[post("/class/link")]
pub async fn make(app: Data<AppState>, caller: Caller, body: Body<LinkRequest>) -> Answer<LinkView> {
    let LinkRequest { class_id, user_id, valid_seconds } = body.0;
    let valid = millis(valid_seconds.map_or(link::VALID_SECONDS, |seconds| seconds.0));
    let (enterprise_id, now) = (caller.0.enterprise_id, app.now());
    let write = move |conn: &mut _| link::make(conn, enterprise_id, ClassId(class_id.0), &user_id.0, valid, now);
    let made = app.db.write(write).await?;
    let url = address::link(&app.public_url, caller.0.sdkappid, &made);
    reply(LinkView { url, expire_time: seconds(made.expire_time) })
}
