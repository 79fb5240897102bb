//! `checkIn/*`: who answered when the class was asked who is there. It begins and is answered with `report/event`.

use actix_web::post;
use actix_web::web::{Data, ServiceConfig};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::auth::{ComponentRequest, Participant};
use crate::clock::seconds;
use crate::domain::classroom::check_in;
use crate::domain::classroom::check_in::Sheet;
use crate::domain::classroom::member;
use crate::protocol::iclass::reply::{Answer, Reply, reply};
use crate::protocol::iclass::wire::{Natural, Text, text};
use crate::state::AppState;

/// Adds the calls.
pub fn configure(config: &mut ServiceConfig) {
    config.service(info).service(result);
}

#[derive(Deserialize, ToSchema)]
struct AskCheckIn {
    /// The class
    class_id: Natural,
    /// The check-in [default: the last]
    check_id: Option<Text<1, 128>>,
}

/// A check-in. Times are in seconds.
#[derive(Serialize, ToSchema)]
struct SheetWire {
    check_id: String,
    start_time: i64,
    /// When it ends or ended; 0 when it goes on until somebody ends it
    end_time: i64,
    /// How long it can be answered; 0 for no limit
    time_limit: i64,
    /// Who answered: everybody for those who give the class, for others themselves
    member_detail: Vec<Answered>,
    /// How many could answer: those who learn, reserved or seen
    all_number: i64,
    /// How many did
    check_in_number: i64,
}

#[derive(Serialize, ToSchema)]
struct Answered {
    user_id: String,
    /// In seconds
    check_in_time: i64,
}

impl From<Sheet> for SheetWire {
    fn from(sheet: Sheet) -> Self {
        let answered = |(user_id, time)| Answered { user_id, check_in_time: seconds(time) };
        Self {
            check_id: sheet.check_in.check_id,
            start_time: seconds(sheet.check_in.start_time),
            end_time: sheet.ends.map_or(0, seconds),
            time_limit: seconds(sheet.check_in.time_limit),
            member_detail: sheet.answers.into_iter().map(answered).collect(),
            all_number: sheet.pupils,
            check_in_number: sheet.answered,
        }
    }
}

/// Tell of a check-in
#[utoipa::path(tag = "component", request_body = AskCheckIn, responses((status = 200, body = Reply<SheetWire>)))]
#[post("/checkIn/info")]
async fn info(app: Data<AppState>, me: Participant, asked: ComponentRequest<AskCheckIn>) -> Answer<SheetWire> {
    show(&app, me, asked.0).await
}

/// Tell what came of a check-in
#[utoipa::path(tag = "component", request_body = AskCheckIn, responses((status = 200, body = Reply<SheetWire>)))]
#[post("/checkIn/result")]
async fn result(app: Data<AppState>, me: Participant, asked: ComponentRequest<AskCheckIn>) -> Answer<SheetWire> {
    show(&app, me, asked.0).await
}

async fn show(app: &AppState, me: Participant, asked: AskCheckIn) -> Answer<SheetWire> {
    let (class_id, check_id) = (asked.class_id.0, text(asked.check_id));
    let sheet = app
        .db
        .read_slow(move |conn| {
            member::check_sees(conn, class_id, &me.user)?;
            let enterprise_id = me.enterprise.enterprise_id;
            check_in::result(conn, enterprise_id, class_id, &me.user.user_id, check_id.as_deref())
        })
        .await;
    reply(sheet?.into())
}
