//! Memberships: the users of an organization, with roles.

use diesel::dsl::{exists, select};

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::ids::{ChannelId, EnterpriseId, MemberId, OrganizationId};
use crate::store::literal::literal;
use crate::store::schema::memberships::dsl;
use crate::store::schema::{memberships, organizations, users};
use crate::store::tenancy::user::User;
use crate::store::text::words;

literal!(HasPhone = "users.phone_no <> ''");

words! {
    /// The role of a user in an organization (NiuClass, 更新机构成员角色信息, which spells one of them `maitainer`).
    OrganizationRole {
        /// The owner.
        Owner = "owner",
        /// A maintainer.
        Maintainer = "maintainer" | "maitainer",
        /// A teacher.
        Teacher = "teacher",
        /// A student.
        Student = "student",
    }
}

/// A membership of a user in an organization.
#[derive(Clone, Debug, Queryable, Identifiable, AsChangeset)]
#[diesel(table_name = memberships, primary_key(member_id))]
pub struct Membership {
    /// The id, assigned in ascending order.
    pub member_id: MemberId,
    /// The enterprise of the organization.
    pub enterprise_id: EnterpriseId,
    /// The organization.
    pub organization_id: OrganizationId,
    /// The user.
    pub user_id: String,
    /// The role.
    pub role: OrganizationRole,
    /// The title of the user in the organization.
    pub title: String,
    /// The biography of the user in the organization.
    pub bio: String,
    /// When it was created.
    pub create_time: Millis,
}

/// A membership to insert.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = memberships, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the fields of Membership")]
pub struct NewMembership {
    pub enterprise_id: EnterpriseId,
    pub organization_id: OrganizationId,
    pub user_id: String,
    pub role: OrganizationRole,
    pub title: String,
    pub bio: String,
    pub create_time: Millis,
}

/// Inserts a membership and returns it.
pub fn insert(conn: &mut Conn, new: &NewMembership) -> Result<Membership> {
    let insert = diesel::insert_into(dsl::memberships).values(new).returning(memberships::all_columns);
    insert.get_result(conn)
}

/// Returns a membership of an organization.
pub fn find(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    organization_id: OrganizationId,
    member_id: MemberId,
) -> Result<Option<Membership>> {
    dsl::memberships
        .filter(dsl::member_id.eq(member_id))
        .filter(dsl::organization_id.eq(organization_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .get_result(conn)
        .optional()
}

/// Returns the membership of a user in an organization.
pub fn of_user(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    organization_id: OrganizationId,
    user_id: &str,
) -> Result<Option<Membership>> {
    dsl::memberships
        .filter(dsl::organization_id.eq(organization_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::user_id.eq(user_id))
        .get_result(conn)
        .optional()
}

/// Returns the memberships of a user, in the order of the ids of the organizations.
pub fn of_user_everywhere(conn: &mut Conn, enterprise_id: EnterpriseId, user_id: &str) -> Result<Vec<Membership>> {
    dsl::memberships
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::user_id.eq(user_id))
        .order(dsl::organization_id)
        .load(conn)
}

/// Whether a user belongs to any organization.
pub fn exists_of(conn: &mut Conn, enterprise_id: EnterpriseId, user_id: &str) -> Result<bool> {
    let there = dsl::memberships.filter(dsl::enterprise_id.eq(enterprise_id)).filter(dsl::user_id.eq(user_id));
    select(exists(there)).get_result(conn)
}

/// Whether a user belongs to an organization that a channel manages.
pub fn in_channel(conn: &mut Conn, enterprise_id: EnterpriseId, channel_id: ChannelId, user_id: &str) -> Result<bool> {
    let there = dsl::memberships
        .inner_join(organizations::table.on(organizations::organization_id.eq(dsl::organization_id)))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::user_id.eq(user_id))
        .filter(organizations::channel_id.eq(channel_id));
    select(exists(there)).get_result(conn)
}

/// Returns the user of a channel's organizations with this telephone number. If several have it, the one registered
/// first.
pub fn with_phone(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    channel_id: ChannelId,
    phone_no: &str,
) -> Result<Option<User>> {
    let there = dsl::memberships
        .inner_join(organizations::table.on(organizations::organization_id.eq(dsl::organization_id)))
        .filter(dsl::enterprise_id.eq(users::enterprise_id))
        .filter(dsl::user_id.eq(users::user_id))
        .filter(organizations::channel_id.eq(channel_id));
    let found: Vec<User> = users::table
        .filter(users::enterprise_id.eq(enterprise_id))
        .filter(users::phone_no.eq(phone_no))
        .filter(HasPhone)
        .filter(exists(there))
        .order(users::id)
        .limit(1)
        .load(conn)?;
    Ok(found.into_iter().next())
}

/// Returns the users with one of these roles in an organization, in the order in which they were added.
pub fn people(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    organization_id: OrganizationId,
    roles: &[OrganizationRole],
) -> Result<Vec<User>> {
    dsl::memberships
        .inner_join(users::table.on(users::enterprise_id.eq(dsl::enterprise_id).and(users::user_id.eq(dsl::user_id))))
        .filter(dsl::organization_id.eq(organization_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::role.eq_any(roles))
        .order(dsl::member_id)
        .select(users::all_columns)
        .load(conn)
}

/// Updates all columns of a membership.
pub fn update(conn: &mut Conn, membership: &Membership) -> Result<()> {
    diesel::update(dsl::memberships.find(membership.member_id))
        .filter(dsl::enterprise_id.eq(membership.enterprise_id))
        .set(membership)
        .execute(conn)
        .map(drop)
}

/// Deletes a membership, also from courses.
pub fn delete(conn: &mut Conn, enterprise_id: EnterpriseId, member_id: MemberId) -> Result<()> {
    diesel::delete(dsl::memberships.find(member_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .execute(conn)
        .map(drop)
}
