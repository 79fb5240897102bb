//! The documents of a class: adding, removing, and who can see them.

use serde_json::{Value, json};

use crate::support::component::Component;
use crate::support::service::{Enterprise, Service};

impl Enterprise<'_> {
    async fn documents(&self, names: &[&str]) -> Vec<String> {
        let mut doc_ids = Vec::new();
        for name in names {
            let fields = json!({"doc_url": "https://files.example.com/a.pptx", "doc_name": name});
            doc_ids.push(self.ok("document/add", fields).await["doc_id"].as_str().unwrap().to_owned());
        }
        doc_ids
    }

    async fn of_class(&self, class_id: i64) -> Vec<String> {
        names(&self.ok("class/document/list", json!({ "class_id": class_id })).await)
    }
}

fn names(list: &Value) -> Vec<String> {
    list["list"].as_array().unwrap().iter().map(|row| row["doc_name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_class_has_the_documents_it_was_given_in_that_order() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.class(json!({})).await;
    let ids = enterprise.documents(&["a", "b", "c", "d"]).await;
    assert_eq!(enterprise.of_class(class_id).await, [""; 0]);
    let give = |doc_ids: &[&String]| json!({"class_id": class_id, "doc_ids": doc_ids});
    enterprise.ok("class/document/add", give(&[&ids[2], &ids[0], &ids[2]])).await;
    enterprise.ok("class/document/add", give(&[&ids[0], &ids[3], &ids[2]])).await;
    assert_eq!(enterprise.of_class(class_id).await, ["c", "a", "d"]);
    enterprise.ok("class/document/delete", give(&[&ids[0], &ids[1]])).await;
    enterprise.ok("class/document/delete", give(&[&ids[0]])).await;
    assert_eq!(enterprise.of_class(class_id).await, ["c", "d"]);
    // Another class has its own documents, and the documents themselves are kept.
    let other = enterprise.class(json!({})).await;
    enterprise.ok("class/document/add", json!({"class_id": other, "doc_ids": [ids[3]]})).await;
    assert_eq!(enterprise.of_class(other).await, ["d"]);
    assert_eq!(enterprise.ok("document/list", json!({})).await["total"], 4);
    enterprise.ok("document/delete", json!({"doc_ids": [ids[3]]})).await;
    assert_eq!((enterprise.of_class(class_id).await, enterprise.of_class(other).await), (vec!["c".into()], vec![]));
    enterprise.ok("class/delete", json!({ "class_id": class_id })).await;
    enterprise.refused("class/document/list", json!({ "class_id": class_id }), 10230).await;
    assert_eq!(enterprise.ok("document/list", json!({})).await["total"], 3);
}

#[tokio::test]
async fn the_documents_of_a_class_are_paged() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.class(json!({})).await;
    let ids = enterprise.documents(&["a", "b", "c", "d", "e"]).await;
    enterprise.ok("class/document/add", json!({"class_id": class_id, "doc_ids": ids})).await;
    let page = json!({"class_id": class_id, "index": 1, "size": 2});
    let list = enterprise.ok("class/document/list", page).await;
    assert_eq!(
        (names(&list), &list["total"], &list["finish"]),
        (vec!["b".into(), "c".into()], &json!(5), &json!(false))
    );
    let (mut after, mut walked) = (json!(""), Vec::new());
    while after.is_string() {
        let page = json!({"class_id": class_id, "after": after, "size": 2});
        let list = enterprise.ok("class/document/list", page).await;
        walked.extend(names(&list));
        after = list["next"].clone();
    }
    assert_eq!(walked, ["a", "b", "c", "d", "e"]);
}

#[tokio::test]
async fn only_existing_documents_and_classes_can_be_bound() {
    let service = Service::start();
    let (a, b) = (service.enterprise().await, service.enterprise().await);
    let (class_a, class_b) = (a.class(json!({})).await, b.class(json!({})).await);
    let (doc_a, doc_b) = (a.documents(&["a"]).await.remove(0), b.documents(&["b"]).await.remove(0));
    for call in ["class/document/add", "class/document/delete"] {
        for doc_ids in [json!([doc_a, doc_b]), json!([doc_b])] {
            let message = a.refused(call, json!({"class_id": class_a, "doc_ids": doc_ids}), 10003).await;
            assert_eq!(message, format!("doc_ids: no such document: {doc_b}"));
        }
        a.refused(call, json!({"class_id": class_b, "doc_ids": [doc_a]}), 10230).await;
        a.refused(call, json!({"class_id": class_a, "doc_ids": []}), 10003).await;
        a.refused(call, json!({"class_id": class_a, "doc_ids": vec![&doc_a; 1001]}), 10003).await;
    }
    assert_eq!(a.of_class(class_a).await, [""; 0]);
}

#[tokio::test]
async fn a_class_has_a_thousand_documents_at_most() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let class_id = enterprise.class(json!({})).await;
    let names: Vec<String> = (0..1001).map(|n| format!("d{n}")).collect();
    let ids = enterprise.documents(&names.iter().map(String::as_str).collect::<Vec<_>>()).await;
    enterprise.ok("class/document/add", json!({"class_id": class_id, "doc_ids": ids[..999]})).await;
    let two = json!({"class_id": class_id, "doc_ids": ids[999..]});
    let message = enterprise.refused("class/document/add", two, 10003).await;
    assert_eq!(message, "doc_ids: a class has at most 1000 documents");
    enterprise.ok("class/document/add", json!({"class_id": class_id, "doc_ids": ids[..1000]})).await;
    let list = enterprise.ok("class/document/list", json!({ "class_id": class_id })).await;
    assert_eq!(list["total"], 1000);
}

#[tokio::test]
async fn a_component_sees_of_a_class_what_everybody_sees_and_its_own() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (li, wang) = (
        Component::register(&enterprise, "li", "student").await,
        Component::register(&enterprise, "wang", "student").await,
    );
    let admin = Component::register(&enterprise, "admin", "admin").await;
    let members = json!([{"user_id": "li", "role": "student"}]);
    let class_id = enterprise.class(json!({"class_type": "1vN", "members": members})).await;
    let mut doc_ids = enterprise.documents(&["for all"]).await;
    for owner in ["li", "wang"] {
        let own = json!({"doc_url": "http://a.b/c", "doc_name": format!("of {owner}"), "owner": owner});
        doc_ids.push(enterprise.ok("document/add", own).await["doc_id"].as_str().unwrap().to_owned());
    }
    enterprise.ok("class/document/add", json!({"class_id": class_id, "doc_ids": doc_ids})).await;
    let body = json!({ "class_id": class_id });
    let list = li.ok("class/document/list", body.clone()).await;
    assert_eq!((names(&list), &list["total"]), (vec!["for all".into(), "of li".into()], &json!(2)));
    let all = admin.ok("class/document/list", body.clone()).await;
    assert_eq!(names(&all), ["for all", "of li", "of wang"]);
    wang.refused("class/document/list", body, 10226).await;
    li.refused("class/document/list", json!({"class_id": 999_999_999}), 10230).await;
}
