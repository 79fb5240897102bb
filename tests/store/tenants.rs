//! Every function of the store that is told an enterprise stays within it, whatever ids it is given beside.

use lectern::db::{Conn, Db};
use lectern::domain;
use lectern::domain::Error;
use lectern::domain::classroom::class::Patch;
use lectern::domain::events::event as events;
use lectern::store::chat::group;
use lectern::store::chat::group::{Engine, Group, GroupKind, NewFreeGroup, NewGroup};
use lectern::store::chat::group_deletion;
use lectern::store::chat::group_deletion::GroupDeletion;
use lectern::store::chat::message;
use lectern::store::chat::push;
use lectern::store::chat::push::NewPush;
use lectern::store::classroom::ban;
use lectern::store::classroom::ban::Ban;
use lectern::store::classroom::bind;
use lectern::store::classroom::bind::BindFile;
use lectern::store::classroom::check_in;
use lectern::store::classroom::check_in::NewCheckIn;
use lectern::store::classroom::class;
use lectern::store::classroom::class::{Class, Settings, Status, Type};
use lectern::store::classroom::idempotency;
use lectern::store::classroom::idempotency::Answered;
use lectern::store::classroom::member;
use lectern::store::classroom::member::Member;
use lectern::store::classroom::question;
use lectern::store::classroom::question::{NewQuestion, Reply};
use lectern::store::classroom::recording;
use lectern::store::classroom::recording::NewRecording;
use lectern::store::classroom::report;
use lectern::store::classroom::report::Report;
use lectern::store::classroom::room;
use lectern::store::classroom::room::NewRoom;
use lectern::store::classroom::session;
use lectern::store::classroom::session::{Heartbeat, NewSession, QuitReason, Refresh, Session, States};
use lectern::store::classroom::{attendance, device_event};
use lectern::store::content::document;
use lectern::store::content::document::{NewDocument, Permission, TranscodeStatus, binding};
use lectern::store::content::file;
use lectern::store::content::file::File;
use lectern::store::events::delivery;
use lectern::store::events::event;
use lectern::store::school::course;
use lectern::store::school::course::{CourseMember, NewCourse, NewCourseTime, Repeat};
use lectern::store::school::lesson;
use lectern::store::school::membership;
use lectern::store::school::membership::{Membership, NewMembership, OrganizationRole};
use lectern::store::tenancy::channel;
use lectern::store::tenancy::channel::NewChannel;
use lectern::store::tenancy::enterprise as enterprises;
use lectern::store::tenancy::enterprise_token;
use lectern::store::tenancy::enterprise_token::NewEnterpriseToken;
use lectern::store::tenancy::organization;
use lectern::store::tenancy::organization::{NewOrganization, Organization, Resolution};
use lectern::store::tenancy::signing_key;
use lectern::store::tenancy::signing_key::SigningKey;
use lectern::store::tenancy::user;
use lectern::store::tenancy::user::{Role, User};
use lectern::store::{Json, Page, Start};

use crate::{enterprise, migrated, new_user};

const ALL: Page = Page { start: Start::Index(0), size: 1000 };
const KEY: &str = "key";

fn new_document(enterprise_id: i64, doc_id: &str) -> NewDocument {
    NewDocument {
        enterprise_id,
        doc_id: doc_id.into(),
        doc_url: "https://example.com/a".into(),
        doc_name: "name".into(),
        doc_ext: String::new(),
        doc_size: 0,
        doc_md5: String::new(),
        permission: Permission::Private,
        owner: "u1".into(),
        upload_time: 1,
        is_transcode: false,
        transcode_status: TranscodeStatus::None,
        transcode_failure: None,
        transcode_msg: String::new(),
        transcode_result: String::new(),
        file_key: Some(file_key(enterprise_id)),
        result_key: None,
    }
}

fn new_session(enterprise_id: i64, class_id: i64, user_id: &str) -> NewSession {
    NewSession {
        enterprise_id,
        class_id,
        user_id: user_id.into(),
        role: Role::Student,
        ordinal: 1,
        enter_time: 1,
        last_seen: 1,
        camera: 0,
        mic: 0,
        speaker: 0,
        silence: 0,
        hand_up: 0,
        token_hash: Some(format!("token {enterprise_id}")),
        lease_until: Some(1),
    }
}

