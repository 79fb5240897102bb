//! Rows of groups, tokens and messages, and the functions that find or change them.

use lectern::db::Conn;
use lectern::domain::Error;
use lectern::store::chat::group;
use lectern::store::chat::group::{Engine, Group, GroupKind, NewFreeGroup};
use lectern::store::chat::group_deletion::GroupDeletion;
use lectern::store::chat::push;
use lectern::store::chat::push::NewPush;
use lectern::store::ids::{ClassId, EnterpriseId, OrganizationId};
use lectern::store::school::membership;
use lectern::store::school::membership::OrganizationRole;
use lectern::store::tenancy::enterprise_token;
use lectern::store::tenancy::enterprise_token::NewEnterpriseToken;

use super::ALL;

pub fn promised(enterprise_id: EnterpriseId) -> GroupDeletion {
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

/// A number that is not an organization, and the name of a token. They are the same for every tenant.
pub const SCHOOL: i64 = 7;

pub const APP: &str = "app";

/// Adds a group without a class, a token, and a push record of a class. Returns the number of the group.
pub fn writing(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<i64, Error> {
    let new = NewFreeGroup {
        enterprise_id,
        group_id: "free".into(),
        kind: GroupKind::Free,
        engine: Engine::Local,
        organization_id: Some(OrganizationId(SCHOOL)),
        name: "name".into(),
        avatar: String::new(),
        create_time: 1,
        last_sequence: 0,
        conversation_id: "c".into(),
    };
    let group = group::create(conn, &new)?;
    group::member::insert(conn, &group, &["u1".into(), "nobody".into()])?;
    let token_hash = format!("app of {enterprise_id}");
    let new = NewEnterpriseToken { enterprise_id, name: APP.into(), token_hash, create_time: enterprise_id.0 };
    assert!(enterprise_token::insert(conn, &new)?);
    let new = NewPush { enterprise_id, class_id: Some(class_id), course_id: None, day: 1, create_time: 1 };
    assert!(push::insert(conn, &new)?.is_some());
    Ok(group.id)
}

/// Everything that a tenant finds of a group by its number, of its tokens, and of the members of an organization.
pub fn found_writing(
    conn: &mut Conn,
    me: EnterpriseId,
    owner: EnterpriseId,
    id: i64,
    organization_id: OrganizationId,
) -> Result<String, Error> {
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

/// Makes every possible change to the groups of another tenant's app.
pub fn change_writing(conn: &mut Conn, me: EnterpriseId, owner: EnterpriseId, id: i64) -> Result<(), Error> {
    let group = Group { enterprise_id: me, ..group::get(conn, owner, id)?.unwrap() };
    group::rename(conn, me, id, "taken")?;
    group::member::insert(conn, &group, &["u1".into(), "taken".into()])?;
    group::member::delete(conn, &group, &["u1".into(), "nobody".into()])?;
    Ok(group::delete(conn, me, id)?)
}
