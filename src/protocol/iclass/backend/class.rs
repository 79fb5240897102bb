//! `/paas/v1/class/*`: creating, changing, finding, starting and stopping classes.

mod fields;
pub mod link;
mod view;

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, post};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::config::ImEngine;
use crate::domain;
use crate::domain::CacheTag;
use crate::domain::classroom::class;
use crate::domain::classroom::class::{Booking, Filter, Once, Status, Type};
use crate::domain::ids::{ClassId, EnterpriseId};
use crate::domain::tenancy::enterprise::Enterprise;
use crate::domain::tenancy::secret;
use crate::protocol::iclass::address;
use crate::protocol::iclass::auth::{Body, Caller, RawBody};
use crate::protocol::iclass::error::ApiError;
use crate::protocol::iclass::reply::{Answer, CachedReply, Done, ListReply, Reply, done, get_or_load, reply, uncached};
use crate::protocol::iclass::wire;
use crate::protocol::iclass::wire::{After, MaybeUserId, Natural, Size, SoughtUserId, page, text};
use crate::service::create_class::create_class;
use crate::state::{AppState, CacheKey};
use crate::store::Page;
use fields::ClassFields;

pub use view::{ClassInfo, ClassRow};

/// The header that makes retries of `class/create` safe.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// Adds the calls.
pub fn configure(config: &mut ServiceConfig) {
    config.service(create).service(delete).service(modify).service(info).service(list).service(start).service(stop);
    config.service(link::make);
}

#[derive(Serialize, ToSchema)]
struct Created {
    /// The id of the class: nine digits
    class_id: i64,
    /// The entry page for the teacher
    teacher_url: String,
    /// The entry page for students
    student_url: String,
    /// The entry page for everybody (later revision)
    url: String,
}

/// Create a class
///
/// With the header `Idempotency-Key` a request may be retried for 24 hours: it gets the first response and creates no
/// second class.
#[utoipa::path(tag = "class", request_body = ClassFields, responses((status = 200, body = Reply<Created>)),
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters")))]
#[post("/class/create")]
async fn create(
    app: Data<AppState>,
    caller: Caller,
    request: HttpRequest,
    raw: RawBody,
    body: Body<ClassFields>,
) -> Answer<Created> {
    let once = idempotency(&request, &raw)?;
    let patch = body.0.into_patch()?;
    if app.config.chat.engine == ImEngine::Tencent {
        for (field, value) in [("admin_id", &patch.admin_id), ("admin_sig", &patch.admin_sig)] {
            if value.as_deref().unwrap_or_default().is_empty() {
                return Err(ApiError::invalid(format!("{field}: missing; the hosted chat service needs it")));
            }
        }
    }
    let Enterprise { enterprise_id, sdkappid, .. } = *caller.0;
    let booking = Booking { enterprise_id, sdkappid, once, patch, now: app.now() };
    let class_id = match app.check_new_classes(enterprise_id, 1).await {
        Ok(()) => create_class(&app.db, &app.clock, app.hosted_groups.as_deref(), booking).await?,
        // A repeated request makes no class, so that no limit stops it.
        Err(refusal) => app.db.read(move |conn| booking.earlier(conn)).await?.ok_or(refusal)?,
    };
    let at = app.public_url.as_str();
    reply(Created {
        class_id: class_id.0,
        teacher_url: address::host_page(at, sdkappid, class_id),
        student_url: address::pupil_page(at, sdkappid, class_id),
        url: address::class_page(at, sdkappid, class_id),
    })
}

fn idempotency(request: &HttpRequest, raw: &RawBody) -> Result<Option<Once>, ApiError> {
    let Some(header) = request.headers().get(IDEMPOTENCY_KEY) else { return Ok(None) };
    let key =
        header.to_str().ok().filter(|key| (1..=255).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic()));
    let key = key.ok_or_else(|| ApiError::invalid("Idempotency-Key: must be 1 to 255 visible ASCII characters"))?;
    // The hash is over the parsed JSON without the signature. A retry may have a new signature and another order of fields.
    let mut fields: serde_json::Map<String, serde_json::Value> = wire::parse(&raw.0)?;
    fields.remove("sign");
    fields.remove("expire_time");
    let text = serde_json::Value::Object(fields).to_string();
    Ok(Some(Once { key: key.to_owned(), body_hash: secret::hex(&Sha256::digest(text)) }))
}

/// Identifies a class.
#[derive(Deserialize, ToSchema)]
pub struct ClassRef {
    /// The class
    pub class_id: Natural,
}

/// Delete a class that is not in progress
#[utoipa::path(tag = "class", request_body = ClassRef, responses((status = 200, body = Reply<Done>)))]
#[post("/class/delete")]
async fn delete(app: Data<AppState>, caller: Caller, body: Body<ClassRef>) -> Answer<Done> {
    let (class_id, now) = (body.0.class_id.0, app.now());
    app.db.write(move |conn| class::delete(conn, &caller.0, ClassId(class_id), now)).await?;
    done()
}

/// Change a class that has not started; only the fields sent change, and `members` replaces the whole list
///
/// Takes `class_id` and the fields of class/create.
#[utoipa::path(tag = "class", request_body = ModifyClass, responses((status = 200, body = Reply<Done>)))]
#[post("/class/modify")]
async fn modify(app: Data<AppState>, caller: Caller, which: Body<ClassRef>, body: Body<ClassFields>) -> Answer<Done> {
    let (class_id, patch, now) = (which.0.class_id.0, body.0.into_patch()?, app.now());
    app.db.write(move |conn| class::modify(conn, &caller.0, ClassId(class_id), patch, now)).await?;
    done()
}