/// One of everything that is written down of what is reported.
fn reported(conn: &mut Conn, enterprise_id: i64, class_id: i64) -> Result<(), Error> {
    let user_id = || "u1".to_owned();
    for event in ["hand_up", "reward"] {
        let (event, target, data) = (event.to_owned(), user_id(), String::new());
        report::insert(
            conn,
            &Report { enterprise_id, class_id, user_id: user_id(), event, target, data, create_time: 1 },
        )?;
    }
    let session = session::open_of(conn, enterprise_id, class_id, "u1")?.unwrap();
    session::set(conn, &session, States { camera: Some(1), ..States::default() }, 1)?;
    let id = || "id".to_owned();
    let (options, correct_answer) = (String::new(), String::new());
    let new = NewQuestion {
        enterprise_id,
        class_id,
        question_id: id(),
        user_id: user_id(),
        options,
        correct_answer,
        limit_time: 0,
        launch_time: 1,
    };
    question::insert(conn, &new)?;
    let (reply_id, reply_select, is_right) = (id(), String::new(), true);
    let reply = Reply {
        enterprise_id,
        class_id,
        question_id: id(),
        user_id: user_id(),
        reply_id,
        reply_select,
        is_right,
        create_time: 1,
    };
    question::reply(conn, &reply)?;
    let new = NewCheckIn { enterprise_id, class_id, check_id: id(), user_id: user_id(), start_time: 1, time_limit: 0 };
    check_in::insert(conn, &new)?;
    let asked = check_in::find(conn, enterprise_id, class_id, "id")?.unwrap();
    Ok(check_in::check(conn, &asked, "u1", 1)?)
}

/// What a class has as a room: a recording, a bound document, and one that is at hand.
fn furnished(conn: &mut Conn, enterprise_id: i64, class_id: i64) -> Result<(), Error> {
    let text = || "text".to_owned();
    let new = NewRecording {
        enterprise_id,
        class_id,
        user_id: text(),
        stream_id: text(),
        video_id: text(),
        video_url: text(),
        video_format: text(),
        start_time: 1,
        stop_time: 2,
        play_time: 3,
        video_size: 4,
        duration: 5,
        create_time: 6,
    };
    assert!(recording::insert(conn, &new)? && !recording::insert(conn, &new)?);
    for (name, is_bound) in [("bound", true), ("at hand", false)] {
        let doc_id = format!("{name} {enterprise_id}");
        document::insert(conn, &new_document(enterprise_id, &doc_id))?;
        let id = bind::mark(conn, enterprise_id, &doc_id, 1)?;
        if is_bound {
            binding::insert(conn, enterprise_id, class_id, &[id])?;
        }
    }
    Ok(())
}

/// All of it that a tenant finds of a class as a room.
fn found_of_room(conn: &mut Conn, me: i64, class_id: i64) -> Result<String, Error> {
    const URL: &str = "https://example.com/a";
    let filter = room::Filter { class_id: Some(class_id), ..room::Filter::default() };
    Ok(format!(
        "{:#?} {:#?} {:#?} {:#?} {:#?} {:#?} {}",
        room::find(conn, me, class_id)?,
        room::list(conn, me, &filter, ALL)?,
        room::inside(conn, me, &[class_id])?,
        recording::list(conn, me, class_id)?,
        bind::of_class(conn, me, class_id, None, ALL)?,
        bind::find_of_class(conn, me, class_id, "u1", URL)?,
        bind::count_of_class(conn, me, class_id)?,
    ))
}

