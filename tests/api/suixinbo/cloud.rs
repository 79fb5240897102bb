//! Signatures for the hosted cloud, and Lectern's calls to its video service.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lectern::domain::tenancy::enterprise::Patch;
use lectern::domain::tenancy::settings::{CloudPatch, RoomPatch};
use serde_json::{Value, json};

use super::Client;
use crate::support::receiver::{Receiver, Reply};
use crate::support::service::{BEGIN, Enterprise, Service};

/// The worked examples of the vendor's documents.
const SECRET_ID: &str = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3gnPhESA";
const SECRET_KEY: &str = "Gu5t9xGARNpq86cd98joQYCN3Cozk1qA";

async fn configured(enterprise: &Enterprise<'_>) {
    let text = |text: &str| Some(text.to_owned());
    let rooms = RoomPatch { cos_bucket: text("bucket"), cos_region: text("sh"), ..RoomPatch::default() };
    let (secret_id, secret_key) = (text(SECRET_ID), text(SECRET_KEY));
    let cloud = CloudPatch { appid: Some(200_001), secret_id, secret_key, ..CloudPatch::default() };
    enterprise.set(Patch { cloud, rooms, ..Patch::default() }).await;
}

fn call(action: &str) -> Value {
    json!({"method": "GET", "host": "vod.api.qcloud.com", "path": "/v2/index.php", "params": {"Action": action,
        "Nonce": 11886, "Region": "gz", "SecretId": "", "SignatureMethod": "HmacSHA256", "Timestamp": 1_465_185_768,
        "pageNo": 0, "file_name": "第 1 课&x=y"}})
}

/// The text after the 20 bytes of a signature.
fn text(sign: &Value) -> String {
    String::from_utf8(STANDARD.decode(sign.as_str().unwrap()).unwrap().split_off(20)).unwrap()
}

#[tokio::test]
async fn without_settings_every_command_says_so() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let student = Client::student(&enterprise, "s1").await;
    for (svc, cmd, fields) in [
        ("cos", "get_sign", json!({"type": 0})),
        ("vod", "get_sign", call("DescribeVodInfo")),
        ("vod", "cmd_proxy", call("DescribeVodInfo")),
        ("vod", "get_client_sign", json!({})),
    ] {
        let message = student.refused(svc, cmd, fields, 10003).await;
        assert!(message.contains("lectern enterprise set"), "{message}");
    }
}

#[tokio::test]
async fn uploads_are_signed_for_the_bucket_and_the_file() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    configured(&enterprise).await;
    let teacher = Client::teacher(&enterprise, "t1").await;
    let month = BEGIN + 2_592_000;
    for (fields, begins, file, region) in [
        (json!({"type": 0}), format!("a=200001&b=bucket&k={SECRET_ID}&e={month}&t={BEGIN}&r="), "", "sh"),
        (
            json!({"type": 0, "bucket": "other", "file_path": "/a/b"}),
            format!("a=200001&b=other&k={SECRET_ID}&e={month}&t={BEGIN}&r="),
            "/a/b",
            "",
        ),
        (
            json!({"type": 1, "file_path": "/课 件.ppt"}),
            format!("a=200001&b=bucket&k={SECRET_ID}&e=0&t={BEGIN}&r="),
            "/200001/bucket/课 件.ppt",
            "sh",
        ),
    ] {
        let data = teacher.ok("cos", "get_sign", fields.clone()).await;
        let signed = text(&data["sign"]);
        assert!(signed.starts_with(&begins) && signed.ends_with(&format!("&f={file}")), "{fields}: {signed}");
        assert_eq!((&data["region"], &data["preview_tag"]), (&json!(region), &json!("preview")));
        assert_eq!(data["bucket"], fields.get("bucket").unwrap_or(&json!("bucket")).clone());
    }
    for (fields, named) in [
        (json!({}), "type"),
        (json!({"type": 2}), "type"),
        (json!({"type": 1}), "file_path"),
        (json!({"type": 1, "file_path": "/a&e=9999999999"}), "file_path"),
        (json!({"type": 0, "bucket": "b&k=other"}), "bucket"),
    ] {
        let message = teacher.refused("cos", "get_sign", fields, 10003).await;
        assert!(message.contains(named), "{message}");
    }
}

