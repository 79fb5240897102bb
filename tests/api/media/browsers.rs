//! Pages in real browsers, with devices that Chromium makes up. What arrives is measured by the browsers' statistics, not by
//! what the page says.

use serde_json::{Value, json};

use crate::support::page::Page;
use crate::support::process::eventually;
use crate::support::service::{Enterprise, Service};

/// Keeps the connections of a page where the test finds them, and passes over the check of the devices. `changed` changes the
/// candidates of answers, and `only_relay` lets the page use TURN servers only.
const PREPARE: &str = "
    localStorage.setItem('lectern.devices', '{}');
    window.connections = [];
    const Connection = window.RTCPeerConnection;
    window.RTCPeerConnection = class extends Connection {
        constructor(settings) {
            super(window.only_relay ? { ...settings, iceTransportPolicy: 'relay' } : settings);
            window.connections.push(this);
        }
        setRemoteDescription({ type, sdp }) {
            const lines = sdp.split('\\r\\n').flatMap((line) =>
                line.startsWith('a=candidate:') && window.changed ? window.changed(line) : [line]);
            return super.setRemoteDescription({ type, sdp: lines.join('\\r\\n') });
        }
    };
";
/// What arrives: decoded pictures (of all, and of each line), packets and energy of voices, the height of the largest picture;
/// the packets of voice and the heights of pictures that are sent; how the path is.
const MEASURE: &str = "
    const done = arguments[arguments.length - 1];
    const sum = { frames: 0, pictures: {}, height: 0, energy: 0, packets: 0, sent: 0, layers: [], open: 0, path: '' };
    Promise.all(window.connections.filter((c) => c.connectionState !== 'closed').map((c) => { sum.open += 1; return c.getStats(); }))
        .then((all) => {
            for (const report of all) for (const [, of] of report) {
                if (of.type === 'inbound-rtp' && of.kind === 'video') {
                    sum.frames += of.framesDecoded ?? 0;
                    sum.pictures[of.mid] = of.framesDecoded ?? 0;
                    sum.height = Math.max(sum.height, of.frameHeight ?? 0);
                }
                if (of.type === 'inbound-rtp' && of.kind === 'audio') {
                    sum.energy += of.totalAudioEnergy ?? 0;
                    sum.packets += of.packetsReceived ?? 0;
                }
                if (of.type === 'outbound-rtp' && of.kind === 'audio') sum.sent += of.packetsSent ?? 0;
                if (of.type === 'outbound-rtp' && of.kind === 'video' && of.framesEncoded > 0) sum.layers.push(of.frameHeight);
                if (of.type === 'transport' && of.selectedCandidatePairId) {
                    const { protocol, candidateType } = report.get(report.get(of.selectedCandidatePairId).localCandidateId);
                    sum.path = candidateType === 'relay' ? 'relay' : protocol;
                }
            }
            done(sum);
        });
";

pub async fn measure(page: &Page) -> Value {
    page.browser.run_until_done(MEASURE).await
}

pub fn number(value: &Value, name: &str) -> f64 {
    value[name].as_f64().unwrap()
}

/// Waits until so much more has arrived.
pub async fn gets_more(page: &Page, what: &str, much: f64) {
    let before = number(&measure(page).await, what);
    let more = async || (number(&measure(page).await, what) >= before + much).then_some(());
    eventually(&format!("{much} more {what}"), more).await;
}

/// Waits until nothing more arrives between two looks, between which other things take their time.
pub async fn gets_no_more(page: &Page, what: &str, meanwhile: &Page) {
    let ended = async || {
        let before = number(&measure(page).await, what);
        gets_more(meanwhile, "frames", 15.0).await;
        (number(&measure(page).await, what) <= before).then_some(())
    };
    eventually(&format!("no more {what}"), ended).await;
}

/// A class in which real pages meet.
pub struct Class<'a> {
    enterprise: &'a Enterprise<'a>,
    service: &'a Service,
    class_id: i64,
    tokens: Vec<(&'static str, String)>,
}

impl<'a> Class<'a> {
    /// A class of the teacher `li` and these pupils, with so many places on stage.
    pub async fn of(enterprise: &'a Enterprise<'a>, pupils: &[&'static str], places: u32) -> Self {
        let people: Vec<&'static str> = [&["li"], pupils].concat();
        let role = |user_id: &str| if user_id == "li" { "teacher" } else { "student" };
        let users: Vec<_> = people
            .iter()
            .map(|user_id| json!({"user_id": user_id, "role": role(user_id), "nickname": format!("Name of {user_id}")}))
            .collect();
        let users = enterprise.ok("user/register", json!({ "list": users })).await;
        let members: Vec<_> = pupils.iter().map(|user_id| json!({"user_id": user_id, "role": "student"})).collect();
        let class = json!({"teacher_id": "li", "class_type": "1vN", "members": members, "max_member_limit": places,
            "settings": {"resolution": "640x480", "bitrate": 600}});
        let class_id = enterprise.class(class).await;
        let token = |at: usize| users["user_list"][at]["user_token"].as_str().unwrap().to_owned();
        let tokens = people.into_iter().enumerate().map(|(at, user_id)| (user_id, token(at))).collect();
        Self { enterprise, service: enterprise.service, class_id, tokens }
    }

    /// Somebody enters, after a script in the page.
    pub async fn enter(&self, user_id: &str, script: &str) -> Page {
        let (_, token) = self.tokens.iter().find(|(own, _)| *own == user_id).unwrap();
        let role = usize::from(user_id != "li");
        let page = Page::open("about:blank").await;
        let source = format!("{PREPARE} {script}");
        page.browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source })).await;
        let Self { service, class_id, enterprise, .. } = self;
        page.browser
            .open(&format!("{}/{}/{class_id}/{role}#{user_id}/{token}", service.url, enterprise.sdkappid))
            .await;
        page
    }

    /// The teacher enters, begins the class, and is heard and seen.
    pub async fn taught(&self) -> Page {
        let teacher = self.enter("li", "").await;
        teacher.press("Begin class").await;
        teacher.press("Turn the microphone on").await;
        teacher.press("Turn the camera on").await;
        teacher
    }
}