/// All of it that a tenant finds of a class.
fn found(conn: &mut Conn, me: i64, class_id: i64) -> Result<String, Error> {
    let ids = ["u1".to_owned(), "u2".to_owned()];
    Ok(format!(
        "{:#?} {:#?} {:#?} {:#?} {:#?} {:#?} {:#?} {} {:#?} {:#?} {:#?} {:#?} {} {:#?} {:#?} {:#?} {:#?} {}",
        report::list(conn, me, class_id, 100)?,
        report::hand_ups(conn, me, class_id, &ids)?,
        report::rewards(conn, me, class_id, &ids)?,
        device_event::of_users(conn, me, class_id, &ids)?,
        session::open_of(conn, me, class_id, "u1")?,
        question::find(conn, me, class_id, "id")?,
        question::last(conn, me, class_id)?,
        question::count(conn, me, class_id)?,
        question::replies(conn, me, class_id, "id")?,
        question::tallies(conn, me, class_id, &ids)?,
        check_in::find(conn, me, class_id, "id")?,
        check_in::last(conn, me, class_id)?,
        check_in::count(conn, me, class_id)?,
        check_in::answers(conn, me, class_id, "id")?,
        check_in::answered(conn, me, class_id, &ids)?,
        attendance::attendees(conn, me, class_id, ALL)?.rows,
        session::of_users(conn, me, class_id, &ids)?,
        attendance::count_pupils(conn, me, class_id)? + session::count_on_stage(conn, me, class_id)?,
    ))
}

fn answered(enterprise_id: i64, class_id: i64) -> Answered {
    Answered { enterprise_id, idempotency_key: KEY.into(), body_hash: "hash".into(), class_id, create_time: 1 }
}

fn promised(enterprise_id: i64) -> GroupDeletion {
    GroupDeletion {
        enterprise_id,
        group_id: "gone".into(),
        sdkappid: 1,
        admin_id: "admin".into(),
        admin_sig: "ticket".into(),
        made: true,
        due: 5,
        attempts: 0,
    }
}

/// What a channel manages.
#[derive(Clone, Copy)]
struct Managed {
    channel_id: i64,
    organization_id: i64,
    member_id: i64,
    course_id: i64,
    lesson_id: i64,
}

/// A channel with one of everything: `u1` is a member of its organization and of its course.
fn managed(conn: &mut Conn, enterprise_id: i64) -> Result<Managed, Error> {
    let text = String::new;
    let keys = SigningKey { enterprise_id, jwt_key: "key".into(), old_jwt_key: None, old_jwt_key_until: None };
    signing_key::insert(conn, &keys)?;
    let new = NewChannel {
        enterprise_id,
        mobile: format!("mobile {enterprise_id}"),
        user_id: "u1".into(),
        password_hash: text(),
        password_time: 1,
        create_time: 1,
    };
    let channel_id = channel::insert(conn, &new)?.channel_id;
    let new = NewOrganization {
        enterprise_id,
        channel_id,
        name: "school".into(),
        slogan: text(),
        description: text(),
        logo: text(),
        company: text(),
        max_podium_user: 8,
        max_clarity: Resolution::Fhd,
        callback_url: text(),
        create_time: 1,
        update_time: 1,
    };
    let organization_id = organization::insert(conn, &new)?.organization_id;
    let (title, bio) = (text(), text());
    let new = NewMembership {
        enterprise_id,
        organization_id,
        user_id: "u1".into(),
        role: OrganizationRole::Teacher,
        title,
        bio,
        create_time: 1,
    };
    let member_id = membership::insert(conn, &new)?.member_id;
    let new = NewCourse {
        enterprise_id,
        channel_id,
        organization_id,
        creator_id: "u1".into(),
        title: "course".into(),
        poster: text(),
        description: text(),
        max_podium_user: 8,
        clarity: Resolution::Hd,
        duration: 1,
        period: 1,
        create_time: 1,
        update_time: 1,
    };
    let course_id = course::insert(conn, &new)?.course_id;
    course::put_member(
        conn,
        &CourseMember { enterprise_id, course_id, member_id, user_id: "u1".into(), role: Role::Teacher },
    )?;
    let new = NewGroup {
        enterprise_id,
        group_id: "of a course".into(),
        kind: GroupKind::Course,
        engine: Engine::Local,
        class_id: None,
        organization_id: Some(organization_id),
        name: text(),
        avatar: text(),
        create_time: 1,
        last_sequence: 0,
        course_id: Some(course_id),
    };
    group::insert(conn, &[new])?;
    let access = domain::tenancy::channel::access(conn, channel_id)?.unwrap();
    let time =
        domain::school::course::Time { start: 86_400_000, class_start: 0, repeat: Repeat::None, points: [].into() };
    let plan = domain::school::course::Plan { duration: 60_000, period: 0, times: vec![time] };
    domain::school::course::set_times(conn, &access.channel, course_id, &plan, 1)?;
    let lesson_id = lesson::lessons(conn, enterprise_id, &[course_id])?[0].class_id;
    Ok(Managed { channel_id, organization_id, member_id, course_id, lesson_id })
}

