//! Lists: pages of any size give each row once, in order, with the right total.

use lectern::db::Conn;
use lectern::domain::classroom::class;
use lectern::domain::classroom::class::{Member, Patch};
use lectern::domain::classroom::session;
use lectern::domain::classroom::session::JoinRequest;
use lectern::domain::content::document;
use lectern::domain::content::document::Permission;
use lectern::domain::tenancy::enterprise;
use lectern::domain::tenancy::user;
use lectern::domain::tenancy::user::Role;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::over_a_service;
use crate::support::service::{BEGIN, Enterprise};

/// Row `n` of each list: its creation time, and whether its user has left the class.
type Made = (i64, bool);

/// The ids of the rows of a list in its order.
struct Expected {
    class_id: i64,
    classes: Vec<String>,
    users: Vec<String>,
    documents: Vec<String>,
    inside: Vec<String>,
    seen: Vec<String>,
}

fn fill(conn: &mut Conn, sdkappid: i64, rows: &[Made]) -> lectern::domain::Result<Expected> {
    let enterprise = enterprise::require(conn, sdkappid)?;
    let id = enterprise.enterprise_id;
    let booked = |topic: usize| Patch {
        teacher_id: Some("t".into()),
        class_topic: Some(topic.to_string()),
        members: Some(vec![Member { user_id: "everywhere".into(), role: Role::Student }]),
        ..Patch::default()
    };
    let mut made = Vec::new();
    for (n, (time, left)) in rows.iter().enumerate() {
        let user_id = format!("u{n}");
        let draft = user::Draft::of(user_id.clone(), Role::Student);
        user::register(conn, id, vec![draft], *time)?;
        let class_id = class::create(conn, id, booked(n), *time)?;
        let document = document::Draft {
            doc_url: "https://example.com/a".into(),
            file: None,
            doc_name: String::new(),
            doc_ext: String::new(),
            doc_size: 0,
            doc_md5: String::new(),
            permission: Permission::Public,
            owner: String::new(),
            is_transcode: false,
            is_static: false,
        };
        let doc_id = document::add(conn, &enterprise, document, None, *time)?;
        made.push((*time, n, *left, user_id, class_id, doc_id));
    }
    // The class of the member lists. The filter of the class list excludes it, so that the list does not have all rows.
    let patch = Patch { teacher_id: Some("t".into()), ..Patch::default() };
    let class_id = class::create(conn, id, patch, 0)?;
    for (time, _, left, user_id, _, _) in &made {
        session::join(conn, &enterprise, class_id, JoinRequest::of_user(user_id), *time)?;
        if *left {
            session::quit(conn, &enterprise, class_id, user_id, *time)?;
        }
    }
    Ok(Expected {
        class_id: class_id.0,
        classes: made.iter().map(|row| row.4.to_string()).collect(),
        users: made.iter().map(|row| row.3.clone()).collect(),
        documents: made.iter().map(|row| row.5.clone()).collect(),
        inside: made.iter().filter(|row| !row.2).map(|row| row.3.clone()).collect(),
        seen: made.iter().map(|row| row.3.clone()).collect(),
    })
}

/// Walks a list in pages of `size`, by index and by cursor, and compares every page.
async fn walk(enterprise: &Enterprise<'_>, call: &str, asked: &Value, field: &str, size: usize, expected: &[String]) {
    walk_by(enterprise, false, call, asked, field, size, expected).await;
    walk_by(enterprise, true, call, asked, field, size, expected).await;
}

