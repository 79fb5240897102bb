//! `svc=live`: rooms, their members, and the files bound to them.

pub(super) mod bind;
pub(super) mod list;

use serde::Serialize;
use utoipa::ToSchema;

use super::asked::{Caller, CommandRequest};
use super::error::ApiError;
use super::fields::{Fields, URL_CHARS};
use super::recording;
use super::reply::{Answer, done, reply};
use crate::domain::classroom::room;
use crate::domain::ids::ClassId;
use crate::domain::tenancy::secret;
use crate::domain::{Error, Limit};
use crate::state::{AppState, Who};
use crate::store::Page;
use bind::File;

/// The longest title, in characters.
const TITLE_CHARS: usize = 128;

enum Command {
    Create { title: String, cover: String },
    Start { class_id: i64 },
    Exit { class_id: i64 },
    Heartbeat { class_id: i64 },
    List { filter: room::Filter, page: Page },
    Enter { class_id: i64 },
    Leave { class_id: i64 },
    Members { class_id: i64, page: Page },
    Bind { class_id: i64, file: File },
    Unbind { class_id: i64, url: String },
    Bound { class_id: i64, page: Page },
}

/// Runs a command of the service.
pub async fn answer(cmd: &str, command: &CommandRequest<'_>) -> Answer {
    let parse = match cmd {
        "create" => Command::create,
        "startcourse" => |fields: &Fields| Ok(Command::Start { class_id: fields.room()? }),
        "exitroom" => |fields: &Fields| Ok(Command::Exit { class_id: fields.room()? }),
        "heartbeat" => |fields: &Fields| Ok(Command::Heartbeat { class_id: fields.room()? }),
        "roomlist" => Command::list,
        "reportmemid" => Command::member,
        "roomidlist" => Command::members,
        "reportbind" => Command::bind,
        "querybind" => Command::bound,
        // The hosted cloud sends these reports, without a token.
        "recendcall" | "reccall" | "callback" => return recording::ended(command).await,
        "idxfileendcall" => return recording::indexed(command).await,
        _ => return Err(ApiError::no_such_command()),
    };
    if cmd == "heartbeat" && beat_in_memory(command).await {
        return done();
    }
    let (caller, fields) = command.caller().await?;
    parse(&fields)?.apply(command.app, caller).await
}

/// Records a heartbeat of a session that is in memory, and returns whether it is. This is the fast path of most heartbeats:
/// it does not use the database.
async fn beat_in_memory(command: &CommandRequest<'_>) -> bool {
    let app = command.app;
    let Ok(fields) = command.fields() else { return false };
    let (Ok(host), Ok(token), Ok(class_id)) = (command.host(&fields).await, fields.token(), fields.room()) else {
        return false;
    };
    app.presence.heartbeat_of_token(host.enterprise_id, ClassId(class_id), &secret::hash_token(token), app.now())
}

impl Command {
    fn create(fields: &Fields) -> Result<Self, ApiError> {
        let title = fields.text("title", TITLE_CHARS)?;
        Ok(Self::Create { title, cover: fields.maybe_text("cover", URL_CHARS)?.unwrap_or_default() })
    }

    fn list(fields: &Fields) -> Result<Self, ApiError> {
        Ok(Self::List { page: fields.page()?, filter: list::filter(fields)? })
    }

    fn member(fields: &Fields) -> Result<Self, ApiError> {
        let class_id = fields.room()?;
        Ok(if fields.one_of("operate", 0..=1)? == 0 { Self::Enter { class_id } } else { Self::Leave { class_id } })
    }

    fn members(fields: &Fields) -> Result<Self, ApiError> {
        Ok(Self::Members { class_id: fields.room()?, page: fields.page()? })
    }

    fn bind(fields: &Fields) -> Result<Self, ApiError> {
        let (class_id, operate) = (fields.room()?, fields.one_of("operate", 0..=1)?);
        let file = bind::file(&fields.object("bind_file")?)?;
        Ok(if operate == 0 { Self::Bind { class_id, file } } else { Self::Unbind { class_id, url: file.url } })
    }

    fn bound(fields: &Fields) -> Result<Self, ApiError> {
        Ok(Self::Bound { class_id: fields.room()?, page: fields.page()? })
    }