/// All of what a channel manages that a tenant finds by these ids.
fn found_managed(conn: &mut Conn, me: i64, them: Managed) -> Result<String, Error> {
    let Managed { channel_id, organization_id, member_id, course_id, lesson_id } = them;
    Ok(format!(
        "{:?} {:?} {:?} {:?} {:?} {} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        organization::find(conn, me, organization_id)?,
        organization::of_course(conn, me, course_id)?,
        membership::find(conn, me, organization_id, member_id)?,
        membership::of_user(conn, me, organization_id, "u1")?,
        membership::with_phone(conn, me, channel_id, "12345")?,
        membership::in_channel(conn, me, channel_id, "u1")?,
        course::find(conn, me, channel_id, course_id)?,
        course::list(conn, me, channel_id, None, course::Span::NotOver(0), ALL)?,
        course::list(conn, me, channel_id, Some(organization_id), course::Span::Within(0, i64::MAX), ALL)?,
        course::times(conn, me, course_id)?.len(),
        course::members(conn, me, course_id)?,
        course::courses_of(conn, me, member_id)?,
        course::lessons_of_user(conn, me, channel_id, "u1")?.len(),
        lesson::lessons(conn, me, &[course_id])?,
        group::of_course(conn, me, course_id)?,
        (member::list(conn, me, lesson_id)?, session::of_user(conn, me, &[lesson_id], "u1")?.len()),
    ))
}

/// Does to what another's channel manages whatever can be done.
fn change_managed(conn: &mut Conn, me: i64, owner: i64, them: Managed) -> Result<(), Error> {
    let Managed { channel_id, organization_id, member_id, course_id, lesson_id } = them;
    let found = organization::find(conn, owner, organization_id)?.unwrap();
    organization::update(conn, &Organization { enterprise_id: me, name: "taken".into(), ..found })?;
    let found = membership::find(conn, owner, organization_id, member_id)?.unwrap();
    membership::update(conn, &Membership { enterprise_id: me, title: "taken".into(), ..found })?;
    membership::delete(conn, me, member_id)?;
    let found = course::find(conn, owner, channel_id, course_id)?.unwrap();
    course::update(conn, &course::Course { enterprise_id: me, title: "taken".into(), ..found })?;
    assert_eq!(course::delete_member(conn, me, course_id, member_id)?, None);
    lesson::reschedule(conn, me, &[lesson_id], 9)?;
    let revision = lesson::Revision { class_topic: Some("taken".into()), ..lesson::Revision::default() };
    lesson::revise_lessons(conn, me, &[lesson_id], &revision)?;
    lesson::remove_lessons(conn, me, &[lesson_id])?;
    lesson::detach(conn, me, course_id)?;
    member::delete_from_each(conn, me, &[lesson_id], "u1")?;
    course::delete(conn, me, course_id)?;
    let found = channel::get(conn, channel_id)?.unwrap();
    channel::update(conn, &channel::Channel { enterprise_id: me, mobile: "taken".into(), ..found })?;
    // It takes away those that are there first.
    let new = NewCourseTime {
        enterprise_id: me,
        course_id: found_course(conn, me)?,
        start_time: 1,
        class_start: 1,
        repeat: Repeat::None,
        points: Json::new(vec![1]),
    };
    Ok(course::replace_times(conn, me, course_id, &[new])?)
}

/// A number that is no organization, and the name of a token: the same for every tenant.
const SCHOOL: i64 = 7;
const APP: &str = "app";

