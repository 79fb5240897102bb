//! The names that visitors choose.

use serde_json::json;

use super::visitor;
use crate::support::component::Component;
use crate::support::service::Service;

const CALLS: [&str; 2] = ["user/visitor/get", "member/visitor/join"];

/// Names with characters that nobody sees, and names of blanks.
const UNSEEN: [&str; 14] = [
    " ",
    "\u{3000}\u{a0}",
    "\u{200b}",
    "王\u{200b}老师",
    "a\u{200d}b",
    "\u{feff}a",
    "a\u{2060}b",
    "\u{202e}abc",
    "a\u{2066}b",
    "a\u{200f}",
    "a\u{ad}b",
    "\u{3164}",
    "\u{2800}",
    "a\u{fe0f}",
];

#[tokio::test]
async fn a_visitor_s_name_is_seen_composed_and_without_blanks_around_it() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.class(json!({})).await;
    let page = Component::of(&enterprise, "", "");
    for call in CALLS {
        for name in UNSEEN {
            let message = page.refused(call, json!({"class_id": class_id, "nickname": name}), 10003).await;
            assert!(message.contains("nickname"), "{message}");
        }
        for (given, kept) in [(" Jose\u{301} \u{3000}", "José"), ("小明 2", "小明 2"), ("👩\u{200d}🎓", "👩\u{200d}🎓")]
        {
            let made = page.ok(call, json!({"class_id": class_id, "nickname": given})).await;
            let user_id = if call == CALLS[0] { &made["user_id"] } else { &made["visitor_info"]["user_id"] };
            let info = enterprise.ok("user/info", json!({ "user_id": user_id })).await;
            assert_eq!(info["user_info"]["nickname"], kept);
        }
        // The page sends an empty name for none.
        page.ok(call, json!({"class_id": class_id, "nickname": ""})).await;
    }
    // A back end chooses as it likes.
    let signed = json!({"class_id": class_id, "nickname": " a\u{200b} "});
    let made = enterprise.ok("member/visitor/join", signed).await;
    let info = enterprise.ok("user/info", json!({"user_id": made["visitor_info"]["user_id"]})).await;
    assert_eq!(info["user_info"]["nickname"], " a\u{200b} ");
}

#[tokio::test]
async fn a_visitor_is_not_called_as_who_leads_the_class() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let list = json!([{"user_id": "t", "role": "teacher", "nickname": "王老师"},
        {"user_id": "a", "role": "student", "nickname": "Ms. Wong"}, {"user_id": "b", "role": "student"}]);
    enterprise.ok("user/register", json!({ "list": list })).await;
    let members = json!([{"user_id": "b", "role": "assistant"}, {"user_id": "Somebody", "role": "assistant"}]);
    let class_id = enterprise.class(json!({"teacher_id": "t", "assistant_id": "a", "members": members})).await;
    let page = Component::of(&enterprise, "", "");
    for call in CALLS {
        for name in [
            "王老师",
            "王 老师",
            " 王老师",
            "MS. WONG",
            "Ｍｓ.Wong",
            "Ms. Wоng",
            "B",
            "somebody",
            "SOMEBODY",
            "Sοmebody",
        ] {
            let message = page.refused(call, json!({"class_id": class_id, "nickname": name}), 10003).await;
            assert!(message.starts_with("nickname: looks like"), "{message}");
        }
        // They are shown under their names, not under their ids.
        for name in ["t", "李老师", "Ms. Wang"] {
            page.ok(call, json!({"class_id": class_id, "nickname": name})).await;
        }
    }
    enterprise.ok("member/visitor/join", json!({"class_id": class_id, "nickname": "王老师"})).await;
}

#[tokio::test]
async fn a_visitor_does_not_enter_another_class_under_the_name_of_its_teacher() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let list = json!([{"user_id": "t", "role": "teacher", "nickname": "王老师"}]);
    enterprise.ok("user/register", json!({ "list": list })).await;
    let (own, other) = (enterprise.class(json!({})).await, enterprise.class(json!({"teacher_id": "t"})).await);
    let page = Component::of(&enterprise, "", "");
    let made = page.ok("user/visitor/get", json!({"class_id": own, "nickname": "王老师"})).await;
    let named = Component::of(&enterprise, made["user_id"].as_str().unwrap(), made["token"].as_str().unwrap());
    named.ok("member/join", json!({ "class_id": own })).await;
    named.refused("member/join", json!({ "class_id": other }), 10003).await;
    visitor(&enterprise, own).await.ok("member/join", json!({ "class_id": other })).await;
}
