//! Reports of the recorder: videos of rooms, and the index for playback.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lectern::domain::tenancy::enterprise::Patch;
use lectern::domain::tenancy::settings::RoomPatch;
use serde_json::{Value, json};

use super::{Client, send};
use crate::support::component::Component;
use crate::support::receiver::Receiver;
use crate::support::service::{BEGIN, Enterprise, Service};
use crate::support::webhooks;

/// A report of a video in the format of the cloud.
fn video(roomnum: i64, video_id: &str) -> Value {
    let userid = STANDARD.encode("老师 1");
    json!({"event_type": 100, "stream_id": "8525_x", "stream_param": format!("groupid={roomnum}&userid={userid}&cliRecoId=0"),
        "start_time": 1_500_000_000, "end_time": 1_500_000_600, "media_start_time": 1000, "file_size": 123_456,
        "duration": 600, "video_id": video_id, "video_url": "http://v.example.com/x.f0.mp4 ", "channel_id": "8525_x",
        "appid": 1_251_659_802, "file_id": "9031", "file_format": "mp4"})
}

async fn report(service: &Service, cmd: &str, fields: &Value) -> Value {
    send(service, "live", cmd, fields.to_string()).await
}

async fn with_key(enterprise: &Enterprise<'_>) {
    let rooms = RoomPatch { recording_key: Some("key".into()), ..RoomPatch::default() };
    enterprise.set(Patch { rooms, ..Patch::default() }).await;
}

fn signed(mut fields: Value, until: i64) -> Value {
    fields["sign"] = format!("{:x}", md5::compute(format!("key{until}"))).into();
    fields["t"] = until.into();
    fields
}

#[tokio::test]
async fn a_video_is_published_to_the_enterprise_and_to_the_group_once() {
    let (service, receiver) = (webhooks::start(&[]), Receiver::start());
    let enterprise = service.enterprise().await;
    enterprise.set(webhooks::address(&receiver.url)).await;
    let teacher = Client::teacher(&enterprise, "老师 1").await;
    let roomnum = teacher.begun_room().await;
    for cmd in ["recendcall", "reccall", "callback"] {
        assert_eq!(report(&service, cmd, &video(roomnum, "v1")).await, json!({"code": 0}));
    }
    assert_eq!(report(&service, "recendcall", &video(roomnum, "v2")).await, json!({"code": 0}));
    let published = receiver.wait_for(3).await;
    assert_eq!(published[1].event(), "online_record_stop");
    assert_eq!(
        published[1].body["data"],
        json!({"error_code": 0, "error_msg": "", "timestamp": BEGIN, "start_time": 1_500_000_000, "stop_time": 1_500_000_600,
            "class_id": roomnum, "video_info": [{"video_play_time": 1000, "video_size": 123_456, "video_format": "mp4",
            "video_duration": 600, "video_url": "http://v.example.com/x.f0.mp4", "video_id": "v1", "video_type": 0,
            "user_id": "老师 1"}]})
    );
    assert_eq!(published[2].body["data"]["video_info"][0]["video_id"], "v2");
    let events = enterprise.ok("event/list", json!({ "class_id": roomnum })).await;
    assert_eq!(events["list"].as_array().unwrap().len(), 3, "{events}");
    let messages = enterprise.ok("imstorage/msg", json!({"class_id": roomnum, "group_id": roomnum.to_string()})).await;
    let recorded = messages["list"].as_array().unwrap().iter().filter(|message| message.to_string().contains("1004"));
    assert_eq!(recorded.count(), 2, "{messages}");
}

