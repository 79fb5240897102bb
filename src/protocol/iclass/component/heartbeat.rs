//! Heartbeats of components: `/saas/v1/report/heartbeat` and `/v4/ilvb_edu/report_heartbeat`. The token identifies the
//! component. The body may name several classes, although a token is inside one class at a time.

use actix_web::post;
use actix_web::web::{Data, Json, ServiceConfig};
use serde::{Deserialize, Serialize};

use super::auth::{ComponentRequest, PublicCall};
use crate::domain::classroom::session::Component;
use crate::domain::ids::ClassId;
use crate::domain::tenancy::secret;
use crate::protocol::iclass::error::ApiError;
use crate::protocol::iclass::reply::{Answer, reply};
use crate::protocol::iclass::wire::{Natural, Record, Text, UserId};
use crate::state::AppState;

/// The path for the older generation of components.
pub const OLDER_SCOPE: &str = "/v4/ilvb_edu";

/// How many classes one request may name.
const AT_ONCE: usize = 100;

type Token = Text<1, 256>;

/// Adds the call.
pub fn configure(config: &mut ServiceConfig) {
    config.service(report);
}

/// Adds the call under its older name.
pub fn configure_older(config: &mut ServiceConfig) {
    config.service(report_older);
}

#[derive(Deserialize)]
struct Heartbeats {
    /// One entry for each class
    #[serde(rename = "HeartbeatList")]
    list: Option<Vec<Record<Heartbeat>>>,
    /// Used instead of the list, with the token and the user in the query
    class_id: Option<Natural>,
}

#[derive(Deserialize)]
struct Heartbeat {
    #[serde(rename = "CustomData")]
    data: Record<CustomData>,
}

#[derive(Deserialize)]
struct CustomData {
    /// The class
    class_id: Natural,
    /// The user [default: from the query]
    user_id: Option<UserId>,
    /// The user's token [default: from the query]
    token: Option<Token>,
}

/// The response to a heartbeat.
#[derive(Serialize)]
struct HeartbeatReply {
    #[serde(rename = "Response")]
    response: Interval,
}

#[derive(Serialize)]
struct Interval {
    /// The heartbeat interval, in seconds
    #[serde(rename = "IntervalTime")]
    seconds: u32,
}

/// Receives heartbeats. A component without a heartbeat for three times `IntervalTime` has left.
#[post("/report/heartbeat")]
async fn report(app: Data<AppState>, call: PublicCall, body: ComponentRequest<Heartbeats>) -> Answer<HeartbeatReply> {
    reply(record(&app, &call, body.0).await?)
}

/// The same call for older components. A success has no `error_code`.
#[post("/report_heartbeat")]
async fn report_older(
    app: Data<AppState>,
    call: PublicCall,
    body: ComponentRequest<Heartbeats>,
) -> Result<Json<HeartbeatReply>, ApiError> {
    Ok(Json(record(&app, &call, body.0).await?))
}

async fn record(app: &AppState, call: &PublicCall, request: Heartbeats) -> Result<HeartbeatReply, ApiError> {
    let (enterprise, now) = (call.enterprise(app).await?, app.now());
    let named = request.list.unwrap_or_default().into_iter().map(|Record(heartbeat)| heartbeat.data.0);
    let alone = request.class_id.map(|class_id| CustomData { class_id, user_id: None, token: None });
    let heartbeats: Vec<CustomData> = named.chain(alone).collect();
    if heartbeats.is_empty() || heartbeats.len() > AT_ONCE {
        return Err(ApiError::invalid(format!("HeartbeatList: must have 1 to {AT_ONCE} entries")));
    }
    // Every heartbeat is recorded, even if another one fails.
    let mut recorded = Ok(());
    for CustomData { class_id, user_id, token } in &heartbeats {
        let token = token.as_ref().map(|token| token.0.as_str()).or(call.param("token"));
        let user_id = user_id.as_ref().map(|id| id.0.as_str());
        let user_id = user_id.or(call.param("user_id")).or(call.param("identifier"));
        let (Some(token), Some(user_id)) = (token, user_id) else {
            return Err(ApiError::invalid("CustomData: user_id and token must be there, or in the query"));
        };
        let token_hash = secret::hash_token(token);
        let component = Component { user_id: user_id.to_owned(), lease: app.presence.lease(), token_hash };
        let one = app.presence.heartbeat(&app.db, enterprise.enterprise_id, ClassId(class_id.0), component, now).await;
        recorded = recorded.and(one);
    }
    recorded?;
    Ok(HeartbeatReply { response: Interval { seconds: app.config.limits.heartbeat_seconds } })
}
