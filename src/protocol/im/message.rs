//! `/im/org/:id/message`: records that a class was messaged today.

use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpResponse, post};
use serde::Serialize;
use utoipa::ToSchema;

use super::auth::Caller;
use super::error::ApiError;
use crate::domain::classroom;
use crate::domain::ids::{ClassId, EnterpriseId};
use crate::state::AppState;

/// Adds the call.
pub fn configure(config: &mut ServiceConfig) {
    config.service(push);
}

#[derive(Serialize, ToSchema)]
#[schema(as = ImPush)]
struct PushView {
    class_id: i64,
    push_history_record_id: i64,
}

/// Records a message to a class or a course.
#[utoipa::path(tag = "im", params(("class_id" = i64, Path, description = "The class or the course")),
    responses((status = 201, body = PushView)))]
#[post("/org/{class_id}/message")]
async fn push(app: Data<AppState>, caller: Caller, id: Path<i64>) -> Result<HttpResponse, ApiError> {
    let (enterprise_id, class_id, now) = (caller.0, *id, app.now());
    let push_history_record_id = app
        .db
        .write(move |conn| classroom::push::push(conn, EnterpriseId(enterprise_id), ClassId(class_id), now))
        .await?;
    Ok(HttpResponse::Created().json(PushView { class_id, push_history_record_id }))
}
