//! The calls with the media server of the program: who is permitted is heard, and who is not is not.

use serde_json::json;

use crate::iclass::board::Lesson;
use crate::support::component::Component;
use crate::support::process::eventually;
use crate::support::robot::{Order, Plan, Robot};
use crate::support::service::Service;

/// A component connects with this plan.
async fn enter(component: &Component<'_>, class_id: i64, plan: Plan) -> Robot {
    Robot::connect(plan, async |offer, sources| {
        let sources: Vec<_> = sources.iter().map(|(mid, source)| json!({"mid": mid, "source": source})).collect();
        let body = json!({"class_id": class_id, "session": "", "offer": offer, "sources": sources});
        component.ok("media/connect", body).await["answer"].as_str().unwrap().to_owned()
    })
    .await
}

/// A pupil who listens, and speaks if they may.
fn pupil(mic: bool) -> Plan {
    Plan { mic, slots: (3, 3), ..Plan::default() }
}

#[tokio::test]
async fn a_voice_is_heard_until_a_moderator_closes_the_microphone() {
    let service = Service::forwarding_really(&[]);
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    lesson.report(&lesson.li, "mic_open", None).await;
    let li = enter(&lesson.li, lesson.class_id, pupil(true)).await;
    let wang = enter(&lesson.wang, lesson.class_id, pupil(true)).await;
    let heard = |robot: &Robot, user_id: &str| robot.got(user_id, "mic").is_some_and(|got| got.packets > 20);
    eventually("wang hears li", async || heard(&wang, "li").then_some(())).await;
    assert!(li.got("wang", "mic").is_none(), "nobody let wang speak");
    lesson.report(&lesson.teacher, "disable_mic", Some("li")).await;
    eventually("li is not heard any more", async || wang.got("li", "mic").is_none().then_some(())).await;
    lesson.report(&lesson.wang, "mic_open", None).await;
    eventually("li hears wang", async || heard(&li, "wang").then_some(())).await;
    lesson.report(&lesson.teacher, "kick", Some("wang")).await;
    eventually("wang is gone", async || li.got("wang", "mic").is_none().then_some(())).await;
}

#[tokio::test]
async fn a_page_that_stops_sending_is_shown_with_its_microphone_off() {
    let service = Service::forwarding_really(&[]);
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    lesson.report(&lesson.li, "mic_open", None).await;
    let li = enter(&lesson.li, lesson.class_id, pupil(true)).await;
    let wang = enter(&lesson.wang, lesson.class_id, pupil(false)).await;
    eventually("wang hears li", async || wang.got("li", "mic").map(drop)).await;
    li.order(Order::Mute(true));
    let is_off = async || (lesson.devices("li").await == [0, 0, 0]).then_some(());
    eventually("the microphone of li is off", is_off).await;
}
