//! What components record themselves: uploading it, and what the enterprise gets of it.

use lectern::domain::tenancy::enterprise::Patch;
use lectern::domain::tenancy::settings::RecordingPatch;
use serde_json::{Value, json};

use crate::iclass::board::{Lesson, count};
use crate::support::component::Component;
use crate::support::process::eventually;
use crate::support::raw::Raw;
use crate::support::receiver::Receiver;
use crate::support::service::{BEGIN, Service};
use crate::support::webhooks;

/// The address of an upload, with more of the query.
fn address(component: &Component<'_>, query: &str) -> String {
    let Component { service, sdkappid, user_id, token } = component;
    format!("{}/saas/v1/localrecord/upload?sdkappid={sdkappid}&user_id={user_id}&token={token}&{query}", service.url)
}

/// An upload of ten minutes, with more of the query.
async fn upload(component: &Component<'_>, class_id: i64, more: &str, content: &str) -> Value {
    let (begin, end) = (BEGIN + 60, BEGIN + 660);
    let query = format!("class_id={class_id}&start_time={begin}&stop_time={end}{more}");
    component.post(address(component, &query), content.to_owned()).await
}

fn list(class_id: i64) -> Value {
    // As other callers send it.
    json!({"Index": 0, "class_id": class_id, "size": 10, "task_id": "", "user_id": ""})
}

#[tokio::test]
async fn the_enterprise_gets_what_its_teacher_recorded_and_everybody_in_the_class_can_see_it() {
    let (service, receiver) = (webhooks::start(&[]), Receiver::start());
    let enterprise = service.enterprise().await;
    enterprise.set(webhooks::address(&receiver.url)).await;
    let lesson = Lesson::begin(&enterprise).await;
    let class_id = lesson.class_id;
    lesson.teacher.ok("class/start", json!({ "class_id": class_id })).await;
    service.pass(700);
    lesson.teacher.ok("class/stop", json!({ "class_id": class_id })).await;
    assert_eq!(enterprise.ok("localrecord/query", list(class_id)).await["total"], 0);
    let added = upload(&lesson.teacher, class_id, "&task_id=t1", "a film").await;
    assert_eq!((&added["error_code"], &added["task_id"], &added["file_size"]), (&json!(0), &json!("t1"), &json!(6)));

    let sent =
        receiver.wait_until("the recording", |all| all.last().is_some_and(|r| r.event() == "local_record_callback"));
    let info = sent.await.last().unwrap().body["data"]["record_info"].clone();
    let url = info["file_url"].as_str().unwrap().to_owned();
    assert_eq!(
        info,
        json!({"sdkappid": enterprise.sdkappid, "class_id": class_id, "class_topic": class_id.to_string(),
            "teacher_id": "teacher_1", "assistant_id": "", "start_time": BEGIN + 60, "stop_time": BEGIN + 660,
            "class_start_time": BEGIN, "class_stop_time": BEGIN + 700, "user_id": "teacher_1",
            "record_type": "local_record", "file_id": added["file_id"], "file_format": "mp4", "file_size": 6,
            "file_url": url, "duration": 600, "task_id": "t1"})
    );
    let found = enterprise.ok("localrecord/query", list(class_id)).await;
    assert_eq!((&found["finish"], &found["total"]), (&json!(true), &json!(1)));
    let row = &found["record_info_list"][0];
    assert_eq!(
        *row,
        json!({"RoomId": class_id, "UserId": "teacher_1", "TaskId": "t1", "StartTime": BEGIN + 60,
            "SplicTime": BEGIN + 700, "VideoOutputType": "mp4", "VideoOutputId": added["file_id"],
            "VideoOutputUrl": row["VideoOutputUrl"], "VideoOutputSize": 6, "VideoOutputDuration": 600_000})
    );
    let seen = lesson.li.ok("record/query", json!({ "class_id": class_id })).await["list"][0].clone();
    assert_eq!((&seen["record_type"], &seen["video_type"]), (&json!("local_record"), &json!(2)));
    for link in [url.as_str(), row["VideoOutputUrl"].as_str().unwrap(), seen["video_url"].as_str().unwrap()] {
        let file = service.http.get(link).send().await.unwrap();
        assert_eq!((file.status().as_u16(), &file.headers()["content-type"]), (200, &"video/mp4".parse().unwrap()));
        assert!(!file.headers().contains_key("content-disposition"));
        assert_eq!(file.text().await.unwrap(), "a film");
    }
    service.pass(48 * 3600);
    assert_ne!(service.http.get(&url).send().await.unwrap().status(), 200, "the link expires");
}

