//! What a tenant reserves is reserved in it alone, and a user who is deleted is deleted in it alone.

use lectern::domain;
use lectern::domain::Error;
use lectern::domain::classroom::class::Patch;
use lectern::domain::school::removal;
use lectern::domain::tenancy::user as users;
use lectern::store::chat::group;
use lectern::store::classroom::class;
use lectern::store::classroom::member;
use lectern::store::classroom::member::Member;
use lectern::store::classroom::session;
use lectern::store::content::document;
use lectern::store::content::document::NewDocument;
use lectern::store::school::membership;
use lectern::store::tenancy::channel;
use lectern::store::tenancy::enterprise as enterprises;
use lectern::store::tenancy::former_user;
use lectern::store::tenancy::former_user::FormerUser;
use lectern::store::tenancy::token;
use lectern::store::tenancy::user;
use lectern::store::tenancy::user::{Role, User};

use super::classroom::new_document;
use super::{rows, tenant};
use crate::migrated;

#[tokio::test]
async fn what_one_tenant_reserves_is_free_in_another() {
    let (db, _database) = migrated();
    let (mine, theirs) = (tenant(&db, 1).await, tenant(&db, 2).await);
    let looked = db.write(move |conn| {
        let (me, them) = (mine.id, theirs.id);
        let members = vec![Member { user_id: "member".into(), role: Role::Student }];
        let patch = Patch {
            teacher_id: Some("teacher".into()),
            members: Some(members),
            admin_id: Some("chat".into()),
            record_user_id: Some("tic_record_user_1".into()),
            ..Patch::default()
        };
        let class_id = domain::classroom::class::create(conn, them, patch, 1)?;
        let own = NewDocument { owner: "owner".into(), ..new_document(them, "owned") };
        document::insert(conn, &own)?;
        let group = group::of_class(conn, them, class_id)?.remove(0);
        group::member::insert(conn, &group, &["guest".into()])?;
        former_user::insert(conn, &FormerUser { enterprise_id: them, user_id: "gone".into(), delete_time: 1 })?;
        for (id, is) in [(me, false), (them, true)] {
            assert_eq!(member::is_reserved(conn, id, "member")?, is);
            assert_eq!(member::not_over(conn, id, "teacher")?, if is { vec![class_id] } else { vec![] });
            assert_eq!(class::is_named(conn, id, "chat")?, is);
            assert_eq!(class::is_named(conn, id, "tic_record_user_1")?, is);
            assert_eq!(document::is_owner(conn, id, "owner")?, is);
            assert_eq!(group::member::exists(conn, id, "guest")?, is);
            assert_eq!(former_user::exists(conn, id, "gone")?, is);
            assert!(membership::exists_of(conn, id, "u1")? && channel::is_account(conn, id, "u1")?);
            let found = membership::of_user_everywhere(conn, id, "u1")?;
            assert!(found.iter().all(|row| row.enterprise_id == id) && found.len() == 1);
            let inside = session::classes_of_user(conn, id, "u1")?;
            assert!(!inside.is_empty());
            for class_id in inside {
                assert!(class::find(conn, id, class_id)?.is_some());
            }
        }
        Ok::<_, Error>(())
    });
    looked.await.unwrap();
}

#[tokio::test]
async fn deleting_a_user_touches_no_other_tenant() {
    let (db, _database) = migrated();
    let (mine, theirs) = (tenant(&db, 1).await, tenant(&db, 2).await);
    let before = (rows(&db, &mine).await, rows(&db, &theirs).await);
    let (me, them) = (mine.clone(), theirs.clone());
    let wrote = db.write(move |conn| {
        let enterprise = enterprises::find(conn, me.sdkappid)?.unwrap();
        removal::delete(conn, &enterprise, "u1", 9).unwrap_err();
        removal::delete(conn, &enterprise, "u2", 9)?;
        users::set_password(conn, me.id, "u1", "hash".into(), 9)?;
        group::member::delete_from_all(conn, me.id, "u1")?;
        token::end_all(conn, me.id, "u1")?;
        // The row of the other tenant with the id of this one.
        let other = user::find(conn, them.id, "u2")?.unwrap();
        user::delete(conn, &User { enterprise_id: me.id, ..other })?;
        assert!(user::find(conn, me.id, "u2")?.is_none());
        assert!(former_user::exists(conn, me.id, "u2")? && !former_user::exists(conn, them.id, "u2")?);
        assert_eq!(member::role(conn, me.id, me.class_id, "u2")?, None);
        Ok::<_, Error>(())
    });
    wrote.await.unwrap();
    assert_ne!(rows(&db, &mine).await, before.0);
    assert_eq!(rows(&db, &theirs).await, before.1);
}
