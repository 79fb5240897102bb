//! Rows of chat groups.

use crate::clock::Millis;
use crate::db::prelude::*;
use crate::store::ids::{ClassId, CourseId, EnterpriseId, OrganizationId};
use crate::store::schema::groups;
use crate::store::text::words;

words! {
    /// The purpose of a group.
    GroupKind {
        /// Messages of people in a class.
        Chat = "chat",
        /// Messages between the components of a class.
        Command = "command",
        /// Messages of people in a course, during its lessons and between them.
        Course = "course",
        /// A standalone group for any purpose.
        Free = "free",
    }
}

words! {
    /// The chat service that hosts a group.
    Engine {
        /// Lectern's own service.
        Local = "local",
        /// The hosted service of Tencent.
        Tencent = "tencent",
    }
}

/// A chat group.
#[derive(Clone, Debug, Queryable)]
pub struct Group {
    /// The row id, assigned in ascending order.
    pub id: i64,
    /// The enterprise.
    pub enterprise_id: EnterpriseId,
    /// The id for clients; unique within the enterprise.
    pub group_id: String,
    /// The purpose.
    pub kind: GroupKind,
    /// The service that hosts its messages.
    pub engine: Engine,
    /// The class it belongs to.
    pub class_id: Option<ClassId>,
    /// The organization it belongs to.
    pub organization_id: Option<OrganizationId>,
    /// The display name.
    pub name: String,
    /// The URL of the avatar; empty for none.
    pub avatar: String,
    /// When it was created.
    pub create_time: Millis,
    /// The sequence number of the last message, which is also the number of messages.
    pub last_sequence: i64,
    /// The course it belongs to.
    pub course_id: Option<CourseId>,
    /// The id at an external chat application; empty for none.
    pub conversation_id: String,
}

/// A group to insert.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = groups, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the fields of Group")]
pub struct NewGroup {
    pub enterprise_id: EnterpriseId,
    pub group_id: String,
    pub kind: GroupKind,
    pub engine: Engine,
    pub class_id: Option<ClassId>,
    pub organization_id: Option<OrganizationId>,
    pub name: String,
    pub avatar: String,
    pub create_time: Millis,
    pub last_sequence: i64,
    pub course_id: Option<CourseId>,
}