#[tokio::test]
async fn a_reported_video_is_in_the_list_of_the_videos_of_its_class() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let teacher = Client::teacher(&enterprise, "t1").await;
    let roomnum = teacher.begun_room().await;
    let component = {
        let fresh = enterprise.ok("user/token/update", json!({"user_id": "t1"})).await;
        Component::of(&enterprise, "t1", fresh["user_token"].as_str().unwrap())
    };
    assert_eq!(component.ok("record/query", json!({ "class_id": roomnum })).await["total"], 0);
    report(&service, "recendcall", &video(roomnum, "v1")).await;
    // What a component recorded itself is beside it.
    let Component { sdkappid, user_id, token, .. } = &component;
    let query =
        format!("sdkappid={sdkappid}&user_id={user_id}&token={token}&class_id={roomnum}&start_time=1&stop_time=2");
    let own = component.post(format!("{}/saas/v1/localrecord/upload?{query}", service.url), "film".into()).await;
    assert_eq!(own["error_code"], 0, "{own}");
    let found = component.ok("record/query", json!({ "class_id": roomnum })).await;
    assert_eq!(found["total"], 2);
    assert_eq!(
        found["list"][0],
        json!({"video_play_time": 1000, "video_size": 123_456, "video_format": "mp4", "video_duration": 600,
            "video_url": "http://v.example.com/x.f0.mp4", "video_id": "v1", "video_type": 0, "user_id": "老师 1",
            "start_time": 1_500_000_000, "stop_time": 1_500_000_600, "record_type": "online_record"})
    );
    assert_eq!(found["list"][1]["record_type"], "local_record");
    // Its chapters are those of its time; the room had no log.
    let asked = json!({"class_id": roomnum, "video_id": "v1"});
    assert_eq!(component.ok("record/chapters", asked).await["list"], json!([]));
    assert_eq!(enterprise.ok("localrecord/query", json!({ "class_id": roomnum })).await["total"], 1);
}

#[tokio::test]
async fn the_id_of_a_video_may_be_an_integer() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let roomnum = Client::teacher(&enterprise, "t1").await.begun_room().await;
    let mut fields = video(roomnum, "");
    for id in [json!(9031), json!("9031")] {
        fields["video_id"] = id;
        assert_eq!(report(&service, "recendcall", &fields).await, json!({"code": 0}));
    }
    let events = enterprise.ok("event/list", json!({ "class_id": roomnum })).await;
    let videos: Vec<&Value> = events["list"].as_array().unwrap().iter().map(|e| &e["data"]["video_info"]).collect();
    let recorded: Vec<&&Value> = videos.iter().filter(|videos| videos.is_array()).collect();
    // It is the same video.
    assert_eq!(recorded.len(), 1, "{events}");
    assert_eq!(recorded[0][0]["video_id"], "9031");
    for wrong in [json!(0), json!(""), json!([1]), json!(true), json!(1.5), json!(null)] {
        fields["video_id"] = wrong;
        assert_eq!(report(&service, "recendcall", &fields).await["code"], 10003, "{fields}");
    }
}

#[tokio::test]
async fn a_report_that_is_no_video_of_a_room_changes_nothing() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let roomnum = Client::teacher(&enterprise, "t1").await.begun_room().await;
    let mut other = video(roomnum, "v1");
    other["event_type"] = 1.into();
    let mut nowhere = video(roomnum, "v1");
    nowhere["stream_param"] = "".into();
    for fields in [other, nowhere, json!({"stream_id": "x"}), json!({"event_type": 100}), json!([])] {
        assert_eq!(report(&service, "reccall", &fields).await, json!({"code": 0}), "{fields}");
    }
    // A class that was created through another protocol accepts no unsigned reports.
    let class_id = enterprise.class(json!({})).await;
    for missing in [class_id, 999_999_999] {
        let answer = report(&service, "reccall", &video(missing, "v1")).await;
        assert_eq!(answer["code"], 10010, "{answer}");
        let index =
            report(&service, "idxfileendcall", &json!({"roomnum": missing, "playback_idx_url": "http://x"})).await;
        assert_eq!(index["errorCode"], 10010, "{index}");
    }
    for field in ["video_id", "start_time", "end_time"] {
        let mut fields = video(roomnum, "v1");
        fields.as_object_mut().unwrap().remove(field);
        let answer = report(&service, "reccall", &fields).await;
        assert_eq!(answer["code"], 10003);
        assert!(answer["message"].as_str().unwrap().contains(field), "{answer}");
    }
    assert_eq!(send(&service, "live", "reccall", "{bad".into()).await["code"], 10002);
    let events = enterprise.ok("event/list", json!({})).await;
    assert_eq!(events["list"].as_array().unwrap().len(), 1, "{events}");
}

