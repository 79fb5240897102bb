//! `/paas/v1/class/*`: reserving, changing, finding, beginning and ending classes.

mod fields;

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, post};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use fields::ClassFields;

use super::member::MemberWire;
use crate::clock::seconds;
use crate::config::ImEngine;
use crate::db::Conn;
use crate::domain;
use crate::domain::CacheTag;
use crate::domain::chat::group;
use crate::domain::classroom::class;
use crate::domain::classroom::class::{
    Booking, Class, Filter, Listed, LiveType, Member, Once, RecordType, Status, Type,
};
use crate::domain::tenancy::enterprise::Enterprise;
use crate::domain::tenancy::secret;
use crate::protocol::iclass::auth::{Body, Caller, RawBody};
use crate::protocol::iclass::error::ApiError;
use crate::protocol::iclass::reply::{Answer, Done, ListReply, Reply, Told, done, get_or_load, reply};
use crate::protocol::iclass::wire;
use crate::protocol::iclass::wire::{After, MaybeUserId, Natural, Size, page, text};
use crate::state::AppState;
use crate::store::Page;

/// The header under which a `class/create` may be sent again.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// Adds the calls.
pub fn configure(config: &mut ServiceConfig) {
    config.service(create).service(delete).service(modify).service(info).service(list).service(start).service(stop);
}

#[derive(Serialize, ToSchema)]
struct Created {
    /// The id of the class: nine digits
    class_id: i64,
    /// Where the teacher enters
    teacher_url: String,
    /// Where students enter
    student_url: String,
    /// Where everybody enters (later revision)
    url: String,
}

/// Reserve a class
///
/// Under the header `Idempotency-Key` a request may be sent again for 24 hours: it gets the first answer and makes no
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
    let class_id = app.chat.book(Booking { enterprise_id, sdkappid, once, patch, now: app.now() }).await?;
    let url = format!("{}/{}/{class_id}", app.public_url, sdkappid);
    reply(Created { class_id, teacher_url: format!("{url}/0"), student_url: format!("{url}/1"), url })
}

fn idempotency(request: &HttpRequest, raw: &RawBody) -> Result<Option<Once>, ApiError> {
    let Some(header) = request.headers().get(IDEMPOTENCY_KEY) else { return Ok(None) };
    let key =
        header.to_str().ok().filter(|key| (1..=255).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic()));
    let key = key.ok_or_else(|| ApiError::invalid("Idempotency-Key: must be 1 to 255 visible ASCII characters"))?;
    // Read as JSON, so that neither a new signature in the body nor another order of the fields makes it another request.
    let mut asked: serde_json::Map<String, serde_json::Value> = wire::parse(&raw.0)?;
    asked.remove("sign");
    asked.remove("expire_time");
    let text = serde_json::Value::Object(asked).to_string();
    Ok(Some(Once { key: key.to_owned(), body_hash: secret::hex(&Sha256::digest(text)) }))
}

/// Names a class.
#[derive(Deserialize, ToSchema)]
pub struct ClassRef {
    /// The class
    pub class_id: Natural,
}

/// Remove a class that is not in progress
#[utoipa::path(tag = "class", request_body = ClassRef, responses((status = 200, body = Reply<Done>)))]
#[post("/class/delete")]
async fn delete(app: Data<AppState>, caller: Caller, body: Body<ClassRef>) -> Answer<Done> {
    let (class_id, now) = (body.0.class_id.0, app.now());
    app.db.write(move |conn| class::delete(conn, &caller.0, class_id, now)).await?;
    done()
}

/// Change a class that has not begun: the fields sent, and `members` as a whole
///
/// Takes `class_id` and the fields of class/create.
#[utoipa::path(tag = "class", request_body = ModifyClass, responses((status = 200, body = Reply<Done>)))]
#[post("/class/modify")]
async fn modify(app: Data<AppState>, caller: Caller, which: Body<ClassRef>, body: Body<ClassFields>) -> Answer<Done> {
    let (class_id, patch, now) = (which.0.class_id.0, body.0.into_patch()?, app.now());
    app.db.write(move |conn| class::modify(conn, &caller.0, class_id, patch, now)).await?;
    done()
}

