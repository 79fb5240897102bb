//! Reports of the hosted cloud's recorder: a video is ready (`recendcall`), or its index is (`idxfileendcall`). They have no
//! token. They must be signed if the enterprise has a recording key.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use super::asked::CommandRequest;
use super::error::{ApiError, Code};
use super::fields::{Fields, URL_CHARS};
use super::reply::{Answer, done, in_form};
use crate::clock::{millis, seconds};
use crate::domain;
use crate::domain::Limit;
use crate::domain::classroom::recording;
use crate::domain::classroom::recording::Report;
use crate::domain::classroom::{class, room};
use crate::domain::ids::ClassId;
use crate::domain::tenancy::enterprise::Enterprise;
use crate::domain::tenancy::{secret, settings};
use crate::http::client;
use crate::state::{AppState, Who};

/// The `event_type` of a finished video. The other types concern the stream and are ignored.
const VIDEO: i64 = 100;
/// The longest name or id in the hosted cloud, in characters.
const NAME_CHARS: usize = 512;

/// `recendcall`, and the cloud's own names of it: an event of a stream.
pub async fn ended(command: &CommandRequest<'_>) -> Answer {
    #[derive(Serialize)]
    struct Form {
        code: i64,
        #[serde(skip_serializing_if = "String::is_empty")]
        message: String,
    }
    match take(command).await {
        Ok(()) => in_form(0, Form { code: 0, message: String::new() }),
        Err(error) => in_form(error.code(), Form { code: error.code(), message: error.message().into() }),
    }
}

async fn take(command: &CommandRequest<'_>) -> Result<(), ApiError> {
    let (app, fields) = (command.app, command.fields()?);
    if fields.maybe_int("event_type")? != Some(VIDEO) {
        return Ok(());
    }
    let param = fields.maybe_text("stream_param", URL_CHARS)?.unwrap_or_default();
    let (mut group_id, mut user_id) = (None, None);
    for (name, value) in param.split('&').filter_map(|pair| pair.split_once('=')) {
        match name {
            "groupid" => group_id = Some(value),
            // Base64; its special characters may be percent-encoded.
            "userid" => user_id = decoded(value),
            _ => {}
        }
    }
    // Without a group the stream does not belong to a room.
    let Some(group_id) = group_id else { return Ok(()) };
    let class_id = room_of(group_id)?;
    let host = reporter(app, command, &fields, ClassId(class_id)).await?;
    let report = Report {
        user_id: user_id.unwrap_or_default(),
        stream_id: fields.text("stream_id", NAME_CHARS)?,
        video_id: fields.id("video_id", NAME_CHARS)?,
        // The cloud may send a trailing blank.
        video_url: fields.text("video_url", URL_CHARS)?.trim().to_owned(),
        video_format: fields.maybe_text("file_format", NAME_CHARS)?.unwrap_or_else(|| "mp4".into()),
        start_time: fields.int("start_time")?,
        stop_time: fields.int("end_time")?,
        play_time: fields.maybe_int("media_start_time")?.unwrap_or_default(),
        video_size: fields.maybe_int("file_size")?.unwrap_or_default(),
        duration: fields.maybe_int("duration")?.unwrap_or_default(),
    };
    let now = app.now();
    app.db.write(move |conn| recording::keep(conn, &host, ClassId(class_id), report, now)).await?;
    Ok(())
}

fn decoded(base64: &str) -> Option<String> {
    let text = percent_decoded(base64);
    STANDARD.decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok()).filter(|id| {
        // The limits of user ids.
        id.chars().count() <= 128 && !id.contains(char::is_control)
    })
}

