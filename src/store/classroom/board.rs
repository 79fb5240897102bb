//! The board of a class: its pages, and what is drawn on them.

mod item;
mod page;
mod row;

use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::schema::boards::dsl;
use crate::store::{Result, update};

pub use item::{BoardItem, Item, ItemKind, NewItem, Operation, Place, at, clear, insert, on_page, places, set_removed};
pub use page::{Filled, fill, remove};
pub use row::{Board, BoardState};

/// Returns the board of a class; `None` if it was never changed.
pub fn find(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<Option<Board>> {
    one(enterprise_id, class_id).get_result(conn).optional()
}

/// Returns the board of a class and locks it until the transaction ends; `None` if it was never changed.
pub fn lock(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<Option<Board>> {
    let query = one(enterprise_id, class_id);
    match conn {
        Conn::Sqlite(c) => query.get_result(c).optional(),
        Conn::Postgres(c) => query.for_no_key_update().get_result(c).optional(),
    }
}

/// Inserts the board of a class, unless it is there.
pub fn insert_board(conn: &mut Conn, new: &Board) -> Result<()> {
    diesel::insert_into(dsl::boards).values(new).on_conflict_do_nothing().execute(conn).map(drop)
}

/// Updates all columns of a board.
pub fn update(conn: &mut Conn, board: &Board) -> Result<()> {
    let one = dsl::class_id.eq(board.class_id).and(dsl::enterprise_id.eq(board.enterprise_id));
    update::prepared(dsl::boards, one, board).execute(conn).map(drop)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn one(enterprise_id: EnterpriseId, class_id: ClassId) -> _ {
    dsl::boards.filter(dsl::class_id.eq(class_id)).filter(dsl::enterprise_id.eq(enterprise_id))
}
