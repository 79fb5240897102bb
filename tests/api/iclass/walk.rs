//! All 27 calls in the order of a typical integration, with the examples of the document. Each answer is compared field by field.

use serde_json::json;

use crate::support::service::{BEGIN, Service};

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one walk, read from top to bottom")]
async fn every_call_answers_as_the_document_says() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (sdkappid, url) = (enterprise.sdkappid, service.url.clone());

    // The account module.
    let registered = enterprise
        .ok(
            "user/register",
            json!({"list": [
                {"user_id": "user1", "role": "student", "nickname": "小明", "gender": "male",
                 "avatar": "https://xxx/xiaoming.png", "phone_no": "13033445566", "e_mail": "xxx@xx.com"},
                {"user_id": "user_00", "role": "teacher"},
            ]}),
        )
        .await;
    let token = registered["user_list"][0]["user_token"].as_str().unwrap();
    assert!(token.len() == 32 && token.bytes().all(|b| b.is_ascii_hexdigit()), "{token}");
    let other_token = registered["user_list"][1]["user_token"].as_str().unwrap();
    assert_eq!(
        registered,
        json!({"error_code": 0, "error_msg": "", "repeats": [], "user_list": [
            {"user_id": "user1", "user_token": token}, {"user_id": "user_00", "user_token": other_token}]})
    );

    service.pass(10);
    let done = json!({"error_code": 0, "error_msg": ""});
    assert_eq!(enterprise.call("user/profile/modify", json!({"user_id": "user1", "nickname": "新昵称"})).await, done);
    let renewed = enterprise.ok("user/token/update", json!({"user_id": "user1"})).await;
    assert_ne!(renewed["user_token"], token);
    let user1 = json!({"user_id": "user1", "nickname": "新昵称", "gender": "male",
        "avatar": "https://xxx/xiaoming.png", "role": "student", "phone_no": "13033445566", "e_mail": "xxx@xx.com",
        "regist_time": BEGIN, "update_time": BEGIN + 10});
    assert_eq!(
        enterprise.call("user/info", json!({"user_id": "user1"})).await,
        json!({"error_code": 0, "error_msg": "", "user_info": user1})
    );
    assert_eq!(
        enterprise.call("user/list", json!({"index": 0, "size": 10, "roles": ["student"], "prefix": ""})).await,
        json!({"error_code": 0, "error_msg": "", "total": 1, "finish": true, "list": [user1]})
    );

    // The class module.
    let created = enterprise
        .ok(
            "class/create",
            json!({"teacher_id": "user_00", "class_topic": "课堂主题", "class_type": "public",
            "start_time": 1_558_350_988, "stop_time": 1_558_350_988, "admin_id": "即时通信IM管理员ID",
            "admin_sig": "即时通信IM管理员鉴权sig", "max_member_limit": 6,
            "members": [{"role": "student", "user_id": "user1"}, {"role": "student", "user_id": "user2"}],
            "settings": {"record_types": ["local", "remote"], "resolution": "1024x768", "fps": 20, "layout": 1,
                "auto_create_im": 1, "bitrate": 850, "auto_open_mic": 0, "auto_open_camera": 0},
            "record_user_id": "tic_record_user_1234_01", "record_user_sig": "user_sig"}),
        )
        .await;
    let class_id = created["class_id"].as_i64().unwrap();
    assert!((100_000_000..=999_999_999).contains(&class_id));
    assert_eq!(
        created,
        json!({"error_code": 0, "error_msg": "", "class_id": class_id,
            "teacher_url": format!("{url}/{sdkappid}/{class_id}/0"),
            "student_url": format!("{url}/{sdkappid}/{class_id}/1"),
            "url": format!("{url}/{sdkappid}/{class_id}")})
    );
    let change = json!({"class_id": class_id, "class_topic": "新的课堂主题", "stop_time": 1_558_351_000});
    assert_eq!(enterprise.call("class/modify", change).await, done);
    assert_eq!(
        enterprise.call("class/info", json!({"class_id": class_id})).await,
        json!({"error_code": 0, "error_msg": "", "class_id": class_id, "class_topic": "新的课堂主题",
            "class_type": "public", "class_status": "will", "class_live_type": "close", "teacher_id": "user_00",
            "assistant_id": "", "create_time": BEGIN + 10, "start_time": 1_558_350_988, "stop_time": 1_558_351_000,
            "real_start_time": 0, "real_stop_time": 0, "member_count": 3,
            "chat_group_id": format!("{class_id}_chat"), "cmd_group_id": class_id.to_string(),
            "max_member_limit": 6, "max_member_num": 0,
            "settings": {"record_types": ["local", "remote"], "resolution": "1024x768", "fps": 20, "layout": 1,
                "auto_create_im": 1, "bitrate": 850, "auto_open_mic": 0, "auto_open_camera": 0,
                "enable_all_silence": 0},
            "members": [{"role": "teacher", "user_id": "user_00"}, {"role": "student", "user_id": "user1"},
                {"role": "student", "user_id": "user2"}]})
    );
    let row = |status: &str| {
        json!({"class_id": class_id, "class_topic": "新的课堂主题", "class_type": "public",
        "class_status": status, "teacher_id": "user_00", "create_time": BEGIN + 10, "start_time": 1_558_350_988,
        "stop_time": 1_558_351_000})
    };
    let asked = json!({"index": 0, "size": 20, "user_id": "", "create_time_desc": true,
        "class_status": ["will", "ing", "end"], "class_type": ["public"]});
    let classes =
        |status: &str| json!({"error_code": 0, "error_msg": "", "finish": true, "total": 1, "list": [row(status)]});
    assert_eq!(enterprise.call("class/list", asked.clone()).await, classes("will"));

    // The member module.
    let members = json!({"class_id": class_id,
        "list": [{"user_id": "user3", "role": "stduent"}, {"user_id": "user4", "role": "teacher"}]});
    assert_eq!(enterprise.call("member/add", members).await, done);
    assert_eq!(enterprise.call("member/delete", json!({"class_id": class_id, "list": ["user2", "user4"]})).await, done);
    assert_eq!(
        enterprise.ok("class/info", json!({"class_id": class_id})).await["members"],
        json!([{"role": "teacher", "user_id": "user_00"}, {"role": "student", "user_id": "user1"},
            {"role": "student", "user_id": "user3"}])
    );
    service.pass(10);
    assert_eq!(enterprise.call("class/start", json!({"class_id": class_id})).await, done);
    assert_eq!(enterprise.call("class/list", asked.clone()).await, classes("ing"));
    let join = json!({"class_id": class_id, "user_id": "user1", "password": "", "camera": 1, "mic": 1, "speaker": 1});
    assert_eq!(
        enterprise.call("member/join", join).await,
        json!({"error_code": 0, "error_msg": "", "role": "student", "history_camera": -1, "history_mic": -1,
            "history_speaker": -1, "history_silence": -1, "history_hand_up": -1,
            "history_enable_draw": -1})
    );
    let visitor = enterprise
        .ok("member/visitor/join", json!({"class_id": class_id, "password": "", "nickname": "游客昵称"}))
        .await;
    let info = visitor["visitor_info"].as_object().unwrap();
    let visitor_id = info["user_id"].as_str().unwrap();
    assert!(visitor_id.starts_with("visitor_"), "{visitor}");
    assert_eq!(info["user_token"].as_str().unwrap().len(), 32);
    assert!(!info["user_sig"].as_str().unwrap().is_empty());
    assert_eq!((info.len(), visitor.as_object().unwrap().len()), (3, 3));

    let avatar = |number: usize| format!("{url}/avatars/{number}.png");
    let picture = visitor_id.bytes().map(usize::from).sum::<usize>() % 6 + 1;
    assert_eq!(
        enterprise.call("member/runtime/list", json!({"class_id": class_id, "index": 0, "size": 20})).await,
        json!({"error_code": 0, "error_msg": "", "finish": true, "total": 2, "list": [
            {"user_id": "user1", "nickname": "新昵称", "gender": "male", "avatar": "https://xxx/xiaoming.png",
             "enter_time": BEGIN + 20, "role": "student",
             "status": {"camera": 1, "mic": 1, "speaker": 1, "silence": 0, "hand_up": 0,
                "enable_draw": 0, "screen": 0}},
            {"user_id": visitor_id, "nickname": "游客昵称", "gender": "male", "avatar": avatar(picture),
             "enter_time": BEGIN + 20, "role": "visitor",
             "status": {"camera": 0, "mic": 0, "speaker": 0, "silence": 0, "hand_up": 0,
                "enable_draw": 0, "screen": 0}}]})
    );
    let total = |n: i64| json!({"error_code": 0, "error_msg": "", "total": n});
    assert_eq!(enterprise.call("member/runtime/total", json!({"class_id": class_id})).await, total(2));
    service.pass(10);
    assert_eq!(enterprise.call("member/quit", json!({"class_id": class_id, "user_id": "user1"})).await, done);
    assert_eq!(enterprise.call("member/runtime/total", json!({"class_id": class_id})).await, total(1));
    assert_eq!(
        enterprise.call("member/history/list", json!({"class_id": class_id, "index": 0, "size": 20})).await,
        json!({"error_code": 0, "error_msg": "", "finish": true, "total": 1, "list": [
            {"user_id": "user1", "nickname": "新昵称", "gender": "male", "avatar": "https://xxx/xiaoming.png",
             "enter_time": BEGIN + 20, "quit_time": BEGIN + 30, "role": "student", "history_camera": 1,
             "history_mic": 1, "history_speaker": 1, "history_silence": 0, "history_hand_up": 0,
             "history_enable_draw": 0}]})
    );
    assert_eq!(enterprise.call("member/history/total", json!({"class_id": class_id})).await, total(1));
    assert_eq!(enterprise.call("class/stop", json!({"class_id": class_id})).await, done);
    let over = enterprise.ok("class/info", json!({"class_id": class_id})).await;
    assert_eq!(
        (&over["class_status"], &over["real_start_time"], &over["real_stop_time"]),
        (&json!("end"), &json!(BEGIN + 20), &json!(BEGIN + 30))
    );
    assert_eq!(enterprise.call("member/runtime/total", json!({"class_id": class_id})).await, total(0));
    assert_eq!(enterprise.call("class/delete", json!({"class_id": class_id})).await, done);
    enterprise.refused("class/info", json!({"class_id": class_id}), 10230).await;

    // The document module.
    let added = enterprise
        .ok(
            "document/add",
            json!({"doc_url": "https://files.example.com/a.ppt", "doc_name": "量子计算导论",
            "doc_ext": "ppt", "doc_size": 1024, "doc_md5": "c4ca4238a0b923820dcc509a6f75849b",
            "permission": "private", "owner": "xxx", "is_transcode": false}),
        )
        .await;
    let doc_id = added["doc_id"].as_str().unwrap();
    assert_eq!(added, json!({"error_code": 0, "error_msg": "", "doc_id": doc_id}));
    let document = json!({"doc_id": doc_id, "doc_name": "量子计算导论", "doc_url": "https://files.example.com/a.ppt",
        "doc_ext": "ppt", "doc_md5": "c4ca4238a0b923820dcc509a6f75849b", "doc_size": 1024, "permission": "private",
        "owner": "xxx", "upload_time": BEGIN + 30, "is_transcode": false, "transcode_status": "",
        "transcode_code": 0, "transcode_msg": "", "transcode_result": ""});
    let mut info = document.clone();
    (info["error_code"], info["error_msg"]) = (json!(0), json!(""));
    assert_eq!(enterprise.call("document/info", json!({"doc_id": doc_id})).await, info);
    let asked = json!({"index": 0, "size": 10, "owner": "", "prefix": "量子", "permissions": ["public", "private"]});
    assert_eq!(
        enterprise.call("document/list", asked).await,
        json!({"error_code": 0, "error_msg": "", "finish": true, "total": 1, "list": [document]})
    );
    assert_eq!(enterprise.call("document/delete", json!({"doc_ids": [doc_id]})).await, done);

    // The enterprise module.
    let change = json!({"name": "新的企业名称", "contact_user": "新的联系人姓名",
        "call_back_url": "https://school.example.com/events"});
    assert_eq!(enterprise.call("business/modify", change).await, done);
    assert_eq!(
        enterprise.send("business/info", "").await,
        json!({"error_code": 0, "error_msg": "", "enterprise_id": enterprise.enterprise_id, "sdkappid": sdkappid,
            "busi_type": "saas", "name": "新的企业名称", "contact_user": "新的联系人姓名", "phone_no": "", "e_mail": "",
            "create_time": BEGIN, "valid_time": 1_576_800_000, "super_admin": "", "icon": "",
            "tic_key": enterprise.tic_key, "private_key": enterprise.private_key, "bizid": 0,
            "call_back_url": "https://school.example.com/events", "project_id": 0, "appid": 0, "secret_id": "",
            "secret_key": ""})
    );
}
