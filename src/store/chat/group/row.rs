//! A chat group as a row.

use crate::clock::Millis;
use crate::db::prelude::*;
use crate::store::schema::groups;
use crate::store::text::words;

words! {
    /// What a group is for.
    GroupKind {
        /// What people in a class write.
        Chat = "chat",
        /// What the components of a class tell one another.
        Command = "command",
        /// What people write in a course, in each of its lessons and between them.
        Course = "course",
        /// Whatever its members like; it is no class's.
        Free = "free",
    }
}

words! {
    /// Which chat service has the messages of a group.
    Engine {
        /// Lectern's own.
        Local = "local",
        /// The hosted one.
        Tencent = "tencent",
    }
}

/// A group.
#[derive(Clone, Debug, Queryable)]
pub struct Group {
    /// Counts up.
    pub id: i64,
    /// Whose group this is.
    pub enterprise_id: i64,
    /// What clients call it; unique within the enterprise.
    pub group_id: String,
    /// What it is for.
    pub kind: GroupKind,
    /// Where its messages are.
    pub engine: Engine,
    /// The class whose group it is.
    pub class_id: Option<i64>,
    /// The organization whose group it is.
    pub organization_id: Option<i64>,
    /// Its name.
    pub name: String,
    /// The address of its picture; empty for none.
    pub avatar: String,
    /// When it was made.
    pub create_time: Millis,
    /// Of its last message, and so the number of its messages.
    pub last_sequence: i64,
    /// The course whose group it is.
    pub course_id: Option<i64>,
    /// What a chat application outside calls it; empty for nothing.
    pub conversation_id: String,
}

/// What a new group starts with.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = groups, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the fields of Group")]
pub struct NewGroup {
    pub enterprise_id: i64,
    pub group_id: String,
    pub kind: GroupKind,
    pub engine: Engine,
    pub class_id: Option<i64>,
    pub organization_id: Option<i64>,
    pub name: String,
    pub avatar: String,
    pub create_time: Millis,
    pub last_sequence: i64,
    pub course_id: Option<i64>,
}