#[tokio::test]
async fn a_list_has_the_pages_users_and_tasks_that_are_wanted() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    let (class_id, assistant) = (lesson.class_id, Component::register(&enterprise, "zhao", "assistant").await);
    let members = json!({"class_id": class_id, "list": [{"user_id": "zhao", "role": "assistant"}]});
    enterprise.ok("member/add", members).await;
    for (component, more) in [
        (&lesson.teacher, "&task_id=a"),
        (&lesson.teacher, "&task_id=b&format=webm&video_type=1&duration=7"),
        (&assistant, "&task_id=a"),
        (&assistant, ""),
    ] {
        assert_eq!(upload(component, class_id, more, "film").await["error_code"], 0, "{more}");
    }
    let tasks = async |wanted: Value| -> (Value, Vec<Value>) {
        let mut body = list(class_id);
        body.as_object_mut().unwrap().extend(wanted.as_object().unwrap().clone());
        let found = enterprise.ok("localrecord/query", body).await;
        let rows = found["record_info_list"].as_array().unwrap().iter();
        (json!([found["total"], found["finish"]]), rows.map(|row| json!([row["UserId"], row["TaskId"]])).collect())
    };
    let all = tasks(json!({})).await.1;
    assert_eq!(all[..3], [json!(["teacher_1", "a"]), json!(["teacher_1", "b"]), json!(["zhao", "a"])]);
    assert_eq!(all[3][1].as_str().unwrap().len(), 20, "one without a task gets one");
    assert_eq!(tasks(json!({"size": 2})).await, (json!([4, false]), all[..2].to_vec()));
    assert_eq!(tasks(json!({"Index": 2, "size": 2})).await, (json!([4, true]), all[2..].to_vec()));
    assert_eq!(tasks(json!({"task_id": "a"})).await, (json!([2, true]), vec![all[0].clone(), all[2].clone()]));
    assert_eq!(tasks(json!({"task_id": "a", "user_id": "zhao"})).await, (json!([1, true]), vec![all[2].clone()]));
    let rows = enterprise.ok("localrecord/query", list(class_id)).await["record_info_list"].clone();
    assert_eq!((&rows[1]["VideoOutputType"], &rows[1]["VideoOutputDuration"]), (&json!("webm"), &json!(7000)));
    // A cloud recording is not among them.
    assert_eq!(lesson.li.ok("record/query", json!({ "class_id": class_id })).await["total"], 4);
    let other = service.enterprise().await;
    other.refused("localrecord/query", list(class_id), 10230).await;
}

#[tokio::test]
async fn an_upload_that_is_sent_again_is_the_same_recording() {
    let (service, receiver) = (webhooks::start(&[]), Receiver::start());
    let enterprise = service.enterprise().await;
    enterprise.set(webhooks::address(&receiver.url)).await;
    let lesson = Lesson::begin(&enterprise).await;
    let first = upload(&lesson.teacher, lesson.class_id, "", "film").await;
    let again = upload(&lesson.teacher, lesson.class_id, "", "film").await;
    assert_eq!((&first["file_id"], &first["task_id"]), (&again["file_id"], &again["task_id"]));
    assert_ne!(first["file_id"], upload(&lesson.teacher, lesson.class_id, "", "another").await["file_id"]);
    assert_eq!(enterprise.ok("localrecord/query", list(lesson.class_id)).await["total"], 2);
    assert_eq!(count(&service, "files WHERE state = 'kept'").await, 2);
    let events = enterprise.ok("event/list", json!({ "class_id": lesson.class_id })).await;
    let named = |row: &&Value| row["event"] == "local_record_callback";
    assert_eq!(events["list"].as_array().unwrap().iter().filter(named).count(), 2, "{events}");
}

