//! Rows of channels and organizations, and the functions that find or change them.

use lectern::db::Conn;
use lectern::domain;
use lectern::domain::Error;
use lectern::store::Json;
use lectern::store::chat::group;
use lectern::store::chat::group::{Engine, GroupKind, NewGroup};
use lectern::store::classroom::member;
use lectern::store::classroom::session;
use lectern::store::ids::{ChannelId, ClassId, CourseId, EnterpriseId, MemberId, OrganizationId};
use lectern::store::school::course;
use lectern::store::school::course::{CourseMember, NewCourse, NewCourseTime, Repeat};
use lectern::store::school::lesson;
use lectern::store::school::membership;
use lectern::store::school::membership::{Membership, NewMembership, OrganizationRole};
use lectern::store::tenancy::channel;
use lectern::store::tenancy::channel::NewChannel;
use lectern::store::tenancy::organization;
use lectern::store::tenancy::organization::{NewOrganization, Organization, Resolution};
use lectern::store::tenancy::signing_key;
use lectern::store::tenancy::signing_key::SigningKey;
use lectern::store::tenancy::user::Role;

use super::ALL;

/// The resources of a channel.
#[derive(Clone, Copy)]
pub struct Managed {
    pub channel_id: ChannelId,
    pub organization_id: OrganizationId,
    pub member_id: MemberId,
    pub course_id: CourseId,
    pub lesson_id: i64,
}

/// A channel with one resource of each kind. `u1` is a member of its organization and of its course.
pub fn managed(conn: &mut Conn, enterprise_id: EnterpriseId) -> Result<Managed, Error> {
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
    domain::school::course::set_times(conn, &access, course_id, &plan, 1)?;
    let lesson_id = lesson::lessons(conn, enterprise_id, &[course_id])?[0].class_id;
    Ok(Managed { channel_id, organization_id, member_id, course_id, lesson_id: lesson_id.0 })
}

/// All resources of a channel that a tenant finds by these ids.
pub fn found_managed(conn: &mut Conn, me: EnterpriseId, them: Managed) -> Result<String, Error> {
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
        course::list(
            conn,
            me,
            channel_id,
            course::Filter { organization_id: None, span: course::Span::NotOver(0) },
            ALL
        )?,
        course::list(
            conn,
            me,
            channel_id,
            course::Filter { organization_id: Some(organization_id), span: course::Span::Within(0, i64::MAX) },
            ALL
        )?,
        course::times(conn, me, course_id)?.len(),
        course::members(conn, me, course_id)?,
        course::courses_of(conn, me, member_id)?,
        course::lessons_of_user(conn, me, channel_id, "u1")?.len(),
        lesson::lessons(conn, me, &[course_id])?,
        group::of_course(conn, me, course_id)?,
        (member::list(conn, me, ClassId(lesson_id))?, session::of_user(conn, me, &[ClassId(lesson_id)], "u1")?.len()),
    ))
}

/// Makes every possible change to the resources of another tenant's channel.
pub fn change_managed(conn: &mut Conn, me: EnterpriseId, owner: i64, them: Managed) -> Result<(), Error> {
    let Managed { channel_id, organization_id, member_id, course_id, lesson_id } = them;
    let found = organization::find(conn, EnterpriseId(owner), organization_id)?.unwrap();
    organization::update(conn, &Organization { enterprise_id: me, name: "taken".into(), ..found })?;
    let found = membership::find(conn, EnterpriseId(owner), organization_id, member_id)?.unwrap();
    membership::update(conn, &Membership { enterprise_id: me, title: "taken".into(), ..found })?;
    membership::delete(conn, me, member_id)?;
    let found = course::find(conn, EnterpriseId(owner), channel_id, course_id)?.unwrap();
    course::update(conn, &course::Course { enterprise_id: me, title: "taken".into(), ..found })?;
    assert_eq!(course::delete_member(conn, me, course_id, member_id)?, None);
    lesson::reschedule(conn, me, &[ClassId(lesson_id)], 9)?;
    let revision = lesson::Revision { class_topic: Some("taken".into()), ..lesson::Revision::default() };
    lesson::revise_lessons(conn, me, &[ClassId(lesson_id)], &revision)?;
    lesson::remove_lessons(conn, me, &[ClassId(lesson_id)])?;
    lesson::detach(conn, me, course_id)?;
    member::delete_from_each(conn, me, &[ClassId(lesson_id)], "u1")?;
    course::delete(conn, me, course_id)?;
    let found = channel::get(conn, channel_id)?.unwrap();
    channel::update(conn, &channel::Channel { enterprise_id: me, mobile: "taken".into(), ..found })?;
    // It removes the existing ones first.
    let new = NewCourseTime {
        enterprise_id: me,
        course_id: CourseId(found_course(conn, me)?),
        start_time: 1,
        class_start: 1,
        repeat: Repeat::None,
        points: Json::new(vec![1]),
    };
    Ok(course::replace_times(conn, me, course_id, &[new])?)
}

/// A course of this tenant.
fn found_course(conn: &mut Conn, me: EnterpriseId) -> Result<i64, Error> {
    let channel_id = channel::list(conn, me)?[0].channel_id;
    Ok(course::list(
        conn,
        me,
        channel_id,
        course::Filter { organization_id: None, span: course::Span::NotOver(0) },
        ALL,
    )?[0]
        .course_id
        .0)
}

/// Ids that do not exist.
pub const NO_MANAGED: Managed = Managed {
    channel_id: ChannelId(999),
    organization_id: OrganizationId(999),
    member_id: MemberId(999),
    course_id: CourseId(999),
    lesson_id: 999_999_999,
};
