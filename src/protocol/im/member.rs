//! `/im/group/:id/member`: the members of a group. They need not be registered users.

use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpResponse, delete, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::auth::{Caller, Fields};
use super::error::{ApiError, Code};
use super::wire::Ids;
use crate::domain::chat::group;
use crate::domain::ids::EnterpriseId;
use crate::state::AppState;

/// Adds the calls.
pub fn configure(config: &mut ServiceConfig) {
    config.service(add).service(remove);
}

#[derive(Deserialize, ToSchema)]
#[schema(as = ImMembersChange)]
struct MembersRequest {
    member_client_ids: Ids,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ImMembers)]
struct MembersView {
    group_id: i64,
    member_client_ids: Ids,
}

/// Adds members to a group.
#[utoipa::path(tag = "im", params(("group_id" = i64, Path, description = "The group")), request_body(content((MembersRequest = "application/json"), (MembersRequest = "application/x-www-form-urlencoded"))), responses((status = 201, body = MembersView)))]
#[post("/group/{group_id}/member")]
async fn add(
    app: Data<AppState>,
    caller: Caller,
    id: Path<i64>,
    fields: Fields<MembersRequest>,
) -> Result<HttpResponse, ApiError> {
    let (enterprise_id, group_id, member_client_ids) = (caller.0, *id, fields.0.member_client_ids);
    let user_ids = member_client_ids.0.clone();
    let added =
        app.db.write(move |conn| group::add_members(conn, EnterpriseId(enterprise_id), group_id, &user_ids)).await;
    added.map_err(ApiError::of(Code::AddMember))?;
    Ok(HttpResponse::Created().json(MembersView { group_id, member_client_ids }))
}

/// Removes members from a group.
#[utoipa::path(tag = "im", params(("group_id" = i64, Path, description = "The group")), request_body(content((MembersRequest = "application/json"), (MembersRequest = "application/x-www-form-urlencoded"))), responses((status = 204)))]
#[delete("/group/{group_id}/member")]
async fn remove(
    app: Data<AppState>,
    caller: Caller,
    id: Path<i64>,
    fields: Fields<MembersRequest>,
) -> Result<HttpResponse, ApiError> {
    let (enterprise_id, user_ids) = (caller.0, fields.0.member_client_ids.0);
    let removed =
        app.db.write(move |conn| group::remove_members(conn, EnterpriseId(enterprise_id), *id, &user_ids)).await;
    removed.map_err(ApiError::of(Code::DeleteMember))?;
    Ok(HttpResponse::NoContent().finish())
}
