//! The documents of a class, as its moderators change them and as its followers receive them.

mod events;
mod uploading;

use serde_json::{Value, json};

use super::board::{Lesson, stroke};
use crate::support::component::Component;
use crate::support::service::{Enterprise, Service};

impl Enterprise<'_> {
    /// Adds a document with these fields, and returns its id.
    pub async fn document_with(&self, mut fields: Value) -> String {
        if fields.get("doc_url").is_none() {
            fields["doc_url"] = "https://files.example.com/a.pptx".into();
        }
        self.ok("document/add", fields).await["doc_id"].as_str().unwrap().to_owned()
    }
}

impl Lesson<'_> {
    /// The names of the documents that a component is shown.
    async fn documents(&self, component: &Component<'_>) -> Vec<String> {
        let list = component.ok("class/document/list", json!({"class_id": self.class_id})).await;
        let rows = list["list"].as_array().unwrap();
        rows.iter().map(|row| row["doc_name"].as_str().unwrap().to_owned()).collect()
    }

    fn doc_ids(&self, doc_ids: &[&str]) -> Value {
        json!({"class_id": self.class_id, "doc_ids": doc_ids})
    }
}

#[tokio::test]
async fn moderators_add_documents_that_they_may_see_and_remove_all() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    let public = enterprise.document_with(json!({"doc_name": "public"})).await;
    let own = enterprise.document_with(json!({"doc_name": "own", "owner": "teacher_1"})).await;
    let hidden = enterprise.document_with(json!({"doc_name": "hidden", "owner": "li"})).await;
    lesson.teacher.ok("class/document/add", lesson.doc_ids(&[&public, &own, &own])).await;
    for doc_ids in [lesson.doc_ids(&[&own, &hidden]), lesson.doc_ids(&[&hidden])] {
        let message = lesson.teacher.refused("class/document/add", doc_ids, 10003).await;
        assert_eq!(message, format!("doc_ids: no such document: {hidden}"));
    }
    let message = lesson.teacher.refused("class/document/add", lesson.doc_ids(&["none"]), 10003).await;
    assert_eq!(message, "doc_ids: no such document: none");
    for call in ["class/document/add", "class/document/delete"] {
        lesson.li.refused(call, lesson.doc_ids(&[&public]), 10203).await;
    }
    // An administrator sees everything.
    let boss = Component::register(&enterprise, "boss", "admin").await;
    boss.ok("class/document/add", lesson.doc_ids(&[&hidden])).await;
    assert_eq!(lesson.documents(&lesson.teacher).await, ["public", "own", "hidden"]);
    lesson.teacher.ok("class/document/delete", lesson.doc_ids(&[&hidden, &own])).await;
    assert_eq!(lesson.documents(&lesson.teacher).await, ["public"]);
    assert_eq!(enterprise.ok("document/list", json!({})).await["total"], 3, "the documents themselves stay");
    enterprise.ok("class/start", json!({"class_id": lesson.class_id})).await;
    enterprise.ok("class/stop", json!({"class_id": lesson.class_id})).await;
    for call in ["class/document/add", "class/document/delete"] {
        lesson.teacher.refused(call, lesson.doc_ids(&[&public]), 10224).await;
    }
}

#[tokio::test]
async fn those_inside_are_shown_all_documents_of_the_class() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    for (name, owner) in [("public", ""), ("of the teacher", "teacher_1"), ("of li", "li")] {
        let doc_id = enterprise.document_with(json!({"doc_name": name, "owner": owner})).await;
        enterprise.ok("class/document/add", lesson.doc_ids(&[&doc_id])).await;
    }
    let all = ["public", "of the teacher", "of li"];
    assert_eq!(lesson.documents(&lesson.teacher).await, all);
    assert_eq!(lesson.documents(&lesson.li).await, all);
    assert_eq!(lesson.documents(&lesson.wang).await, all);
    lesson.li.ok("member/quit", json!({"class_id": lesson.class_id})).await;
    lesson.teacher.ok("member/quit", json!({"class_id": lesson.class_id})).await;
    assert_eq!(lesson.documents(&lesson.li).await, ["public", "of li"]);
    assert_eq!(lesson.documents(&lesson.teacher).await, all, "who moderates need not be inside");
}

#[tokio::test]
async fn the_documents_of_a_class_are_changed_in_its_enterprise_alone() {
    let service = Service::start();
    let (mine, theirs) = (service.enterprise().await, service.enterprise().await);
    let (lesson, other) = (Lesson::begin(&mine).await, Lesson::begin(&theirs).await);
    let (own, foreign) = (mine.document_with(json!({})).await, theirs.document_with(json!({})).await);
    let boss = Component::register(&theirs, "boss", "superadmin").await;
    for call in ["class/document/add", "class/document/delete", "class/document/list", "class/attendance"] {
        boss.refused(call, lesson.doc_ids(&[&foreign]), 10230).await;
        other.teacher.refused(call, lesson.doc_ids(&[&foreign]), 10230).await;
    }
    for call in ["class/document/add", "class/document/delete"] {
        lesson.teacher.refused(call, lesson.doc_ids(&[&own, &foreign]), 10003).await;
    }
    assert_eq!(lesson.documents(&lesson.teacher).await, [""; 0]);
}

#[tokio::test]
async fn moderators_read_the_attendance_as_back_ends_do() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    enterprise.ok("class/start", json!({"class_id": lesson.class_id})).await;
    service.pass(60);
    let body = json!({"class_id": lesson.class_id, "index": 0, "size": 2});
    let rows = lesson.teacher.ok("class/attendance", body.clone()).await;
    assert_eq!(rows, enterprise.ok("class/attendance", body.clone()).await);
    assert_eq!((&rows["total"], rows["list"].as_array().unwrap().len()), (&json!(3), 2));
    assert_eq!(rows["list"][1]["present_seconds"], 60);
    lesson.li.refused("class/attendance", body.clone(), 10203).await;
    let boss = Component::register(&enterprise, "boss", "admin").await;
    assert_eq!(boss.ok("class/attendance", body).await, rows);
}

#[tokio::test]
async fn nothing_is_drawn_on_a_document_that_the_class_does_not_have() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let lesson = Lesson::begin(&enterprise).await;
    let doc_id = enterprise.document_with(json!({})).await;
    let page = format!("{doc_id}/1");
    lesson.teacher.refused("board/draw", lesson.drawing(&page, json!([stroke("a")])), 10003).await;
    // It has no pages before it is converted.
    enterprise.ok("class/document/add", lesson.doc_ids(&[&doc_id])).await;
    for call in ["board/draw", "board/page", "board/show"] {
        let message = lesson.teacher.refused(call, lesson.drawing(&page, json!([stroke("a")])), 10003).await;
        assert_eq!(message, format!("page: {page:?}: no such page"));
    }
}
