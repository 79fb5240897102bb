//! The document service: conversions without a document, under both names of the service.

use lectern::clock::Clock;
use lectern::domain::Error;
use lectern::domain::tenancy::{enterprise, webhook_secret};
use lectern::protocol::iclass::sign;
use serde_json::{Value, json};

use crate::iclass::callbacks::signing::proves;
use crate::iclass::conversions::{convert, host, published, start};
use crate::support::converter::{MISSING, Play, Scripted, broken};
use crate::support::process::eventually;
use crate::support::receiver::Receiver;
use crate::support::service::{Enterprise, Service};
use crate::support::webhooks;

/// Calls the service under one of its names.
async fn call(enterprise: &Enterprise<'_>, name: &str, call: &str, body: Value) -> Value {
    let url = enterprise.signed("").replace("/paas/v1/", &format!("/{name}/v1/{call}"));
    let response = enterprise.service.http.post(url).body(body.to_string()).send().await.unwrap();
    assert_eq!(response.status(), 200);
    response.json().await.unwrap()
}

async fn create(enterprise: &Enterprise<'_>, name: &str, url: &str) -> String {
    let answer = call(enterprise, name, "create", json!({ "url": url })).await;
    assert_eq!(answer["error_code"], 0, "{answer}");
    answer["task_id"].as_str().unwrap().to_owned()
}

async fn query(enterprise: &Enterprise<'_>, name: &str, task_id: &str) -> Value {
    call(enterprise, name, "query", json!({ "task_id": task_id })).await
}

/// Waits until a task is finished.
async fn finished(enterprise: &Enterprise<'_>, name: &str, task_id: &str) -> Value {
    eventually("it is finished", async || {
        let answer = query(enterprise, name, task_id).await;
        (answer["status"] == "finished").then_some(answer)
    })
    .await
}

#[tokio::test]
async fn a_task_is_queued_then_processed_then_finished() {
    for name in ["transcode", "ppt2h5"] {
        let converter = Scripted::new(|_, _| Play::Hold(vec![62]));
        let (service, host) = (start(converter.clone(), &[]), host());
        let enterprise = service.enterprise().await;
        let url = format!("{}/test20-pages.pptx?sign=1", host.url);
        let task_id = create(&enterprise, name, &url).await;
        let waiting = create(&enterprise, name, &url).await;
        let at_60 = eventually("progress", async || {
            let answer = query(&enterprise, name, &task_id).await;
            (answer["progress"] == 60).then_some(answer)
        });
        let status = json!({"error_code": 0, "error_msg": "", "task_id": task_id, "status": "processing", "progress": 60,
            "result_url": "", "h5_url": "", "resolution": "", "pages": 0, "title": "test20-pages"});
        assert_eq!(at_60.await, status);
        assert_eq!(query(&enterprise, name, &waiting).await["status"], "queued");
        converter.release_all();
        let answer = finished(&enterprise, name, &task_id).await;
        let (result, h5) = (&answer["result_url"], &answer["h5_url"]);
        assert_eq!(result, h5);
        assert_eq!(service.http.get(h5.as_str().unwrap()).send().await.unwrap().status(), 200);
        assert_eq!((&answer["resolution"], &answer["pages"]), (&json!("1280x720"), &json!(3)));
        assert_eq!((&answer["progress"], &answer["title"]), (&json!(100), &json!("test20-pages's title")));
        let source = &converter.seen()[0].source;
        assert_eq!((source.extension.as_str(), source.is_static), ("pptx", false));
        assert_eq!(enterprise.ok("document/list", json!({})).await["total"], 0, "no document stays");
    }
}

