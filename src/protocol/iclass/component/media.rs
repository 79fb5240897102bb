//! `media/*`: voice and pictures of a class. The calls are Lectern's own, described in `docs/protocols/classroom.md`.

mod request;

use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use super::auth::{ComponentRequest, Participant};
use super::calls::Calls;
use crate::clock::Millis;
use crate::domain::Limit;
use crate::domain::classroom::class::Class;
use crate::domain::classroom::stage::CameraSettings;
use crate::domain::ids::ClassId;
use crate::protocol::iclass::error::{ApiError, Code};
use crate::protocol::iclass::reply::{Answer, Done, Reply, done, reply};
use crate::service::stage::{IceServer, Offer, OfferError, Turn};
use crate::state::{AppState, Who};
use request::{ConnectRequest, DisconnectRequest, SettingsRequest};

/// Adds the calls.
pub fn add_to(calls: &mut Calls) {
    calls.add("/media/settings", settings);
    calls.add("/media/connect", connect);
    calls.add("/media/disconnect", disconnect);
}

/// What a component needs for voice and pictures
#[derive(Serialize, ToSchema)]
struct MediaSettings {
    /// 1 if there is a media server, else 0
    enabled: i64,
    /// Servers for `RTCPeerConnection`, with credentials for twelve hours
    ice_servers: Vec<IceServerView>,
    /// The bitrate of a camera, in kbit/s
    bitrate: u32,
    /// The width of a camera's picture, in pixels
    width: u32,
    /// The height of a camera's picture, in pixels
    height: u32,
    /// Frames per second
    fps: u32,
    /// Whether microphones are on at the start
    auto_open_mic: i64,
    /// Whether cameras are on at the start
    auto_open_camera: i64,
    /// How many may be on stage; 0 for no limit
    max_member_limit: i64,
}

/// A server for `RTCPeerConnection`
#[derive(Serialize, ToSchema)]
struct IceServerView {
    urls: Vec<String>,
    username: String,
    credential: String,
}

impl From<IceServer> for IceServerView {
    fn from(IceServer { urls, username, credential }: IceServer) -> Self {
        Self { urls, username, credential }
    }
}

impl MediaSettings {
    fn of(app: &AppState, class: &Class, user_id: &str, now: Millis) -> Self {
        let config = &app.config.media_server;
        let secret = config.turn_secret.as_ref().map_or("", |secret| secret.reveal());
        let turn = Turn { urls: &config.turn_url, secret }.servers(user_id, now);
        let CameraSettings { bitrate, width, height, fps } = CameraSettings::of(&class.settings);
        Self {
            enabled: app.stage.is_on().into(),
            ice_servers: turn.into_iter().map(IceServerView::from).collect(),
            bitrate,
            width,
            height,
            fps,
            auto_open_mic: class.settings.auto_open_mic.into(),
            auto_open_camera: class.settings.auto_open_camera.into(),
            max_member_limit: class.max_member_limit,
        }
    }
}

/// The answer to an offer
#[derive(Serialize, ToSchema)]
struct Connected {
    /// The media session
    session: String,
    /// The answer, as SDP
    answer: String,
}

/// Learn whether a class has voice and pictures, and how they are to be sent
#[utoipa::path(post, path = "/media/settings", tag = "component", request_body = SettingsRequest, responses((status = 200, body = Reply<MediaSettings>)))]
async fn settings(
    app: Data<AppState>,
    me: Participant,
    body: ComponentRequest<SettingsRequest>,
) -> Answer<MediaSettings> {
    let class_id = ClassId(body.0.class_id.0);
    let class = app.stage.class_of(&me.enterprise, class_id, me.component(&app)).await?;
    reply(MediaSettings::of(&app, &class, &me.user.user_id, app.now()))
}

/// Open a media session with an SDP offer, or change one
#[utoipa::path(post, path = "/media/connect", tag = "component", request_body = ConnectRequest, responses((status = 200, body = Reply<Connected>)))]
async fn connect(app: Data<AppState>, me: Participant, body: ComponentRequest<ConnectRequest>) -> Answer<Connected> {
    let who = Who { user_id: Some(&me.user.user_id), ..Who::enterprise(me.enterprise.enterprise_id) };
    app.rates.take(Limit::MediaConnects, &who)?;
    let ConnectRequest { class_id, session, offer, sources } = body.0;
    let offer = Offer {
        class_id: ClassId(class_id.0),
        session: request::session(session),
        sdp: offer.0,
        sources: request::sources(sources)?,
    };
    let answer = app.stage.connect(me.enterprise.clone(), me.component(&app), offer).await?;
    reply(Connected { session: answer.session.0, answer: answer.sdp })
}

/// End a media session
#[utoipa::path(post, path = "/media/disconnect", tag = "component", request_body = DisconnectRequest, responses((status = 200, body = Reply<Done>)))]
async fn disconnect(app: Data<AppState>, me: Participant, body: ComponentRequest<DisconnectRequest>) -> Answer<Done> {
    let (class_id, component) = (ClassId(body.0.class_id.0), me.component(&app));
    if let Some(session) = request::session(Some(body.0.session)) {
        app.stage.disconnect(&me.enterprise, class_id, component, session).await?;
    }
    done()
}

impl From<OfferError> for ApiError {
    fn from(refusal: OfferError) -> Self {
        match refusal {
            OfferError::Domain(error) => error.into(),
            OfferError::BadOffer(problem) => Self::invalid(format!("offer: {problem}")),
            OfferError::SessionOver => Self::new(Code::MediaSessionOver, refusal.to_string()),
            OfferError::Off => Self::new(Code::Busy, refusal.to_string()),
            OfferError::NoRoom => Self::new(Code::Busy, refusal.to_string()).after_seconds(1),
        }
    }
}