/// A group that stands alone, a token, and a class that was messaged; returns the number of the group.
fn writing(conn: &mut Conn, enterprise_id: i64, class_id: i64) -> Result<i64, Error> {
    let new = NewFreeGroup {
        enterprise_id,
        group_id: "free".into(),
        kind: GroupKind::Free,
        engine: Engine::Local,
        organization_id: Some(SCHOOL),
        name: "name".into(),
        avatar: String::new(),
        create_time: 1,
        last_sequence: 0,
        conversation_id: "c".into(),
    };
    let group = group::create(conn, &new)?;
    group::member::insert(conn, &group, &["u1".into(), "nobody".into()])?;
    let token_hash = format!("app of {enterprise_id}");
    let new = NewEnterpriseToken { enterprise_id, name: APP.into(), token_hash, create_time: enterprise_id };
    assert!(enterprise_token::insert(conn, &new)?);
    let new = NewPush { enterprise_id, class_id: Some(class_id), course_id: None, day: 1, create_time: 1 };
    assert!(push::insert(conn, &new)?.is_some());
    Ok(group.id)
}

/// All that a tenant finds of a group by its number, of its tokens, and of who is in an organization.
fn found_writing(conn: &mut Conn, me: i64, owner: i64, id: i64, organization_id: i64) -> Result<String, Error> {
    let group = group::get(conn, owner, id)?.unwrap();
    let roles = [OrganizationRole::Owner, OrganizationRole::Teacher, OrganizationRole::Student];
    Ok(format!(
        "{:?} {:?} {:?} {:?}",
        group::get(conn, me, id)?,
        group::member::list(conn, &Group { enterprise_id: me, ..group })?,
        group::of_organization(conn, me, organization_id, ALL)?,
        membership::people(conn, me, organization_id, &roles)?,
    ))
}

/// Does to what another's app manages whatever can be done.
fn change_writing(conn: &mut Conn, me: i64, owner: i64, id: i64) -> Result<(), Error> {
    let group = Group { enterprise_id: me, ..group::get(conn, owner, id)?.unwrap() };
    group::rename(conn, me, id, "taken")?;
    group::member::insert(conn, &group, &["u1".into(), "taken".into()])?;
    group::member::delete(conn, &group, &["u1".into(), "nobody".into()])?;
    Ok(group::delete(conn, me, id)?)
}

/// A course of a tenant's own.
fn found_course(conn: &mut Conn, me: i64) -> Result<i64, Error> {
    let channel_id = channel::list(conn, me)?[0].channel_id;
    Ok(course::list(conn, me, channel_id, None, course::Span::NotOver(0), ALL)?[0].course_id)
}

fn file_key(enterprise_id: i64) -> String {
    format!("a{enterprise_id:032x}")
}

fn kept(enterprise_id: i64) -> File {
    File {
        file_key: file_key(enterprise_id),
        enterprise_id,
        kind: file::Kind::Upload,
        state: file::State::Kept,
        bytes: 1,
        create_time: 1,
        due: None,
        attempts: 0,
    }
}

/// A tenant with a row of every kind; the ids of users and the key are the same in each.
#[derive(Clone)]
struct Tenant {
    id: i64,
    sdkappid: i64,
    class_id: i64,
    doc_id: String,
    delivery_id: i64,
    managed: Managed,
    group_key: i64,
}

