//! When a course has lessons, who is in them, and what is said in them from outside.

use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpResponse, delete, post, put};
use serde::Deserialize;

use crate::clock::millis;
use crate::domain::school::course;
use crate::domain::school::course::{Plan, Post, Repeat, Time};
use crate::domain::tenancy::user::Role;
use crate::protocol::niuclass::auth::{Body, Caller};
use crate::protocol::niuclass::error::ApiError;
use crate::protocol::niuclass::reply::{Answer, Done, done, gone};
use crate::protocol::niuclass::wire::{Address, Day, Int, Name, Natural, Prose, Record, Seconds, TimeOfDay};
use crate::state::AppState;

/// Adds the calls.
pub fn configure(config: &mut ServiceConfig) {
    config.service(set_times).service(put_member).service(remove_member).service(post_message);
}

#[derive(Deserialize)]
struct Times {
    duration: Seconds,
    period: Option<Natural>,
    times: Vec<Record<TimeFields>>,
}

#[derive(Deserialize)]
struct TimeFields {
    start: Day,
    class_start: TimeOfDay,
    repeat: Repeat,
    /// The table of the document has it in the singular, its examples in the plural.
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

/// Give a course its times.
#[put("/course/{id}/times")]
async fn set_times(app: Data<AppState>, me: Caller, id: Path<i64>, body: Body<Times>) -> Answer<Done> {
    let (Times { duration, period, times }, now) = (body.0, app.now());
    let plan = Plan {
        duration: millis(duration.0),
        period: period.map_or(0, |period| period.0),
        times: times.into_iter().map(|Record(time)| time.into()).collect(),
    };
    app.db.write(move |conn| course::set_times(conn, &me.0.channel, *id, &plan, now)).await?;
    done()
}

/// What somebody is in a course.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum CourseRole {
    Student,
    Teacher,
}

#[derive(Deserialize)]
struct RoleOf {
    role: CourseRole,
}

/// Put a member of the organization into a course.
#[put("/course/{id}/members/{member_id}")]
async fn put_member(app: Data<AppState>, me: Caller, ids: Path<(i64, i64)>, body: Body<RoleOf>) -> Answer<Done> {
    let (id, member_id) = ids.into_inner();
    let role = match body.0.role {
        CourseRole::Student => Role::Student,
        CourseRole::Teacher => Role::Teacher,
    };
    app.db.write(move |conn| course::put_member(conn, &me.0.channel, id, member_id, role)).await?;
    done()
}

/// Take a member out of a course.
#[delete("/course/{id}/members/{member_id}")]
async fn remove_member(app: Data<AppState>, me: Caller, ids: Path<(i64, i64)>) -> Result<HttpResponse, ApiError> {
    let (id, member_id) = ids.into_inner();
    app.db.write(move |conn| course::remove_member(conn, &me.0.channel, id, member_id)).await?;
    gone()
}

#[derive(Deserialize)]
struct Said {
    name: Name,
    text: Prose<1, 8_192>,
    avatar: Address,
    timestamp: Seconds,
}

/// Say something in the group of a course, as somebody who is no user.
#[post("/course/{id}/customim")]
async fn post_message(app: Data<AppState>, me: Caller, id: Path<i64>, body: Body<Said>) -> Answer<Done> {
    let (Said { name, text, avatar, timestamp }, now) = (body.0, app.now());
    let said = Post { name: name.0, avatar: avatar.0, text: text.0, time: millis(timestamp.0) };
    app.db.write(move |conn| course::post(conn, &me.0, *id, said, now)).await?;
    done()
}