#[tokio::test]
async fn an_upload_that_is_refused_leaves_nothing() {
    let flags = ["--recording-upload-limit-bytes", "1000", "--quota-recording-bytes", "1500"];
    let service = Service::start_with(&flags);
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    let other = enterprise.class(json!({"teacher_id": "somebody"})).await;
    let good = format!("class_id={}&start_time={BEGIN}&stop_time={BEGIN}", lesson.class_id);
    let nobody = Component::of(&enterprise, "teacher_1", "wrong");
    let mut raw = Raw::connect(&service.url);
    let content = "x".repeat(900);
    // All on one connection: what is refused is read.
    for (component, query, code) in [
        (&lesson.li, good.clone(), 10203),
        (&nobody, good.clone(), 10216),
        (&lesson.teacher, good.replace(&lesson.class_id.to_string(), &other.to_string()), 10203),
        (&lesson.teacher, good.replace(&lesson.class_id.to_string(), "999999999"), 10230),
        (&lesson.teacher, format!("class_id={}&stop_time={BEGIN}", lesson.class_id), 10003),
        (&lesson.teacher, format!("class_id={}&start_time={BEGIN}&stop_time=1", lesson.class_id), 10003),
        (&lesson.teacher, format!("{good}&format=html"), 10003),
        (&lesson.teacher, format!("{good}&video_type=3"), 10003),
        (&lesson.teacher, format!("{good}&task_id={}", "a".repeat(129)), 10003),
        (&lesson.teacher, format!("{good}&sign={:x}", md5::compute("another body")), 10217),
    ] {
        let answer = raw.post(&address(component, &query), "", &content);
        assert_eq!(answer.code(), code, "{query}: {}", answer.body);
    }
    assert_eq!(raw.post(&address(&lesson.teacher, &good), "", "x".repeat(1001)).code(), 10005);
    eventually("what was written is gone", async || {
        (count(&service, "files WHERE state <> 'discarded'").await == 0).then_some(())
    })
    .await;
    assert_eq!(count(&service, "recordings").await, 0);
    let right = format!("{good}&sign={:x}", md5::compute(&content));
    assert_eq!(raw.post(&address(&lesson.teacher, &right), "", &content).code(), 0);
    assert_eq!(raw.post(&address(&lesson.teacher, &good), "", "y".repeat(601)).code(), 10290, "the quota");
    assert_eq!(raw.post(&address(&lesson.teacher, &good), "", "y".repeat(600)).code(), 0);
    assert_eq!(raw.post(&address(&lesson.teacher, &good), "", "z").code(), 10290);
    raw.request("GET", &address(&lesson.teacher, &good), "", "");
    assert_eq!(raw.read("GET").status, 405);
}

#[tokio::test]
async fn recordings_are_removed_with_their_class_and_after_a_time() {
    let mut service = Service::start_with(&["--recording-keep-days", "30"]);
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    let booked = enterprise.class(json!({"teacher_id": "teacher_1"})).await;
    for class_id in [lesson.class_id, booked] {
        assert_eq!(upload(&lesson.teacher, class_id, "", "film").await["error_code"], 0);
    }
    enterprise.ok("class/delete", json!({ "class_id": booked })).await;
    assert_eq!(count(&service, "recordings").await, 1);
    assert_eq!(count(&service, "files WHERE state = 'kept'").await, 1);
    service.restart_after(29 * 86_400);
    assert_eq!(count(&service, "recordings").await, 1);
    service.restart_after(2 * 86_400);
    eventually("it is removed", async || (count(&service, "recordings").await == 0).then_some(())).await;
    assert_eq!(count(&service, "files WHERE state = 'kept'").await, 0);
}

#[tokio::test]
async fn links_do_not_expire_where_the_enterprise_makes_recordings_public() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    let recordings = RecordingPatch { is_public: Some(true), ..RecordingPatch::default() };
    enterprise.set(Patch { recordings, ..Patch::default() }).await;
    let url = upload(&lesson.teacher, lesson.class_id, "", "film").await["file_url"].as_str().unwrap().to_owned();
    service.pass(365 * 86_400);
    assert_eq!(service.http.get(url).send().await.unwrap().status(), 200);
}
