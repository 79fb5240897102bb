//! `/im/group`: creating, renaming and deleting groups.

use actix_web::web::{Data, Json, Path, ServiceConfig};
use actix_web::{HttpResponse, delete, post, put};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::auth::{Caller, Fields};
use super::error::{ApiError, Code};
use super::wire::{ConversationId, Ids, Natural, NumberOrText, Text};
use crate::domain::chat::group;
use crate::domain::chat::group::FreeGroup;
use crate::domain::ids::{EnterpriseId, OrganizationId};
use crate::domain::tenancy::quota::Counted;
use crate::state::AppState;

/// The default name of a group.
const DEFAULT_NAME: &str = "群聊";

/// Adds the calls.
pub fn configure(config: &mut ServiceConfig) {
    config.service(create).service(rename).service(remove);
}

type Name = Text<1, 128>;

#[derive(Deserialize, ToSchema)]
#[schema(as = ImGroupCreate)]
struct CreateRequest {
    group_name: Option<Name>,
    member_client_ids: Option<Ids>,
    organization_id: Option<Natural>,
    conversion_id: Option<ConversationId>,
    conversation_id: Option<ConversationId>,
    group_avatar: Option<Text<1, 2048>>,
}

/// A new group.
#[derive(Serialize, ToSchema)]
#[schema(as = ImGroup)]
struct GroupView {
    group_id: i64,
    group_name: String,
    member_client_ids: Ids,
    organization_id: i64,
    // Only the spelling of the request is in the response.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<NumberOrText<0, 128>>)]
    conversion_id: Option<ConversationId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<NumberOrText<0, 128>>)]
    conversation_id: Option<ConversationId>,
    group_avatar: String,
}

/// Creates a group.
#[utoipa::path(tag = "im", request_body(content((CreateRequest = "application/json"), (CreateRequest = "application/x-www-form-urlencoded"))), responses((status = 201, body = GroupView)))]
#[post("/group")]
async fn create(app: Data<AppState>, caller: Caller, fields: Fields<CreateRequest>) -> Result<HttpResponse, ApiError> {
    let (enterprise_id, now, new) = (caller.0, app.now(), fields.0);
    let has_new_spelling = new.conversion_id.is_none() && new.conversation_id.is_some();
    let conversation_id = new.conversion_id.or(new.conversation_id);
    let member_client_ids = new.member_client_ids.unwrap_or_default();
    let group = FreeGroup {
        name: new.group_name.map_or_else(|| DEFAULT_NAME.to_owned(), |name| name.0),
        avatar: new.group_avatar.map_or_else(String::new, |avatar| avatar.0),
        organization_id: OrganizationId(new.organization_id.map_or(OrganizationId(0).0, |id| id.0)),
        conversation_id: conversation_id.as_ref().map_or_else(String::new, ConversationId::as_text),
        member_ids: member_client_ids.0.clone(),
    };
    app.check_quota(EnterpriseId(enterprise_id), Counted::Groups, 1).await?;
    let created = app.db.write(move |conn| group::create(conn, EnterpriseId(enterprise_id), group, now)).await;
    let created = created.map_err(ApiError::of(Code::Create))?;
    let conversation_id = conversation_id.or_else(|| Some(ConversationId::Text(Text(String::new()))));
    let (conversion_id, conversation_id) =
        if has_new_spelling { (None, conversation_id) } else { (conversation_id, None) };
    Ok(HttpResponse::Created().json(GroupView {
        group_id: created.id,
        group_name: created.name,
        member_client_ids,
        organization_id: created.organization_id.unwrap_or_default().0,
        conversion_id,
        conversation_id,
        group_avatar: created.avatar,
    }))
}

#[derive(Deserialize, ToSchema)]
#[schema(as = ImGroupName)]
struct RenameRequest {
    group_name: Name,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ImGroupRenamed)]
struct RenameView {
    group_name: String,
}

/// Renames a group.
#[utoipa::path(tag = "im", params(("group_id" = i64, Path, description = "The group")), request_body(content((RenameRequest = "application/json"), (RenameRequest = "application/x-www-form-urlencoded"))), responses((status = 200, body = RenameView)))]
#[put("/group/{group_id}")]
async fn rename(
    app: Data<AppState>,
    caller: Caller,
    id: Path<i64>,
    fields: Fields<RenameRequest>,
) -> Result<Json<RenameView>, ApiError> {
    let (enterprise_id, group_name) = (caller.0, fields.0.group_name.0);
    let name = group_name.clone();
    let renamed = app.db.write(move |conn| group::rename(conn, EnterpriseId(enterprise_id), *id, &name)).await;
    renamed.map_err(ApiError::of(Code::Update))?;
    Ok(Json(RenameView { group_name }))
}

/// Deletes a group.
#[utoipa::path(tag = "im", params(("group_id" = i64, Path, description = "The group")), responses((status = 204)))]
#[delete("/group/{group_id}")]
async fn remove(app: Data<AppState>, caller: Caller, id: Path<i64>) -> Result<HttpResponse, ApiError> {
    let enterprise_id = caller.0;
    let removed = app.db.write(move |conn| group::remove(conn, EnterpriseId(enterprise_id), *id)).await;
    removed.map_err(ApiError::of(Code::Delete))?;
    Ok(HttpResponse::NoContent().finish())
}
