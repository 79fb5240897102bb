//! No function finds a row of another tenant.

use lectern::db::Conn;
use lectern::domain;
use lectern::domain::Error;
use lectern::store::chat::group;
use lectern::store::chat::group::Group;
use lectern::store::chat::message;
use lectern::store::classroom::attendance;
use lectern::store::classroom::ban;
use lectern::store::classroom::class;
use lectern::store::classroom::class::{Status, Type};
use lectern::store::classroom::idempotency;
use lectern::store::classroom::log;
use lectern::store::classroom::member;
use lectern::store::classroom::session;
use lectern::store::content::document;
use lectern::store::content::document::{Permission, binding};
use lectern::store::content::file;
use lectern::store::events::delivery;
use lectern::store::events::event;
use lectern::store::ids::{ClassId, EnterpriseId, EventId, OrganizationId};
use lectern::store::school::course;
use lectern::store::school::lesson;
use lectern::store::tenancy::channel;
use lectern::store::tenancy::enterprise_token;
use lectern::store::tenancy::organization;
use lectern::store::tenancy::user;
use lectern::store::tenancy::user::Role;

use super::chat::{SCHOOL, found_writing};
use super::classroom::{file_key, found, found_of_room};
use super::said::{NOTHING_SAID, found_said};
use super::school::{Managed, NO_MANAGED, found_managed};
use super::{ALL, KEY, tenant};
use crate::migrated;

#[tokio::test]
async fn no_function_finds_a_row_of_another_tenant() {
    let (db, _database) = migrated();
    let (mine, theirs) = (tenant(&db, 1).await, tenant(&db, 2).await);
    let looked = db.write(move |conn| {
        let (me, class_id) = (mine.id, theirs.class_id);
        assert!(class::find(conn, me, class_id)?.is_none());
        assert_eq!(found(conn, me, class_id)?, found(conn, me, ClassId(999_999_999))?);
        assert_ne!(found(conn, me, class_id)?, found(conn, theirs.id, class_id)?);
        let names = attendance::nicknames(conn, me, &["u1".into(), "u2".into()])?;
        assert_eq!(names.len(), 2);
        assert!(class::lock(conn, me, class_id)?.is_none());
        let searched = delivery::search(conn, me, &delivery::Search::default(), None, 100)?;
        assert!(searched.rows.iter().all(|(row, event)| row.enterprise_id == me && event.enterprise_id == me));
        assert!(delivery::last_of(conn, me, &[theirs.delivery_id])?.is_empty());
        assert!(delivery::failures(conn, me)?.iter().all(|failure| failure.last.delivery_id != theirs.delivery_id));
        assert_eq!(found_of_room(conn, me, class_id)?, found_of_room(conn, me, ClassId(999_999_999))?);
        assert_ne!(found_of_room(conn, me, class_id)?, found_of_room(conn, theirs.id, class_id)?);
        assert!(!user::is_alike(conn, me, &format!("U9-{}", theirs.id))? && user::is_alike(conn, me, "U1")?);
        assert!(document::find(conn, me, &theirs.doc_id)?.is_none());
        let asked = [theirs.doc_id.clone(), mine.doc_id.clone()];
        assert_eq!(document::lock_existing(conn, me, &asked)?, std::slice::from_ref(&mine.doc_id));
        assert_eq!(document::numbers(conn, me, &asked)?.into_keys().collect::<Vec<_>>(), [mine.doc_id]);
        assert_eq!(document::files(conn, me, std::slice::from_ref(&theirs.doc_id))?, (vec![], vec![]));
        assert_eq!(document::files(conn, me, &asked)?.0, [file_key(me)]);
        assert_eq!(document::named(conn, me, &[file_key(me), file_key(theirs.id)])?, [file_key(me)]);
        assert_eq!(file::lock_kept(conn, me, &[file_key(me), file_key(theirs.id)])?, [file_key(me)]);
        assert!(binding::numbers(conn, me, class_id)?.is_empty());
        assert!(binding::list(conn, me, class_id, None, ALL)?.rows.is_empty());
        assert_eq!(binding::list(conn, me, mine.class_id, Some("u1"), ALL)?.rows.len(), 2);
        assert_eq!(member::list(conn, me, class_id)?, []);
        assert_eq!(member::role(conn, me, class_id, "u1")?, None);
        assert!(session::last(conn, me, class_id, "u1")?.is_none());
        assert!(session::recent(conn, me, class_id, 9)?.is_empty());
        assert!(group::of_class(conn, me, class_id)?.is_empty());
        let [chat, _] = domain::chat::group::ids(class_id);
        assert!(group::find(conn, me, &chat)?.is_none());
        let as_mine = Group { enterprise_id: me, ..group::find(conn, theirs.id, &chat)?.unwrap() };
        assert!(message::find(conn, &as_mine, "u1", 1)?.is_none());
        assert_eq!(message::list(conn, &as_mine, ALL)?.rows.len(), 0);
        assert_eq!(session::open(conn, me, class_id)?.len(), 0);
        assert_eq!(found_managed(conn, me, theirs.managed)?, found_managed(conn, me, NO_MANAGED)?);
        assert_ne!(found_managed(conn, me, theirs.managed)?, found_managed(conn, theirs.id, theirs.managed)?);
        let Managed { channel_id, organization_id, course_id, .. } = theirs.managed;
        assert!(organization::lock(conn, me, organization_id)?.is_none());
        assert!(course::lock(conn, me, channel_id, course_id)?.is_none());
        assert_eq!(lesson::lock_lessons(conn, me, course_id)?, []);
        let key = theirs.group_key;
        assert!(group::lock_numbered(conn, me, key)?.is_none());
        let nothing = "None [] Paged { total: 0, rows: [], finish: true, next: None } []";
        assert_eq!(found_writing(conn, me, theirs.id, key, organization_id)?, nothing);
        assert_ne!(found_writing(conn, theirs.id, theirs.id, key, organization_id)?, nothing);
        let class_id = theirs.class_id;
        assert_eq!(found_said(conn, me, theirs.id, class_id)?, NOTHING_SAID);
        assert_ne!(found_said(conn, theirs.id, theirs.id, class_id)?, NOTHING_SAID);
        assert_eq!(log::followed_lessons(conn, me, course_id)?, []);
        let schools = group::of_organization(conn, me, OrganizationId(SCHOOL), ALL)?;
        assert_eq!(schools.rows.iter().map(|group| group.enterprise_id).collect::<Vec<_>>(), [me]);
        let tokens = enterprise_token::list(conn, me)?;
        assert_eq!(tokens.iter().map(|token| token.create_time).collect::<Vec<_>>(), [me.0]);
        let owner = enterprise_token::owner(conn, &format!("app of {}", theirs.id))?;
        assert_eq!(owner.unwrap().0.enterprise_id, theirs.id);
        assert!(channel::list(conn, me)?.iter().all(|channel| channel.enterprise_id == me));
        let token_hash = format!("token {}", theirs.id);
        assert!(session::classes_of(conn, me, &token_hash)?.is_empty());
        assert!(session::opened_by(conn, me, class_id, &token_hash)?.is_none());
        assert!(session::overdue_in(conn, me, class_id, i64::MAX, 10)?.is_empty());
        assert!(!session::was_anybody_inside(conn, me, class_id, 0)?);
        assert!(!ban::exists(conn, me, class_id, "u2")?);
        assert!(delivery::find(conn, me, theirs.delivery_id)?.is_none());
        let sent: Vec<EnterpriseId> =
            event::feed(conn, me, None, EventId(0), 1000)?.iter().map(|event| event.enterprise_id).collect();
        assert_eq!(sent, [me]);
        assert_eq!((session::count_inside(conn, me, class_id)?, session::count_seen(conn, me, class_id)?), (0, 0));
        assert_eq!(session::inside(conn, me, class_id, ALL)?.rows.len(), 0);
        assert_eq!(session::seen(conn, me, class_id, ALL)?.rows.len(), 0);
        for user in [user::find(conn, me, "u1")?, user::lock(conn, me, "u1")?] {
            assert_eq!(user.unwrap().enterprise_id, me);
        }
        let ids = ["u1".to_owned(), "u2".to_owned()];
        let found: Vec<EnterpriseId> = user::find_all(conn, me, &ids)?.iter().map(|user| user.enterprise_id).collect();
        assert_eq!(found, [me, me]);
        assert_eq!(idempotency::find(conn, me, KEY)?.unwrap().class_id, mine.class_id);
        lists_hold(conn, me)
    });
    looked.await.unwrap();
}

