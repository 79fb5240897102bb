//! Deliveries and callback settings from the command line, beside a running server.

use lectern::domain::events::event::Extra;
use serde_json::{Value, json};

use crate::support::receiver::{Receiver, Reply};
use crate::support::webhooks::{
    address, begun_class, command, deliveries, info, start_now, subscribed, wait_for_state,
};

#[tokio::test]
async fn deliveries_are_looked_after_from_the_command_line_beside_the_server() {
    let service = start_now(&["--callback-retries", "0"]);
    let receiver = Receiver::start();
    let enterprise = subscribed(&service, &receiver.url).await;
    let other = subscribed(&service, &receiver.url).await;
    let (sdkappid, others) = (enterprise.sdkappid.to_string(), other.sdkappid.to_string());
    let run = |arguments: &[&str]| command(&service, arguments).unwrap();
    let list = |arguments: &[&str]| -> Vec<Value> {
        serde_json::from_str(&run(&[&["list", &sdkappid, "--json"], arguments].concat())).unwrap()
    };

    // The running server delivers the test event of a command.
    assert_eq!(run(&["test", &sdkappid]), "");
    let requests = receiver.wait_for(1).await;
    assert_eq!(requests[0].event(), "callback_test");
    assert_eq!(requests[0].body["data"].as_object().unwrap().len(), 1);
    assert!((service.now() - requests[0].data("timestamp")).abs() < 60);
    wait_for_state(&enterprise, "delivered", 1).await;

    receiver.answer(|_| Reply::Close);
    let class_id = begun_class(&enterprise).await;
    begun_class(&other).await;
    let dead = wait_for_state(&enterprise, "dead", 1).await;
    wait_for_state(&other, "dead", 1).await;
    assert_eq!(json!(list(&[])), json!(deliveries(&enterprise, &json!({})).await));
    assert_eq!(list(&["--state", "dead"]), dead);
    assert_eq!(list(&["--state", "pending"]).len(), 0);
    assert_eq!(list(&["--state", "delivered"]).len(), 1);
    assert_eq!(list(&["--class", &class_id.to_string()]), dead);
    assert_eq!(list(&["--size", "1", "--index", "0"]), dead);
    let table = run(&["list", &sdkappid]);
    let lines: Vec<Vec<&str>> = table.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0], ["DELIVERY_ID", "EVENT_ID", "EVENT", "CLASS_ID", "STATE", "TRIES"]);
    assert_eq!(lines[1][2..], ["class_begin", &class_id.to_string(), "dead", "1"]);
    assert_eq!(lines[2][2..], ["callback_test", "0", "delivered", "1"]);
    assert_eq!(lines.len(), 3);

    let dead_id = dead[0]["delivery_id"].to_string();
    let shown: Value = serde_json::from_str(&run(&["show", &dead_id, "--json"])).unwrap();
    let mut answered = info(&enterprise, &dead[0]).await;
    answered.as_object_mut().unwrap().retain(|name, _| !name.starts_with("error_"));
    assert_eq!(shown, answered);
    assert_eq!(serde_json::from_str::<Value>(&run(&["show", &dead_id])).unwrap(), shown);

    receiver.answer(|_| Reply::Ack);
    assert_eq!(run(&["replay", &dead_id]), "1 to be delivered again\n");
    wait_for_state(&enterprise, "dead", 0).await;
    wait_for_state(&enterprise, "delivered", 2).await;
    assert_eq!(run(&["replay", "--dead", "--sdkappid", &sdkappid]), "0 to be delivered again\n");
    assert_eq!(run(&["replay", "--dead", "--since", "2100-01-01T00:00:00Z"]), "0 to be delivered again\n");
    assert_eq!(run(&["replay", "--dead", "--since", &(service.now() - 3600).to_string()]), "1 to be delivered again\n");
    wait_for_state(&other, "delivered", 1).await;

    run(&["pause", &others]);
    run(&["test", &others]);
    assert_eq!(wait_for_state(&other, "pending", 1).await[0]["event"], "callback_test");
    let pending = deliveries(&other, &json!({"state": "pending"})).await[0]["delivery_id"].to_string();
    let refused = |arguments: &[&str]| command(&service, arguments).unwrap_err();
    assert!(refused(&["replay", &pending]).contains("is still on its way"));
    run(&["resume", &others]);
    wait_for_state(&other, "delivered", 2).await;

    assert!(refused(&["show", "999999"]).contains("999999: no such delivery"));
    assert!(refused(&["replay", "999999"]).contains("999999: no such delivery"));
    for arguments in [
        &["replay"][..],
        &["replay", "1", "--dead"],
        &["replay", "1", "--since", "1"],
        &["replay", "--dead", "--since", "yesterday"],
        &["list", &sdkappid, "--state", "lost"],
    ] {
        refused(arguments);
    }
    for word in ["list", "test", "pause", "resume"] {
        assert!(refused(&[word, "1"]).contains("no enterprise has 1"), "{word}");
    }
    enterprise.set(address("")).await;
    assert!(refused(&["test", &sdkappid]).contains("call_back_url"));
}

#[tokio::test]
async fn settings_of_callbacks_from_the_command_line_are_seen_by_the_running_service() {
    let service = start_now(&[]);
    let receiver = Receiver::start();
    let enterprise = service.enterprise().await;
    enterprise.students(&["pupil"]).await;
    let set = std::process::Command::new(env!("CARGO_BIN_EXE_lectern"))
        .args(["enterprise", "set", &enterprise.sdkappid.to_string(), "--database-url", service.database_url()])
        .args(["--callback-url", &receiver.url, "--callback-on-api", "true", "--callback-order", "none"])
        .args(["--events", "join_class,quit_class"])
        .output()
        .unwrap();
    assert!(set.status.success(), "{set:?}");
    let sdkappid = enterprise.sdkappid;
    let read = move |conn: &mut _| lectern::domain::tenancy::enterprise::require(conn, sdkappid);
    let row = service.app.db.read(read).await.unwrap();
    assert!(row.callback_on_api && !row.callback_ordered);
    assert_eq!(*row.callback_events, [Extra::JoinClass, Extra::QuitClass]);
    service.app.enterprises.forget(sdkappid);
    let class_id = begun_class(&enterprise).await;
    enterprise.ok("member/join", json!({"class_id": class_id, "user_id": "pupil"})).await;
    enterprise.ok("class/stop", json!({"class_id": class_id})).await;
    let mut published: Vec<String> = receiver.wait_for(4).await.iter().map(|r| r.event().to_owned()).collect();
    published.sort();
    assert_eq!(published, ["class_begin", "class_over", "join_class", "quit_class"]);
}
