//! How many rows of a kind an enterprise keeps.

use crate::db::Conn;
use crate::store::ids::EnterpriseId;
use crate::store::{Result, total};

/// A kind of rows that triggers count for each enterprise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Counted {
    /// Classes, lessons and rooms.
    Classes,
    /// Users, without visitors.
    Users,
    /// Visitors.
    Visitors,
    /// Documents.
    Documents,
    /// Chat groups, without those of classes and courses.
    Groups,
    /// Chat messages.
    Messages,
    /// Images of chats.
    ChatImages,
    /// Reports of components.
    Reports,
}

/// Returns the number of rows.
pub fn count(conn: &mut Conn, enterprise_id: EnterpriseId, counted: Counted) -> Result<i64> {
    const VISITOR: &str = "visitor";
    let (noun, wanted): (_, fn(&str) -> bool) = match counted {
        Counted::Classes => ("class", |_| true),
        Counted::Users => ("user", |role| role != VISITOR),
        Counted::Visitors => ("user", |role| role == VISITOR),
        Counted::Documents => ("document", |_| true),
        Counted::Groups => ("group", |_| true),
        Counted::Messages => ("message", |_| true),
        Counted::ChatImages => ("chat_image", |_| true),
        Counted::Reports => ("report", |_| true),
    };
    total::of(conn, enterprise_id, noun, wanted)
}
