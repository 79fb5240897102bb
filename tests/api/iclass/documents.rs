//! Documents: defaults, visibility, conversion, and removing several at once.

use serde_json::{Value, json};

use crate::support::service::{BEGIN, Enterprise, Service};

const URL: &str = "https://files.example.com/a.pptx";

impl Enterprise<'_> {
    async fn add_document(&self, fields: Value) -> String {
        self.ok("document/add", fields).await["doc_id"].as_str().unwrap().to_owned()
    }

    /// `document/info` without the envelope.
    async fn document(&self, doc_id: &str) -> Value {
        let mut info = self.ok("document/info", json!({"doc_id": doc_id})).await;
        info.as_object_mut().unwrap().retain(|name, _| !name.starts_with("error_"));
        info
    }

    async fn doc_ids(&self) -> Vec<String> {
        let list = self.ok("document/list", json!({})).await;
        list["list"].as_array().unwrap().iter().map(|row| row["doc_id"].as_str().unwrap().to_owned()).collect()
    }
}

#[tokio::test]
async fn a_document_needs_no_more_than_its_address() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let nulls = json!({"doc_url": URL, "doc_name": null, "doc_ext": null, "doc_size": null, "doc_md5": null,
        "permission": null, "owner": null, "is_transcode": null});
    for fields in [json!({"doc_url": URL}), nulls] {
        let doc_id = enterprise.add_document(fields).await;
        assert!(doc_id.len() == 16 && doc_id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()), "{doc_id}");
        assert_eq!(
            enterprise.document(&doc_id).await,
            json!({"doc_id": doc_id, "doc_name": "", "doc_url": URL, "doc_ext": "", "doc_md5": "", "doc_size": 0,
                "permission": "public", "owner": "", "upload_time": BEGIN, "is_transcode": false,
                "transcode_status": "", "transcode_code": 0, "transcode_msg": "", "transcode_result": ""})
        );
    }
    let message = enterprise.refused("document/add", json!({"doc_name": "x"}), 10003).await;
    assert!(message.contains("doc_url"), "{message}");
}

#[tokio::test]
async fn a_document_is_private_by_default_and_public_without_an_owner() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    for (owner, asked, is) in [
        (json!("u"), json!(null), "private"),
        (json!("u"), json!("private"), "private"),
        (json!("u"), json!("public"), "public"),
        (json!(""), json!("private"), "public"),
        (json!(null), json!("private"), "public"),
        (json!(null), json!(null), "public"),
    ] {
        let doc_id = enterprise.add_document(json!({"doc_url": URL, "owner": owner, "permission": asked})).await;
        let document = enterprise.document(&doc_id).await;
        assert_eq!(document["permission"], is, "owner {owner}, asked {asked}");
        assert_eq!(document["owner"], owner.as_str().unwrap_or_default());
    }
    for wrong in ["", "secret", "PUBLIC"] {
        let message =
            enterprise.refused("document/add", json!({"doc_url": URL, "owner": "u", "permission": wrong}), 10003).await;
        assert!(message.contains("permission"), "{message}");
    }
}

#[tokio::test]
async fn a_conversion_that_is_asked_for_has_failed_at_once() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let doc_id = enterprise.add_document(json!({"doc_url": URL, "is_transcode": true})).await;
    let document = enterprise.document(&doc_id).await;
    assert_eq!(
        (&document["is_transcode"], &document["transcode_status"], &document["transcode_code"]),
        (&json!(true), &json!("finished"), &json!(10250))
    );
    assert!(!document["transcode_msg"].as_str().unwrap().is_empty());
    assert_eq!((&document["transcode_result"], &document["doc_url"]), (&json!(""), &json!(URL)));
    assert_eq!(enterprise.ok("document/list", json!({})).await["list"], json!([document]));
}

#[tokio::test]
async fn documents_are_deleted_all_or_none() {
    let service = Service::start();
    let (enterprise, other) = (service.enterprise().await, service.enterprise().await);
    let mut ids = Vec::new();
    for name in ["a", "b", "c"] {
        ids.push(enterprise.add_document(json!({"doc_url": URL, "doc_name": name})).await);
    }
    let theirs = other.add_document(json!({"doc_url": URL})).await;
    for (asked, missing) in [
        (json!([ids[0], "gone", ids[1], "lost"]), &["gone", "lost"][..]),
        (json!(["gone", "gone"]), &["gone"]),
        (json!([ids[0], theirs]), &[theirs.as_str()]),
    ] {
        let message = enterprise.refused("document/delete", json!({"doc_ids": asked}), 10003).await;
        assert!(message.contains("doc_ids"), "{message}");
        for id in missing {
            assert!(message.contains(id), "{message}");
        }
        assert!(!message.contains(&ids[0]), "{message}");
    }
    for wrong in [json!([]), json!(null), json!([""]), json!([1]), json!(vec!["x"; 1001]), json!(ids[0])] {
        let message = enterprise.refused("document/delete", json!({"doc_ids": wrong}), 10003).await;
        assert!(message.contains("doc_ids"), "{message}");
    }
    assert_eq!(enterprise.doc_ids().await, ids);
    enterprise.ok("document/delete", json!({"doc_ids": [ids[1], ids[0], ids[1]]})).await;
    assert_eq!(enterprise.doc_ids().await, ids[2..]);
    let message = enterprise.refused("document/info", json!({"doc_id": ids[0]}), 10003).await;
    assert!(message.contains(&ids[0]), "{message}");
    enterprise.refused("document/delete", json!({"doc_ids": [ids[0]]}), 10003).await;
    assert_eq!(other.doc_ids().await, [theirs]);
}

#[tokio::test]
async fn the_address_of_a_document_is_http_or_https() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    for good in ["http://example.com", "https://example.com:8443/课件.pptx?x=1", "HTTP://EXAMPLE.COM/A"] {
        let doc_id = enterprise.add_document(json!({"doc_url": good})).await;
        assert_eq!(enterprise.document(&doc_id).await["doc_url"], good);
    }
    let known = enterprise.doc_ids().await.len();
    for bad in [
        "",
        "  ",
        "ftp://example.com/a",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://",
        "http:///x",
        "https:example.com",
        "//x/a",
    ] {
        let message = enterprise.refused("document/add", json!({"doc_url": bad}), 10003).await;
        assert!(message.contains("doc_url"), "{bad}: {message}");
    }
    assert_eq!(enterprise.doc_ids().await.len(), known);
    // The example of the document has words in its place, which nobody can convert.
    for words in ["课件地址", "a.pptx"] {
        let doc_id = enterprise.add_document(json!({"doc_url": words, "is_transcode": false})).await;
        assert_eq!(enterprise.document(&doc_id).await["doc_url"], words);
        let fields = json!({"doc_url": words, "is_transcode": true});
        let message = enterprise.refused("document/add", fields, 10003).await;
        assert!(message.contains("doc_url"), "{message}");
    }
}

#[tokio::test]
async fn the_size_of_a_document_is_kept_as_it_was_sent() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    for (published, kept) in [(json!(0), 0), (json!("1024"), 1024), (json!(i64::MAX), i64::MAX)] {
        let doc_id = enterprise.add_document(json!({"doc_url": URL, "doc_size": published})).await;
        assert_eq!(enterprise.document(&doc_id).await["doc_size"], kept);
    }
    for wrong in [json!(-1), json!(1.5), json!("big"), json!(9_223_372_036_854_775_808_u64)] {
        let message = enterprise.refused("document/add", json!({"doc_url": URL, "doc_size": wrong}), 10003).await;
        assert!(message.contains("doc_size"), "{message}");
    }
}
