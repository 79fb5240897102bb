//! How many people fit into a class.
//!
//! A class has `max_member_num` places, or [`AT_MOST`]. Its teacher and its assistant always find a place. A place is
//! held for each other reserved member who is not inside. People without a reservation share what is left. A reserved
//! member is refused only if reserved members, with the teacher and the assistant, are inside on all places; people
//! without a reservation who came before the reservation was made stay and don't count.

use crate::db::Conn;
use crate::domain::classroom::class::rules;
use crate::domain::{Error, Result};
use crate::store;
use crate::store::classroom::class::Class;

/// Maximum number of users inside a class, a limit of the hosted product.
const AT_MOST: i64 = 10_000;

/// Checks that there is a place in a locked class for somebody who is not inside.
pub(super) fn check(conn: &mut Conn, class: &Class, user_id: &str, is_reserved: bool) -> Result<()> {
    if rules::host_role(&class.teacher_id, &class.assistant_id, user_id).is_some()
        || has_place(conn, class, is_reserved)?
    {
        Ok(())
    } else {
        Err(Error::ClassFull(class.class_id))
    }
}

fn has_place(conn: &mut Conn, class: &Class, is_reserved: bool) -> Result<bool> {
    let (enterprise_id, class_id) = (class.enterprise_id, class.class_id);
    let places = if class.max_member_num > 0 { class.max_member_num.min(AT_MOST) } else { AT_MOST };
    let inside = store::classroom::session::count_inside(conn, enterprise_id, class_id)?;
    if is_reserved {
        // Most classes are not full, so who of them is reserved is looked up only here.
        return Ok(
            inside < places || store::classroom::session::count_reserved(conn, enterprise_id, class_id, &[])? < places
        );
    }
    if inside >= places {
        return Ok(false);
    }
    let hosts = [class.teacher_id.as_str(), class.assistant_id.as_str()];
    let members = store::classroom::member::count(conn, enterprise_id, class_id, &hosts)?;
    if inside + members < places {
        return Ok(true);
    }
    let present = store::classroom::session::count_reserved(conn, enterprise_id, class_id, &hosts)?;
    Ok(inside + members - present < places)
}