#[tokio::test]
async fn a_task_that_failed_says_why_in_error_code() {
    let converter = Scripted::new(|_, _| Play::Fail(Vec::new(), broken()));
    let (service, host) = (start(converter.clone(), &[]), host());
    let enterprise = service.enterprise().await;
    let answer = call(&enterprise, "transcode", "create", json!({"url": host.url, "is_static_ppt": true})).await;
    let answer = finished(&enterprise, "transcode", answer["task_id"].as_str().unwrap()).await;
    assert_eq!((&answer["error_code"], &answer["error_msg"]), (&json!(10250), &json!(broken().to_string())));
    assert_eq!(answer["result_url"], "");
    assert!(converter.seen()[0].source.is_static);
}

#[tokio::test]
async fn without_a_converter_a_task_has_failed_at_once() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let task_id = create(&enterprise, "transcode", "https://a.b/c.ppt").await;
    let answer = query(&enterprise, "transcode", &task_id).await;
    assert_eq!((&answer["status"], &answer["error_code"]), (&json!("finished"), &json!(10250)));
    assert_eq!(answer["error_msg"], MISSING);
}

#[tokio::test]
async fn no_other_enterprise_sees_a_task() {
    let (service, host) = (start(Scripted::willing(), &[]), host());
    let (owner, other) = (service.enterprise().await, service.enterprise().await);
    let task_id = create(&owner, "transcode", &host.url).await;
    for name in ["transcode", "ppt2h5"] {
        let answer = query(&other, name, &task_id).await;
        assert_eq!(answer["error_code"], 10003, "{answer}");
        assert!(answer["error_msg"].as_str().unwrap().contains("no such task"), "{answer}");
        assert_eq!(answer.as_object().unwrap().len(), 2);
    }
    assert_eq!(finished(&owner, "ppt2h5", &task_id).await["error_code"], 0);
}

#[tokio::test]
async fn the_calls_are_signed_like_all_others() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let url =
        |sign: &str| format!("{}/ppt2h5/v1/query?random=1&sdkappid={}&sign={sign}", service.url, enterprise.sdkappid);
    let expire_time = service.now() + 60;
    let body = json!({"expire_time": expire_time, "task_id": "none"}).to_string();
    for (sign, code) in [(sign::sign(&enterprise.tic_key, expire_time), 10003), ("0".repeat(32), 10217)] {
        let answer = service.http.post(url(&sign)).body(body.clone()).send().await.unwrap();
        assert_eq!(answer.json::<Value>().await.unwrap()["error_code"], code);
    }
    let gone =
        service.http.post(enterprise.signed("").replace("/paas/v1/", "/transcode/v1/remove")).send().await.unwrap();
    assert_eq!(gone.status(), 404);
}

#[tokio::test]
async fn wrong_addresses_are_refused() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    for wrong in ["", "a.ppt", "ftp://a.b/c", "file:///etc/passwd"] {
        let answer = call(&enterprise, "transcode", "create", json!({ "url": wrong })).await;
        assert_eq!(answer["error_code"], 10003, "{wrong}: {answer}");
        assert!(answer["error_msg"].as_str().unwrap().contains("url"), "{answer}");
        if !wrong.is_empty() {
            let answer = call(&enterprise, "transcode", "callback", json!({ "callback": wrong })).await;
            assert_eq!(answer["error_code"], 10003, "{wrong}: {answer}");
            assert!(answer["error_msg"].as_str().unwrap().contains("callback"), "{answer}");
        }
    }
}

