//! `report/event`: events that components report.

mod data;
mod name;

use actix_web::web::Data;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::auth::{ComponentRequest, Participant};
use super::calls::Calls;
use crate::domain::Limit;
use crate::domain::classroom::report;
use crate::domain::classroom::report::event::Reported;
use crate::domain::tenancy::quota::Counted;
use crate::protocol::iclass::reply::{Answer, Done, Reply, done};
use crate::protocol::iclass::wire::{Natural, Text};
use crate::state::{AppState, Who};

/// Adds the call.
pub fn add_to(calls: &mut Calls) {
    calls.add("/report/event", event);
}

#[derive(Deserialize, ToSchema)]
struct ReportEvent {
    /// The class
    class_id: Natural,
    /// The event: one of appendix 3.9, or any other
    event: Text<1, 64>,
    /// The data of the event, in any form; it names the user whom the event concerns, if any
    #[schema(value_type = Option<Object>)]
    data: Option<Value>,
}

/// Report an event: all events are stored, and some change the states in the lists of members
#[utoipa::path(post, path = "/report/event", tag = "component", request_body = ReportEvent, responses((status = 200, body = Reply<Done>)))]
async fn event(app: Data<AppState>, me: Participant, body: ComponentRequest<ReportEvent>) -> Answer<Done> {
    let (ReportEvent { class_id, event, data }, now) = (body.0, app.now());
    let reported = reported(event.0, data.as_ref());
    let enterprise_id = me.enterprise.enterprise_id;
    let who = Who { user_id: Some(&me.user.user_id), ..Who::enterprise(enterprise_id) };
    app.rates.take(Limit::Reports, &who)?;
    let kib = reported.data.text.len().div_ceil(1024);
    app.rates.take_many(Limit::ReportBytes, &who, u32::try_from(kib).unwrap_or(u32::MAX))?;
    app.check_quota(enterprise_id, Counted::Reports, 1).await?;
    app.db.write(move |conn| report::report(conn, &me.enterprise, me.in_class(class_id.0), &reported, now)).await?;
    done()
}

/// A report as the domain takes it.
#[must_use]
pub fn reported(name: String, data: Option<&Value>) -> Reported {
    Reported { event: name::event(&name), data: data::read(data), name }
}