/// Checks that every list, with every filter, has only rows of this tenant.
fn lists_hold(conn: &mut Conn, me: EnterpriseId) -> Result<(), Error> {
    let reserved = class::Filter { user_id: Some("u1".into()), ..class::Filter::default() };
    let by_word = class::Filter { statuses: vec![Status::Will], types: vec![Type::Public], ..class::Filter::default() };
    // The class and the lesson. There is no other class of the lesson's kind.
    for (filter, count) in [(class::Filter::default(), 2), (reserved, 2), (by_word, 1)] {
        let list = class::list(conn, me, &filter, ALL)?;
        assert_eq!(list.rows.len(), count);
        assert!(class::find(conn, me, list.rows[0].class_id)?.is_some());
        assert_eq!(list.total, i64::try_from(count).unwrap());
    }
    for filter in [user::Filter::default(), user::Filter { roles: vec![Role::Student], prefix: "u".into() }] {
        let list = user::list(conn, me, &filter, ALL)?;
        assert_eq!(list.rows.iter().map(|row| row.enterprise_id).collect::<Vec<_>>(), [me, me]);
        assert_eq!(list.total, 2);
    }
    let narrow =
        document::Filter { prefix: "n".into(), owner: Some("u1".into()), permissions: vec![Permission::Private] };
    for filter in [document::Filter::default(), narrow] {
        let list = document::list(conn, me, &filter, ALL)?;
        assert_eq!(list.rows.iter().map(|row| row.enterprise_id).collect::<Vec<_>>(), [me; 3]);
        assert_eq!(list.total, 3);
    }
    Ok(())
}