    async fn apply(self, app: &AppState, caller: Caller) -> Answer {
        match self {
            Self::Create { title, cover } => create(app, caller, title, cover).await,
            Self::Start { class_id } => start(app, caller, ClassId(class_id)).await,
            Self::Exit { class_id } => exit(app, caller, ClassId(class_id)).await,
            Self::Heartbeat { class_id } => heartbeat(app, caller, ClassId(class_id)).await,
            Self::List { filter, page } => list::answer(app, &caller, filter, page).await,
            Self::Enter { class_id } => enter(app, caller, ClassId(class_id)).await,
            Self::Leave { class_id } => leave(app, caller, ClassId(class_id)).await,
            Self::Members { class_id, page } => members(app, caller, ClassId(class_id), page).await,
            Self::Bind { class_id, file } => bind::bind(app, caller, ClassId(class_id), file).await,
            Self::Unbind { class_id, url } => bind::unbind(app, caller, ClassId(class_id), url).await,
            Self::Bound { class_id, page } => bind::list(app, caller, ClassId(class_id), page).await,
        }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = SuixinboCreated)]
pub(super) struct Created {
    roomnum: i64,
    groupid: String,
}

async fn create(app: &AppState, caller: Caller, title: String, cover: String) -> Answer {
    let (now, enterprise_id) = (app.now(), caller.enterprise.enterprise_id);
    let who = Who { user_id: Some(&caller.user.user_id), ..Who::enterprise(enterprise_id) };
    app.rates.take(Limit::Rooms, &who)?;
    app.check_new_classes(enterprise_id, 1).await?;
    let roomnum = app.db.write(move |conn| room::open(conn, &caller.user, &title, &cover, now)).await?;
    reply(Created { roomnum: roomnum.0, groupid: roomnum.to_string() })
}

async fn start(app: &AppState, caller: Caller, class_id: ClassId) -> Answer {
    let (teacher, now) = (caller.component(), app.now());
    let recorder = app.recorder();
    app.db.write(move |conn| room::begin(conn, &caller.enterprise, class_id, &teacher, recorder, now)).await?;
    app.presence.forget_all(&[caller.token_hash]);
    done()
}

async fn exit(app: &AppState, caller: Caller, class_id: ClassId) -> Answer {
    let now = app.now();
    app.db.write(move |conn| room::end(conn, &caller.enterprise, class_id, &caller.user.user_id, now)).await?;
    done()
}

/// Records a heartbeat of a session that is not in memory yet. A heartbeat from somebody who is not inside succeeds too, as
/// long as the room exists.
async fn heartbeat(app: &AppState, caller: Caller, class_id: ClassId) -> Answer {
    let (enterprise_id, now) = (caller.enterprise.enterprise_id, app.now());
    let room = app.db.read(move |conn| room::require(conn, enterprise_id, class_id)).await?;
    match app.presence.heartbeat(&app.db, enterprise_id, class_id, caller.component(), now).await {
        Ok(()) => {}
        Err(Error::NotInside { .. }) => {
            if room.is_heartbeat_due(&caller.user.user_id, now) {
                app.db.write(move |conn| room::note_teacher(conn, &room, now)).await?;
            }
        }
        Err(error) => return Err(error.into()),
    }
    done()
}

async fn enter(app: &AppState, caller: Caller, class_id: ClassId) -> Answer {
    let (who, now) = (caller.component(), app.now());
    app.db.write(move |conn| room::enter(conn, &caller.enterprise, class_id, &who, now)).await?;
    // The cached presence may belong to an earlier session.
    app.presence.forget_all(&[caller.token_hash]);
    done()
}

async fn leave(app: &AppState, caller: Caller, class_id: ClassId) -> Answer {
    let now = app.now();
    app.db.write(move |conn| room::leave(conn, &caller.enterprise, class_id, &caller.user.user_id, now)).await?;
    app.presence.forget(class_id, &caller.token_hash);
    done()
}

#[derive(Serialize, ToSchema)]
#[schema(as = SuixinboMembers)]
pub(super) struct Members {
    total: i64,
    idlist: Vec<MemberRow>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = SuixinboMember)]
pub(super) struct MemberRow {
    id: String,
    /// 1 for a teacher.
    role: i64,
}

/// Lists who is inside. The list is empty for an unknown room, and for a class that the caller may not see.
async fn members(app: &AppState, caller: Caller, class_id: ClassId, page: Page) -> Answer {
    let inside = app.db.read_slow(move |conn| room::members(conn, &caller.user, class_id, page)).await?;
    let row = |(id, role)| MemberRow { id, role: i64::from(room::is_teacher(role)) };
    reply(Members { total: inside.total, idlist: inside.rows.into_iter().map(row).collect() })
}
