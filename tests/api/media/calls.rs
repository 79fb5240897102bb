//! `media/settings`, `media/connect` and `media/disconnect`.

use serde_json::json;

use super::{connect, offer};
use crate::iclass::board::Lesson;
use crate::support::component::Component;
use crate::support::media::{BAD_OFFER, FakeMedia};
use crate::support::service::Service;

#[tokio::test]
async fn only_who_is_inside_connects() {
    let media = FakeMedia::new();
    let service = Service::forwarding(&media, &[]);
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    let of_class = json!({ "class_id": lesson.class_id });
    let outside = Component::register(&enterprise, "zhao", "student").await;
    let visitor = Component::register(&enterprise, "visitor", "visitor").await;
    for (component, code) in [(&outside, 10203), (&visitor, 10230)] {
        component.refused("media/settings", of_class.clone(), code).await;
        component.refused("media/connect", offer(lesson.class_id), code).await;
        let body = json!({ "class_id": lesson.class_id, "session": "a" });
        component.refused("media/disconnect", body, code).await;
    }
    lesson.li.ok("member/quit", of_class).await;
    lesson.li.refused("media/connect", offer(lesson.class_id), 10203).await;
    assert!(media.sessions().is_empty());
    let session = connect(&lesson.wang, lesson.class_id).await;
    assert_eq!(media.of("wang"), [session]);
}

#[tokio::test]
async fn an_offer_reaches_the_media_server_with_its_lines_and_the_bitrate_of_the_class() {
    let media = FakeMedia::new();
    let service = Service::forwarding(&media, &[]);
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    enterprise.ok("class/modify", json!({"class_id": lesson.class_id, "settings": {"bitrate": 900}})).await;
    let sources = json!([{"mid": "0", "source": "mic"}, {"mid": "1", "source": "screen"}]);
    let body = json!({"class_id": lesson.class_id, "session": "", "offer": "v=0\r\none\r\n", "sources": sources});
    let answer = lesson.li.ok("media/connect", body).await;
    assert_eq!(answer["answer"], "answer to v=0\r\none\r\n");
    let session = answer["session"].as_str().unwrap();
    let again = json!({"class_id": lesson.class_id, "session": session, "offer": "v=0\r\ntwo\r\n", "sources": []});
    let answer = lesson.li.ok("media/connect", again.clone()).await;
    assert_eq!((&answer["answer"], answer["session"].as_str()), (&json!("answer to v=0\r\ntwo\r\n"), Some(session)));
    let held = media.sessions().remove(session).unwrap();
    assert_eq!((held.class_id, held.user_id.as_str(), held.bitrate), (lesson.class_id, "li", 900));
    assert_eq!(held.offers, ["v=0\r\none\r\n", "v=0\r\ntwo\r\n"]);
    // Nobody else uses the session or ends it.
    lesson.wang.refused("media/connect", again.clone(), 10292).await;
    lesson.wang.ok("media/disconnect", json!({"class_id": lesson.class_id, "session": session})).await;
    assert_eq!(media.of("li").len(), 1);
    lesson.li.ok("media/disconnect", json!({"class_id": lesson.class_id, "session": session})).await;
    assert_eq!(media.of("li").len(), 0);
    lesson.li.refused("media/connect", again, 10292).await;
    lesson.li.ok("media/disconnect", json!({"class_id": lesson.class_id, "session": session})).await;
}

#[tokio::test]
async fn an_offer_that_can_not_be_accepted_is_refused_by_name() {
    let media = FakeMedia::new();
    let service = Service::forwarding(&media, &[]);
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    let with = |offer: &str, sources: usize| {
        let row = json!({"mid": "0", "source": "mic"});
        json!({"class_id": lesson.class_id, "offer": offer, "sources": vec![row; sources]})
    };
    let refusal = lesson.li.refused("media/connect", with(BAD_OFFER, 0), 10003).await;
    assert_eq!(refusal, "offer: no line can be used");
    lesson.li.ok("media/connect", with(&format!("v=0{}", "a".repeat(65_533)), 8)).await;
    let refusal = lesson.li.refused("media/connect", with(&format!("v=0{}", "a".repeat(65_534)), 0), 10003).await;
    assert_eq!(refusal, "offer: has 65537 bytes, more than 65536");
    let refusal = lesson.li.refused("media/connect", with("v=0", 9), 10003).await;
    assert_eq!(refusal, "sources: must be at most 8, has 9");
    for wrong in ["", "hello", "v=0\tb"] {
        lesson.li.refused("media/connect", with(wrong, 0), 10003).await;
    }
}

#[tokio::test]
async fn offers_are_limited() {
    let media = FakeMedia::new();
    let service = Service::forwarding(&media, &[]);
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    for _ in 0..30 {
        connect(&lesson.li, lesson.class_id).await;
    }
    let refusal = lesson.li.refused("media/connect", offer(lesson.class_id), 10290).await;
    assert_eq!(refusal, "too many offers to the media server; try again in 2 s");
    connect(&lesson.wang, lesson.class_id).await;
    service.pass(2);
    connect(&lesson.li, lesson.class_id).await;
}

#[tokio::test]
async fn settings_say_how_to_send_and_which_servers_help() {
    let media = FakeMedia::new();
    let turn = ["--turn-url", "turn:turn.example.com:3478,turns:turn.example.com", "--turn-secret", "north"];
    let service = Service::forwarding(&media, &turn);
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    let settings = json!({"resolution": "1280x720", "bitrate": 1200, "fps": 20, "auto_open_mic": 1});
    let change = json!({"class_id": lesson.class_id, "settings": settings, "max_member_limit": 6});
    enterprise.ok("class/modify", change).await;
    let answer = lesson.li.ok("media/settings", json!({ "class_id": lesson.class_id })).await;
    let number = |name: &str| answer[name].as_i64().unwrap();
    assert_eq!((number("enabled"), number("bitrate"), number("fps")), (1, 1200, 20));
    assert_eq!((number("width"), number("height")), (1280, 720));
    let stage = ["auto_open_mic", "auto_open_camera", "max_member_limit"].map(number);
    assert_eq!(stage[0], 1);
    assert_eq!(stage[2], 6);
    assert_eq!(
        answer["ice_servers"],
        json!([{
            "urls": ["turn:turn.example.com:3478", "turns:turn.example.com"],
            "username": "1700043200:li",
            "credential": "eYQmFmd4vLmS2p0SZgdHp87DZRA=",
        }])
    );
}

#[tokio::test]
async fn media_off_answers_10291_and_says_so_in_settings() {
    let media = FakeMedia::new();
    for service in [Service::start(), Service::forwarding(&media, &["--media", "off"])] {
        let enterprise = service.enterprise().await;
        let lesson = Lesson::begin(&enterprise).await;
        let settings = lesson.li.ok("media/settings", json!({ "class_id": lesson.class_id })).await;
        assert_eq!((&settings["enabled"], &settings["ice_servers"]), (&json!(0), &json!([])));
        assert!(settings["bitrate"].is_i64() && settings["width"].is_i64(), "{settings}");
        let refusal = lesson.li.refused("media/connect", offer(lesson.class_id), 10291).await;
        assert_eq!(refusal, "the service has no media server");
        lesson.li.ok("media/disconnect", json!({ "class_id": lesson.class_id, "session": "a" })).await;
    }
}
