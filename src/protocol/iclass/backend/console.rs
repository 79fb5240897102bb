//! `console/link`: an address that signs one person of the enterprise in to the console.

use actix_web::post;
use actix_web::web::{Data, ServiceConfig};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::clock::{millis, seconds};
use crate::domain;
use crate::domain::tenancy::audit::{AuditAction, Change};
use crate::domain::tenancy::{audit, console};
use crate::protocol::iclass::audited::AuditedCaller;
use crate::protocol::iclass::auth::{Body, Caller};
use crate::protocol::iclass::reply::{Answer, Reply, reply};
use crate::protocol::iclass::wire::Int;
use crate::state::AppState;

/// Adds the call.
pub fn configure(config: &mut ServiceConfig) {
    config.service(make);
}

/// What somebody may do in the console.
#[derive(Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case", try_from = "String")]
enum LinkRole {
    /// Everything within the enterprise.
    Admin,
    /// Reading.
    Support,
}

impl TryFrom<String> for LinkRole {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        match word.as_str() {
            "admin" => Ok(Self::Admin),
            "support" => Ok(Self::Support),
            _ => Err(format!("{word:?} is not admin or support")),
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[schema(as = MakeConsoleLink)]
struct LinkRequest {
    /// What they may do: `admin` changes things of the enterprise, `support` only reads
    role: LinkRole,
    /// Who signs in, for the console and its audit log: 1 to 64 characters
    name: String,
    /// How long the link can be used, in seconds [default: 300]
    valid_seconds: Option<Int<1, { console::LINK_SECONDS_AT_MOST }>>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ConsoleLink)]
struct LinkView {
    /// The page that signs in, once
    url: String,
    /// Until when it can be used, in seconds
    expire_time: i64,
}

/// Make a link that signs somebody in to the console of the enterprise
///
/// It works once. Who has used it stays signed in for 12 hours at most, and until an hour without a request.
#[utoipa::path(tag = "console", request_body = LinkRequest, responses((status = 200, body = Reply<LinkView>)))]
#[post("/console/link")]
pub async fn make(app: Data<AppState>, caller: Caller, by: AuditedCaller, body: Body<LinkRequest>) -> Answer<LinkView> {
    let LinkRequest { role, name, valid_seconds } = body.0;
    let role = match role {
        LinkRole::Admin => console::ConsoleRole::Admin,
        LinkRole::Support => console::ConsoleRole::Support,
    };
    let valid = millis(valid_seconds.map_or(console::LINK_SECONDS, |seconds| seconds.0));
    let (enterprise_id, now) = (caller.0.enterprise_id, app.now());
    let write = move |conn: &mut _| {
        let made = console::make_link(conn, enterprise_id, (role, &name), valid, now)?;
        let change = Change::of(enterprise_id, AuditAction::ConsoleLink, &name).with(json!({ "role": role }));
        audit::record(conn, &by.0, change, now)?;
        Ok::<_, domain::Error>(made)
    };
    let (token, expire_time) = app.db.write(write).await?;
    // Browsers send nothing after the `#` to any server.
    reply(LinkView { url: format!("{}/console/link#{token}", app.public_url), expire_time: seconds(expire_time) })
}
