//! The words that an enterprise masks.

use serde_json::{Value, json};

use super::messages::say;
use crate::iclass::channel::class_of_two;
use crate::support::channel::Channel;
use crate::support::service::{Enterprise, Service};

async fn contents(enterprise: &Enterprise<'_>, class_id: i64) -> Vec<String> {
    let list = enterprise.ok("imstorage/msg", json!({ "class_id": class_id })).await["list"].clone();
    list.as_array().unwrap().iter().map(|row| row["content"].as_str().unwrap().to_owned()).collect()
}

fn filter(service: &Service, arguments: &[&str]) -> Result<String, String> {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_lectern"))
        .args(["enterprise", "filter"])
        .args(arguments)
        .args(["--database-url", service.database_url()])
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
}

#[tokio::test]
async fn words_are_masked_whichever_way_they_come_in() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, teacher, pupil) = class_of_two(&enterprise).await;
    let words = json!({"words": ["bad", "坏 蛋", " ＵＧＬＹ "]});
    assert_eq!(enterprise.ok("imstorage/filter/add", words).await["added"], 3);
    let (mut channel, _) = Channel::enter(&teacher, class_id).await;
    pupil.ok("member/join", json!({ "class_id": class_id })).await;
    let said = |content: &str| json!({"class_id": class_id, "content": content});
    let mut signed = said("a BAD day");
    signed["user_id"] = json!("wang");
    enterprise.ok("imstorage/send", signed).await;
    pupil.ok("imstorage/send", said("坏 蛋 b\u{200b}ad")).await;
    channel.ok("imstorage/send", said("uglyｂａｄ")).await;
    let mut to_teacher = said("you are bad");
    to_teacher["to"] = json!("li");
    pupil.ok("imstorage/send", to_teacher).await;
    let expected = ["a *** day", "*** ***", "*******"];
    assert_eq!(contents(&enterprise, class_id).await, expected);
    for content in expected.into_iter().chain(["you are ***"]) {
        assert_eq!(channel.event("message").await["content"], content);
    }
    let private = enterprise.ok("imstorage/private", json!({ "class_id": class_id })).await;
    assert_eq!(private["list"][0]["content"], "you are ***");
    // Data of components is no text, and names are not changed.
    let data = json!({"class_id": class_id, "type": "custom", "content": "{\"bad\":1}"});
    pupil.ok("imstorage/send", data).await;
    enterprise.ok("user/profile/modify", json!({"user_id": "wang", "nickname": "bad"})).await;
    pupil.ok("imstorage/send", said("good")).await;
    let message = channel.message_where(|message| message["data"]["content"] == "good").await;
    assert_eq!(message["data"]["nickname"], "bad");
    assert_eq!(contents(&enterprise, class_id).await[3], "{\"bad\":1}");
}

#[tokio::test]
async fn the_words_of_one_enterprise_are_not_those_of_another() {
    let service = Service::start();
    let (one, other) = (service.enterprise().await, service.enterprise().await);
    for enterprise in [&one, &other] {
        enterprise.students(&["pupil"]).await;
    }
    one.ok("imstorage/filter/add", json!({"words": ["bad"]})).await;
    assert_eq!(other.ok("imstorage/filter/list", json!({})).await["total"], 0);
    assert_eq!(other.ok("imstorage/filter/delete", json!({"words": ["bad"]})).await["deleted"], 0);
    for (enterprise, content) in [(&one, "***"), (&other, "bad")] {
        let class_id = enterprise.class(json!({})).await;
        say(enterprise, class_id, "bad").await;
        assert_eq!(contents(enterprise, class_id).await, [content]);
    }
}

#[tokio::test]
async fn words_are_added_once_and_removed_in_any_form() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.students(&["pupil"]).await;
    let class_id = enterprise.class(json!({})).await;
    let list = async || enterprise.ok("imstorage/filter/list", json!({})).await;
    let added = enterprise.ok("imstorage/filter/add", json!({"words": ["Bad", "ｂａｄ", "worse"]})).await;
    assert_eq!(added["added"], 2);
    assert_eq!(enterprise.ok("imstorage/filter/add", json!({"words": ["BAD"]})).await["added"], 0);
    assert_eq!(list().await["list"], json!(["Bad", "worse"]));
    say(&enterprise, class_id, "bad").await;
    assert_eq!(enterprise.ok("imstorage/filter/delete", json!({"words": ["bAd", "none"]})).await["deleted"], 1);
    say(&enterprise, class_id, "bad").await;
    assert_eq!(contents(&enterprise, class_id).await, ["***", "bad"]);
    assert_eq!((&list().await["total"], &list().await["list"]), (&json!(1), &json!(["worse"])));
}

#[tokio::test]
async fn a_filter_has_limits() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.students(&["pupil"]).await;
    let add = "imstorage/filter/add";
    for words in [json!(["x".repeat(65)]), json!(["\u{200b}"]), json!([" "]), json!([]), json!(["good", "\u{ad}"])] {
        let problem = enterprise.refused(add, json!({ "words": words }), 10003).await;
        assert!(problem.contains("words"), "{problem}");
    }
    assert_eq!(enterprise.ok("imstorage/filter/list", json!({})).await["total"], 0);
    let words: Vec<String> = (0..1000).map(|n| format!("word{n}x")).collect();
    assert_eq!(enterprise.ok(add, json!({ "words": words })).await["added"], 1000);
    enterprise.refused(add, json!({"words": ["more"]}), 10290).await;
    assert_eq!(enterprise.ok(add, json!({"words": ["WORD7X"]})).await["added"], 0);
    let many: Vec<String> = (0..1001).map(|n| n.to_string()).collect();
    enterprise.refused(add, json!({ "words": many }), 10003).await;
    let class_id = enterprise.class(json!({})).await;
    let long = "word500x".repeat(1024);
    say(&enterprise, class_id, &long).await;
    assert_eq!(contents(&enterprise, class_id).await, ["*".repeat(8192)]);
}

#[tokio::test]
async fn the_operator_changes_the_words_while_the_service_runs() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.students(&["pupil"]).await;
    let class_id = enterprise.class(json!({})).await;
    let sdkappid = enterprise.sdkappid.to_string();
    say(&enterprise, class_id, "bad").await;
    let added = filter(&service, &["add", &sdkappid, "Bad", "坏蛋", "--json"]).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&added).unwrap(), json!({"added": 2}));
    assert_eq!(filter(&service, &["list", &sdkappid]).unwrap(), "Bad\n坏蛋\n");
    service.pass(1);
    say(&enterprise, class_id, "bad").await;
    let removed = filter(&service, &["remove", &sdkappid, "BAD", "--json"]).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&removed).unwrap(), json!({"deleted": 1}));
    service.pass(1);
    say(&enterprise, class_id, "bad 坏蛋").await;
    assert_eq!(contents(&enterprise, class_id).await, ["bad", "***", "bad **"]);
    let refused = filter(&service, &["add", &sdkappid, &"x".repeat(65)]).unwrap_err();
    assert!(refused.contains("words: has 65 characters, more than 64"), "{refused}");
    let refused = filter(&service, &["list", "1"]).unwrap_err();
    assert!(refused.contains("sdkappid"), "{refused}");
}
