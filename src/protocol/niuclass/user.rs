//! `/api/user/*`: a user's profile and attendance.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{get, put};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::auth::{Body, Caller, Query};
use super::error::ApiError;
use super::reply::{Answer, Done, done, reply};
use super::wire::{About, Address, MaybeName, Seconds, Text, UserId, prose, text};
use crate::clock::{millis, seconds};
use crate::domain::school::course::Visit;
use crate::domain::school::{course, people};
use crate::domain::tenancy::user;
use crate::state::AppState;

/// The default period of statistics, in seconds: a week.
const DEFAULT_SPAN: i64 = 7 * 86_400;

/// Adds the calls.
pub fn configure(config: &mut ServiceConfig) {
    config.service(profile).service(statistics);
}

#[derive(Deserialize, ToSchema)]
#[schema(as = NiuclassProfile)]
struct ProfileRequest {
    user_id: UserId,
    name: Option<MaybeName>,
    mobile: Option<Text<0, 32>>,
    avatar: Option<Address>,
    email: Option<Text<0, 254>>,
    description: Option<About>,
}

/// Changes the fields of a user that are sent.
#[utoipa::path(tag = "niuclass", request_body = ProfileRequest, responses((status = 200, body = Done)))]
#[put("/user/profile")]
async fn profile(app: Data<AppState>, me: Caller, body: Body<ProfileRequest>) -> Answer<Done> {
    let (ProfileRequest { user_id, name, mobile, avatar, email, description }, now) = (body.0, app.now());
    let patch = user::Patch {
        nickname: text(name),
        phone_no: text(mobile),
        avatar: text(avatar),
        e_mail: text(email),
        description: prose(description),
        ..user::Patch::default()
    };
    app.db.write(move |conn| people::modify_user(conn, &me.0.channel, &user_id.0, patch, now)).await?;
    done()
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct StatisticsQuery {
    #[param(inline)]
    user_id: UserId,
    #[param(inline)]
    start: Option<Seconds>,
    #[param(inline)]
    end: Option<Seconds>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = NiuclassStatistics)]
struct StatisticsView {
    items: Vec<VisitRow>,
}

/// A lesson that the user attended.
#[derive(Serialize, ToSchema)]
#[schema(as = NiuclassVisit)]
struct VisitRow {
    course_id: i64,
    course_name: String,
    /// The scheduled start, in seconds.
    class_start: i64,
    /// The scheduled end, in seconds.
    class_end: i64,
    organization_id: i64,
    /// How long the user was inside during the lesson, in seconds.
    time: i64,
}

impl From<Visit> for VisitRow {
    fn from(visit: Visit) -> Self {
        Self {
            course_id: visit.course_id.0,
            course_name: visit.course_title,
            class_start: seconds(visit.class_start),
            class_end: seconds(visit.class_end),
            organization_id: visit.organization_id.0,
            time: seconds(visit.present),
        }
    }
}

/// Lists the lessons that a user attended, and for how long (later revision).
#[utoipa::path(tag = "niuclass", params(StatisticsQuery), responses((status = 200, body = StatisticsView)))]
#[get("/user/statistics")]
async fn statistics(app: Data<AppState>, me: Caller, query: Query<StatisticsQuery>) -> Answer<StatisticsView> {
    let (StatisticsQuery { user_id, start, end }, now) = (query.0, app.now());
    let until = end.map_or(now, |end| millis(end.0));
    let from = start.map_or(until - millis(DEFAULT_SPAN), |start| millis(start.0));
    if until < from {
        return Err(ApiError::invalid("end: must not be before start"));
    }
    let read = move |conn: &mut _| course::visits(conn, &me.0.channel, &user_id.0, (from, until), now);
    let visits = app.db.read_slow(read).await?;
    reply(StatisticsView { items: visits.into_iter().map(VisitRow::from).collect() })
}
