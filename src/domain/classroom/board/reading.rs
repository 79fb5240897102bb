//! Reading a board: its state, and the items of a page.

use super::access::{first, require_page};
use super::pages::state_of;
use crate::db::Conn;
use crate::domain::Result;
use crate::domain::classroom::{log, member};
use crate::store;
use crate::store::classroom::board::{Board, BoardItem, BoardState};
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::tenancy::user::User;

/// Maximum number of items that one call returns.
const MAX_ITEMS: i64 = 500;
/// About how many bytes of items one call returns at most.
const MAX_BYTES: usize = 256 * 1024;
/// How many items are read at once. One has about 28 KiB at most.
const BATCH: i64 = 50;

/// Which items of a page are read.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    /// The page.
    pub page: &'a str,
    /// The position after which the items are.
    pub after: i64,
    /// How many at most; more than 500 count as 500.
    pub size: i64,
}

/// Items of a page, as they are at one moment.
#[derive(Clone, Debug)]
pub struct PageOfItems {
    /// The number of the last entry in the log of the class that they contain.
    pub sequence: i64,
    /// Those that are not removed, in their order.
    pub items: Vec<BoardItem>,
    /// Whether these are the last ones.
    pub finish: bool,
}

fn board_of(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<Board> {
    let found = store::classroom::board::find(conn, enterprise_id, class_id)?;
    Ok(found.unwrap_or_else(|| first(enterprise_id, class_id)))
}

/// The state of the board of a class.
///
/// # Errors
/// Only those of the database.
pub fn state(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<BoardState> {
    Ok(state_of(&board_of(conn, enterprise_id, class_id)?))
}

/// Items of a page, for a user who sees the class. Read it in one snapshot.
///
/// # Errors
/// Those of [`member::check_sees`]; [`Error::Invalid`](crate::domain::Error::Invalid) when there is no such page.
pub fn items(conn: &mut Conn, user: &User, class_id: ClassId, reading: Reading<'_>) -> Result<PageOfItems> {
    let enterprise_id = user.enterprise_id;
    member::check_sees(conn, class_id, user)?;
    let board = board_of(conn, enterprise_id, class_id)?;
    require_page(conn, &board, reading.page)?;
    let sequence = log::last_sequence(conn, enterprise_id, class_id)?;
    let size = usize::try_from(reading.size.min(MAX_ITEMS)).unwrap_or_default();
    let (mut items, mut bytes, mut after) = (Vec::new(), 0, reading.after);
    loop {
        let batch = store::classroom::board::on_page(conn, (enterprise_id, class_id), reading.page, after, BATCH)?;
        let is_last = i64::try_from(batch.len()).is_ok_and(|length| length < BATCH);
        for item in batch {
            bytes += item.item.text().len();
            if !items.is_empty() && (items.len() == size || bytes > MAX_BYTES) {
                return Ok(PageOfItems { sequence, items, finish: false });
            }
            after = item.position;
            items.push(item);
        }
        if is_last {
            return Ok(PageOfItems { sequence, items, finish: true });
        }
    }
}