/// The body of class/modify in the OpenAPI description. The handler parses it as both types.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body")]
struct ModifyClass {
    #[schema(inline)]
    #[serde(flatten)]
    which: ClassRef,
    #[serde(flatten)]
    fields: ClassFields,
}

/// Get a class
#[utoipa::path(tag = "class", request_body = ClassRef, responses((status = 200, body = Reply<ClassInfo>)))]
#[post("/class/info")]
async fn info(app: Data<AppState>, caller: Caller, body: Body<ClassRef>) -> Result<CachedReply, ApiError> {
    show(&app, caller.0.enterprise_id, ClassId(body.0.class_id.0)).await
}

/// Responds with a class.
async fn show(app: &AppState, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<CachedReply, ApiError> {
    let tags = vec![CacheTag::Class(class_id)];
    let key = CacheKey { call: "class/info", enterprise_id, about: class_id.to_string() };
    let load = async { app.class_reads.class(&app.db, enterprise_id, class_id).await.map(ClassInfo::from) };
    get_or_load(app, key, tags, load).await
}

/// The filter and page of a list of classes.
#[derive(Deserialize, ToSchema)]
pub struct ListClasses {
    /// Rows to skip [default: 0]
    index: Option<Natural>,
    /// Rows to return, at most 100 [default: 100]
    size: Option<Size>,
    /// Used instead of `index`: empty for the first page, then the `next` of the page before. Costs the same anywhere in the list
    after: Option<After>,
    /// Only the classes this user is reserved for
    #[schema(value_type = Option<MaybeUserId>)]
    user_id: Option<SoughtUserId>,
    /// Newest first [default: true]
    create_time_desc: Option<bool>,
    /// Only these [default: all]
    class_status: Option<Vec<Status>>,
    /// Only these [default: all]
    class_type: Option<Vec<Type>>,
}

impl ListClasses {
    /// The filter and the page.
    pub fn into_filter(self) -> Result<(Filter, Page), ApiError> {
        let filter = Filter {
            user_id: self.user_id.map(|id| id.as_text()).filter(|id| !id.is_empty()),
            statuses: self.class_status.unwrap_or_default(),
            types: self.class_type.unwrap_or_default(),
            newest_first: self.create_time_desc.unwrap_or(true),
        };
        Ok((filter, page(self.index, self.size, self.after)?))
    }
}

/// List classes by creation time
#[utoipa::path(tag = "class", request_body = ListClasses, responses((status = 200, body = Reply<ListReply<ClassRow>>)))]
#[post("/class/list")]
async fn list(app: Data<AppState>, caller: Caller, body: Body<ListClasses>) -> Result<CachedReply, ApiError> {
    let (filter, page) = body.0.into_filter()?;
    show_list(&app, caller.0.enterprise_id, filter, page).await
}

/// Responds with a page of classes.
pub async fn show_list(
    app: &AppState,
    enterprise_id: EnterpriseId,
    filter: Filter,
    page: Page,
) -> Result<CachedReply, ApiError> {
    // What a user has reserved changes without a change of a class, so that only the lists of all classes are kept.
    let about = filter.user_id.is_none().then(|| format!("{filter:?} {page:?}"));
    let effort = filter.effort(page);
    let load = app.db.read_by(effort, move |conn| {
        let classes = class::list(conn, enterprise_id, &filter, page)?;
        Ok::<_, domain::Error>(ListReply::new(classes, ClassRow::from))
    });
    let Some(about) = about else { return Ok(uncached(load.await?)) };
    let key = CacheKey { call: "class/list", enterprise_id, about };
    get_or_load(app, key, vec![CacheTag::Classes(enterprise_id)], load).await
}

#[derive(Deserialize, ToSchema)]
#[schema(as = GiveClass)]
struct StartStopRequest {
    /// The class
    class_id: Natural,
    /// Who starts or stops it (later revision): its teacher or assistant
    teacher_id: Option<MaybeUserId>,
}

impl StartStopRequest {
    fn host(self) -> Option<String> {
        text(self.teacher_id).filter(|id| !id.is_empty())
    }
}

/// Start a class
#[utoipa::path(tag = "class", request_body = StartStopRequest, responses((status = 200, body = Reply<Done>)))]
#[post("/class/start")]
async fn start(app: Data<AppState>, caller: Caller, body: Body<StartStopRequest>) -> Answer<Done> {
    let (class_id, host, now) = (body.0.class_id.0, body.0.host(), app.now());
    let recorder = app.recorder();
    app.db
        .write(move |conn| {
            let actor = class::Via::Api.by(host.as_deref());
            class::start(conn, &caller.0, ClassId(class_id), actor, recorder, now)
        })
        .await?;
    done()
}

/// Stop a class; this ends all sessions
#[utoipa::path(tag = "class", request_body = StartStopRequest, responses((status = 200, body = Reply<Done>)))]
#[post("/class/stop")]
async fn stop(app: Data<AppState>, caller: Caller, body: Body<StartStopRequest>) -> Answer<Done> {
    let (class_id, host, now) = (body.0.class_id.0, body.0.host(), app.now());
    app.db
        .write(move |conn| class::stop(conn, &caller.0, ClassId(class_id), class::Via::Api.by(host.as_deref()), now))
        .await?;
    done()
}
