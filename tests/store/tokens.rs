//! Tokens of components, and the documents that a user may see: limited to one tenant, one user, and their lifetime.

use lectern::db::Conn;
use lectern::domain::Error;
use lectern::store::Page;
use lectern::store::content::document;
use lectern::store::content::document::{Filter, NewDocument, Permission, TranscodeStatus};
use lectern::store::ids::EnterpriseId;
use lectern::store::tenancy::token;
use lectern::store::tenancy::token::NewToken;
use lectern::store::tenancy::user;

use crate::{enterprise, migrated, new_user};

fn new_token(enterprise_id: EnterpriseId, token_hash: &str, expire_time: i64) -> NewToken {
    NewToken {
        token_hash: token_hash.into(),
        enterprise_id,
        user_id: "u1".into(),
        create_time: 0,
        expire_time,
        class_id: None,
    }
}

fn new_document(enterprise_id: EnterpriseId, name: &str, permission: Permission, owner: &str) -> NewDocument {
    NewDocument {
        enterprise_id,
        doc_id: format!("{enterprise_id}-{name}"),
        doc_url: "https://example.com/a".into(),
        doc_name: name.into(),
        doc_ext: String::new(),
        doc_size: 0,
        doc_md5: String::new(),
        permission,
        owner: owner.into(),
        upload_time: 1,
        is_transcode: false,
        transcode_status: TranscodeStatus::None,
        transcode_failure: None,
        transcode_msg: String::new(),
        transcode_result: String::new(),
        file_key: None,
        result_key: None,
    }
}

/// Whom a token signs in, and the only class that it signs in to: asked alone, and beside each user, which must be the same.
fn owner(
    conn: &mut Conn,
    enterprise_id: i64,
    token_hash: &str,
    now: i64,
) -> Result<Option<(String, Option<i64>)>, Error> {
    let id = EnterpriseId(enterprise_id);
    let found = token::owner(conn, id, token_hash, now)?;
    let found = found.map(|(user, only_in)| (user.user_id, only_in.map(|class_id| class_id.0)));
    for user_id in ["u1", "u2"] {
        let (user, is_theirs, only_in) = token::user_with(conn, id, user_id, token_hash, now)?.unwrap();
        assert_eq!((user.enterprise_id, user.user_id.as_str()), (id, user_id));
        let beside = is_theirs.then(|| (user_id.to_owned(), only_in.map(|class_id| class_id.0)));
        assert_eq!(beside, found.clone().filter(|(owner, _)| owner == user_id));
    }
    Ok(found)
}

#[tokio::test]
async fn a_token_is_found_and_ended_within_its_tenant_alone() {
    let (db, _database) = migrated();
    let (mine, theirs) = (enterprise(&db, 1).await, enterprise(&db, 2).await);
    let held = db.write(move |conn| {
        for id in [mine, theirs] {
            user::insert(conn, &["u1", "u2"].map(|user_id| new_user(EnterpriseId(id), user_id)))?;
        }
        token::insert(conn, &new_token(EnterpriseId(mine), "a", 10))?;
        token::insert(conn, &new_token(EnterpriseId(theirs), "b", 10))?;
        assert_eq!(owner(conn, mine, "a", 9)?, Some(("u1".into(), None)));
        assert_eq!(owner(conn, mine, "a", 10)?, None);
        assert_eq!(owner(conn, mine, "b", 9)?, None);
        assert!(!token::end(conn, EnterpriseId(mine), "b", 9)? && !token::end(conn, EnterpriseId(mine), "a", 10)?);
        assert_eq!(token::end_others(conn, EnterpriseId(mine), "u1", "a")?, [""; 0]);
        token::insert(conn, &new_token(EnterpriseId(mine), "c", 10))?;
        assert_eq!(token::end_others(conn, EnterpriseId(mine), "u1", "a")?, ["c"]);
        assert!(token::end(conn, EnterpriseId(mine), "a", 9)? && !token::end(conn, EnterpriseId(mine), "a", 9)?);
        token::insert(conn, &new_token(EnterpriseId(mine), "a", 10))?;
        token::end_all(conn, EnterpriseId(mine), "u1")?;
        assert_eq!(owner(conn, mine, "a", 9)?, None);
        assert_eq!(owner(conn, theirs, "b", 9)?, Some(("u1".into(), None)));
        assert!(token::user_with(conn, EnterpriseId(theirs), "u3", "b", 9)?.is_none());
        Ok::<_, Error>(())
    });
    held.await.unwrap();
}

#[tokio::test]
async fn expired_tokens_are_deleted_a_few_at_a_time_and_the_others_are_kept() {
    let (db, _database) = migrated();
    let id = enterprise(&db, 1).await;
    let held = db.write(move |conn| {
        user::insert(conn, &["u1", "u2"].map(|user_id| new_user(EnterpriseId(id), user_id)))?;
        for expire_time in 1..=5 {
            token::insert(conn, &new_token(EnterpriseId(id), &format!("t{expire_time}"), expire_time))?;
        }
        token::forget_expired(conn, 4, 3)?;
        let left = |conn: &mut _, n: i64| owner(conn, id, &format!("t{n}"), 0);
        assert_eq!((left(conn, 3)?, left(conn, 4)?), (None, Some(("u1".into(), None))));
        token::forget_expired(conn, 4, 3)?;
        assert_eq!((left(conn, 4)?, left(conn, 5)?), (None, Some(("u1".into(), None))));
        Ok::<_, Error>(())
    });
    held.await.unwrap();
}

#[tokio::test]
async fn a_user_sees_public_documents_and_their_own_of_their_tenant() {
    let (db, _database) = migrated();
    let (mine, theirs) = (enterprise(&db, 1).await, enterprise(&db, 2).await);
    let held = db.write(move |conn| {
        for id in [mine, theirs] {
            for (name, permission, owner) in [
                ("a", Permission::Private, "u1"),
                ("b", Permission::Private, "u2"),
                ("c", Permission::Public, "u2"),
                ("d", Permission::Public, ""),
            ] {
                document::insert(conn, &new_document(EnterpriseId(id), name, permission, owner))?;
            }
        }
        let seen = document::visible(conn, EnterpriseId(mine), "u1", &Filter::default(), Page::at(0, 10))?;
        let names: Vec<&str> = seen.rows.iter().map(|row| row.doc_name.as_str()).collect();
        assert_eq!((names.as_slice(), seen.total, seen.finish), (["a", "c", "d"].as_slice(), 3, true));
        assert!(seen.rows.iter().all(|row| row.enterprise_id == EnterpriseId(mine)));
        let ids = [format!("{mine}-a"), format!("{mine}-b"), format!("{theirs}-a")];
        assert_eq!(document::owned(conn, EnterpriseId(mine), "u1", &ids)?, [format!("{mine}-a")]);
        Ok::<_, Error>(())
    });
    held.await.unwrap();
}
