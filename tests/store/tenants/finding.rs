//! No function finds a row of another tenant.

use lectern::db::Conn;
use lectern::domain;
use lectern::domain::Error;
use lectern::store::chat::group;
use lectern::store::chat::group::Group;
use lectern::store::chat::message;
use lectern::store::classroom::attendance;
use lectern::store::classroom::ban;
use lectern::store::classroom::bind;
use lectern::store::classroom::class;
use lectern::store::classroom::class::{Status, Type};
use lectern::store::classroom::idempotency;
use lectern::store::classroom::member;
use lectern::store::classroom::session;
use lectern::store::content::document;
use lectern::store::content::document::{Permission, binding};
use lectern::store::content::file;
use lectern::store::events::delivery;
use lectern::store::events::event;
use lectern::store::ids::{ClassId, EnterpriseId, OrganizationId};
use lectern::store::school::course;
use lectern::store::school::lesson;
use lectern::store::tenancy::channel;
use lectern::store::tenancy::enterprise_token;
use lectern::store::tenancy::organization;
use lectern::store::tenancy::user;
use lectern::store::tenancy::user::Role;

use super::chat::{SCHOOL, found_writing};
use super::classroom::{file_key, found, found_of_room};
use super::school::{Managed, NO_MANAGED, found_managed};
use super::{ALL, KEY, tenant};
use crate::migrated;

#[tokio::test]
async fn no_function_finds_a_row_of_another_tenant() {
    let (db, _database) = migrated();
    let (mine, theirs) = (tenant(&db, 1).await, tenant(&db, 2).await);
    let looked = db.write(move |conn| {
        let (me, class_id) = (mine.id, theirs.class_id);
        assert!(class::find(conn, EnterpriseId(me), class_id)?.is_none());
        assert_eq!(found(conn, me, class_id)?, found(conn, me, ClassId(999_999_999))?);
        assert_ne!(found(conn, me, class_id)?, found(conn, theirs.id, class_id)?);
        let names = attendance::nicknames(conn, EnterpriseId(me), &["u1".into(), "u2".into()])?;
        assert_eq!(names.len(), 2);
        assert!(class::lock(conn, EnterpriseId(me), class_id)?.is_none());
        assert_eq!(found_of_room(conn, me, class_id)?, found_of_room(conn, me, ClassId(999_999_999))?);
        assert_ne!(found_of_room(conn, me, class_id)?, found_of_room(conn, theirs.id, class_id)?);
        assert_eq!(
            bind::of_account(conn, EnterpriseId(me), "u1", ALL)?
                .rows
                .iter()
                .map(|row| row.enterprise_id.0)
                .collect::<Vec<_>>(),
            [me]
        );
        assert_eq!(bind::count_of_account(conn, EnterpriseId(me), "u1")?, 1);
        let at_hand = bind::find_of_account(conn, EnterpriseId(me), "u1", "https://example.com/a")?;
        assert_eq!(at_hand.unwrap().enterprise_id, EnterpriseId(me));
        assert!(
            !user::is_alike(conn, EnterpriseId(me), &format!("U9-{}", theirs.id))?
                && user::is_alike(conn, EnterpriseId(me), "U1")?
        );
        assert!(document::find(conn, EnterpriseId(me), &theirs.doc_id)?.is_none());
        let asked = [theirs.doc_id.clone(), mine.doc_id.clone()];
        assert_eq!(document::lock_existing(conn, EnterpriseId(me), &asked)?, std::slice::from_ref(&mine.doc_id));
        assert_eq!(document::numbers(conn, EnterpriseId(me), &asked)?.into_keys().collect::<Vec<_>>(), [mine.doc_id]);
        assert_eq!(document::files(conn, EnterpriseId(me), std::slice::from_ref(&theirs.doc_id))?, (vec![], vec![]));
        assert_eq!(document::files(conn, EnterpriseId(me), &asked)?.0, [file_key(EnterpriseId(me))]);
        assert_eq!(
            document::named(conn, EnterpriseId(me), &[file_key(EnterpriseId(me)), file_key(EnterpriseId(theirs.id))])?,
            [file_key(EnterpriseId(me))]
        );
        assert_eq!(
            file::lock_kept(conn, EnterpriseId(me), &[file_key(EnterpriseId(me)), file_key(EnterpriseId(theirs.id))])?,
            [file_key(EnterpriseId(me))]
        );
        assert!(binding::numbers(conn, EnterpriseId(me), class_id)?.is_empty());
        assert!(binding::list(conn, EnterpriseId(me), class_id, None, ALL)?.rows.is_empty());
        assert_eq!(binding::list(conn, EnterpriseId(me), mine.class_id, Some("u1"), ALL)?.rows.len(), 2);
        assert_eq!(member::list(conn, EnterpriseId(me), class_id)?, []);
        assert_eq!(member::role(conn, EnterpriseId(me), class_id, "u1")?, None);
        assert!(session::last(conn, EnterpriseId(me), class_id, "u1")?.is_none());
        assert!(group::of_class(conn, EnterpriseId(me), class_id)?.is_empty());
        let [chat, _] = domain::chat::group::ids(class_id);
        assert!(group::find(conn, EnterpriseId(me), &chat)?.is_none());
        assert!(group::lock(conn, EnterpriseId(me), &chat)?.is_none());
        let as_mine =
            Group { enterprise_id: EnterpriseId(me), ..group::find(conn, EnterpriseId(theirs.id), &chat)?.unwrap() };
        assert!(message::find(conn, &as_mine, "u1", 1)?.is_none());
        assert_eq!(message::list(conn, &as_mine, ALL)?.rows.len(), 0);
        assert_eq!(session::open(conn, EnterpriseId(me), class_id)?.len(), 0);
        assert_eq!(found_managed(conn, me, theirs.managed)?, found_managed(conn, me, NO_MANAGED)?);
        assert_ne!(found_managed(conn, me, theirs.managed)?, found_managed(conn, theirs.id, theirs.managed)?);
        let Managed { channel_id, organization_id, course_id, .. } = theirs.managed;
        assert!(organization::lock(conn, EnterpriseId(me), organization_id)?.is_none());
        assert!(course::lock(conn, EnterpriseId(me), channel_id, course_id)?.is_none());
        assert_eq!(lesson::lock_lessons(conn, EnterpriseId(me), course_id)?, []);
        let key = theirs.group_key;
        assert!(group::lock_numbered(conn, EnterpriseId(me), key)?.is_none());
        let nothing = "None [] Paged { total: 0, rows: [], finish: true, next: None } []";
        assert_eq!(found_writing(conn, me, theirs.id, key, organization_id)?, nothing);
        assert_ne!(found_writing(conn, theirs.id, theirs.id, key, organization_id)?, nothing);
        assert!(
            group::is_elsewhere(conn, EnterpriseId(me), key)?
                && !group::is_elsewhere(conn, EnterpriseId(theirs.id), key)?
        );
        let schools = group::of_organization(conn, EnterpriseId(me), OrganizationId(SCHOOL), ALL)?;
        assert_eq!(schools.rows.iter().map(|group| group.enterprise_id.0).collect::<Vec<_>>(), [me]);
        let tokens = enterprise_token::list(conn, EnterpriseId(me))?;
        assert_eq!(tokens.iter().map(|token| token.create_time).collect::<Vec<_>>(), [me]);
        let owner = enterprise_token::owner(conn, &format!("app of {}", theirs.id))?;
        assert_eq!(owner.unwrap().0.enterprise_id, EnterpriseId(theirs.id));
        assert!(channel::list(conn, EnterpriseId(me))?.iter().all(|channel| channel.enterprise_id == EnterpriseId(me)));
        let token_hash = format!("token {}", theirs.id);
        assert!(session::classes_of(conn, EnterpriseId(me), &token_hash)?.is_empty());
        assert!(session::opened_by(conn, EnterpriseId(me), class_id, &token_hash)?.is_none());
        assert!(session::overdue_in(conn, EnterpriseId(me), class_id, i64::MAX, 10)?.is_empty());
        assert!(!session::was_anybody_inside(conn, EnterpriseId(me), class_id, 0)?);
        assert!(!ban::exists(conn, EnterpriseId(me), class_id, "u2")?);
        assert!(delivery::find(conn, EnterpriseId(me), theirs.delivery_id)?.is_none());
        let sent: Vec<i64> =
            event::feed(conn, EnterpriseId(me), None, 0, 1000)?.iter().map(|event| event.enterprise_id.0).collect();
        assert_eq!(sent, [me]);
        assert_eq!(
            (
                session::count_inside(conn, EnterpriseId(me), class_id)?,
                session::count_seen(conn, EnterpriseId(me), class_id)?
            ),
            (0, 0)
        );
        assert_eq!(session::inside(conn, EnterpriseId(me), class_id, ALL)?.rows.len(), 0);
        assert_eq!(session::seen(conn, EnterpriseId(me), class_id, ALL)?.rows.len(), 0);
        for user in [user::find(conn, EnterpriseId(me), "u1")?, user::lock(conn, EnterpriseId(me), "u1")?] {
            assert_eq!(user.unwrap().enterprise_id, EnterpriseId(me));
        }
        let ids = ["u1".to_owned(), "u2".to_owned()];
        let found: Vec<i64> =
            user::find_all(conn, EnterpriseId(me), &ids)?.iter().map(|user| user.enterprise_id.0).collect();
        assert_eq!(found, [me, me]);
        assert_eq!(idempotency::find(conn, EnterpriseId(me), KEY)?.unwrap().class_id, mine.class_id);
        lists_hold(conn, me)
    });
    looked.await.unwrap();
}

