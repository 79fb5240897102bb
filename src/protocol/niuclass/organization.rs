//! `/api/organization`: creating and changing organizations.

use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpResponse, post, put};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::auth::{Body, Caller};
use super::error::ApiError;
use super::reply::{Answer, created, reply};
use super::wire::{About, Address, Int, MaybeName, UserId, prose, text};
use crate::domain::ids::OrganizationId;
use crate::domain::school;
use crate::domain::tenancy::organization::{Organization, Patch, Resolution};
use crate::state::AppState;

/// Adds the calls.
pub fn configure(config: &mut ServiceConfig) {
    config.service(create).service(modify);
}

#[derive(Deserialize, ToSchema)]
#[schema(as = NiuclassOrganizationModify)]
struct Fields {
    name: Option<MaybeName>,
    slogan: Option<About>,
    description: Option<About>,
    logo: Option<Address>,
    company: Option<MaybeName>,
    max_podium_user: Option<Int<0, 1_000>>,
    max_clarity: Option<Resolution>,
    callback_url: Option<Address>,
}

impl From<Fields> for Patch {
    fn from(fields: Fields) -> Self {
        Self {
            name: text(fields.name),
            slogan: prose(fields.slogan),
            description: prose(fields.description),
            logo: text(fields.logo),
            company: text(fields.company),
            max_podium_user: fields.max_podium_user.map(|at_most| at_most.0),
            max_clarity: fields.max_clarity,
            callback_url: text(fields.callback_url),
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[schema(as = NiuclassOrganizationCreate)]
struct CreateRequest {
    organization_owner: UserId,
    #[serde(flatten)]
    fields: Fields,
}

/// An organization.
#[derive(Serialize, ToSchema)]
#[schema(as = NiuclassOrganization)]
struct OrganizationView {
    id: i64,
    name: String,
    slogan: String,
    description: String,
    logo: String,
    company: String,
    max_podium_user: i64,
    max_clarity: Resolution,
    callback_url: String,
}

impl From<Organization> for OrganizationView {
    fn from(organization: Organization) -> Self {
        Self {
            id: organization.organization_id.0,
            name: organization.name,
            slogan: organization.slogan,
            description: organization.description,
            logo: organization.logo,
            company: organization.company,
            max_podium_user: organization.max_podium_user,
            max_clarity: organization.max_clarity,
            callback_url: organization.callback_url,
        }
    }
}

/// Creates an organization.
#[utoipa::path(tag = "niuclass", request_body = CreateRequest, responses((status = 201, body = OrganizationView)))]
#[post("/organization")]
async fn create(app: Data<AppState>, me: Caller, body: Body<CreateRequest>) -> Result<HttpResponse, ApiError> {
    let (CreateRequest { organization_owner, fields }, now) = (body.0, app.now());
    if fields.name.is_none() {
        return Err(ApiError::invalid("missing field `name`"));
    }
    let create = move |conn: &mut _| {
        school::organization::create(conn, &me.0.channel, &organization_owner.0, fields.into(), now)
    };
    created(OrganizationView::from(app.db.write(create).await?))
}

/// Changes the fields of an organization that are sent.
#[utoipa::path(tag = "niuclass", params(("id" = i64, Path, description = "The organization")), request_body = Fields, responses((status = 200, body = OrganizationView)))]
#[put("/organization/{id}")]
async fn modify(app: Data<AppState>, me: Caller, id: Path<i64>, body: Body<Fields>) -> Answer<OrganizationView> {
    let (id, now) = (id.into_inner(), app.now());
    let modify =
        move |conn: &mut _| school::organization::modify(conn, &me.0.channel, OrganizationId(id), body.0.into(), now);
    reply(app.db.write(modify).await?.into())
}
