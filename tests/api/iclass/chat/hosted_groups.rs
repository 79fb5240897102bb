//! Groups that the hosted service creates and destroys for classes.

use serde_json::json;

use super::{TICKET, came, class_of, code, command, fields, hosted, makes_chat, published, with};
use crate::support::receiver::{Receiver, Reply};
use crate::support::service::Service;

#[tokio::test]
async fn the_hosted_service_makes_the_groups_that_clients_compute() {
    let im = Receiver::answering(|_| code(0));
    let service = hosted(&im);
    let enterprise = service.enterprise().await;
    let class_id = enterprise.class(fields()).await;
    let requests = im.requests();
    assert_eq!(published(&requests), with("create_group", class_id));
    for request in &requests {
        assert_eq!(request.path, "/events/v4/group_open_http_svc/create_group");
        let query = |name: &str| request.query[name].as_str();
        assert_eq!(query("sdkappid"), enterprise.sdkappid.to_string());
        assert_eq!((query("identifier"), query("usersig"), query("contenttype")), ("admin", TICKET, "json"));
        query("random").parse::<u32>().unwrap();
        assert_eq!((&request.body["Owner_Account"], &request.body["Type"]), (&json!("admin"), &json!("Public")));
        assert_eq!(request.body["ApplyJoinOption"], "FreeAccess");
    }
    let class = enterprise.ok("class/info", json!({ "class_id": class_id })).await;
    assert_eq!(class["chat_group_id"], format!("{class_id}_chat"));
    assert_eq!(class["cmd_group_id"], class_id.to_string());
    let groups = enterprise.ok("imstorage/list", json!({ "class_id": class_id })).await;
    assert_eq!(groups["total"], 2);
    assert!(groups["list"].as_array().unwrap().iter().all(|group| group["engine"] == "tencent"), "{groups}");
    // Lectern neither has the messages there, nor can send any.
    let said = enterprise.ok("imstorage/msg", json!({ "class_id": class_id })).await;
    assert_eq!((&said["total"], &said["list"]), (&json!(0), &json!([])));
    enterprise.students(&["pupil"]).await;
    let say = json!({"class_id": class_id, "user_id": "pupil", "content": "hello"});
    assert!(enterprise.refused("imstorage/send", say, 10003).await.contains("hosted"));
}

#[tokio::test]
async fn a_group_that_the_administrator_has_already_is_as_good() {
    let im = Receiver::answering(|_| code(10_025));
    let service = hosted(&im);
    let enterprise = service.enterprise().await;
    let class_id = enterprise.class(fields()).await;
    assert_eq!(published(&im.requests()), with("create_group", class_id));
}

#[tokio::test]
async fn a_class_made_without_groups_has_none_and_leaves_none() {
    let im = Receiver::answering(|_| code(0));
    let (outside, inside) = (hosted(&im), Service::start());
    for service in [&outside, &inside] {
        let enterprise = service.enterprise().await;
        let mut without = fields();
        without["auto_create_im"] = 0.into();
        let class_id = enterprise.class(without).await;
        let groups = enterprise.ok("imstorage/list", json!({ "class_id": class_id })).await;
        assert_eq!((&groups["total"], &groups["list"]), (&json!(0), &json!([])));
        let message = enterprise.refused("imstorage/msg", json!({ "class_id": class_id }), 10003).await;
        assert!(message.contains("group_id"), "{message}");
        enterprise.ok("class/delete", json!({ "class_id": class_id })).await;
    }
    // The next class shows that there was no request before it.
    let enterprise = outside.enterprise().await;
    let class_id = enterprise.class(fields()).await;
    assert_eq!(published(&im.requests()), with("create_group", class_id));
}

#[tokio::test]
async fn a_group_whose_creation_was_never_confirmed_is_destroyed_unless_it_is_somebody_elses() {
    let im = Receiver::answering(|_| Reply::Close);
    let service = hosted(&im);
    let enterprise = service.enterprise().await;
    enterprise.refused("class/create", fields(), 10280).await;
    let class_id = class_of(&im.requests());
    let before = im.requests().len();
    im.answer(|request| {
        code(match command(request) {
            "create_group" if makes_chat(request) => 10_021,
            "create_group" => 10_025,
            _ => 0,
        })
    });
    service.pass(61);
    // Creating it again shows who owns it.
    came(&im, before, &[with("create_group", class_id), vec![format!("destroy_group {class_id}")]]).await;
    let done = im.requests().len();
    service.pass(86_400);
    im.answer(|_| code(0));
    let next = enterprise.class(fields()).await;
    enterprise.ok("class/delete", json!({ "class_id": next })).await;
    came(&im, done, &[with("create_group", next), with("destroy_group", next)]).await;
}

#[tokio::test]
async fn the_groups_of_a_class_that_is_removed_are_destroyed_also_after_a_restart() {
    let im = Receiver::answering(|_| code(0));
    let mut service = hosted(&im);
    let sdkappid;
    {
        let enterprise = service.enterprise().await;
        sdkappid = enterprise.sdkappid;
        let class_id = enterprise.class(fields()).await;
        let newer = json!({"class_id": class_id, "admin_id": "other admin", "admin_sig": "newer"});
        enterprise.ok("class/modify", newer).await;
        im.answer(|_| code(10_002));
        enterprise.ok("class/delete", json!({ "class_id": class_id })).await;
        enterprise.refused("class/info", json!({ "class_id": class_id }), 10230).await;
        came(&im, 2, &[with("destroy_group", class_id)]).await;
    }
    // It is retried after a minute, by any instance.
    service.restart();
    service.pass(61);
    let class_id = class_of(&im.requests());
    came(&im, 4, &[with("destroy_group", class_id)]).await;
    im.answer(|_| code(10_010));
    service.pass(121);
    came(&im, 6, &[with("destroy_group", class_id)]).await;
    for request in &im.requests()[2..] {
        assert_eq!((request.query["identifier"].as_str(), request.query["usersig"].as_str()), ("other admin", "newer"));
    }
    // The groups do not exist, so nothing is left to do.
    service.pass(1_000_000);
    im.answer(|_| code(0));
    let enterprise = service.enterprise_with(sdkappid).await;
    let next = enterprise.class(fields()).await;
    enterprise.ok("class/delete", json!({ "class_id": next })).await;
    came(&im, 8, &[with("create_group", next), with("destroy_group", next)]).await;
}
