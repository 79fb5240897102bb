//! Which classes, documents and contacts a participant sees.

use serde_json::{Value, json};

use crate::support::component::Component;
use crate::support::service::Service;

pub fn ids(answer: &Value, field: &str) -> Vec<Value> {
    answer["list"].as_array().unwrap().iter().map(|row| row[field].clone()).collect()
}

#[tokio::test]
async fn a_participant_finds_their_own_classes_and_the_public_ones() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let pupil = Component::register(&enterprise, "pupil", "student").await;
    let members = json!([{"role": "student", "user_id": "pupil"}]);
    let own = enterprise.class(json!({"class_type": "1vN", "members": members})).await;
    let hidden = enterprise.class(json!({"class_type": "1vN"})).await;
    let public = enterprise.class(json!({})).await;
    enterprise.ok("class/start", json!({"class_id": public})).await;
    for body in [json!({}), json!({"user_id": "teacher_1"})] {
        let found = pupil.ok("class/list", body).await;
        assert_eq!((ids(&found, "class_id"), &found["total"]), (vec![json!(own)], &json!(1)));
    }
    for body in [json!({}), json!({"user_id": "pupil", "class_type": ["1vN"], "class_status": ["ing"]})] {
        let found = pupil.ok("class/public/list", body).await;
        assert_eq!(ids(&found, "class_id"), [json!(public)]);
    }
    assert_eq!(pupil.ok("class/public/list", json!({"class_status": ["will"]})).await["total"], 0);
    pupil.refused("class/info", json!({"class_id": hidden}), 10226).await;
}

#[tokio::test]
async fn a_participant_sees_their_own_documents_and_the_public_ones() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let li = Component::register(&enterprise, "li", "teacher").await;
    let wang = Component::register(&enterprise, "wang", "teacher").await;
    let office = Component::register(&enterprise, "office", "admin").await;
    let mut doc_ids = Vec::new();
    for (component, name, permission) in [
        (&li, "a", "private"),
        (&wang, "b", "private"),
        (&wang, "c", "public"),
        (&li, "d", "public"),
        (&li, "e", "private"),
    ] {
        // It belongs to the caller, whatever user the body names.
        let body = json!({"doc_url": "http://files.example.com/a.ppt", "doc_name": name, "permission": permission,
            "owner": "office"});
        doc_ids.push(component.ok("document/add", body).await["doc_id"].clone());
    }
    let names = async |component: &Component<'_>, body: Value| -> String {
        let found = component.ok("document/list", body.clone()).await;
        let names = ids(&found, "doc_name");
        if body.get("size").is_none() {
            assert_eq!(found["total"], names.len(), "{body}");
            assert_eq!(found["finish"], true);
        }
        names.iter().map(|name| name.as_str().unwrap()).collect()
    };
    for (body, of_li, of_office) in [
        (json!({}), "acde", "abcde"),
        (json!({"permissions": []}), "acde", "abcde"),
        (json!({"permissions": ["public"]}), "cd", "cd"),
        (json!({"permissions": ["private"]}), "ae", "abe"),
        (json!({"owner": "li"}), "ade", "ade"),
        (json!({"owner": "wang"}), "c", "bc"),
        (json!({"owner": "wang", "permissions": ["private"]}), "", "b"),
        (json!({"prefix": "a"}), "a", "a"),
        (json!({"prefix": "b"}), "", "b"),
        (json!({"index": 1, "size": 2}), "cd", "bc"),
        (json!({"index": 3, "size": 2}), "e", "de"),
    ] {
        assert_eq!(names(&li, body.clone()).await, of_li, "{body}");
        assert_eq!(names(&office, body.clone()).await, of_office, "{body}");
    }
    let first = li.ok("document/list", json!({"after": "", "size": 3})).await;
    assert_eq!((ids(&first, "doc_name"), &first["total"]), (vec![json!("a"), json!("c"), json!("d")], &json!(4)));
    let rest = li.ok("document/list", json!({"after": first["next"], "size": 3})).await;
    assert_eq!((ids(&rest, "doc_name"), &rest["finish"]), (vec![json!("e")], &json!(true)));
    let row = &first["list"][0];
    assert_eq!((&row["pages"], &row["doc_width"], &row["doc_height"]), (&json!(0), &json!(0), &json!(0)));
    assert_eq!((&row["owner"], &row["permission"]), (&json!("li"), &json!("private")));

    // All or none, and only documents of the caller.
    let message = li.refused("document/delete", json!({"doc_ids": [doc_ids[0], doc_ids[2]]}), 10203).await;
    assert!(message.contains(doc_ids[2].as_str().unwrap()) && !message.contains(doc_ids[0].as_str().unwrap()));
    li.refused("document/delete", json!({"doc_ids": [doc_ids[0], "nothing"]}), 10003).await;
    assert_eq!(names(&li, json!({})).await, "acde");
    li.ok("document/delete", json!({"doc_ids": [doc_ids[0]]})).await;
    office.ok("document/delete", json!({"doc_ids": [doc_ids[1]]})).await;
    assert_eq!(names(&office, json!({})).await, "cde");
    let other = service.enterprise().await;
    let stranger = Component::register(&other, "li", "admin").await;
    assert_eq!(names(&stranger, json!({})).await, "");
    stranger.refused("document/delete", json!({"doc_ids": [doc_ids[2]]}), 10003).await;
}

#[tokio::test]
async fn contact_data_is_shown_to_its_owner_and_to_administrators() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let li = Component::register(&enterprise, "li", "student").await;
    let wang = Component::register(&enterprise, "wang", "student").await;
    let office = Component::register(&enterprise, "office", "admin").await;
    let contact = json!({"user_id": "li", "phone_no": "13033445566", "e_mail": "li@example.com"});
    enterprise.ok("user/profile/modify", contact).await;
    for (component, phone_no, e_mail) in
        [(&li, "13033445566", "li@example.com"), (&office, "13033445566", "li@example.com"), (&wang, "", "")]
    {
        let info = component.ok("user/info", json!({"user_id": "li"})).await["user_info"].clone();
        assert_eq!((&info["phone_no"], &info["e_mail"]), (&json!(phone_no), &json!(e_mail)));
        assert_eq!(info["nickname"], "li");
    }
    li.refused("user/info", json!({"user_id": "nobody"}), 10215).await;
}
