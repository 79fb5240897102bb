//! Organizations: the schools of an enterprise, each managed by a channel.

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::ids::{ChannelId, CourseId, EnterpriseId, OrganizationId};
use crate::store::schema::organizations::dsl;
use crate::store::schema::{courses, organizations};
use crate::store::text::words;

words! {
    /// The video resolution (NiuClass, 创建机构).
    Resolution {
        /// 480 lines.
        Normal = "Normal",
        /// 540 lines.
        Sd = "SD",
        /// 720 lines.
        Hd = "HD",
        /// 1080 lines.
        Fhd = "FHD",
    }
}

/// An organization.
#[derive(Clone, Debug, Queryable, Identifiable, AsChangeset)]
#[diesel(table_name = organizations, primary_key(organization_id))]
pub struct Organization {
    /// The id, assigned in ascending order.
    pub organization_id: OrganizationId,
    /// The enterprise it belongs to.
    pub enterprise_id: EnterpriseId,
    /// The channel that manages it.
    pub channel_id: ChannelId,
    /// The display name.
    pub name: String,
    /// A one-line description.
    pub slogan: String,
    /// The description.
    pub description: String,
    /// The URL of the logo.
    pub logo: String,
    /// The company name.
    pub company: String,
    /// The maximum number of people on stage in its courses.
    pub max_podium_user: i64,
    /// The maximum video resolution of its courses.
    pub max_clarity: Resolution,
    /// The callback URL; empty for none.
    pub callback_url: String,
    /// When it was created.
    pub create_time: Millis,
    /// When it was last updated.
    pub update_time: Millis,
}

/// An organization to insert.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = organizations, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the fields of Organization")]
pub struct NewOrganization {
    pub enterprise_id: EnterpriseId,
    pub channel_id: ChannelId,
    pub name: String,
    pub slogan: String,
    pub description: String,
    pub logo: String,
    pub company: String,
    pub max_podium_user: i64,
    pub max_clarity: Resolution,
    pub callback_url: String,
    pub create_time: Millis,
    pub update_time: Millis,
}

/// Inserts an organization and returns it.
pub fn insert(conn: &mut Conn, new: &NewOrganization) -> Result<Organization> {
    let insert = diesel::insert_into(dsl::organizations).values(new).returning(organizations::all_columns);
    insert.get_result(conn)
}

/// Returns an organization, whichever channel manages it.
pub fn find(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    organization_id: OrganizationId,
) -> Result<Option<Organization>> {
    one(enterprise_id, organization_id).get_result(conn).optional()
}

/// Returns an organization and locks its row until the transaction ends.
pub fn lock(
    conn: &mut Conn,
    enterprise_id: EnterpriseId,
    organization_id: OrganizationId,
) -> Result<Option<Organization>> {
    let query = one(enterprise_id, organization_id);
    match conn {
        Conn::Sqlite(c) => query.get_result(c).optional(),
        Conn::Postgres(c) => query.for_no_key_update().get_result(c).optional(),
    }
}

#[diesel::dsl::auto_type(no_type_alias)]
fn one(enterprise_id: EnterpriseId, organization_id: OrganizationId) -> _ {
    dsl::organizations.filter(dsl::organization_id.eq(organization_id)).filter(dsl::enterprise_id.eq(enterprise_id))
}

/// Returns the organizations of an enterprise, oldest first.
pub fn list(conn: &mut Conn, enterprise_id: EnterpriseId) -> Result<Vec<Organization>> {
    dsl::organizations.filter(dsl::enterprise_id.eq(enterprise_id)).order(dsl::organization_id).load(conn)
}

/// Returns the organization of a course.
pub fn of_course(conn: &mut Conn, enterprise_id: EnterpriseId, course_id: CourseId) -> Result<Option<Organization>> {
    dsl::organizations
        .inner_join(courses::table.on(courses::organization_id.eq(dsl::organization_id)))
        .filter(courses::course_id.eq(course_id))
        .filter(courses::enterprise_id.eq(enterprise_id))
        .select(organizations::all_columns)
        .get_result(conn)
        .optional()
}

/// Updates all columns of an organization.
pub fn update(conn: &mut Conn, organization: &Organization) -> Result<()> {
    diesel::update(dsl::organizations.find(organization.organization_id))
        .filter(dsl::enterprise_id.eq(organization.enterprise_id))
        .set(organization)
        .execute(conn)
        .map(drop)
}