async fn tenant(db: &Db, sdkappid: i64) -> Tenant {
    let id = enterprise(db, sdkappid).await;
    let doc_id = format!("doc-{sdkappid}");
    let doc = new_document(id, &doc_id);
    let made = db.write(move |conn| {
        user::insert(conn, &[new_user(id, "u1"), new_user(id, "u2")])?;
        let reserved = ["u1", "u2"].map(|user_id| Member { user_id: user_id.into(), role: Role::Student });
        let patch = Patch { teacher_id: Some("u1".into()), members: Some(reserved.into()), ..Patch::default() };
        let class_id = domain::classroom::class::create(conn, id, patch, 1)?;
        session::insert(conn, &new_session(id, class_id, "u1"))?;
        reported(conn, id, class_id)?;
        ban::insert(conn, &Ban { class_id, user_id: "u2".into(), enterprise_id: id, create_time: 1 })?;
        document::insert(conn, &doc)?;
        let number = document::numbers(conn, id, std::slice::from_ref(&doc.doc_id))?;
        binding::insert(conn, id, class_id, &number.into_values().collect::<Vec<_>>())?;
        file::insert(conn, &kept(id))?;
        furnished(conn, id, class_id)?;
        assert!(idempotency::claim(conn, &answered(id, class_id))?);
        let kind = domain::chat::group::MessageKind::Text;
        let said = domain::chat::group::Draft { user_id: "u1".into(), kind, content: "hello".into(), random: Some(1) };
        domain::chat::group::send(conn, id, class_id, None, said, 1)?;
        group_deletion::insert(conn, &[promised(id)])?;
        let row = enterprises::find(conn, sdkappid)?.unwrap();
        events::test(conn, &row, 1)?;
        events::post(conn)?;
        let deliveries = delivery::list(conn, id, &delivery::Filter::default(), ALL)?;
        let group_key = writing(conn, id, class_id)?;
        Ok::<_, Error>((class_id, deliveries[0].0.delivery_id, managed(conn, id)?, group_key))
    });
    let (class_id, delivery_id, managed, group_key) = made.await.unwrap();
    Tenant { id, sdkappid, class_id, doc_id, delivery_id, managed, group_key }
}

/// All rows of a tenant, as text.
async fn rows(db: &Db, tenant: &Tenant) -> String {
    let Tenant { id, class_id, sdkappid, managed, group_key, .. } = tenant.clone();
    let all = db.read(move |conn| {
        Ok::<_, Error>(format!(
            "{} {} {} {:?} {:?} {} {:#?} {:?} {:?} {:#?} {:#?} {:#?} {:#?} {:#?} {:#?} {:#?} {:#?} {:#?} {:#?} {:#?} {:#?} {:#?}",
            found(conn, id, class_id)?,
            found_managed(conn, id, managed)?,
            found_writing(conn, id, id, group_key, managed.organization_id)?,
            enterprise_token::list(conn, id)?,
            channel::list(conn, id)?,
            found_of_room(conn, id, class_id)?,
            bind::of_account(conn, id, "u1", ALL)?,
            enterprises::find(conn, sdkappid)?,
            class::list(conn, id, &class::Filter::default(), ALL)?,
            user::list(conn, id, &user::Filter::default(), ALL)?,
            document::list(conn, id, &document::Filter::default(), ALL)?,
            member::list(conn, id, class_id)?,
            session::inside(conn, id, class_id, ALL)?,
            session::seen(conn, id, class_id, ALL)?,
            ban::exists(conn, id, class_id, "u2")?,
            idempotency::find(conn, id, KEY)?,
            event::feed(conn, id, None, 0, 1000)?,
            delivery::list(conn, id, &delivery::Filter::default(), ALL)?,
            group::of_class(conn, id, class_id)?,
            domain::chat::group::messages(conn, id, class_id, None, ALL)?.rows,
            binding::list(conn, id, class_id, None, ALL)?,
            file::of_key(conn, &file_key(id))?,
        ))
    });
    format!("{} {}", all.await.unwrap(), promises(db, tenant.id).await)
}

/// What the hosted chat service is to do for a tenant, as text. Looking locks it.
async fn promises(db: &Db, id: i64) -> String {
    let due = db.write(|conn| Ok::<_, Error>(group_deletion::due(conn, 5, 10)?)).await.unwrap();
    format!("{:?}", due.iter().filter(|removal| removal.enterprise_id == id).collect::<Vec<_>>())
}

