//! `report/event`: what a component tells of what happens.

mod data;
mod name;

use actix_web::post;
use actix_web::web::{Data, ServiceConfig};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::auth::{ComponentRequest, Participant};
use crate::domain::classroom::report;
use crate::domain::classroom::report::event::Reported;
use crate::protocol::iclass::reply::{Answer, Done, Reply, done};
use crate::protocol::iclass::wire::{Natural, Text};
use crate::state::AppState;

/// Adds the call.
pub fn configure(config: &mut ServiceConfig) {
    config.service(event);
}

#[derive(Deserialize, ToSchema)]
struct ReportEvent {
    /// The class
    class_id: Natural,
    /// What happened: one of appendix 3.9, or anything else
    event: Text<1, 64>,
    /// More about it, of any form; whom it concerns where it concerns somebody
    #[schema(value_type = Option<Object>)]
    data: Option<Value>,
}

/// Tell what happens: all of it is kept, and some of it changes what the lists of members show
#[utoipa::path(tag = "component", request_body = ReportEvent, responses((status = 200, body = Reply<Done>)))]
#[post("/report/event")]
async fn event(app: Data<AppState>, me: Participant, asked: ComponentRequest<ReportEvent>) -> Answer<Done> {
    let (ReportEvent { class_id, event, data }, now) = (asked.0, app.now());
    let reported = reported(event.0, data.as_ref());
    app.db
        .write(move |conn| report::report(conn, &me.enterprise, class_id.0, &me.user.user_id, &reported, now))
        .await?;
    done()
}

/// A report as the domain takes it.
#[must_use]
pub fn reported(name: String, data: Option<&Value>) -> Reported {
    Reported { event: name::event(&name), data: data::read(data), name }
}
