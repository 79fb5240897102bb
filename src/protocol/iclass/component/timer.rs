//! `timer/*`: the timer of a class.

use actix_web::web::Data;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::auth::{ComponentRequest, Participant};
use super::calls::Calls;
use crate::domain::classroom::timer;
use crate::domain::classroom::timer::{Timer, TimerState};
use crate::protocol::iclass::reply::{Answer, Done, Reply, done};
use crate::protocol::iclass::wire::{Natural, int};
use crate::state::AppState;

/// Adds the calls.
pub fn add_to(calls: &mut Calls) {
    calls.add("/timer/start", start);
    calls.add("/timer/pause", pause);
    calls.add("/timer/remove", remove);
}

/// A timer, as events have it. Times and durations are in milliseconds.
#[derive(Serialize)]
pub struct TimerView {
    start_time: i64,
    duration: i64,
    remaining: i64,
    state: TimerState,
}

impl From<Timer> for TimerView {
    fn from(Timer { start_time, duration, remaining, state }: Timer) -> Self {
        Self { start_time, duration, remaining, state }
    }
}

#[derive(Deserialize, ToSchema)]
struct StartTimerRequest {
    /// The class
    class_id: Natural,
    /// How long it runs, in milliseconds: a second to a day [default: a paused timer goes on]
    duration: Option<Natural>,
}

#[derive(Deserialize, ToSchema)]
struct TimerRequest {
    /// The class
    class_id: Natural,
}

/// Start the timer of a class, or let a paused one go on, as a moderator
#[utoipa::path(post, path = "/timer/start", tag = "component", request_body = StartTimerRequest, responses((status = 200, body = Reply<Done>)))]
async fn start(app: Data<AppState>, me: Participant, body: ComponentRequest<StartTimerRequest>) -> Answer<Done> {
    let (class_id, duration, now) = (body.0.class_id.0, int(body.0.duration), app.now());
    app.db.write(move |conn| timer::start(conn, me.in_class(class_id), duration, now)).await?;
    done()
}

/// Pause the timer of a class, as a moderator
#[utoipa::path(post, path = "/timer/pause", tag = "component", request_body = TimerRequest, responses((status = 200, body = Reply<Done>)))]
async fn pause(app: Data<AppState>, me: Participant, body: ComponentRequest<TimerRequest>) -> Answer<Done> {
    let (class_id, now) = (body.0.class_id.0, app.now());
    app.db.write(move |conn| timer::pause(conn, me.in_class(class_id), now)).await?;
    done()
}

/// Remove the timer of a class, as a moderator
#[utoipa::path(post, path = "/timer/remove", tag = "component", request_body = TimerRequest, responses((status = 200, body = Reply<Done>)))]
async fn remove(app: Data<AppState>, me: Participant, body: ComponentRequest<TimerRequest>) -> Answer<Done> {
    let (class_id, now) = (body.0.class_id.0, app.now());
    app.db.write(move |conn| timer::remove(conn, me.in_class(class_id), now)).await?;
    done()
}