/// How the body of class/modify is described: it is read as both.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body")]
struct ModifyClass {
    #[schema(inline)]
    #[serde(flatten)]
    which: ClassRef,
    #[serde(flatten)]
    fields: ClassFields,
}

/// All there is to say of a class.
#[derive(Serialize, ToSchema)]
pub struct ClassInfo {
    class_id: i64,
    class_topic: String,
    class_type: Type,
    class_status: Status,
    class_live_type: LiveType,
    teacher_id: String,
    assistant_id: String,
    /// In seconds
    create_time: i64,
    /// In seconds
    start_time: i64,
    /// In seconds
    stop_time: i64,
    /// In seconds; 0 before the class begins
    real_start_time: i64,
    /// In seconds; 0 before the class ends
    real_stop_time: i64,
    /// How many are reserved
    member_count: usize,
    chat_group_id: String,
    cmd_group_id: String,
    max_member_limit: i64,
    max_member_num: i64,
    settings: SettingsWire,
    members: Vec<MemberWire>,
}

#[derive(Serialize, ToSchema)]
struct SettingsWire {
    record_types: Vec<RecordType>,
    resolution: String,
    fps: i64,
    layout: i64,
    auto_create_im: i64,
    bitrate: i64,
    auto_open_mic: i64,
    auto_open_camera: i64,
    enable_all_silence: i64,
}

impl From<(Class, Vec<Member>)> for ClassInfo {
    fn from((class, members): (Class, Vec<Member>)) -> Self {
        let settings = class::Settings::clone(&class.settings);
        let [chat_group_id, cmd_group_id] = group::ids(class.class_id);
        Self {
            class_id: class.class_id,
            class_topic: class.class_topic,
            class_type: class.class_type,
            class_status: class.class_status,
            class_live_type: class.class_live_type,
            teacher_id: class.teacher_id,
            assistant_id: class.assistant_id,
            create_time: seconds(class.create_time),
            start_time: seconds(class.start_time),
            stop_time: seconds(class.stop_time),
            real_start_time: seconds(class.real_start_time),
            real_stop_time: seconds(class.real_stop_time),
            member_count: members.len(),
            chat_group_id,
            cmd_group_id,
            max_member_limit: class.max_member_limit,
            max_member_num: class.max_member_num,
            settings: SettingsWire {
                record_types: settings.record_types,
                resolution: settings.resolution,
                fps: settings.fps,
                layout: settings.layout,
                auto_create_im: settings.auto_create_im,
                bitrate: settings.bitrate,
                auto_open_mic: settings.auto_open_mic,
                auto_open_camera: settings.auto_open_camera,
                enable_all_silence: settings.enable_all_silence,
            },
            members: members.into_iter().map(MemberWire::from).collect(),
        }
    }
}

/// Look at a class
#[utoipa::path(tag = "class", request_body = ClassRef, responses((status = 200, body = Reply<ClassInfo>)))]
#[post("/class/info")]
async fn info(app: Data<AppState>, caller: Caller, body: Body<ClassRef>) -> Result<Told, ApiError> {
    show(&app, caller.0.enterprise_id, body.0.class_id.0).await
}

/// Answers with all there is to say of a class.
pub async fn show(app: &AppState, enterprise_id: i64, class_id: i64) -> Result<Told, ApiError> {
    let subjects = vec![CacheTag::Class(class_id)];
    get_or_load(app, "class/info", enterprise_id, class_id.to_string(), subjects, move |conn| {
        class::info(conn, enterprise_id, class_id).map(ClassInfo::from)
    })
    .await
}

