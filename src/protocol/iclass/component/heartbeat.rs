//! Heartbeats of components: `/saas/v1/report/heartbeat` and `/v4/ilvb_edu/report_heartbeat`. The token identifies the
//! component. The body may name several classes, although a token is inside one class at a time.

use actix_web::middleware::from_fn;
use actix_web::post;
use actix_web::web::{Data, Json, ServiceConfig};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::auth::{ComponentRequest, PublicCall, receive};
use crate::domain::classroom::session::Component;
use crate::domain::ids::ClassId;
use crate::domain::tenancy::secret;
use crate::protocol::iclass::error::ApiError;
use crate::protocol::iclass::reply::{Answer, Reply, reply};
use crate::protocol::iclass::wire::Natural;
use crate::state::AppState;

/// The path for the older generation of components.
pub const OLDER_SCOPE: &str = "/v4/ilvb_edu";

/// How many classes one request may name.
const AT_ONCE: usize = 100;

/// Adds the call.
pub fn configure(config: &mut ServiceConfig) {
    config.service(report);
}

/// Adds the call under its older name.
pub fn configure_older(config: &mut ServiceConfig) {
    config.service(report_older);
}

#[derive(Deserialize, ToSchema)]
struct Heartbeats {
    /// One entry for each class, in any form: see [`entry`]
    #[serde(rename = "HeartbeatList")]
    #[schema(value_type = Option<Vec<Heartbeat>>)]
    list: Option<Vec<Value>>,
    /// Used instead of the list, with the token and the user in the query
    class_id: Option<Natural>,
}

/// An entry of the list. Other members are ignored, and so is an entry without a class.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what `entry` reads")]
struct Heartbeat {
    #[schema(rename = "CustomData")]
    data: Option<HeartbeatData>,
}

/// The class, the user and the token of a heartbeat.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what `entry` reads")]
struct HeartbeatData {
    /// The class
    class_id: Option<Natural>,
    /// The user [default: from the query]
    user_id: Option<String>,
    /// The user's token [default: from the query]
    token: Option<String>,
}

/// A heartbeat in one class.
struct CustomData {
    /// The class
    class_id: Natural,
    /// The user; `None` for that of the query
    user_id: Option<String>,
    /// The user's token; `None` for that of the query
    token: Option<String>,
}

/// Parses an entry of the list. Components also send entries that name no class; these are `None`.
fn entry(entry: &Value) -> Option<Result<CustomData, ApiError>> {
    let data = entry.get("CustomData")?;
    let class_id = match data.get("class_id")? {
        Value::Null => return None,
        Value::String(none) if none.is_empty() || none == "0" => return None,
        Value::Number(none) if none.as_i64() == Some(0) => return None,
        class_id => Natural::deserialize(class_id),
    };
    let text = |name: &str| match data.get(name)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let heartbeat = |class_id| CustomData { class_id, user_id: text("user_id"), token: text("token") };
    Some(class_id.map(heartbeat).map_err(|problem| ApiError::invalid(format!("CustomData.class_id: {problem}"))))
}

/// The response to a heartbeat.
#[derive(Serialize, ToSchema)]
struct HeartbeatReply {
    #[serde(rename = "Response")]
    response: Interval,
}

#[derive(Serialize, ToSchema)]
#[schema(as = HeartbeatInterval)]
struct Interval {
    /// The heartbeat interval, in seconds
    #[serde(rename = "IntervalTime")]
    seconds: u32,
}

/// Receive heartbeats. A component without a heartbeat for three times `IntervalTime` has left.
#[utoipa::path(tag = "component", request_body = Heartbeats, responses((status = 200, body = Reply<HeartbeatReply>)))]
#[post("/report/heartbeat", wrap = "from_fn(receive)")]
async fn report(app: Data<AppState>, call: PublicCall, body: ComponentRequest<Heartbeats>) -> Answer<HeartbeatReply> {
    reply(record(&app, &call, body.0).await?)
}

/// Receive heartbeats of older components. A success has no `error_code`.
#[utoipa::path(tag = "component", request_body = Heartbeats, responses((status = 200, body = HeartbeatReply)))]
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
    let list = request.list.unwrap_or_default();
    let entries = list.len().saturating_add(usize::from(request.class_id.is_some()));
    if entries == 0 || entries > AT_ONCE {
        return Err(ApiError::invalid(format!("HeartbeatList: must have 1 to {AT_ONCE} entries")));
    }
    let alone = request.class_id.map(|class_id| Ok(CustomData { class_id, user_id: None, token: None }));
    // Every heartbeat is recorded, even if another one fails. One that was recorded makes the call a success: the token is
    // inside one class, so no other entry matters, and a component that gets an error for it would leave the class.
    let (mut recorded, mut first_failure) = (false, None);
    for heartbeat in list.iter().filter_map(entry).chain(alone) {
        let one = match heartbeat.and_then(|data| beat(app, call, data)) {
            Ok((class_id, component)) => {
                let (db, enterprise_id) = (&app.db, enterprise.enterprise_id);
                app.presence.heartbeat(db, enterprise_id, class_id, component, now).await.map_err(ApiError::from)
            }
            Err(problem) => Err(problem),
        };
        match one {
            Ok(()) => recorded = true,
            Err(failure) => first_failure = first_failure.or(Some(failure)),
        }
    }
    match first_failure {
        Some(failure) if !recorded => Err(failure),
        _ => Ok(HeartbeatReply { response: Interval { seconds: app.config.limits.heartbeat_seconds } }),
    }
}

/// The class and the component of a heartbeat.
fn beat(app: &AppState, call: &PublicCall, data: CustomData) -> Result<(ClassId, Component), ApiError> {
    let CustomData { class_id, user_id, token } = data;
    let token = token.as_deref().or(call.param("token"));
    let user_id = user_id.as_deref().or(call.param("user_id")).or(call.param("identifier"));
    let (Some(token), Some(user_id)) = (token, user_id) else {
        return Err(ApiError::invalid("CustomData: user_id and token must be there, or in the query"));
    };
    let token_hash = secret::hash_token(token);
    Ok((ClassId(class_id.0), Component { user_id: user_id.to_owned(), lease: app.presence.lease(), token_hash }))
}