#[tokio::test]
async fn no_function_finds_a_row_of_another_tenant() {
    let (db, _database) = migrated();
    let (mine, theirs) = (tenant(&db, 1).await, tenant(&db, 2).await);
    let looked = db.write(move |conn| {
        let (me, class_id) = (mine.id, theirs.class_id);
        assert!(class::find(conn, me, class_id)?.is_none());
        assert_eq!(found(conn, me, class_id)?, found(conn, me, 999_999_999)?);
        assert_ne!(found(conn, me, class_id)?, found(conn, theirs.id, class_id)?);
        let names = attendance::nicknames(conn, me, &["u1".into(), "u2".into()])?;
        assert_eq!(names.len(), 2);
        assert!(class::lock(conn, me, class_id)?.is_none());
        assert_eq!(found_of_room(conn, me, class_id)?, found_of_room(conn, me, 999_999_999)?);
        assert_ne!(found_of_room(conn, me, class_id)?, found_of_room(conn, theirs.id, class_id)?);
        assert_eq!(
            bind::of_account(conn, me, "u1", ALL)?.rows.iter().map(|row| row.enterprise_id).collect::<Vec<_>>(),
            [me]
        );
        assert_eq!(bind::count_of_account(conn, me, "u1")?, 1);
        let at_hand = bind::find_of_account(conn, me, "u1", "https://example.com/a")?;
        assert_eq!(at_hand.unwrap().enterprise_id, me);
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
        assert!(group::of_class(conn, me, class_id)?.is_empty());
        let [chat, _] = domain::chat::group::ids(class_id);
        assert!(group::find(conn, me, &chat)?.is_none());
        assert!(group::lock(conn, me, &chat)?.is_none());
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
        assert!(group::is_elsewhere(conn, me, key)? && !group::is_elsewhere(conn, theirs.id, key)?);
        let schools = group::of_organization(conn, me, SCHOOL, ALL)?;
        assert_eq!(schools.rows.iter().map(|group| group.enterprise_id).collect::<Vec<_>>(), [me]);
        let tokens = enterprise_token::list(conn, me)?;
        assert_eq!(tokens.iter().map(|token| token.create_time).collect::<Vec<_>>(), [me]);
        let owner = enterprise_token::owner(conn, &format!("app of {}", theirs.id))?;
        assert_eq!(owner.unwrap().enterprise_id, theirs.id);
        assert!(channel::list(conn, me)?.iter().all(|channel| channel.enterprise_id == me));
        let token_hash = format!("token {}", theirs.id);
        assert!(session::classes_of(conn, me, &token_hash)?.is_empty());
        assert!(session::opened_by(conn, me, class_id, &token_hash)?.is_none());
        assert!(session::overdue_in(conn, me, class_id, i64::MAX, 10)?.is_empty());
        assert!(!session::was_anybody_inside(conn, me, class_id, 0)?);
        assert!(!ban::exists(conn, me, class_id, "u2")?);
        assert!(delivery::find(conn, me, theirs.delivery_id)?.is_none());
        let sent: Vec<i64> = event::feed(conn, me, None, 0, 1000)?.iter().map(|event| event.enterprise_id).collect();
        assert_eq!(sent, [me]);
        assert_eq!((session::count_inside(conn, me, class_id)?, session::count_seen(conn, me, class_id)?), (0, 0));
        assert_eq!(session::inside(conn, me, class_id, ALL)?.rows.len(), 0);
        assert_eq!(session::seen(conn, me, class_id, ALL)?.rows.len(), 0);
        for user in [user::find(conn, me, "u1")?, user::lock(conn, me, "u1")?] {
            assert_eq!(user.unwrap().enterprise_id, me);
        }
        let ids = ["u1".to_owned(), "u2".to_owned()];
        let found: Vec<i64> = user::find_all(conn, me, &ids)?.iter().map(|user| user.enterprise_id).collect();
        assert_eq!(found, [me, me]);
        assert_eq!(idempotency::find(conn, me, KEY)?.unwrap().class_id, mine.class_id);
        lists_hold(conn, me)
    });
    looked.await.unwrap();
}

/// Ids that nothing has.
const NO_MANAGED: Managed =
    Managed { channel_id: 999, organization_id: 999, member_id: 999, course_id: 999, lesson_id: 999_999_999 };

