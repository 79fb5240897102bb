//! A class with robots in it.

use std::time::Duration;

use lectern::domain::ids::ClassId;
use lectern::media::{
    ConnectRequest, MediaEngine, MediaEvent, MediaServer, MediaSettings, Permissions, Source, SourceLine, VideoLimits,
};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};

use crate::robot::{Layers, Plan, Robot, Sources};

pub const CLASS: ClassId = ClassId(1);
pub const ALL: Permissions = Permissions { mic: true, camera: true, screen: true };
pub const NONE: Permissions = Permissions { mic: false, camera: false, screen: false };
/// The layers of a camera of 850 kbit/s.
pub const CAMERA: Layers = &[("l", 68), ("m", 170), ("h", 612)];
/// A camera without layers.
pub const SIMPLE: Layers = &[("", 200)];

/// What is let through of a camera.
pub const LIMITS: VideoLimits = VideoLimits { bitrate: 850, pixels: 1280 * 720, fps: 30 };

/// A media server.
pub struct Media {
    pub server: MediaServer,
    pub events: mpsc::UnboundedReceiver<MediaEvent>,
}

impl Media {
    pub fn start() -> Self {
        let settings = MediaSettings { listen: "127.0.0.1:0".parse().unwrap(), public: Vec::new(), threads: 2 };
        let server = MediaServer::start(&settings).unwrap();
        let events = server.events().unwrap();
        Self { server, events }
    }

    /// Somebody enters the class.
    pub async fn enter(&self, user_id: &str, permissions: Permissions, plan: Plan) -> Robot {
        self.enter_class(CLASS, user_id, permissions, plan).await
    }

    /// Somebody enters whose pictures have other limits.
    pub async fn enter_limited(&self, user_id: &str, limits: VideoLimits, plan: Plan) -> Robot {
        Robot::connect(plan, async |offer, sources| {
            let request = ConnectRequest { limits, ..request(CLASS, user_id, ALL, offer, &sources) };
            self.server.connect(request).await.unwrap().sdp
        })
        .await
    }

    pub async fn enter_class(&self, class_id: ClassId, user_id: &str, permissions: Permissions, plan: Plan) -> Robot {
        Robot::connect(plan, async |offer, sources| {
            let request = request(class_id, user_id, permissions, offer, &sources);
            self.server.connect(request).await.unwrap().sdp
        })
        .await
    }
}

pub fn request(
    class_id: ClassId,
    user_id: &str,
    permissions: Permissions,
    offer: String,
    sources: &Sources,
) -> ConnectRequest {
    let source = |name: &str| match name {
        "mic" => Source::Mic,
        "camera" => Source::Camera,
        _ => Source::Screen,
    };
    let sources = sources.iter().map(|(mid, name)| SourceLine { mid: mid.clone(), source: source(name) }).collect();
    let user_id = user_id.to_owned();
    ConnectRequest { class_id, user_id, session: None, offer, sources, permissions, limits: LIMITS }
}

/// A teacher who sends everything.
pub fn teacher() -> Plan {
    Plan { mic: true, camera: CAMERA, slots: (4, 4), ..Plan::default() }
}

/// A pupil who only watches.
pub fn pupil() -> Plan {
    Plan { slots: (4, 4), ..Plan::default() }
}

/// Waits until something is so. How long that may take is generous: it is a test of what happens, not of when.
pub async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let waiting = async {
        while !is_so() {
            sleep(Duration::from_millis(10)).await;
        }
    };
    assert!(timeout(Duration::from_mins(2), waiting).await.is_ok(), "waited in vain until {what}");
}