/// Checks that every list, with every filter, has only rows of this tenant.
fn lists_hold(conn: &mut Conn, me: i64) -> Result<(), Error> {
    let reserved = class::Filter { user_id: Some("u1".into()), ..class::Filter::default() };
    let by_word = class::Filter { statuses: vec![Status::Will], types: vec![Type::Public], ..class::Filter::default() };
    // The class and the lesson. There is no other class of the lesson's kind.
    for (filter, count) in [(class::Filter::default(), 2), (reserved, 2), (by_word, 1)] {
        let list = class::list(conn, EnterpriseId(me), &filter, ALL)?;
        assert_eq!(list.rows.len(), count);
        assert!(class::find(conn, EnterpriseId(me), list.rows[0].class_id)?.is_some());
        assert_eq!(list.total, i64::try_from(count).unwrap());
    }
    for filter in [user::Filter::default(), user::Filter { roles: vec![Role::Student], prefix: "u".into() }] {
        let list = user::list(conn, EnterpriseId(me), &filter, ALL)?;
        assert_eq!(list.rows.iter().map(|row| row.enterprise_id.0).collect::<Vec<_>>(), [me, me]);
        assert_eq!(list.total, 2);
    }
    let narrow =
        document::Filter { prefix: "n".into(), owner: Some("u1".into()), permissions: vec![Permission::Private] };
    for filter in [document::Filter::default(), narrow] {
        let list = document::list(conn, EnterpriseId(me), &filter, ALL)?;
        assert_eq!(list.rows.iter().map(|row| row.enterprise_id.0).collect::<Vec<_>>(), [me; 3]);
        assert_eq!(list.total, 3);
    }
    Ok(())
}