/// Whether every list, with every filter, has rows of this tenant alone.
fn lists_hold(conn: &mut Conn, me: i64) -> Result<(), Error> {
    let reserved = class::Filter { user_id: Some("u1".into()), ..class::Filter::default() };
    let by_word = class::Filter { statuses: vec![Status::Will], types: vec![Type::Public], ..class::Filter::default() };
    // The class and the lesson; of the lesson's kind there is no other.
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

#[tokio::test]
async fn no_function_changes_a_row_of_another_tenant() {
    let (db, _database) = migrated();
    let (mine, theirs) = (tenant(&db, 1).await, tenant(&db, 2).await);
    let before = rows(&db, &theirs).await;
    let (me, them) = (mine.clone(), theirs.clone());
    let wrote = db.write(move |conn| {
        let (id, class_id) = (me.id, them.class_id);
        // Their rows, as they would be if they were mine.
        let class = class::find(conn, them.id, class_id)?.unwrap();
        class::update(conn, &Class { enterprise_id: id, class_topic: "taken".into(), ..class })?;
        let user = user::find(conn, them.id, "u1")?.unwrap();
        user::update(conn, &User { enterprise_id: id, nickname: "taken".into(), user_id: "u9".into(), ..user })?;
        let session = session::last(conn, them.id, class_id, "u1")?.unwrap();
        let session = Session { enterprise_id: id, last_seen: 9, ..session };
        session::set(conn, &session, States { hand_up: Some(1), ..States::default() }, 9)?;
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
        let furniture = NewRoom { class_topic: "taken", cover: "taken", silence_limit: 9 };
        room::furnish(conn, id, class_id, furniture)?;
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
        change_managed(conn, id, them.id, them.managed)?;
        change_writing(conn, id, them.id, them.group_key)?;
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
        idempotency::settle(conn, id, KEY, 999_999_999)?;
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

#[tokio::test]
async fn with_a_tenant_goes_all_that_is_theirs_and_nothing_else() {
    let (db, _database) = migrated();
    let (mine, theirs) = (tenant(&db, 1).await, tenant(&db, 2).await);
    let before = rows(&db, &theirs).await;
    let deleted = db.write(move |conn| {
        assert!(enterprises::delete(conn, mine.sdkappid)?);
        assert!(!enterprises::delete(conn, mine.sdkappid)?);
        Ok::<_, Error>(())
    });
    deleted.await.unwrap();
    assert_eq!(rows(&db, &theirs).await, before);
    let left = db.read(|conn| Ok::<_, Error>(counts(conn)?)).await.unwrap();
    assert_eq!(
        left,
        [
            ("enterprises", 1),
            ("users", 2),
            ("classes", 2),
            ("members", 3),
            ("sessions", 1),
            ("bans", 1),
            ("documents", 3),
            ("class_documents", 2),
            // Of the tenant that is gone, until its bytes are.
            ("files", 2),
            ("idempotency_keys", 1),
            ("events", 1),
            ("deliveries", 1),
            ("groups", 5),
            ("group_members", 2),
            ("enterprise_tokens", 1),
            ("push_records", 1),
            ("messages", 1),
            ("group_removals", 1),
            ("reports", 2),
            ("switches", 1),
            ("questions", 1),
            ("replies", 1),
            ("check_ins", 1),
            ("checks", 1),
            ("signing_keys", 1),
            ("channels", 1),
            ("organizations", 1),
            ("memberships", 1),
            ("courses", 1),
            ("course_times", 1),
            ("course_members", 1),
            ("recordings", 1),
        ]
    );
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    rows: i64,
}

fn counts(conn: &mut Conn) -> Result<Vec<(&'static str, i64)>, lectern::db::QueryError> {
    use lectern::db::prelude::*;
    let tables = [
        "enterprises",
        "users",
        "classes",
        "members",
        "sessions",
        "bans",
        "documents",
        "class_documents",
        "files",
        "idempotency_keys",
        "events",
        "deliveries",
        "groups",
        "group_members",
        "enterprise_tokens",
        "push_records",
        "messages",
        "group_removals",
        "reports",
        "switches",
        "questions",
        "replies",
        "check_ins",
        "checks",
        "signing_keys",
        "channels",
        "organizations",
        "memberships",
        "courses",
        "course_times",
        "course_members",
        "recordings",
    ];
    let mut found = Vec::new();
    for table in tables {
        let query = diesel::sql_query(format!("SELECT COUNT(*) AS rows FROM {table}"));
        let count: Count = query.get_result(conn)?;
        found.push((table, count.rows));
    }
    Ok(found)
}
