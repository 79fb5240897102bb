//! Recordings of classes, from the begin of the class to a video that plays: with robots that send known voices and pictures.

mod callbacks;
mod faults;
mod grid;
mod lesson;
mod pauses;
mod products;
mod slides;
pub(super) mod video;

use std::sync::{Arc, LazyLock};

use lectern::domain::tenancy::enterprise::Draft;
use serde_json::{Value, json};

use crate::support::component::Component;
use crate::support::process::eventually;
use crate::support::receiver::Receiver;
use crate::support::robot::film::Film;
use crate::support::robot::{Plan, Robot};
use crate::support::service::Service;

/// A voice that beeps in the first tenth of each second while the picture is white, else red: to see whether they are in step.
pub(super) static TEACHER: LazyLock<Arc<Film>> = LazyLock::new(|| {
    Arc::new(Film::of(
        "aevalsrc='0.5*sin(2*PI*440*t)*lt(mod(t,1),0.2)':s=48000",
        "color=red:s=320x180,drawbox=color=white:t=fill:enable='lt(mod(t,1),0.2)'",
        30,
    ))
});
/// A pupil: another tone, and blue.
static PUPIL: LazyLock<Arc<Film>> = LazyLock::new(|| {
    Arc::new(Film::of("aevalsrc='0.3*sin(2*PI*1000*t)*lt(mod(t,0.5),0.4)':s=48000", "color=blue:s=320x180", 30))
});

pub(super) fn film(of: &LazyLock<Arc<Film>>) -> Plan {
    Plan { mic: true, camera: &[("", 600)], slots: (3, 3), film: Some((*of).clone()), ..Plan::default() }
}

pub(super) async fn enter(component: &Component<'_>, class_id: i64, plan: Plan) -> Robot {
    Robot::connect(plan, async |offer, sources| {
        let sources: Vec<_> = sources.iter().map(|(mid, source)| json!({"mid": mid, "source": source})).collect();
        let body = json!({"class_id": class_id, "session": "", "offer": offer, "sources": sources});
        component.ok("media/connect", body).await["answer"].as_str().unwrap().to_owned()
    })
    .await
}

/// An enterprise that books recorded classes, and what it is told.
struct School<'a> {
    receiver: Receiver,
    teacher: Component<'a>,
    li: Component<'a>,
    class_id: i64,
}

async fn book(service: &Service) -> School<'_> {
    book_as(service, "composed").await
}

/// As [`book`], of an enterprise that wants this to be made of its recordings.
async fn book_as<'a>(service: &'a Service, product: &str) -> School<'a> {
    book_with(service, product, &[]).await.0
}

/// As [`book_as`], with more pupils.
async fn book_with<'a>(service: &'a Service, product: &str, more: &[&str]) -> (School<'a>, Vec<Component<'a>>) {
    let receiver = Receiver::start();
    let draft = Draft { name: "Test".into(), call_back_url: Some(receiver.url.clone()), ..Draft::default() };
    let enterprise = service.enterprise_of(draft).await;
    let set = std::process::Command::new(env!("CARGO_BIN_EXE_lectern"))
        .args(["enterprise", "set", &enterprise.sdkappid.to_string(), "--database-url", service.database_url()])
        .args(["--recording", product])
        .output()
        .unwrap();
    assert!(set.status.success(), "{set:?}");
    let teacher = Component::register(&enterprise, "teacher_1", "teacher").await;
    let li = Component::register(&enterprise, "li", "student").await;
    let mut pupils = Vec::new();
    for user_id in more {
        pupils.push(Component::register(&enterprise, user_id, "student").await);
    }
    let reserved = |user_id: &&str| json!({"user_id": user_id, "role": "student"});
    let members: Vec<Value> = std::iter::once(&"li").chain(more).map(reserved).collect();
    let class_id = enterprise.class(json!({"class_type": "1vN", "members": members, "record_types": ["remote"]})).await;
    for component in [&teacher, &li].into_iter().chain(&pupils) {
        component.ok("member/join", json!({ "class_id": class_id })).await;
    }
    (School { receiver, teacher, li, class_id }, pupils)
}

impl School<'_> {
    async fn report(&self, by: &Component<'_>, event: &str) {
        by.ok("report/event", json!({ "class_id": self.class_id, "event": event })).await;
    }

    async fn on_stage(&self, by: &Component<'_>) {
        self.report(by, "mic_open").await;
        self.report(by, "camera_open").await;
    }

    /// What the enterprise is told by this event.
    async fn told(&self, event: &str) -> Value {
        eventually(event, async || {
            self.receiver.requests().iter().find(|request| request.event() == event).map(|r| r.body["data"].clone())
        })
        .await
    }
}

fn recording_service(flags: &[&str]) -> Service {
    Service::recording(&[&["--callback-allow-private", "true"], flags].concat())
}
