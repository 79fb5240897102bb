//! All request examples of both revisions of the document, with the documented answers. The later revision only adds examples.

use lectern::clock::Clock;
use reqwest::Method;
use serde_json::{Value, json};

use super::partner::{PASSWORD, Partner, log_in};
use crate::support::receiver::{Receiver, Reply};
use crate::support::service::Service;

/// Thursday 2019-02-28, the `start` of the document's times.
const THURSDAY: i64 = 1_551_283_200;

fn names(answer: &Value) -> Vec<&str> {
    answer.as_object().unwrap().keys().map(String::as_str).collect()
}

/// Whether an answer has all of these fields.
fn has(answer: &Value, fields: &str) {
    for field in fields.split_whitespace() {
        assert!(answer.get(field).is_some(), "no {field}: {answer}");
    }
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "the document, from top to bottom")]
async fn every_request_of_the_document_answers_as_it_says() {
    // The day before the first lesson.
    let flags = ["--callback-allow-private", "true", "--hls-url", "http://hls.example.com/niuclass/"];
    let service = Service::start_at(Clock::set_at((THURSDAY - 3_600) * 1000), &flags);
    let receiver = Receiver::answering(|_| Reply::Whole(202, "text/plain", "noted".into()));
    let enterprise = service.enterprise().await;
    let partner = Partner::of(&enterprise, "192321213").await;
    assert_eq!(names(&log_in(&service, "192321213", PASSWORD).await), ["token"]);

    // 创建机构. The owner is the channel's account.
    let organization = json!({
        "name": "古诗词鉴赏",
        "organization_owner": partner.user_id.to_string(),
        "slogan": "It's easy to learn chinese poems",
        "description": "hello, welcome to our org",
        "logo": "https://helloworld.com/logo.png",
        "company": "未来科幻局",
    });
    let made = partner.make("/api/organization", organization.clone()).await;
    let id = made["id"].as_i64().unwrap();
    for field in ["name", "slogan", "description", "logo", "company"] {
        assert_eq!(made[field], organization[field]);
    }

    // 更新机构信息
    let change = json!({
        "name": "西方诗歌鉴赏",
        "slogan": "It's easy to learn Western poems",
        "description": "hello, welcome to our org",
        "logo": "https://helloworld.com/logo2.png",
        "company": "WebCompe",
    });
    let changed = partner.put(&format!("/api/organization/{id}"), change.clone()).await;
    assert_eq!(changed["id"], id);
    for field in ["name", "slogan", "description", "logo", "company"] {
        assert_eq!(changed[field], change[field]);
    }
    partner.put(&format!("/api/organization/{id}"), json!({"callback_url": receiver.url})).await;

    // 创建机构用户
    let member = json!({
        "role": "teacher",
        "mobile": "12992331122",
        "name": "张三",
        "title": "张老师",
        "bio": "张老师教语文的",
        "avatar": "https://hello.cowel/avatar.png",
        "email": "hwwww@qiniu.com",
    });
    let made = partner.make(&format!("/api/organization/{id}/members"), member).await;
    let (user_id, member_id) = (made["user_id"].as_i64().unwrap(), made["member_id"].as_i64().unwrap());
    assert_eq!((&made["name"], &made["title"], &made["role"]), (&json!("张三"), &json!("张老师"), &json!("teacher")));

    // 更新用户信息
    let profile = json!({
        "user_id": user_id.to_string(),
        "name": "test1",
        "mobile": "1000000000",
        "avatar": "http://helloworld.png",
        "email": "test@qiniu.com",
        "description": "Hello world",
    });
    partner.put("/api/user/profile", profile).await;
    let user = enterprise.ok("user/info", json!({"user_id": user_id.to_string()})).await["user_info"].clone();
    assert_eq!((&user["nickname"], &user["phone_no"]), (&json!("test1"), &json!("1000000000")));
    assert_eq!((&user["avatar"], &user["e_mail"]), (&json!("http://helloworld.png"), &json!("test@qiniu.com")));

    // 更新机构成员角色信息: plural as in the heading, singular as in the example.
    for (path, user_id) in [("members", json!(user_id)), ("member", json!(user_id.to_string()))] {
        let role = json!({"user_id": user_id, "role": "teacher"});
        partner.put(&format!("/api/organization/{id}/{path}"), role).await;
    }

    // 通过 MemberID 修改机构用户信息
    let change = json!({"role": "student", "name": "李三", "title": "李同学", "bio": "李同学喜欢睡觉"});
    let changed = partner.put(&format!("/api/organization/{id}/members/{member_id}"), change).await;
    assert_eq!(
        (&changed["name"], &changed["role"], &changed["bio"]),
        (&json!("李三"), &json!("student"), &json!("李同学喜欢睡觉"))
    );

    // 创建课程
    let fields = json!({
        "clarity": "FHD",
        "description": "没有东西",
        "duration": 2700,
        "max_podium_user": 6,
        "poster": "http://niuclass.qnsdk.com/FuxvQLL9",
        "title": "王维诗词鉴赏",
    });
    let made = partner.make(&format!("/api/organization/{id}/courses"), fields).await;
    let course = made["id"].as_i64().unwrap();
    let now = THURSDAY - 3_600;
    assert_eq!(
        made,
        json!({
            "id": course, "organization_id": id, "creator_id": partner.user_id, "title": "王维诗词鉴赏",
            "poster": "http://niuclass.qnsdk.com/FuxvQLL9", "poster_url": "http://niuclass.qnsdk.com/FuxvQLL9",
            "description": "没有东西", "start": null, "end": null, "duration": 0, "period": 0, "white_id": "",
            "max_podium_user": 6, "clarity": "FHD", "created_at": now, "updated_at": now, "members": null,
            "times": null, "latest_class_time": null, "finished_classes": 0,
        })
    );

    // 更新课程信息
    let path = format!("/api/course/{course}");
    let change = json!({
        "clarity": "HD",
        "description": "王维诗歌鉴赏",
        "duration": 2700,
        "max_podium_user": 6,
        "poster": "http://niuclass.qnsdk.com/FuxvQLL9",
        "title": "王维诗词鉴赏",
    });
    partner.put(&path, change).await;

    // 设置课程成员
    partner.put(&format!("{path}/members/{member_id}"), json!({"role": "teacher"})).await;

    // 设置课程时间安排, all three forms.
    let weekly = json!({"start": THURSDAY, "class_start": "11:20", "repeat": "weekly", "points": [3, 4, 5]});
    let once = |class_start| json!({"start": THURSDAY, "class_start": class_start, "repeat": "none"});
    let times = format!("{path}/times");
    partner.put(&times, json!({"duration": 2700, "times": [once("11:20")]})).await;
    assert_eq!(partner.info(course).await["total_classes"], 1);
    partner.put(&times, json!({"duration": 2700, "times": [weekly, once("14:20")], "period": 22})).await;
    assert_eq!(partner.info(course).await["total_classes"], 66);
    partner.put(&times, json!({"duration": 2700, "times": [weekly], "period": 22})).await;

    // 课程信息
    let mut info = partner.info(course).await;
    assert!(info["times"][0]["id"].as_i64().unwrap() > 0);
    info["times"][0]["id"] = json!(83);
    let live_hls = format!("http://hls.example.com/niuclass/room_{id}_{course}");
    let in_list = live_hls.clone();
    assert_eq!(
        info,
        json!({
            "id": course, "organization_id": id, "creator_id": partner.user_id, "title": "王维诗词鉴赏",
            "poster": "http://niuclass.qnsdk.com/FuxvQLL9", "poster_url": "http://niuclass.qnsdk.com/FuxvQLL9",
            "description": "王维诗歌鉴赏", "start": THURSDAY, "end": 1_564_113_900, "duration": 2700, "period": 22,
            "max_podium_user": 6, "clarity": "HD", "created_at": now, "updated_at": now,
            "times": [{"id": 83, "course_id": course, "start": THURSDAY, "class_start": "11:20", "class_end": "12:05",
                "repeat": "weekly", "points": [3, 4, 5]}],
            "latest_class_time": 1_551_324_000, "total_classes": 65, "finished_classes": 0, "state": "notstart",
            "live_hls": live_hls,
        })
    );

    // 获取课程列表
    let listed = partner.get("/api/courses?limit=50&offset=0").await;
    assert_eq!(
        listed,
        json!({"items": [{
            "id": course, "title": "王维诗词鉴赏", "poster_url": "http://niuclass.qnsdk.com/FuxvQLL9",
            "description": "王维诗歌鉴赏", "duration": 2700, "latest_class_time": 1_551_324_000, "organization_id": id,
            "live_hls": in_list,
        }]})
    );
    assert_eq!(partner.get("/api/courses?limit=50&offset=1").await, json!({"items": []}));

    // 创建自定义IM消息
    let said = json!({
        "name": "项羽",
        "text": "今天下午早下班",
        "avatar": "https://xxaa2.img/avatar.png",
        "timestamp": 1_552_460_561,
    });
    partner.expect(200, Method::POST, &format!("{path}/customim"), said).await;

    // 移除课程成员, 删除课程, 移除机构用户
    partner.delete(&format!("{path}/members/{member_id}")).await;
    partner.delete(&path).await;
    partner.refused(404, Method::GET, &path, json!({})).await;
    partner.delete(&format!("/api/organization/{id}/members/{member_id}")).await;

    // 回调: any 2xx is an acknowledgement.
    let published = receiver.wait_for(2).await;
    assert_eq!(published[0].body["type"], "create_course");
    let fields = "id organization_id creator_id title poster poster_url description start end duration period \
        max_podium_user clarity created_at updated_at times latest_class_time total_classes finished_classes state live_hls";
    has(&published[0].body["data"], fields);
    assert_eq!(
        (&published[0].body["data"]["id"], &published[0].body["data"]["state"]),
        (&json!(course), &json!("notstart"))
    );
    assert_eq!(
        published[1].body,
        json!({"type": "im", "data": {
            "content": "今天下午早下班", "name": "项羽", "role": "", "avatar": "https://xxaa2.img/avatar.png",
            "course_id": course, "type": "text",
        }})
    );
}