async fn walk_by(
    enterprise: &Enterprise<'_>,
    cursor: bool,
    call: &str,
    asked: &Value,
    field: &str,
    size: usize,
    expected: &[String],
) {
    let mut seen: Vec<String> = Vec::new();
    let mut next = json!("");
    loop {
        let mut asked = asked.clone();
        asked["size"] = size.into();
        if cursor {
            asked["after"] = next;
        } else {
            asked["index"] = seen.len().into();
        }
        let page = enterprise.ok(call, asked).await;
        let rows = page["list"].as_array().unwrap();
        assert!(rows.len() <= size, "{call}");
        assert_eq!(page["total"], expected.len(), "{call}");
        seen.extend(rows.iter().map(|row| row[field].as_str().map_or_else(|| row[field].to_string(), str::to_owned)));
        assert_eq!(page["finish"], seen.len() == expected.len(), "{call} after {}", seen.len());
        assert_eq!(page.get("next").is_some(), cursor && page["finish"] == false, "{call}");
        if page["finish"] == true || rows.is_empty() {
            break;
        }
        next = page["next"].clone();
    }
    assert_eq!(seen, expected, "{call}");
}

#[test]
fn pages_of_any_size_give_each_row_once_in_order() {
    let rows = vec(((0_i64..4).prop_map(|n| BEGIN * 1000 + n * 400), any::<bool>()), 0..30);
    over_a_service(64, &(rows, 1_usize..35), &async |service, (rows, size)| {
        let enterprise = service.enterprise().await;
        let sdkappid = enterprise.sdkappid;
        let expected = service.app.db.write(move |conn| fill(conn, sdkappid, &rows)).await.unwrap();
        let this = json!({"class_id": expected.class_id});
        let theirs = json!({"user_id": "everywhere"});
        let mut oldest = theirs.clone();
        oldest["create_time_desc"] = false.into();
        let newest: Vec<String> = expected.classes.iter().rev().cloned().collect();
        // Rows are in the order of creation, even if the clock was set back.
        walk(&enterprise, "class/list", &oldest, "class_id", size, &expected.classes).await;
        walk(&enterprise, "class/list", &theirs, "class_id", size, &newest).await;
        walk(&enterprise, "user/list", &json!({}), "user_id", size, &expected.users).await;
        walk(&enterprise, "document/list", &json!({}), "doc_id", size, &expected.documents).await;
        walk(&enterprise, "member/runtime/list", &this, "user_id", size, &expected.inside).await;
        walk(&enterprise, "member/history/list", &this, "user_id", size, &expected.seen).await;
    });
}

#[test]
fn a_list_of_some_kinds_has_the_classes_of_these_kinds_and_counts_them() {
    const STATUSES: [&str; 3] = ["will", "ing", "end"];
    const TYPES: [&str; 3] = ["public", "1v1", "1vN"];
    let some = |of: &'static [&'static str]| proptest::sample::subsequence(of, 0..=of.len());
    let classes = vec((0..3_usize, 0..3_usize, any::<bool>()), 0..12);
    let asked = (some(&STATUSES), some(&TYPES), any::<bool>(), any::<bool>(), 1_usize..5);
    over_a_service(48, &(classes, asked), &async |service, (classes, (statuses, types, oldest, of_user, size))| {
        let enterprise = service.enterprise().await;
        let mut expected = Vec::new();
        for (status, class_type, reserved) in classes {
            let mut class = json!({"class_type": TYPES[class_type]});
            if reserved {
                class["members"] = json!([{"user_id": "pupil", "role": "student"}]);
            }
            let class_id = enterprise.class(class).await;
            for call in &["class/start", "class/stop"][..status] {
                enterprise.ok(call, json!({ "class_id": class_id })).await;
            }
            let shown = |asked: &[&str], is: &str| asked.is_empty() || asked.contains(&is);
            if shown(&statuses, STATUSES[status]) && shown(&types, TYPES[class_type]) && (reserved || !of_user) {
                expected.push(class_id.to_string());
            }
        }
        if !oldest {
            expected.reverse();
        }
        let mut asked = json!({"class_status": statuses, "class_type": types, "create_time_desc": !oldest});
        if of_user {
            asked["user_id"] = "pupil".into();
        }
        walk(&enterprise, "class/list", &asked, "class_id", size, &expected).await;
    });
}