/// Decodes percent-encoding. A `+` stays a `+`.
fn percent_decoded(text: &str) -> String {
    let kept = text.replace('+', "%2B");
    let named = format!("v={kept}");
    url::form_urlencoded::parse(named.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// `idxfileendcall`: the index of a recording is ready, so the class can be played back. The report has three forms; the
/// third has a response format of its own.
pub async fn indexed(command: &CommandRequest<'_>) -> Answer {
    #[derive(Serialize)]
    #[serde(rename_all = "PascalCase")]
    struct Form {
        action_status: &'static str,
        error_code: i64,
        error_info: String,
    }
    let fields = command.fields()?;
    if !fields.has("SrcRequest") {
        let (class_id, url) = match fields.maybe_room()? {
            Some(class_id) => (class_id, fields.filled("playback_idx_url", URL_CHARS)?),
            None => (room_of(&fields.filled("groupid", NAME_CHARS)?)?, fields.filled("replayIdxUrl", URL_CHARS)?),
        };
        play_back(command, &fields, ClassId(class_id), url, None).await?;
        return done();
    }
    let (code, message) = match take_index(command, &fields).await {
        Ok(()) => (0, String::new()),
        Err(error) => (error.code(), error.message().to_owned()),
    };
    in_form(code, Form { action_status: "OK", error_code: code, error_info: message })
}

async fn take_index(command: &CommandRequest<'_>, fields: &Fields) -> Result<(), ApiError> {
    let request = fields.text("SrcRequest", URL_CHARS)?;
    let request = Fields::parse(request.as_bytes()).map_err(|_| ApiError::invalid("SrcRequest", "must be JSON"))?;
    let class_id = room_of(&request.filled("GroupId", NAME_CHARS)?)?;
    if fields.int("ErrorCode")? != 0 {
        // Making the index failed. An earlier index stays valid.
        reporter(command.app, command, fields, ClassId(class_id)).await?;
        return Ok(());
    }
    let index = fields.object("ReplayIndex")?;
    let (url, time) = (index.filled("FileUrl", URL_CHARS)?, index.maybe_number("CreateTime")?);
    play_back(command, fields, ClassId(class_id), url, time).await
}

async fn play_back(
    command: &CommandRequest<'_>,
    fields: &Fields,
    class_id: ClassId,
    url: String,
    time: Option<i64>,
) -> Result<(), ApiError> {
    let app = command.app;
    let enterprise_id = reporter(app, command, fields, class_id).await?.enterprise_id;
    let time = time.map_or(app.now(), millis);
    app.db.write(move |conn| room::keep_replay(conn, enterprise_id, class_id, &url, time)).await?;
    Ok(())
}

/// The room of a group.
fn room_of(group_id: &str) -> Result<i64, ApiError> {
    group_id.parse().map_err(|_| ApiError::new(Code::NoRoom, format!("groupid {group_id:?}: no such room")))
}

/// The enterprise of the reported room. If the enterprise has a recording key, the report must be signed with it. Without a key
/// only rooms created through this protocol accept reports, so that an unsigned report can't change other classes.
async fn reporter(
    app: &AppState,
    command: &CommandRequest<'_>,
    fields: &Fields,
    class_id: ClassId,
) -> Result<Enterprise, ApiError> {
    let address = Some(client::counted_address(command.request));
    app.rates.take(Limit::OpenCalls, &Who { address, ..Who::default() })?;
    let (host, room, settings) = app
        .db
        .read(move |conn| {
            let host = class::host(conn, class_id)?;
            if !host.rooms_enabled {
                return Err(domain::Error::UnknownClass(class_id));
            }
            let room = room::require(conn, host.enterprise_id, class_id)?;
            let settings = settings::rooms(conn, host.enterprise_id)?;
            Ok::<_, domain::Error>((host, room, settings))
        })
        .await?;
    let key = &settings.recording_key;
    if key.is_empty() {
        return if room.silence_limit > 0 { Ok(host) } else { Err(domain::Error::UnknownClass(class_id).into()) };
    }
    let in_query = |wanted: &str| {
        let query = command.request.query_string().as_bytes();
        url::form_urlencoded::parse(query).find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
    };
    let sign = fields.as_text("sign").or_else(|| in_query("sign")).ok_or_else(|| ApiError::lacking("sign"))?;
    let until = fields.as_text("t").or_else(|| in_query("t")).ok_or_else(|| ApiError::lacking("t"))?;
    let expected = format!("{:x}", md5::compute(format!("{key}{until}")));
    if !secret::same(&sign.to_ascii_lowercase(), &expected) {
        return Err(ApiError::invalid("sign", "is not that of this t"));
    }
    if until.parse::<i64>().is_ok_and(|until| until >= seconds(app.now())) {
        Ok(host)
    } else {
        Err(ApiError::invalid("t", "is over"))
    }
}
