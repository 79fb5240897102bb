//! The totals of lists are exact, also when rows are added, changed and removed concurrently.

use futures_util::future::join_all;
use lectern::db::{Conn, Db};
use lectern::domain::classroom::class;
use lectern::domain::classroom::class::{Patch, Status, Via};
use lectern::domain::content::document;
use lectern::domain::content::document::Draft;
use lectern::domain::tenancy::enterprise;
use lectern::domain::{Error, Forbidden};
use lectern::service::delete_enterprise::delete_enterprise;
use lectern::store::Page;
use lectern::store::classroom::class as classes;
use lectern::store::content::document as documents;
use lectern::store::content::document::Permission;
use lectern::store::ids::EnterpriseId;
use lectern::store::tenancy::user;
use lectern::store::tenancy::user::Role;

use crate::{add_user, migrated};

/// The totals of the three lists, and how many rows they show.
async fn counted(db: &Db, id: i64, statuses: Vec<Status>, roles: Vec<Role>) -> [(i64, i64); 3] {
    let count = move |conn: &mut Conn| {
        let page = Page::at(0, 100_000);
        let shown = |rows: usize| i64::try_from(rows).unwrap();
        let filter = classes::Filter { statuses, ..classes::Filter::default() };
        let listed = classes::list(conn, EnterpriseId(id), &filter, page)?;
        let users = user::list(conn, EnterpriseId(id), &user::Filter { roles, ..user::Filter::default() }, page)?;
        let documents = documents::list(conn, EnterpriseId(id), &documents::Filter::default(), page)?;
        Ok::<_, Error>([
            (listed.total, shown(listed.rows.len())),
            (users.total, shown(users.rows.len())),
            (documents.total, shown(documents.rows.len())),
        ])
    };
    db.read(count).await.unwrap()
}

#[tokio::test]
async fn totals_are_right_after_many_changes_at_once() {
    let (db, _database) = migrated();
    let id = crate::enterprise(&db, 1).await;
    let owner = db.read(|conn| enterprise::require(conn, 1)).await.unwrap();
    let change = |n: usize| {
        let owner = owner.clone();
        db.write(move |conn| {
            let patch = Patch { teacher_id: Some("t".into()), ..Patch::default() };
            let class_id = class::create(conn, EnterpriseId(id), patch, 0)?;
            add_user(conn, EnterpriseId(id), &format!("u{n}"))?;
            let mut user = user::find(conn, EnterpriseId(id), &format!("u{n}"))?.unwrap();
            let draft = Draft {
                doc_url: "http://a.b/c".into(),
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
            let doc_id = document::add(conn, &owner, draft, None, 0)?;
            match n % 5 {
                0 => class::delete(conn, &owner, class_id, 0)?,
                1 => class::start(conn, &owner, class_id, Via::Api.by(None), Ok(i64::MAX), 0)?,
                2 => {
                    user.role = Role::Teacher;
                    user::update(conn, &user)?;
                }
                3 => document::remove(conn, EnterpriseId(id), &[doc_id], 0)?,
                _ => return Err(Error::Forbidden(Forbidden::NotATeacher { user_id: "the test".into() })),
            }
            Ok(())
        })
    };
    join_all((0..300).map(change)).await;
    assert_eq!(counted(&db, id, Vec::new(), Vec::new()).await, [(180, 180), (240, 240), (180, 180)]);
    let some = counted(&db, id, vec![Status::Ing], vec![Role::Teacher]).await;
    assert_eq!(some, [(60, 60), (60, 60), (180, 180)]);
}

#[tokio::test]
async fn an_enterprise_that_is_gone_has_left_no_totals() {
    let (db, _database) = migrated();
    let id = crate::enterprise(&db, 1).await;
    db.write(move |conn| add_user(conn, EnterpriseId(id), "u")).await.unwrap();
    db.write(|conn| delete_enterprise(conn, 1)).await.unwrap();
    assert_eq!(counted(&db, id, Vec::new(), Vec::new()).await, [(0, 0); 3]);
}
