//! `/paas/v1/business/*`: reading and changing the enterprise itself.

use actix_web::post;
use actix_web::web::{Data, ServiceConfig};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::seconds;
use crate::domain;
use crate::domain::events::endpoint::change_enterprise;
use crate::domain::tenancy::enterprise::{Enterprise, Patch};
use crate::domain::tenancy::settings::{CloudPatch, CloudSettings};
use crate::domain::tenancy::{enterprise, settings};
use crate::protocol::iclass::audited::AuditedCaller;
use crate::protocol::iclass::auth::{Body, Caller};
use crate::protocol::iclass::reply::{Answer, Done, Reply, done, reply};
use crate::protocol::iclass::wire::{Name, Natural, Text, Url, int, text};
use crate::state::AppState;

type Line = Text<0, 256>;

/// Adds the calls.
pub fn configure(config: &mut ServiceConfig) {
    config.service(modify).service(info);
}

#[derive(Deserialize, ToSchema)]
struct ModifyBusiness {
    name: Option<Line>,
    contact_user: Option<Name>,
    phone_no: Option<Name>,
    e_mail: Option<Line>,
    /// The account id in the hosted cloud
    appid: Option<Natural>,
    /// The project in the hosted cloud
    project_id: Option<Natural>,
    /// The key id for the hosted cloud
    secret_id: Option<Line>,
    /// The secret key for the hosted cloud
    secret_key: Option<Line>,
    /// The http or https URL for callbacks; empty for none
    call_back_url: Option<Url>,
}

/// Change the enterprise; only the fields sent change, and an empty string clears a field
#[utoipa::path(tag = "business", request_body = ModifyBusiness, responses((status = 200, body = Reply<Done>)))]
#[post("/business/modify")]
async fn modify(app: Data<AppState>, caller: Caller, by: AuditedCaller, body: Body<ModifyBusiness>) -> Answer<Done> {
    let (sdkappid, request, now) = (caller.0.sdkappid, body.0, app.now());
    let patch = Patch {
        name: text(request.name),
        contact_user: text(request.contact_user),
        phone_no: text(request.phone_no),
        e_mail: text(request.e_mail),
        call_back_url: text(request.call_back_url),
        cloud: CloudPatch {
            appid: int(request.appid),
            project_id: int(request.project_id),
            secret_id: text(request.secret_id),
            secret_key: text(request.secret_key),
            ..CloudPatch::default()
        },
        ..Patch::default()
    };
    app.db.write(move |conn| change_enterprise(conn, sdkappid, patch, &by.0, now)).await?;
    app.enterprises.forget(sdkappid);
    done()
}

#[derive(Serialize, ToSchema)]
struct BusinessInfo {
    enterprise_id: i64,
    sdkappid: i64,
    busi_type: String,
    name: String,
    contact_user: String,
    phone_no: String,
    e_mail: String,
    /// In seconds
    create_time: i64,
    /// How long the enterprise is valid from `create_time`, in seconds
    valid_time: i64,
    super_admin: String,
    icon: String,
    /// Secret: signs requests and callbacks
    tic_key: String,
    /// Secret: signs the tickets for the chat service
    private_key: String,
    bizid: i64,
    call_back_url: String,
    project_id: i64,
    appid: i64,
    secret_id: String,
    /// Secret: the key for the hosted cloud
    secret_key: String,
}

impl From<(Enterprise, CloudSettings)> for BusinessInfo {
    fn from((enterprise, cloud): (Enterprise, CloudSettings)) -> Self {
        Self {
            enterprise_id: enterprise.enterprise_id.0,
            sdkappid: enterprise.sdkappid,
            busi_type: enterprise.busi_type,
            name: enterprise.name,
            contact_user: enterprise.contact_user,
            phone_no: enterprise.phone_no,
            e_mail: enterprise.e_mail,
            create_time: seconds(enterprise.create_time),
            valid_time: enterprise.valid_seconds,
            super_admin: enterprise.super_admin,
            icon: enterprise.icon,
            tic_key: enterprise.tic_key,
            private_key: enterprise.private_key,
            bizid: cloud.bizid,
            call_back_url: enterprise.call_back_url,
            project_id: cloud.project_id,
            appid: cloud.appid,
            secret_id: cloud.secret_id,
            secret_key: cloud.secret_key,
        }
    }
}

/// Takes no parameters.
#[derive(Deserialize, ToSchema)]
#[schema(as = Nothing)]
struct NoParameters {}

/// Get the enterprise, including its secrets
#[utoipa::path(tag = "business", request_body = NoParameters, responses((status = 200, body = Reply<BusinessInfo>)))]
#[post("/business/info")]
async fn info(app: Data<AppState>, caller: Caller, _body: Body<NoParameters>) -> Answer<BusinessInfo> {
    let sdkappid = caller.0.sdkappid;
    let found = app.db.read(move |conn| {
        let enterprise = enterprise::require(conn, sdkappid)?;
        let cloud = settings::cloud(conn, enterprise.enterprise_id)?;
        Ok::<_, domain::Error>((enterprise, cloud))
    });
    reply(found.await?.into())
}
