//! `/saas/v1/report/heartbeat` and `/v4/ilvb_edu/report_heartbeat`: components tell that they live. The token says who; the
//! body may name several classes, though a token is inside one at a time.

use std::borrow::Cow;

use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde::{Deserialize, Serialize};

use super::error::{Code, Refusal};
use super::reply::{Answer, reply};
use super::wire::{self, Natural, Record, Text, UserId};
use crate::app::App;
use crate::domain::secret;
use crate::http::body;

/// How many classes one request may name.
const AT_ONCE: usize = 100;

type Token = Text<1, 256>;

/// Adds the calls.
pub fn configure(config: &mut ServiceConfig) {
    let v4 = web::resource("/v4/ilvb_edu/report_heartbeat").wrap(super::cors()).route(web::post().to(report_v4));
    let saas = web::resource("/saas/v1/report/heartbeat").wrap(super::cors()).route(web::post().to(report));
    config.service(v4).service(saas);
}

#[derive(Deserialize)]
struct Heartbeats {
    #[serde(rename = "HeartbeatList")]
    list: Option<Vec<Record<Heartbeat>>>,
    /// Instead of the list: the token and the user are in the query then.
    class_id: Option<Natural>,
}

#[derive(Deserialize)]
struct Heartbeat {
    #[serde(rename = "CustomData")]
    data: Record<CustomData>,
}

#[derive(Deserialize)]
struct CustomData {
    class_id: Natural,
    user_id: Option<UserId>,
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

/// What the query says: `identifier` is how the older path names the user.
#[derive(Default)]
struct Query<'a> {
    sdkappid: Option<Cow<'a, str>>,
    user_id: Option<Cow<'a, str>>,
    token: Option<Cow<'a, str>>,
}

impl<'a> Query<'a> {
    fn parse(query: &'a str) -> Self {
        let mut parsed = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let field = match name.as_ref() {
                "sdkappid" => &mut parsed.sdkappid,
                "user_id" | "identifier" => &mut parsed.user_id,
                "token" => &mut parsed.token,
                _ => continue,
            };
            field.get_or_insert(value);
        }
        parsed
    }
}

async fn report(app: Data<App>, request: HttpRequest, payload: Payload) -> Answer<Heard> {
    reply(hear(&app, &request, payload).await?)
}

async fn report_v4(app: Data<App>, request: HttpRequest, payload: Payload) -> Result<impl Responder, Refusal> {
    Ok(HttpResponse::Ok().json(hear(&app, &request, payload).await?))
}

async fn hear(app: &App, request: &HttpRequest, payload: Payload) -> Result<Heard, Refusal> {
    let body = body::read(payload.into_inner(), app.config.body_limit_bytes).await?;
    let query = Query::parse(request.query_string());
    let (now, unknown) = (app.now(), || Refusal::new(Code::UnknownEnterprise, "sdkappid: no such enterprise"));
    let sdkappid = query.sdkappid.as_deref().and_then(|text| text.parse().ok()).ok_or_else(unknown)?;
    let enterprise = app.enterprises.find(&app.db, sdkappid, now).await?.ok_or_else(unknown)?;
    if !enterprise.is_valid_at(now) {
        return Err(Refusal::new(Code::Forbidden, format!("sdkappid {sdkappid}: its validity is over")));
    }
    let asked: Heartbeats = wire::parse(&body)?;
    let named = asked.list.unwrap_or_default().into_iter().map(|Record(heartbeat)| heartbeat.data.0);
    let alone = asked.class_id.map(|class_id| CustomData { class_id, user_id: None, token: None });
    let heartbeats: Vec<CustomData> = named.chain(alone).collect();
    if heartbeats.is_empty() || heartbeats.len() > AT_ONCE {
        return Err(Refusal::invalid(format!("HeartbeatList: must have 1 to {AT_ONCE} entries")));
    }
    // Each that lives is heard, whatever becomes of the others.
    let mut heard = Ok(());
    for CustomData { class_id, user_id, token } in &heartbeats {
        let token = token.as_ref().map(|token| token.0.as_str()).or(query.token.as_deref());
        let user_id = user_id.as_ref().map(|id| id.0.as_str()).or(query.user_id.as_deref());
        let (Some(token), Some(user_id)) = (token, user_id) else {
            return Err(Refusal::invalid("CustomData: user_id and token must be there, or in the query"));
        };
        let token_hash = secret::hash_token(token);
        let one = app.presence.beat(&app.db, enterprise.enterprise_id, class_id.0, user_id, &token_hash, now).await;
        heard = heard.and(one);
    }
    heard?;
    Ok(Heard { response: Interval { seconds: app.config.heartbeat_seconds } })
}
