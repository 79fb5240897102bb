//! `checkIn/*`: the results of check-ins. Components start and answer a check-in with `report/event`.

use actix_web::web::Data;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::auth::{ComponentRequest, Participant};
use super::calls::Calls;
use crate::clock::seconds;
use crate::domain::classroom::check_in;
use crate::domain::classroom::check_in::Sheet;
use crate::domain::classroom::member;
use crate::domain::ids::ClassId;
use crate::protocol::iclass::reply::{Answer, Reply, reply};
use crate::protocol::iclass::wire::{Natural, Text, text};
use crate::state::AppState;

/// Adds the calls.
pub fn add_to(calls: &mut Calls) {
    calls.add("/checkIn/info", info);
    calls.add("/checkIn/result", result);
}

#[derive(Deserialize, ToSchema)]
#[schema(as = AskCheckIn)]
struct CheckInRequest {
    /// The class
    class_id: Natural,
    /// The check-in [default: the latest]
    check_id: Option<Text<1, 128>>,
}

/// A check-in. Times are in seconds.
#[derive(Serialize, ToSchema)]
#[schema(as = SheetWire)]
struct CheckInView {
    check_id: String,
    start_time: i64,
    /// When it ends or ended; 0 if it is open until somebody ends it
    end_time: i64,
    /// How long people can answer; 0 for no limit
    time_limit: i64,
    /// Who could answer, and whether they did: everybody for the hosts of the class, only themselves for others
    member_detail: Vec<MemberView>,
    /// How many could answer: students and visitors who are reserved or have been inside
    all_number: i64,
    /// How many answered
    check_in_number: i64,
}

#[derive(Serialize, ToSchema)]
#[schema(as = CheckInMember)]
struct MemberView {
    user_id: String,
    /// 1 answered, 0 not
    check_state: i64,
    /// When the answer came, in seconds; 0 if none came
    check_in_time: i64,
}

impl From<Sheet> for CheckInView {
    fn from(sheet: Sheet) -> Self {
        let member = |(user_id, time): (String, Option<i64>)| MemberView {
            user_id,
            check_state: i64::from(time.is_some()),
            check_in_time: time.map_or(0, seconds),
        };
        Self {
            check_id: sheet.check_in.check_id,
            start_time: seconds(sheet.check_in.start_time),
            end_time: sheet.ends.map_or(0, seconds),
            time_limit: seconds(sheet.check_in.time_limit),
            member_detail: sheet.members.into_iter().map(member).collect(),
            all_number: sheet.pupils,
            check_in_number: sheet.answered,
        }
    }
}

/// Get a check-in
#[utoipa::path(post, path = "/checkIn/info", tag = "component", request_body = CheckInRequest, responses((status = 200, body = Reply<CheckInView>)))]
async fn info(app: Data<AppState>, me: Participant, body: ComponentRequest<CheckInRequest>) -> Answer<CheckInView> {
    show(&app, me, body.0).await
}

/// Get the result of a check-in
#[utoipa::path(post, path = "/checkIn/result", tag = "component", request_body = CheckInRequest, responses((status = 200, body = Reply<CheckInView>)))]
async fn result(app: Data<AppState>, me: Participant, body: ComponentRequest<CheckInRequest>) -> Answer<CheckInView> {
    show(&app, me, body.0).await
}

async fn show(app: &AppState, me: Participant, request: CheckInRequest) -> Answer<CheckInView> {
    let (class_id, check_id) = (request.class_id.0, text(request.check_id));
    let sheet = app
        .db
        .read_slow(move |conn| {
            member::check_sees(conn, ClassId(class_id), &me.user)?;
            let enterprise_id = me.enterprise.enterprise_id;
            check_in::result(conn, enterprise_id, ClassId(class_id), &me.user.user_id, check_id.as_deref())
        })
        .await;
    reply(sheet?.into())
}
