//! No function changes a row of another tenant.

use lectern::domain::Error;
use lectern::store::chat::group;
use lectern::store::chat::group_deletion;
use lectern::store::classroom::ban;
use lectern::store::classroom::bind;
use lectern::store::classroom::bind::BindFile;
use lectern::store::classroom::check_in;
use lectern::store::classroom::class;
use lectern::store::classroom::class::{Class, Settings};
use lectern::store::classroom::idempotency;
use lectern::store::classroom::member;
use lectern::store::classroom::member::Member;
use lectern::store::classroom::question;
use lectern::store::classroom::room;
use lectern::store::classroom::room::NewRoom;
use lectern::store::classroom::session;
use lectern::store::classroom::session::{Heartbeat, QuitReason, Refresh, Session, States};
use lectern::store::content::document;
use lectern::store::content::document::binding;
use lectern::store::content::file;
use lectern::store::content::file::File;
use lectern::store::events::delivery;
use lectern::store::ids::ClassId;
use lectern::store::tenancy::enterprise_token;
use lectern::store::tenancy::user;
use lectern::store::tenancy::user::{Role, User};

use super::chat::{APP, change_writing, promised};
use super::classroom::{file_key, kept};
use super::said::change_said;
use super::school::change_managed;
use super::{ALL, KEY, answered, rows, tenant};
use crate::migrated;

#[tokio::test]
async fn no_function_changes_a_row_of_another_tenant() {
    let (db, _database) = migrated();
    let (mine, theirs) = (tenant(&db, 1).await, tenant(&db, 2).await);
    let before = rows(&db, &theirs).await;
    let (me, them) = (mine.clone(), theirs.clone());
    let wrote = db.write(move |conn| {
        let (id, class_id) = (me.id, them.class_id);
        // The rows of the other tenant with the id of this one.
        let class = class::find(conn, them.id, class_id)?.unwrap();
        class::update(conn, &Class { enterprise_id: id, class_topic: "taken".into(), ..class })?;
        let user = user::find(conn, them.id, "u1")?.unwrap();
        user::update(conn, &User { enterprise_id: id, nickname: "taken".into(), user_id: "u9".into(), ..user })?;
        let session = session::last(conn, them.id, class_id, "u1")?.unwrap();
        let session = Session { enterprise_id: id, last_seen: 9, ..session };
        session::set(conn, &session, States { hand_up: Some(1), ..States::default() }, 9)?;
        session::set_role(conn, &session, Role::Teacher)?;
        session::silence(conn, id, class_id, "u1", 1)?;
        session::silence_all(conn, id, class_id, 1)?;
        let settings = (*class::find(conn, id, me.class_id)?.unwrap().settings).clone();
        class::set_settings(conn, id, class_id, Settings { fps: 99, ..settings })?;
        let asked = question::last(conn, them.id, class_id)?.unwrap();
        question::cancel(conn, id, asked.id, 9)?;
        let asked = check_in::last(conn, them.id, class_id)?.unwrap();
        check_in::end(conn, id, asked.id, 9)?;
        let token_hash = format!("token {}", them.id);
        let refresh = Refresh {
            role: Role::Admin,
            camera: 1,
            mic: 1,
            speaker: 1,
            last_seen: Some(9),
            token_hash: None,
            lease_until: Some(9),
        };
        session::refresh(conn, &session, &refresh)?;
        assert!(!session::renew(conn, &session, 9, 9)?);
        assert_eq!(session::lapse(conn, &session, 9)?, None);
        let sign = Heartbeat { enterprise_id: id, class_id, token_hash: token_hash.clone(), seen: 9, lease: 9 };
        assert!(session::record(conn, &[sign])?.is_empty());
        ban::lift(conn, id, class_id, &["u2".into()])?;
        session::close(conn, &session, 9, QuitReason::Quit)?;
        session::close_all(conn, id, class_id, 9, QuitReason::Quit)?;
        let new_room = NewRoom { class_topic: "taken", cover: "taken", silence_limit: 9 };
        room::make_room(conn, id, class_id, new_room)?;
        room::note_begin(conn, id, class_id, 9)?;
        room::note_end(conn, id, class_id, 9)?;
        room::note_teacher(conn, id, class_id, 9)?;
        room::keep_replay(conn, id, class_id, "taken", 9)?;
        let bound: Vec<BindFile> = bind::of_class(conn, them.id, class_id, None, ALL)?.rows;
        binding::delete(conn, id, class_id, &[bound[0].id])?;
        session::hand_over(conn, id, "u1", std::slice::from_ref(&token_hash), "taken")?;
        member::set_role(conn, id, class_id, &Member { user_id: "u1".into(), role: Role::Admin })?;
        member::delete(conn, id, class_id, &["u1".into(), "u2".into()])?;
        member::clear(conn, id, class_id)?;
        class::delete(conn, id, class_id)?;
        change_managed(conn, id, them.id.0, them.managed)?;
        change_writing(conn, id, them.id, them.group_key)?;
        change_said(conn, id, them.id, class_id)?;
        assert!(enterprise_token::delete(conn, id, APP)?);
        group_deletion::done(conn, id, "gone")?;
        group_deletion::insert(conn, &[promised(id)])?;
        group_deletion::expedite(conn, id, &["gone".into()], 9)?;
        group_deletion::reschedule(conn, &promised(id), 9)?;
        assert_eq!(group_deletion::cancel(conn, id, &["gone".into()])?, 0);
        let theirs = document::numbers(conn, them.id, std::slice::from_ref(&them.doc_id))?;
        let theirs: Vec<i64> = theirs.into_values().collect();
        binding::delete(conn, id, class_id, &theirs)?;
        document::delete(conn, id, std::slice::from_ref(&them.doc_id))?;
        let key = file_key(them.id);
        file::discard(conn, id, std::slice::from_ref(&key), 9)?;
        assert!(!file::keep(conn, id, &key, 9)?);
        file::reschedule(conn, &File { enterprise_id: id, ..kept(them.id) }, 9)?;
        file::done(conn, id, &key)?;
        assert!(delivery::progress(conn, id, &[them.delivery_id])?.is_empty());
        delivery::replay(conn, id, &[them.delivery_id], 9)?;
        delivery::lift_order(conn, id)?;
        idempotency::settle(conn, id, KEY, ClassId(999_999_999))?;
        idempotency::forget(conn, id, i64::MAX)?;
        assert!(idempotency::claim(conn, &answered(id, me.class_id))?);
        Ok::<_, Error>(())
    });
    wrote.await.unwrap();
    let (id, class_id) = (mine.id, theirs.class_id);
    let counted = db.write(move |conn| Ok::<_, Error>(class::next_sequence(conn, id, class_id)?));
    counted.await.unwrap_err();
    let them = theirs.id;
    let counted = db.write(move |conn| {
        let group = group::of_class(conn, them, class_id)?.remove(0);
        Ok::<_, Error>(group::next_sequence(conn, id, group.id)?)
    });
    counted.await.unwrap_err();
    assert_eq!(rows(&db, &theirs).await, before);
}
