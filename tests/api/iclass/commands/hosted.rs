//! Control messages in groups of the hosted chat service.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::iclass::chat::{TICKET, code, fields, hosted};
use crate::support::receiver::{Receiver, Reply, Request};
use crate::support::service::Service;

/// The content of a message to a group.
pub fn content(request: &Request) -> Value {
    let [message] = request.body["MsgBody"].as_array().unwrap().as_slice() else { panic!("{}", request.raw) };
    assert_eq!((&message["MsgType"], &message["MsgContent"]["Ext"]), (&json!("TIMCustomElem"), &json!("CTRL")));
    serde_json::from_str(message["MsgContent"]["Data"].as_str().unwrap()).unwrap()
}

fn is_message(request: &Request) -> bool {
    request.path.ends_with("/send_group_msg")
}

/// Waits until the service got this number of messages, and returns them.
pub async fn messages(im: &Receiver, number: usize) -> Vec<Arc<Request>> {
    let enough = |requests: &[Arc<Request>]| requests.iter().filter(|request| is_message(request)).count() >= number;
    let requests = im.wait_until("messages to the group", enough).await;
    requests.into_iter().filter(|request| is_message(request)).collect()
}

async fn scene(service: &Service) -> (i64, i64, Vec<Value>) {
    let enterprise = service.enterprise().await;
    let class_id = enterprise.full_class(fields()).await;
    (enterprise.sdkappid, class_id, enterprise.scene(class_id).await)
}

#[tokio::test]
async fn the_hosted_group_gets_every_message_in_order() {
    let im = Receiver::answering(|_| code(0));
    let service = hosted(&im);
    let (sdkappid, class_id, expected) = scene(&service).await;
    let sent = messages(&im, expected.len()).await;
    assert_eq!(sent.iter().map(|request| content(request)).collect::<Vec<_>>(), expected);
    for request in &sent {
        assert_eq!(request.path, "/events/v4/group_open_http_svc/send_group_msg");
        assert_eq!(request.body["GroupId"], class_id.to_string());
        let query = |name: &str| request.query[name].as_str();
        assert_eq!((query("sdkappid"), query("identifier")), (sdkappid.to_string().as_str(), "admin"));
        assert_eq!(query("usersig"), TICKET);
    }
}

#[tokio::test]
async fn messages_wait_for_the_service_and_survive_a_restart() {
    let im = Receiver::answering(|request| if is_message(request) { Reply::Close } else { code(0) });
    let mut service = hosted(&im);
    let (sdkappid, class_id, expected) = scene(&service).await;
    let random = |request: &Arc<Request>| request.body["Random"].clone();
    let first = random(&messages(&im, 1).await[0]);
    service.restart_after(5);
    // The first is tried again as itself, and no other overtakes it.
    let tries = messages(&im, 2).await;
    assert_eq!(tries.iter().map(random).collect::<Vec<_>>(), [first.clone(), first]);
    im.answer(|_| code(0));
    service.pass(60);
    let enterprise = service.enterprise_with(sdkappid).await;
    enterprise.report(class_id, "s2", "hand_up", Value::Null).await.unwrap();
    let sent = messages(&im, 2 + expected.len() + 1).await;
    let contents: Vec<Value> = sent[2..].iter().map(|request| content(request)).collect();
    assert_eq!(contents[..expected.len()], expected);
    assert_eq!(contents[expected.len()]["data"]["action"], "hand_up");
    // The messages for a group that is gone are given up, and the class goes on.
    im.answer(|_| code(10_010));
    enterprise.report(class_id, "s2", "hand_down", Value::Null).await.unwrap();
    let before = messages(&im, sent.len() + 1).await.len();
    service.pass(120);
    im.answer(|_| code(0));
    enterprise.report(class_id, "s1", "hand_up", Value::Null).await.unwrap();
    let last = messages(&im, before + 1).await;
    assert_eq!((last.len(), &content(&last[before])["data"]["action"]), (before + 1, &json!("hand_up")));
    // The deletion of the class deletes what waits.
    im.answer(|request| if is_message(request) { Reply::Close } else { code(0) });
    enterprise.report(class_id, "s1", "hand_down", Value::Null).await.unwrap();
    enterprise.ok("class/stop", json!({ "class_id": class_id })).await;
    enterprise.ok("class/delete", json!({ "class_id": class_id })).await;
}
