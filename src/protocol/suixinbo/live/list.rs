//! `svc=live&cmd=roomlist`: all classes of the enterprise as rooms.

use serde::Serialize;
use utoipa::ToSchema;

use crate::clock::{millis, seconds};
use crate::domain::classroom::room::{Filter, Room};
use crate::domain::ids::ClassId;
use crate::protocol::suixinbo::asked::Caller;
use crate::protocol::suixinbo::error::ApiError;
use crate::protocol::suixinbo::fields::Fields;
use crate::protocol::suixinbo::reply::{Answer, reply};
use crate::state::AppState;
use crate::store::Page;

/// The longest id of a teacher, in characters.
const ID_CHARS: usize = 128;

/// The filter of the list.
pub fn filter(fields: &Fields) -> Result<Filter, ApiError> {
    // The filter includes the whole last second.
    let end_of = |second: i64| millis(second).saturating_add(999);
    let (class_id, from) = (fields.maybe_room()?.map(ClassId), fields.maybe_int("from_time")?);
    let to = fields.maybe_int("to_time")?;
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        return Err(ApiError::invalid("to_time", "must not be before from_time"));
    }
    Ok(Filter {
        class_id,
        from: from.map(millis),
        to: to.map(end_of),
        teacher_id: fields.maybe_text("host_uid", ID_CHARS)?.filter(|id| !id.is_empty()),
        state: if fields.has("state") { Some(fields.one_of("state", 0..=3)?) } else { None },
    })
}

#[derive(Serialize, ToSchema)]
#[schema(as = SuixinboRooms)]
pub struct Rooms {
    total: i64,
    rooms: Vec<RoomRow>,
}

/// A room. It has the fields of both the protocol's document and the reference server, which differ.
#[derive(Serialize, ToSchema)]
#[schema(as = SuixinboRoom)]
pub struct RoomRow {
    host_uid: String,
    title: String,
    roomnum: i64,
    /// 0 not started, 1 in progress, 2 ended, 3 ended with a playback.
    state: i64,
    groupid: String,
    cover: String,
    /// In seconds; 0 before.
    begin_time: i64,
    /// The sequence number of the notice in the group; 0 before.
    begin_imseq: i64,
    /// In seconds; 0 before.
    end_time: i64,
    end_imseq: i64,
    /// Always 0: the recorder makes the index without a request.
    can_trigger_replay_idx: i64,
    trigger_replay_idx_time: i64,
    trigger_replay_idx_result: i64,
    /// In seconds; 0 before.
    replay_idx_created_time: i64,
    replay_idx_created_result: i64,
    replay_idx_url: String,
    playback_idx_url: String,
    /// How many people are inside now.
    memsize: i64,
}

impl RoomRow {
    fn new(room: &Room, inside: i64, is_hidden: bool) -> Self {
        let shown = |text: &str| if is_hidden { String::new() } else { text.to_owned() };
        Self {
            host_uid: room.teacher_id.clone(),
            title: shown(&room.class_topic),
            roomnum: room.class_id.0,
            state: room.room_state,
            groupid: room.class_id.to_string(),
            cover: shown(&room.cover),
            begin_time: seconds(room.real_start_time),
            begin_imseq: room.begin_sequence,
            end_time: seconds(room.real_stop_time),
            end_imseq: room.end_sequence,
            can_trigger_replay_idx: 0,
            trigger_replay_idx_time: 0,
            trigger_replay_idx_result: 0,
            replay_idx_created_time: seconds(room.replay_time),
            replay_idx_created_result: 0,
            playback_idx_url: shown(&room.replay_url),
            replay_idx_url: shown(&room.replay_url),
            memsize: inside,
        }
    }
}

/// Lists rooms, newest first by creation or start.
pub async fn answer(app: &AppState, caller: &Caller, filter: Filter, page: Page) -> Answer {
    let enterprise_id = caller.enterprise.enterprise_id;
    let found = app.room_lists.page(&app.db, enterprise_id, filter, page).await?;
    let inside = app.room_lists.inside(&app.db, enterprise_id, &found.rows).await?;
    let hidden = app.room_lists.hidden_from(&app.db, &caller.user, found.clone()).await?;
    let row = |room: &Room| {
        let inside = inside.get(&room.class_id).copied().unwrap_or_default();
        RoomRow::new(room, inside, hidden.contains(&room.class_id))
    };
    reply(Rooms { total: found.total, rooms: found.rows.iter().map(row).collect() })
}
