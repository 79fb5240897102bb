//! The chapters of a video: what was shown, asked and shared while it ran.

use serde_json::{Value, json};

use crate::iclass::board::Lesson;
use crate::iclass::conversions::start;
use crate::support::channel::Channel;
use crate::support::component::Component;
use crate::support::converter::Scripted;
use crate::support::service::{BEGIN, Enterprise};

async fn post(component: &Component<'_>, call: &str, query: &str, content: &str) -> Value {
    let Component { service, sdkappid, user_id, token } = component;
    let url = format!("{}/saas/v1/{call}?sdkappid={sdkappid}&user_id={user_id}&token={token}&{query}", service.url);
    let answer = component.post(url, content.to_owned()).await;
    assert_eq!(answer["error_code"], 0, "{answer}");
    answer
}

/// Uploads what the teacher recorded between two times of the class, in seconds. Returns its `video_id`.
async fn record(lesson: &Lesson<'_>, from: i64, to: i64) -> Value {
    let (class_id, from, to) = (lesson.class_id, BEGIN + from, BEGIN + to);
    let query = format!("class_id={class_id}&start_time={from}&stop_time={to}");
    post(&lesson.teacher, "localrecord/upload", &query, &query).await["file_id"].clone()
}

async fn chapters(component: &Component<'_>, class_id: i64, video_id: &Value) -> Vec<Value> {
    let found = component.ok("record/chapters", json!({"class_id": class_id, "video_id": video_id})).await;
    let list = found["list"].as_array().unwrap().clone();
    assert_eq!(found["total"], list.len());
    list
}

#[tokio::test]
async fn pages_questions_and_screens_are_chapters_at_their_times() {
    let service = start(Scripted::willing(), &[]);
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    let class_id = lesson.class_id;
    let (mut pupil, _) = Channel::enter(&lesson.li, class_id).await;
    let added = post(&lesson.teacher, "document/upload", &format!("class_id={class_id}&name=a.pptx"), "slides").await;
    let doc_id = added["doc_id"].as_str().unwrap();
    pupil.message_where(|message| message["event"] == "document" && message["data"]["state"] == "ready").await;
    lesson.teacher.ok("class/start", json!({ "class_id": class_id })).await;
    let show = async |page: &str| lesson.teacher.ok("board/show", json!({"class_id": class_id, "page": page})).await;
    show(&format!("{doc_id}/2")).await;
    service.pass(20);
    let asked = json!({"class_id": class_id, "question_id": "q1", "options": ["A", "B"], "limit_time": 5});
    lesson.teacher.ok("question/launch", asked).await;
    service.pass(10);
    let share =
        async |event: &str| lesson.teacher.ok("report/event", json!({"class_id": class_id, "event": event})).await;
    share("screen_share_open").await;
    service.pass(10);
    share("screen_share_close").await;
    show(&format!("{doc_id}/3")).await;
    service.pass(1);
    show("w1").await;
    service.pass(19);
    lesson.teacher.ok("class/stop", json!({ "class_id": class_id })).await;

    let whole = record(&lesson, 10, 60).await;
    let found = chapters(&lesson.li, class_id, &whole).await;
    let seen: Vec<Value> = found.iter().map(|row| json!([row["position"], row["kind"], row["number"]])).collect();
    // What was shown at the begin is the first; a page that was only turned over is none.
    assert_eq!(
        seen,
        [
            json!([0, "page", 2]),
            json!([10_000, "question", 0]),
            json!([20_000, "screen", 0]),
            json!([31_000, "page", 1])
        ],
        "{found:?}"
    );
    assert_eq!((&found[0]["doc_id"], &found[0]["doc_name"]), (&json!(doc_id), &json!("a")));
    assert!(found[0]["thumbnail"].as_str().unwrap().ends_with("/thumbnails/2.png"), "{found:?}");
    assert_eq!((&found[1]["question_id"], &found[1]["user_id"]), (&json!("q1"), &json!("teacher_1")));
    assert_eq!((&found[2]["user_id"], &found[2]["nickname"]), (&json!("teacher_1"), &json!("teacher_1")));
    assert_eq!((&found[3]["page"], &found[3]["thumbnail"]), (&json!("w1"), &json!("")));
    assert_eq!(found[3]["time"], (BEGIN + 41) * 1000);

    let asked = json!({"class_id": class_id, "video_id": whole});
    let parts = lesson.li.ok("record/chapters", asked).await["parts"].clone();
    assert_eq!(parts, json!([{"position": 0, "time": (BEGIN + 10) * 1000, "length": 50_000}]));

    let begin = record(&lesson, 0, 15).await;
    assert_eq!(chapters(&lesson.li, class_id, &begin).await.len(), 1);
}

#[tokio::test]
async fn chapters_are_for_those_who_may_enter_the_class() {
    let service = start(Scripted::willing(), &[]);
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    let video_id = record(&lesson, 0, 15).await;
    let asked = json!({"class_id": lesson.class_id, "video_id": video_id});
    // Nobody followed the class, so nothing is known of it.
    assert_eq!(chapters(&lesson.li, lesson.class_id, &video_id).await.len(), 0);
    let stranger = Component::register(&enterprise, "stranger", "student").await;
    stranger.refused("record/chapters", asked.clone(), 10226).await;
    lesson.li.refused("record/chapters", json!({"class_id": lesson.class_id, "video_id": "other"}), 10003).await;
    let other: Enterprise<'_> = service.enterprise().await;
    let elsewhere = Component::register(&other, "boss", "superadmin").await;
    elsewhere.refused("record/chapters", asked, 10230).await;
}
