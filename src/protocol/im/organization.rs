//! `/im/org/:id`: the groups and contacts of an organization.

use actix_web::get;
use actix_web::web::{Data, Json, Path, ServiceConfig};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::auth::{Caller, Fields};
use super::error::ApiError;
use super::wire::{Identity, Int};
use crate::domain::chat::group;
use crate::domain::chat::group::Group;
use crate::domain::ids::{EnterpriseId, OrganizationId};
use crate::domain::school::contact;
use crate::state::AppState;
use crate::store::Page;

/// The default page size.
const PER_PAGE: i64 = 20;
/// The protocol's value for a missing avatar.
const NO_AVATAR: &str = "0";

/// Adds the calls.
pub fn configure(config: &mut ServiceConfig) {
    config.service(groups).service(contacts);
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PageQuery {
    #[param(inline)]
    page: Option<Int<1, 1_000_000_000>>,
    #[param(inline)]
    per_page: Option<Int<1, 1_000>>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ImGroups)]
struct Groups {
    total_count: i64,
    data: Vec<GroupRow>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ImGroupRow)]
struct GroupRow {
    id: i64,
    group_name: String,
    /// Empty for none.
    group_avatar: String,
}

/// Lists the groups of an organization.
#[utoipa::path(tag = "im", params(("organization_id" = i64, Path, description = "The organization"), PageQuery), responses((status = 200, body = Groups)))]
#[get("/org/{organization_id}/groups")]
async fn groups(
    app: Data<AppState>,
    caller: Caller,
    id: Path<i64>,
    query: Fields<PageQuery>,
) -> Result<Json<Groups>, ApiError> {
    let enterprise_id = caller.0;
    let size = query.0.per_page.map_or(PER_PAGE, |size| size.0);
    let before = query.0.page.map_or(0, |page| page.0 - 1);
    let page = Page::at(before * size, size);
    let read = move |conn: &mut _| group::of_organization(conn, EnterpriseId(enterprise_id), OrganizationId(*id), page);
    let found = app.db.read_slow(read).await?;
    let row = |group: Group| GroupRow { id: group.id, group_name: group.name, group_avatar: group.avatar };
    let data = found.rows.into_iter().map(row).collect();
    Ok(Json(Groups { total_count: found.total, data }))
}

#[derive(Serialize, ToSchema)]
#[schema(as = ImContacts)]
struct Contacts {
    data: Vec<Contact>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ImContact)]
struct Contact {
    id: Identity,
    avatar: String,
    name: String,
    #[serde(rename = "type")]
    kind: &'static str,
}

impl Contact {
    fn new(id: String, avatar: String, name: String, kind: &'static str) -> Self {
        let avatar = if avatar.is_empty() { NO_AVATAR.to_owned() } else { avatar };
        Self { id: Identity(id), avatar, name, kind }
    }
}

/// Lists the contacts of an organization: its groups, teachers and students.
#[utoipa::path(tag = "im", params(("organization_id" = i64, Path, description = "The organization")), responses((status = 200, body = Contacts)))]
#[get("/org/{organization_id}/contacts")]
async fn contacts(app: Data<AppState>, caller: Caller, id: Path<i64>) -> Result<Json<Contacts>, ApiError> {
    let enterprise_id = caller.0;
    let read = move |conn: &mut _| contact::of_organization(conn, EnterpriseId(enterprise_id), OrganizationId(*id));
    let found = app.db.read_slow(read).await?;
    let group_contacts =
        found.groups.into_iter().map(|group| Contact::new(group.id.to_string(), group.avatar, group.name, "group"));
    let people = found.people.into_iter().map(|user| Contact::new(user.user_id, user.avatar, user.nickname, "user"));
    Ok(Json(Contacts { data: group_contacts.chain(people).collect() }))
}
