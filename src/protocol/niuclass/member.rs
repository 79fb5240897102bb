//! `/api/organization/:id/members`: the members of an organization.

use actix_web::web::{self, Data, Path, ServiceConfig};
use actix_web::{HttpResponse, delete, post, put};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::auth::{Body, Caller};
use super::error::ApiError;
use super::reply::{Answer, Done, created, deleted, done, reply};
use super::wire::{About, Address, MaybeName, Name, Text, UserId, prose, text};
use crate::domain::ids::{MemberId, OrganizationId};
use crate::domain::school::membership;
use crate::domain::school::membership::{Description, MemberKey, Membership, NewMember, OrganizationRole};
use crate::domain::tenancy::quota::Counted;
use crate::domain::tenancy::user;
use crate::domain::tenancy::user::User;
use crate::state::AppState;

/// Adds the calls.
pub fn configure(config: &mut ServiceConfig) {
    config.service(create).service(modify).service(remove);
    // The heading in the protocol's document has the plural, its example the singular.
    for path in ["/organization/{id}/members", "/organization/{id}/member"] {
        config.route(path, web::put().to(set_role));
    }
}

#[derive(Deserialize, ToSchema)]
#[schema(as = NiuclassMemberCreate)]
struct CreateRequest {
    role: OrganizationRole,
    mobile: Text<1, 32>,
    name: Name,
    title: Option<MaybeName>,
    bio: Option<About>,
    avatar: Option<Address>,
    email: Option<Text<0, 254>>,
}

/// A member.
#[derive(Serialize, ToSchema)]
#[schema(as = NiuclassMember)]
struct MemberView {
    user_id: UserId,
    member_id: i64,
    name: String,
    title: String,
    role: OrganizationRole,
    bio: String,
}

impl From<(Membership, User)> for MemberView {
    fn from((membership, user): (Membership, User)) -> Self {
        Self {
            user_id: UserId(membership.user_id),
            member_id: membership.member_id.0,
            name: user.nickname,
            title: membership.title,
            role: membership.role,
            bio: membership.bio,
        }
    }
}

/// Creates a member.
#[utoipa::path(tag = "niuclass", params(("id" = i64, Path, description = "The organization")), request_body = CreateRequest,
    responses((status = 201, body = MemberView)))]
#[post("/organization/{id}/members")]
async fn create(
    app: Data<AppState>,
    me: Caller,
    id: Path<i64>,
    body: Body<CreateRequest>,
) -> Result<HttpResponse, ApiError> {
    let (CreateRequest { role, mobile, name, title, bio, avatar, email }, now) = (body.0, app.now());
    let profile = user::Profile {
        nickname: name.0,
        phone_no: mobile.0,
        avatar: text(avatar).unwrap_or_default(),
        e_mail: text(email).unwrap_or_default(),
    };
    let description = Description { title: text(title).unwrap_or_default(), bio: prose(bio).unwrap_or_default() };
    let new = NewMember { role, profile, description };
    app.check_quota(me.0.enterprise.enterprise_id, Counted::Users, 1).await?;
    let create = move |conn: &mut _| membership::create(conn, &me.0.channel, OrganizationId(*id), new, now);
    created(MemberView::from(app.db.write(create).await?))
}

#[derive(Deserialize, ToSchema)]
#[schema(as = NiuclassRole)]
struct RoleRequest {
    user_id: UserId,
    role: Option<OrganizationRole>,
}

/// Changes the role of a user in an organization.
#[utoipa::path(put, path = "/organization/{id}/members", tag = "niuclass", params(("id" = i64, Path, description = "The organization")), request_body = RoleRequest,
    responses((status = 200, body = Done)))]
async fn set_role(app: Data<AppState>, me: Caller, id: Path<i64>, body: Body<RoleRequest>) -> Answer<Done> {
    let RoleRequest { user_id, role } = body.0;
    app.db.write(move |conn| membership::set_role(conn, &me.0.channel, OrganizationId(*id), &user_id.0, role)).await?;
    done()
}

#[derive(Deserialize, ToSchema)]
#[schema(as = NiuclassMemberModify)]
struct ModifyRequest {
    role: Option<OrganizationRole>,
    name: Option<Name>,
    title: Option<MaybeName>,
    bio: Option<About>,
}

/// The member that a path names.
fn key(ids: Path<(i64, i64)>) -> MemberKey {
    let (organization_id, member_id) = ids.into_inner();
    MemberKey { organization_id: OrganizationId(organization_id), member_id: MemberId(member_id) }
}

/// Changes the fields of a member that are sent.
#[utoipa::path(tag = "niuclass", params(("id" = i64, Path, description = "The organization"), ("member_id" = i64, Path, description = "The member")), request_body = ModifyRequest,
    responses((status = 200, body = MemberView)))]
#[put("/organization/{id}/members/{member_id}")]
async fn modify(
    app: Data<AppState>,
    me: Caller,
    ids: Path<(i64, i64)>,
    body: Body<ModifyRequest>,
) -> Answer<MemberView> {
    let (ModifyRequest { role, name, title, bio }, now) = (body.0, app.now());
    let patch = membership::Patch { role, name: text(name), title: text(title), bio: prose(bio) };
    let modify = move |conn: &mut _| membership::modify(conn, &me.0.channel, key(ids), patch, now);
    reply(app.db.write(modify).await?.into())
}

/// Removes a member from an organization.
#[utoipa::path(tag = "niuclass", params(("id" = i64, Path, description = "The organization"), ("member_id" = i64, Path, description = "The member")), responses((status = 204)))]
#[delete("/organization/{id}/members/{member_id}")]
async fn remove(app: Data<AppState>, me: Caller, ids: Path<(i64, i64)>) -> Result<HttpResponse, ApiError> {
    let now = app.now();
    app.db.write(move |conn| membership::remove(conn, (&me.0.enterprise, &me.0.channel), key(ids), now)).await?;
    deleted()
}
