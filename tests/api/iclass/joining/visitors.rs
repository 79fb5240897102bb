//! Visitors join public classes. A rejected visitor leaves no user behind.

use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::admission::HOUR;
use crate::support::service::{BEGIN, Service};

#[tokio::test]
async fn a_visitor_comes_into_a_public_class_with_a_ticket_of_the_enterprise() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.class(json!({})).await;
    let body = json!({"class_id": class_id, "nickname": "Guest"});
    let visitor = enterprise.ok("member/visitor/join", body).await["visitor_info"].clone();
    let user_id = visitor["user_id"].as_str().unwrap();
    assert!(user_id.starts_with("visitor_"), "{visitor}");
    let token = visitor["user_token"].as_str().unwrap();
    assert!(token.len() == 32 && token.bytes().all(|b| b"0123456789abcdef".contains(&b)), "{token}");

    let base64 = visitor["user_sig"].as_str().unwrap().replace('*', "+").replace('-', "/").replace('_', "=");
    let packed = STANDARD.decode(base64).unwrap();
    let mut text = String::new();
    flate2::read::ZlibDecoder::new(packed.as_slice()).read_to_string(&mut text).unwrap();
    let ticket: Value = serde_json::from_str(&text).unwrap();
    let sdkappid = enterprise.sdkappid;
    let signed = format!("TLS.identifier:{user_id}\nTLS.sdkappid:{sdkappid}\nTLS.time:{BEGIN}\nTLS.expire:86400\n");
    let mut mac = Hmac::<Sha256>::new_from_slice(enterprise.private_key.as_bytes()).unwrap();
    mac.update(signed.as_bytes());
    let sig = STANDARD.encode(mac.finalize().into_bytes());
    assert_eq!(
        ticket,
        json!({"TLS.ver": "2.0", "TLS.identifier": user_id, "TLS.sdkappid": sdkappid, "TLS.expire": 86400,
            "TLS.time": BEGIN, "TLS.sig": sig})
    );

    let info = enterprise.ok("user/info", json!({"user_id": user_id})).await["user_info"].clone();
    assert_eq!((&info["role"], &info["nickname"]), (&json!("visitor"), &json!("Guest")));
    assert_eq!(enterprise.inside(class_id).await, [user_id]);
    assert_eq!(enterprise.history(class_id).await.len(), 0);
    let nameless = enterprise.visitor(class_id).await;
    let row = enterprise.runtime_of(class_id, nameless["user_id"].as_str().unwrap()).await;
    assert_eq!((&row["nickname"], &row["role"]), (&nameless["user_id"], &json!("visitor")));
    assert_ne!(nameless["user_token"], visitor["user_token"]);
    enterprise.quit(class_id, user_id).await;
    assert_eq!(enterprise.inside(class_id).await.len(), 1);
    assert_eq!(enterprise.history(class_id).await.len(), 0);
}

#[tokio::test]
async fn a_visitor_who_is_refused_leaves_no_user_behind() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    enterprise.people(&[("s1", "student")]).await;
    let visit = |class_id: i64| json!({"class_id": class_id});
    for class_type in ["1v1", "1vN"] {
        // The password of a class without visitors is not checked.
        let closed = enterprise.class(json!({"class_type": class_type, "password": "x"})).await;
        enterprise.refused("member/visitor/join", visit(closed), 10203).await;
    }
    let ended = enterprise.class(json!({"password": "x"})).await;
    enterprise.start_class(ended).await;
    enterprise.stop_class(ended).await;
    enterprise.refused("member/visitor/join", visit(ended), 10224).await;
    let locked = enterprise.class(json!({"password": "x"})).await;
    enterprise.refused("member/visitor/join", visit(locked), 10225).await;
    enterprise.ok("member/visitor/join", json!({"class_id": locked, "password": "x"})).await;
    let full = enterprise.class(json!({"max_member_num": 1})).await;
    enterprise.join(full, "s1").await;
    enterprise.refused("member/visitor/join", visit(full), 10227).await;
    enterprise.strict().await;
    let later = enterprise.class(json!({"start_time": BEGIN + 2 * HOUR})).await;
    enterprise.refused("member/visitor/join", visit(later), 10300).await;
    assert_eq!(enterprise.total_users().await, 2);
    assert_eq!(enterprise.inside(later).await, [""; 0]);
}
