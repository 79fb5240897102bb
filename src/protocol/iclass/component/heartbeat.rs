//! `/saas/v1/report/heartbeat` and `/v4/ilvb_edu/report_heartbeat`: components tell that they live. The token says who; the
//! body may name several classes, though a token is inside one at a time.

use actix_web::post;
use actix_web::web::{Data, Json, ServiceConfig};
use serde::{Deserialize, Serialize};

use super::auth::{ComponentRequest, Host};
use crate::domain::classroom::session::Component;
use crate::domain::tenancy::secret;
use crate::protocol::iclass::error::ApiError;
use crate::protocol::iclass::reply::{Answer, reply};
use crate::protocol::iclass::wire::{Natural, Record, Text, UserId};
use crate::state::AppState;

/// Where the older generation of components reports.
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
    /// Who lives where
    #[serde(rename = "HeartbeatList")]
    list: Option<Vec<Record<Heartbeat>>>,
    /// Instead of the list; the token and the user are in the query then
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
    /// Who [default: that of the query]
    user_id: Option<UserId>,
    /// Theirs [default: that of the query]
    token: Option<Token>,
}

/// What a component gets to know.
#[derive(Serialize)]
struct Heard {
    #[serde(rename = "Response")]
    response: Interval,
}

#[derive(Serialize)]
struct Interval {
    /// When to report again, in seconds
    #[serde(rename = "IntervalTime")]
    seconds: u32,
}

/// Tell that a component lives. One that is silent for three times `IntervalTime` has left.
#[post("/report/heartbeat")]
async fn report(app: Data<AppState>, host: Host, asked: ComponentRequest<Heartbeats>) -> Answer<Heard> {
    reply(hear(&app, &host, asked.0).await?)
}

/// As report/heartbeat, and answered without `error_code` when all is well.
#[post("/report_heartbeat")]
async fn report_older(
    app: Data<AppState>,
    host: Host,
    asked: ComponentRequest<Heartbeats>,
) -> Result<Json<Heard>, ApiError> {
    Ok(Json(hear(&app, &host, asked.0).await?))
}

async fn hear(app: &AppState, host: &Host, asked: Heartbeats) -> Result<Heard, ApiError> {
    let (enterprise, now) = (host.named(app).await?, app.now());
    let named = asked.list.unwrap_or_default().into_iter().map(|Record(heartbeat)| heartbeat.data.0);
    let alone = asked.class_id.map(|class_id| CustomData { class_id, user_id: None, token: None });
    let heartbeats: Vec<CustomData> = named.chain(alone).collect();
    if heartbeats.is_empty() || heartbeats.len() > AT_ONCE {
        return Err(ApiError::invalid(format!("HeartbeatList: must have 1 to {AT_ONCE} entries")));
    }
    // Each that lives is heard, whatever becomes of the others.
    let mut heard = Ok(());
    for CustomData { class_id, user_id, token } in &heartbeats {
        let token = token.as_ref().map(|token| token.0.as_str()).or(host.param("token"));
        let user_id = user_id.as_ref().map(|id| id.0.as_str());
        let user_id = user_id.or(host.param("user_id")).or(host.param("identifier"));
        let (Some(token), Some(user_id)) = (token, user_id) else {
            return Err(ApiError::invalid("CustomData: user_id and token must be there, or in the query"));
        };
        let token_hash = secret::hash_token(token);
        let component = Component { user_id: user_id.to_owned(), lease: app.presence.lease(), token_hash };
        let one = app.presence.beat(&app.db, enterprise.enterprise_id, class_id.0, component, now).await;
        heard = heard.and(one);
    }
    heard?;
    Ok(Heard { response: Interval { seconds: app.config.limits.heartbeat_seconds } })
}
