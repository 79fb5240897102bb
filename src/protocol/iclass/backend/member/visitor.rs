//! Visitors: people without an account who join a public class.

use std::net::IpAddr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::classroom::session;
use crate::domain::classroom::session::VisitorRequest;
use crate::domain::classroom::visitor::Stranger;
use crate::domain::ids::ClassId;
use crate::domain::tenancy::enterprise::Enterprise;
use crate::integrations::tencent::usersig;
use crate::protocol::iclass::reply::{Answer, reply};
use crate::protocol::iclass::wire::{ClassPassword, Name, Natural, text};
use crate::state::AppState;

/// A person without an account who joins a class.
#[derive(Deserialize, ToSchema)]
pub struct VisitorJoin {
    /// The class, which must be public
    pub class_id: Natural,
    /// The password of the class
    password: Option<ClassPassword>,
    /// The display name [default: the visitor's id]
    nickname: Option<Name>,
}

/// The response to a visitor's join.
#[derive(Serialize, ToSchema)]
pub struct VisitorJoined {
    visitor_info: VisitorInfo,
}

#[derive(Serialize, ToSchema)]
struct VisitorInfo {
    /// Begins with `visitor_`
    user_id: String,
    /// The token to start the classroom component with
    user_token: String,
    /// The ticket for the chat service, valid for 24 hours
    user_sig: String,
}

/// Creates a visitor and lets them join. The stranger is the client, unless a back end calls; `address` is that of the client, as
/// limits count it.
pub async fn join_visitor(
    app: &AppState,
    enterprise: Arc<Enterprise>,
    request: VisitorJoin,
    stranger: Option<Stranger>,
    address: Option<IpAddr>,
) -> Answer<VisitorJoined> {
    app.check_new_visitor(enterprise.enterprise_id, address).await?;
    let (now, lease) = (app.now(), app.presence.lease());
    let password = text(request.password).unwrap_or_default();
    let host = enterprise.clone();
    let ticket = app
        .db
        .write(move |conn| {
            let visitor = VisitorRequest { nickname: text(request.nickname), password: &password, stranger, lease };
            session::join_as_visitor(conn, &host, ClassId(request.class_id.0), visitor, now)
        })
        .await?;
    let user_sig =
        usersig::sign(&enterprise.private_key, enterprise.sdkappid, &ticket.user_id, now, usersig::DAY_SECONDS);
    reply(VisitorJoined {
        visitor_info: VisitorInfo { user_id: ticket.user_id, user_token: ticket.user_token, user_sig },
    })
}
