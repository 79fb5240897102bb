//! The lesson times of a course, its members, and messages sent to its chat group from outside.

use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpResponse, delete, post, put};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::clock::millis;
use crate::domain::ids::{CourseId, MemberId};
use crate::domain::school::course;
use crate::domain::school::course::{Plan, Post, Repeat, Time};
use crate::domain::tenancy::user::Role;
use crate::protocol::niuclass::auth::{Body, Caller};
use crate::protocol::niuclass::error::ApiError;
use crate::protocol::niuclass::reply::{Answer, Done, deleted, done};
use crate::protocol::niuclass::wire::{Address, Day, Int, Name, Natural, Prose, Record, Seconds, TimeOfDay};
use crate::state::AppState;

/// Adds the calls.
pub fn configure(config: &mut ServiceConfig) {
    config.service(set_times).service(put_member).service(remove_member).service(post_message);
}

#[derive(Deserialize, ToSchema)]
#[schema(as = NiuclassTimes)]
struct TimesRequest {
    duration: Seconds,
    period: Option<Natural>,
    #[schema(value_type = Vec<TimeFields>)]
    times: Vec<Record<TimeFields>>,
}

#[derive(Deserialize, ToSchema)]
#[schema(as = NiuclassTime)]
struct TimeFields {
    start: Day,
    class_start: TimeOfDay,
    repeat: Repeat,
    /// The table of the protocol's document has `point`, its examples have `points`.
    point: Option<Vec<Int<1, 7>>>,
    points: Option<Vec<Int<1, 7>>>,
}

impl From<TimeFields> for Time {
    fn from(fields: TimeFields) -> Self {
        let points = fields.points.or(fields.point).unwrap_or_default();
        Self {
            start: fields.start.0,
            class_start: fields.class_start.0,
            repeat: fields.repeat,
            points: points.iter().filter_map(|point| u8::try_from(point.0).ok()).collect(),
        }
    }
}

/// Sets the lesson times of a course.
#[utoipa::path(tag = "niuclass", params(("id" = i64, Path, description = "The course")), request_body = TimesRequest, responses((status = 200, body = Done)))]
#[put("/course/{id}/times")]
async fn set_times(app: Data<AppState>, me: Caller, id: Path<i64>, body: Body<TimesRequest>) -> Answer<Done> {
    let (TimesRequest { duration, period, times }, now) = (body.0, app.now());
    let plan = Plan {
        duration: millis(duration.0),
        period: period.map_or(0, |period| period.0),
        times: times.into_iter().map(|Record(time)| time.into()).collect(),
    };
    app.check_new_classes(me.0.enterprise.enterprise_id, plan.lessons()).await?;
    app.db.write(move |conn| course::set_times(conn, &me.0, CourseId(*id), &plan, now)).await?;
    done()
}

/// The role of a member in a course.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[schema(as = NiuclassCourseRole)]
#[serde(rename_all = "lowercase")]
enum CourseRole {
    Student,
    Teacher,
}

#[derive(Deserialize, ToSchema)]
#[schema(as = NiuclassCourseMember)]
struct RoleRequest {
    role: CourseRole,
}

/// Adds a member of the organization to a course.
#[utoipa::path(tag = "niuclass", params(("id" = i64, Path, description = "The course"), ("member_id" = i64, Path, description = "The member")), request_body = RoleRequest,
    responses((status = 200, body = Done)))]
#[put("/course/{id}/members/{member_id}")]
async fn put_member(app: Data<AppState>, me: Caller, ids: Path<(i64, i64)>, body: Body<RoleRequest>) -> Answer<Done> {
    let (id, member_id) = ids.into_inner();
    let role = match body.0.role {
        CourseRole::Student => Role::Student,
        CourseRole::Teacher => Role::Teacher,
    };
    let (member_id, now) = (MemberId(member_id), app.now());
    app.db.write(move |conn| course::put_member(conn, &me.0.channel, CourseId(id), member_id, role, now)).await?;
    done()
}

/// Removes a member from a course.
#[utoipa::path(tag = "niuclass", params(("id" = i64, Path, description = "The course"), ("member_id" = i64, Path, description = "The member")), responses((status = 204)))]
#[delete("/course/{id}/members/{member_id}")]
async fn remove_member(app: Data<AppState>, me: Caller, ids: Path<(i64, i64)>) -> Result<HttpResponse, ApiError> {
    let ((id, member_id), now) = (ids.into_inner(), app.now());
    app.db.write(move |conn| course::remove_member(conn, &me.0, CourseId(id), MemberId(member_id), now)).await?;
    deleted()
}

#[derive(Deserialize, ToSchema)]
#[schema(as = NiuclassMessage)]
struct MessageRequest {
    name: Name,
    text: Prose<1, 8_192>,
    avatar: Address,
    timestamp: Seconds,
}

/// Sends a message to the chat group of a course. The sender is not a registered user.
#[utoipa::path(tag = "niuclass", params(("id" = i64, Path, description = "The course")), request_body = MessageRequest, responses((status = 200, body = Done)))]
#[post("/course/{id}/customim")]
async fn post_message(app: Data<AppState>, me: Caller, id: Path<i64>, body: Body<MessageRequest>) -> Answer<Done> {
    let (MessageRequest { name, text, avatar, timestamp }, now) = (body.0, app.now());
    let enterprise_id = me.0.enterprise.enterprise_id;
    app.check_new_message(enterprise_id, None).await?;
    let text = app.word_filter(enterprise_id).await?.mask(text.0);
    let message = Post { name: name.0, avatar: avatar.0, text, time: millis(timestamp.0) };
    app.db.write(move |conn| course::post(conn, &me.0, CourseId(*id), message, now)).await?;
    done()
}