#[tokio::test]
async fn a_call_is_signed_with_the_id_of_the_key() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    configured(&enterprise).await;
    let teacher = Client::teacher(&enterprise, "t1").await;
    let published = json!({"method": "GET", "host": "cvm.api.qcloud.com", "path": "/v2/index.php", "params": {
        "Action": "DescribeInstances", "InstanceIds.0": "ins-09dx96dg", "Nonce": 11886, "Region": "ap-guangzhou",
        "SecretId": "", "SignatureMethod": "HmacSHA256", "Timestamp": 1_465_185_768}});
    assert_eq!(
        teacher.ok("vod", "get_sign", published.clone()).await,
        json!({"sign": "0EEm/HtGRr/VJXTAD9tYMth1Bzm3lLHz5RCDv1GdM8s=", "SecretId": SECRET_ID,
            "SignatureMethod": "HmacSHA256"})
    );
    let mut default = published.clone();
    default["params"].as_object_mut().unwrap().remove("SignatureMethod");
    assert_eq!(teacher.ok("vod", "get_sign", default).await["SignatureMethod"], "HmacSHA1");
    for (field, value) in [
        ("method", json!("DELETE")),
        ("method", json!("get")),
        ("host", json!("")),
        ("path", Value::Null),
        ("params", json!([])),
        ("params", json!({"a": {"b": 1}})),
        ("params", json!({"SignatureMethod": "MD5"})),
    ] {
        let mut fields = published.clone();
        fields[field] = value;
        teacher.refused("vod", "get_sign", fields, 10003).await;
    }
    let data = teacher.ok("vod", "get_client_sign", json!({})).await;
    assert_eq!(data["SecretId"], SECRET_ID);
    let begins = format!("secretId={SECRET_ID}&currentTimeStamp={BEGIN}&expireTime={}&random=", BEGIN + 2_592_000);
    assert!(text(&data["sign"]).starts_with(&begins));
}

fn proxying(vod: &Receiver) -> Service {
    let base = vod.url.rsplit_once('/').unwrap().0;
    Service::start_with(&["--vod-url", base])
}

#[tokio::test]
async fn two_actions_are_called_for_clients() {
    let vod = Receiver::start();
    let service = proxying(&vod);
    let enterprise = service.enterprise().await;
    configured(&enterprise).await;
    let teacher = Client::teacher(&enterprise, "t1").await;
    vod.answer(|_| Reply::json(&json!({"totalCount": 7})));
    for (at, (method, action)) in [("GET", "DescribeVodInfo"), ("POST", "GetVideoInfo")].into_iter().enumerate() {
        let mut fields = call(action);
        fields["method"] = method.into();
        let data = teacher.ok("vod", "cmd_proxy", fields.clone()).await;
        assert_eq!(data, json!({"code": 0, "message": "", "totalCount": 7}));
        let request = &vod.wait_for(at + 1).await[at];
        assert_eq!(request.path, "/v2/index.php");
        let form = if method == "GET" { request.target.split_once('?').unwrap().1 } else { &request.raw };
        let sent: std::collections::HashMap<_, _> = url::form_urlencoded::parse(form.as_bytes()).collect();
        assert_eq!((&*sent["Action"], &*sent["SecretId"], &*sent["file_name"]), (action, SECRET_ID, "第 1 课&x=y"));
        let expected = teacher.ok("vod", "get_sign", fields).await;
        assert_eq!(sent["Signature"], expected["sign"].as_str().unwrap());
    }
    vod.answer(|_| Reply::json(&json!({"code": 4000, "message": "no"})));
    let data = teacher.ok("vod", "cmd_proxy", call("DescribeVodInfo")).await;
    assert_eq!(data, json!({"code": 4000, "message": "no"}));
}

#[tokio::test]
async fn nothing_else_is_called() {
    let vod = Receiver::start();
    let service = proxying(&vod);
    let enterprise = service.enterprise().await;
    configured(&enterprise).await;
    let teacher = Client::teacher(&enterprise, "t1").await;
    for (field, value) in
        [("host", "cvm.api.qcloud.com"), ("host", "127.0.0.1"), ("path", "/v2/other.php"), ("path", "/../x")]
    {
        let mut fields = call("DescribeVodInfo");
        fields[field] = value.into();
        let message = teacher.refused("vod", "cmd_proxy", fields, 10003).await;
        assert!(message.contains(field), "{message}");
    }
    teacher.refused("vod", "cmd_proxy", call("DeleteVodFile"), 10003).await;
    assert_eq!(vod.requests().len(), 0);
}

#[tokio::test]
async fn a_failing_service_is_reported_and_keeps_nobody_waiting() {
    let vod = Receiver::start();
    let service = proxying(&vod);
    let enterprise = service.enterprise().await;
    configured(&enterprise).await;
    let teacher = Client::teacher(&enterprise, "t1").await;
    for reply in [
        Reply::Close,
        Reply::Hang,
        Reply::Endless,
        Reply::Gigabyte,
        Reply::Redirect("http://127.0.0.1:9/".into()),
        Reply::Whole(500, "application/json", "{}".into()),
        Reply::Whole(200, "text/html", "<html>".into()),
        Reply::Whole(200, "application/json", "[1]".into()),
    ] {
        let now = reply.clone();
        vod.answer(move |_| now.clone());
        let message = teacher.refused("vod", "cmd_proxy", call("DescribeVodInfo"), 90000).await;
        assert!(message.contains("the video service"), "{reply:?}: {message}");
        assert!(!message.contains(SECRET_ID) && !message.contains("Signature"), "{message}");
    }
}