/// Which classes are asked for.
#[derive(Deserialize, ToSchema)]
pub struct ListClasses {
    /// Rows to leave out [default: 0]
    index: Option<Natural>,
    /// Rows to return, at most 100 [default: 100]
    size: Option<Size>,
    /// Instead of `index`: empty for the first page, then what `next` said. Costs the same anywhere in the list
    after: Option<After>,
    /// Only the classes this user is reserved for
    user_id: Option<MaybeUserId>,
    /// The newest first [default: true]
    create_time_desc: Option<bool>,
    /// Only these [default: all]
    class_status: Option<Vec<Status>>,
    /// Only these [default: all]
    class_type: Option<Vec<Type>>,
}

impl ListClasses {
    /// What to show, and which page of it.
    pub fn into_filter(self) -> Result<(Filter, Page), ApiError> {
        let filter = Filter {
            user_id: text(self.user_id).filter(|id| !id.is_empty()),
            statuses: self.class_status.unwrap_or_default(),
            types: self.class_type.unwrap_or_default(),
            newest_first: self.create_time_desc.unwrap_or(true),
        };
        Ok((filter, page(self.index, self.size, self.after)?))
    }
}

/// A class in a list.
#[derive(Serialize, ToSchema)]
pub struct ClassRow {
    class_id: i64,
    class_topic: String,
    class_type: Type,
    class_status: Status,
    teacher_id: String,
    /// In seconds
    create_time: i64,
    /// In seconds
    start_time: i64,
    /// In seconds
    stop_time: i64,
}

impl From<Listed> for ClassRow {
    fn from(class: Listed) -> Self {
        Self {
            class_id: class.class_id,
            class_topic: class.class_topic,
            class_type: class.class_type,
            class_status: class.class_status,
            teacher_id: class.teacher_id,
            create_time: seconds(class.create_time),
            start_time: seconds(class.start_time),
            stop_time: seconds(class.stop_time),
        }
    }
}

/// List classes in the order of their creation
#[utoipa::path(tag = "class", request_body = ListClasses, responses((status = 200, body = Reply<ListReply<ClassRow>>)))]
#[post("/class/list")]
async fn list(app: Data<AppState>, caller: Caller, body: Body<ListClasses>) -> Answer<ListReply<ClassRow>> {
    let (filter, page) = body.0.into_filter()?;
    show_list(&app, caller.0.enterprise_id, filter, page).await
}

/// Answers with a page of classes.
pub async fn show_list(app: &AppState, enterprise_id: i64, filter: Filter, page: Page) -> Answer<ListReply<ClassRow>> {
    let quick = filter.is_quick(page);
    let read = move |conn: &mut Conn| Ok::<_, domain::Error>(class::list(conn, enterprise_id, &filter, page)?);
    let classes = if quick { app.db.read(read).await? } else { app.db.read_slow(read).await? };
    reply(ListReply::new(classes, ClassRow::from))
}

#[derive(Deserialize, ToSchema)]
struct GiveClass {
    /// The class
    class_id: Natural,
    /// Who begins or ends it (later revision): its teacher or assistant
    teacher_id: Option<MaybeUserId>,
}

impl GiveClass {
    fn by(self) -> Option<String> {
        text(self.teacher_id).filter(|id| !id.is_empty())
    }
}

/// Begin a class
#[utoipa::path(tag = "class", request_body = GiveClass, responses((status = 200, body = Reply<Done>)))]
#[post("/class/start")]
async fn start(app: Data<AppState>, caller: Caller, body: Body<GiveClass>) -> Answer<Done> {
    let (class_id, by, now) = (body.0.class_id.0, body.0.by(), app.now());
    app.db.write(move |conn| class::start(conn, &caller.0, class_id, by.as_deref(), class::Via::Api, now)).await?;
    done()
}

/// End a class; everybody is then out
#[utoipa::path(tag = "class", request_body = GiveClass, responses((status = 200, body = Reply<Done>)))]
#[post("/class/stop")]
async fn stop(app: Data<AppState>, caller: Caller, body: Body<GiveClass>) -> Answer<Done> {
    let (class_id, by, now) = (body.0.class_id.0, body.0.by(), app.now());
    app.db.write(move |conn| class::stop(conn, &caller.0, class_id, by.as_deref(), class::Via::Api, now)).await?;
    done()
}
