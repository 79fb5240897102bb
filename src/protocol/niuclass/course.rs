//! `/api/courses`, `/api/course/*` and `/api/organization/:id/courses`.

pub(super) mod lesson;
mod view;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpResponse, delete, get, post, put};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::auth::{Body, Caller, Query};
use super::error::ApiError;
use super::reply::{Answer, Done, created, deleted, done, reply};
use super::wire::{About, Address, Int, MaybeName, Name, Natural, Seconds, prose, text};
use crate::clock::{Millis, millis};
use crate::domain::Error;
use crate::domain::ids::{CourseId, OrganizationId};
use crate::domain::school::course;
use crate::domain::school::course::{Course, Patch, Progress};
use crate::domain::tenancy::organization::Resolution;
use crate::state::AppState;
use crate::store::Page;
pub use view::CourseView;
use view::{CourseRow, NewCourseView};

/// The largest page, in rows.
const MAX_ROWS: i64 = 100;

/// Adds the calls.
pub fn configure(config: &mut ServiceConfig) {
    config.service(list).service(create).service(modify).service(info).service(remove).configure(lesson::configure);
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CoursesQuery {
    #[param(inline)]
    limit: Option<Int<1, { i64::MAX }>>,
    #[param(inline)]
    offset: Option<Natural>,
    #[param(inline)]
    start: Option<Seconds>,
    #[param(inline)]
    end: Option<Seconds>,
    #[param(inline)]
    organization_id: Option<Natural>,
}

impl CoursesQuery {
    /// The period of the courses. A missing end of it is unbounded. `None` selects the courses that have not ended.
    fn span(&self) -> Result<Option<(Millis, Millis)>, ApiError> {
        let (from, until) = match (self.start, self.end) {
            (None, None) => return Ok(None),
            (from, until) => {
                (from.map_or(0, |from| millis(from.0)), until.map_or(Millis::MAX, |until| millis(until.0)))
            }
        };
        if until < from { Err(ApiError::invalid("end: must not be before start")) } else { Ok(Some((from, until))) }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = NiuclassCourses)]
struct CoursesView {
    items: Vec<CourseRow>,
}

/// Lists courses.
#[utoipa::path(tag = "niuclass", params(CoursesQuery), responses((status = 200, body = CoursesView)))]
#[get("/courses")]
async fn list(app: Data<AppState>, me: Caller, query: Query<CoursesQuery>) -> Answer<CoursesView> {
    let query = query.0;
    let (span, now) = (query.span()?, app.now());
    let page = Page::at(
        query.offset.map_or(0, |offset| offset.0),
        query.limit.map_or(MAX_ROWS, |limit| limit.0.min(MAX_ROWS)),
    );
    let filter = course::Filter { organization_id: query.organization_id.map(|id| OrganizationId(id.0)), span };
    let access = me.0.clone();
    let read = move |conn: &mut _| course::list(conn, &access.channel, filter, page, now);
    let found = app.db.read_slow(read).await.map_err(|error| match error {
        // The response does not reveal whether the organization exists in another channel.
        Error::NotFound { .. } => ApiError::new(StatusCode::FORBIDDEN, "can't access organization"),
        other => other.into(),
    })?;
    let row = |(course, progress): (Course, Progress)| {
        let live_hls = app.live_of_course(&me.0.enterprise, course.organization_id, course.course_id);
        CourseRow::new(course, progress, live_hls)
    };
    let items = found.into_iter().map(row).collect();
    reply(CoursesView { items })
}

#[derive(Deserialize, ToSchema)]
#[schema(as = NiuclassCourseCreate)]
struct CreateRequest {
    title: Name,
    poster: Option<Address>,
    description: Option<About>,
    max_podium_user: Option<Int<0, 1_000>>,
    clarity: Resolution,
}

/// Creates a course. Another call sets its times and its `duration`.
#[utoipa::path(tag = "niuclass", params(("id" = i64, Path, description = "The organization")), request_body = CreateRequest,
    responses((status = 201, body = view::NewCourseView)))]
#[post("/organization/{id}/courses")]
async fn create(
    app: Data<AppState>,
    me: Caller,
    id: Path<i64>,
    body: Body<CreateRequest>,
) -> Result<HttpResponse, ApiError> {
    let (CreateRequest { title, poster, description, max_podium_user, clarity }, now) = (body.0, app.now());
    let patch = Patch {
        title: Some(title.0),
        poster: text(poster),
        description: prose(description),
        max_podium_user: max_podium_user.map(|at_most| at_most.0),
        clarity: Some(clarity),
        duration: None,
    };
    created(NewCourseView::from(
        app.db.write(move |conn| course::create(conn, &me.0, OrganizationId(*id), patch, now)).await?,
    ))
}

#[derive(Deserialize, ToSchema)]
#[schema(as = NiuclassCourseModify)]
struct ModifyRequest {
    title: Option<MaybeName>,
    poster: Option<Address>,
    description: Option<About>,
    max_podium_user: Option<Int<0, 1_000>>,
    clarity: Option<Resolution>,
    duration: Option<Seconds>,
}

/// Changes the fields of a course that are sent.
#[utoipa::path(tag = "niuclass", params(("id" = i64, Path, description = "The course")), request_body = ModifyRequest, responses((status = 200, body = Done)))]
#[put("/course/{id}")]
async fn modify(app: Data<AppState>, me: Caller, id: Path<i64>, body: Body<ModifyRequest>) -> Answer<Done> {
    let (fields, now) = (body.0, app.now());
    let patch = Patch {
        title: text(fields.title),
        poster: text(fields.poster),
        description: prose(fields.description),
        max_podium_user: fields.max_podium_user.map(|at_most| at_most.0),
        clarity: fields.clarity,
        duration: fields.duration.map(|duration| millis(duration.0)),
    };
    app.db.write(move |conn| course::modify(conn, &me.0, CourseId(*id), patch, now)).await?;
    done()
}

/// Gets a course.
#[utoipa::path(tag = "niuclass", params(("id" = i64, Path, description = "The course")), responses((status = 200, body = CourseView)))]
#[get("/course/{id}")]
async fn info(app: Data<AppState>, me: Caller, id: Path<i64>) -> Answer<CourseView> {
    let now = app.now();
    let access = me.0.clone();
    let details = app.db.read(move |conn| course::details(conn, &access.channel, CourseId(*id), now)).await?;
    let live_hls = app.live_of_course(&me.0.enterprise, details.course.organization_id, details.course.course_id);
    reply(CourseView::new(details, live_hls))
}

/// Deletes a course.
#[utoipa::path(tag = "niuclass", params(("id" = i64, Path, description = "The course")), responses((status = 204)))]
#[delete("/course/{id}")]
async fn remove(app: Data<AppState>, me: Caller, id: Path<i64>) -> Result<HttpResponse, ApiError> {
    let now = app.now();
    app.db.write(move |conn| course::delete(conn, &me.0, CourseId(*id), now)).await?;
    deleted()
}