#[tokio::test]
async fn an_enterprise_with_a_key_takes_what_is_signed_with_it() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let teacher = Client::teacher(&enterprise, "t1").await;
    let roomnum = teacher.begun_room().await;
    teacher.live("exitroom", json!({ "roomnum": roomnum })).await;
    with_key(&enterprise).await;
    let index = json!({"groupid": roomnum.to_string(), "replayIdxUrl": "http://idx/1.json"});
    let failed = json!({"SrcRequest": format!("{{\"GroupId\":\"{roomnum}\"}}"), "ErrorCode": 1});
    let (good, over) = (service.now() + 600, service.now() - 1);
    for (cmd, fields) in
        [("recendcall", video(roomnum, "v1")), ("idxfileendcall", index.clone()), ("idxfileendcall", failed)]
    {
        let mut forged = signed(fields.clone(), good);
        forged["t"] = (good + 1).into();
        let mut short = signed(fields.clone(), good);
        short["sign"] = "".into();
        for refused in [fields.clone(), signed(fields.clone(), over), forged, short] {
            let answer = report(&service, cmd, &refused).await;
            assert!(answer.to_string().contains("10003"), "{refused}: {answer}");
        }
        let answer = report(&service, cmd, &signed(fields, good)).await;
        assert!(answer.to_string().contains(":0"), "{answer}");
    }
    assert_eq!(teacher.sees(roomnum).await["state"], 3);
    // Some send the signature in the query. Signed reports may be about any class of the enterprise.
    let class_id = enterprise.class(json!({})).await;
    let sign = format!("{:X}", md5::compute(format!("key{good}")));
    let url = format!("{}/index.php?svc=live&cmd=reccall&sign={sign}&t={good}", service.url);
    let response = service.http.post(url).body(video(class_id, "v1").to_string()).send().await.unwrap();
    assert_eq!(response.json::<Value>().await.unwrap(), json!({"code": 0}));
}

#[tokio::test]
async fn an_index_is_kept_when_the_class_is_over_and_in_each_of_its_forms() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let teacher = Client::teacher(&enterprise, "t1").await;
    let roomnum = teacher.room("x").await;
    let forms = |url: &str| {
        [
            json!({"roomnum": roomnum, "playback_idx_url": url}),
            json!({"groupid": roomnum.to_string(), "replayIdxUrl": url}),
            json!({"SrcRequest": format!("{{\"GroupId\": \"{roomnum}\"}}"), "ErrorCode": 0, "ErrorInfo": "",
                "ReplayIndex": {"FileUrl": url, "CreateTime": 1_505_700_000}}),
        ]
    };
    let code = |answer: &Value| answer["errorCode"].as_i64().or(answer["ErrorCode"].as_i64()).unwrap();
    for state in [0, 1] {
        for form in forms("http://idx/early") {
            assert_eq!(code(&report(&service, "idxfileendcall", &form).await), 10102);
        }
        let cmd = if state == 0 { "startcourse" } else { "exitroom" };
        teacher.live(cmd, json!({ "roomnum": roomnum })).await;
    }
    assert_eq!(teacher.sees(roomnum).await["state"], 2);
    for (at, _) in forms("").iter().enumerate() {
        let url = format!("http://idx/{at}.json");
        assert_eq!(code(&report(&service, "idxfileendcall", &forms(&url)[at]).await), 0);
        let room = teacher.sees(roomnum).await;
        assert_eq!((&room["state"], &room["replay_idx_url"]), (&json!(3), &json!(url)));
        assert_eq!(teacher.lists(json!({"state": 3})).await, (vec![roomnum], 1));
    }
    for wrong in [
        json!({}),
        json!({ "roomnum": roomnum }),
        json!({"groupid": roomnum.to_string()}),
        json!({"SrcRequest": "no JSON", "ErrorCode": 0}),
        json!({"SrcRequest": "{}", "ErrorCode": 0}),
        json!({"SrcRequest": format!("{{\"GroupId\": \"{roomnum}\"}}")}),
        json!({"SrcRequest": format!("{{\"GroupId\": \"{roomnum}\"}}"), "ErrorCode": 0}),
    ] {
        assert_eq!(code(&report(&service, "idxfileendcall", &wrong).await), 10003, "{wrong}");
    }
}