#[tokio::test]
async fn tasks_are_published_to_their_own_address_and_documents_to_that_of_the_enterprise() {
    let (service, host) = (start(Scripted::willing(), &[]), host());
    let (everything, tasks) = (Receiver::start(), Receiver::start());
    let enterprise = webhooks::subscribed(&service, &everything.url).await;
    let unset = json!({"callback": tasks.url});
    assert_eq!(call(&enterprise, "ppt2h5", "callback", unset).await, json!({"error_code": 0, "error_msg": ""}));
    let task_id = create(&enterprise, "ppt2h5", &format!("{}/a.ppt", host.url)).await;
    let requests = tasks.wait_for(4).await;
    let expire_time = service.now() + 3600;
    let sign = sign::sign(&enterprise.tic_key, expire_time);
    let url = &query(&enterprise, "ppt2h5", &task_id).await["h5_url"];
    let data = json!({"error_code": 0, "error_msg": "", "timestamp": service.now(), "task_id": task_id,
        "task_type": "ppt2h5", "status": "finished", "progress": 100, "h5_url": url, "result_url": url,
        "resolution": "1280x720", "pages": 3, "title": "a's title"});
    let mut body = json!({"event": "transport_progress", "data": data, "expire_time": expire_time, "sign": sign});
    body.as_object_mut().unwrap().extend(data.as_object().unwrap().clone());
    assert_eq!(requests[3].body, body, "the fields of the service stand beside those of an event");
    assert_eq!(requests[3].query["sign"], sign);
    assert_eq!(published(&everything.requests()), [Value::Null; 0]);

    let doc_id = convert(&enterprise, &host, json!({})).await;
    let requests = everything.wait_for(4).await;
    assert_eq!(requests[3].body["data"]["doc_id"], json!(doc_id));
    assert!(requests[3].body.get("status").is_none());
    assert_eq!(tasks.requests().len(), 4);

    call(&enterprise, "transcode", "callback", json!({"callback": ""})).await;
    let task_id = create(&enterprise, "transcode", &host.url).await;
    let requests = everything.wait_for(8).await;
    let last = &requests[7].body["data"];
    assert_eq!((&last["task_id"], &last["task_type"]), (&json!(task_id), &json!("transcode")));
    assert_eq!(tasks.requests().len(), 4);
}

#[tokio::test]
async fn an_address_of_its_own_has_a_secret_of_its_own() {
    let (service, host) = (start(Scripted::willing(), &[]), host());
    // The verifying library requires a time near the system clock.
    service.clock.set(Clock::System.now());
    let (everything, tasks) = (Receiver::start(), Receiver::start());
    let enterprise = webhooks::subscribed(&service, &everything.url).await;
    let sdkappid = enterprise.sdkappid;
    let secrets = move |conn: &mut _| {
        let own = webhook_secret::require(conn, sdkappid, webhook_secret::Receiver::DocumentService)?;
        Ok::<_, Error>((enterprise::require(conn, sdkappid)?.webhook_secret, own.webhook_secret))
    };
    let (of_enterprise, own) = service.app.db.read(secrets).await.unwrap();
    assert_ne!(of_enterprise, own);
    create(&enterprise, "transcode", &format!("{}/a.ppt", host.url)).await;
    let requests = everything.wait_for(4).await;
    assert!(proves(&requests[0], &of_enterprise) && !proves(&requests[0], &own));
    call(&enterprise, "transcode", "callback", json!({"callback": tasks.url})).await;
    create(&enterprise, "transcode", &format!("{}/a.ppt", host.url)).await;
    let requests = tasks.wait_for(4).await;
    assert!(proves(&requests[0], &own) && !proves(&requests[0], &of_enterprise));
}

#[tokio::test]
async fn tasks_can_be_published_though_the_enterprise_has_no_address() {
    let (service, host, tasks) = (start(Scripted::willing(), &[]), host(), Receiver::start());
    let enterprise = service.enterprise().await;
    call(&enterprise, "transcode", "callback", json!({"callback": tasks.url})).await;
    convert(&enterprise, &host, json!({})).await;
    create(&enterprise, "transcode", &host.url).await;
    let requests = tasks.wait_for(4).await;
    assert!(requests.iter().all(|request| request.body["task_id"].is_string()));
    // The receiver has the last one a moment before it is settled.
    webhooks::wait_for_state(&enterprise, "delivered", 4).await;
    let class_id = enterprise.class(json!({})).await;
    enterprise.ok("class/start", json!({ "class_id": class_id })).await;
    assert_eq!(enterprise.ok("callback/list", json!({"state": "pending"})).await["list"], json!([]));
}
