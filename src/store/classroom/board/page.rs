//! Pages: how much is drawn on each.

use super::row::Board;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::schema::board_items;
use crate::store::schema::board_pages::dsl;
use crate::store::{Result, update};

/// How much is on a page.
#[derive(Clone, Copy, Debug, Default, Queryable)]
pub struct Filled {
    /// The number of items, removed ones included. It is the position of the last one.
    pub items: i64,
    /// Their size in bytes.
    pub bytes: i64,
}

/// Counts more items on a page, and returns how much is on it then. The board must be locked.
pub fn fill(conn: &mut Conn, board: &Board, page: &str, more: Filled) -> Result<Filled> {
    let one = dsl::class_id.eq(board.class_id).and(dsl::page.eq(page)).and(dsl::enterprise_id.eq(board.enterprise_id));
    let filled = (dsl::items.eq(dsl::items + more.items), dsl::bytes.eq(dsl::bytes + more.bytes));
    let update = update::prepared(dsl::board_pages, one, filled).returning((dsl::items, dsl::bytes));
    if let Some(filled) = update.get_result(conn).optional()? {
        return Ok(filled);
    }
    let new = (
        dsl::class_id.eq(board.class_id),
        dsl::page.eq(page),
        dsl::enterprise_id.eq(board.enterprise_id),
        dsl::items.eq(more.items),
        dsl::bytes.eq(more.bytes),
    );
    diesel::insert_into(dsl::board_pages).values(new).execute(conn)?;
    Ok(more)
}

/// Deletes a page with everything on it, and returns how much that was. The board must be locked.
pub fn remove(conn: &mut Conn, board: &Board, page: &str) -> Result<Filled> {
    let of_page = dsl::board_pages
        .filter(dsl::class_id.eq(board.class_id))
        .filter(dsl::page.eq(page))
        .filter(dsl::enterprise_id.eq(board.enterprise_id));
    let filled = of_page.select((dsl::items, dsl::bytes)).get_result(conn).optional()?;
    let Some(filled) = filled else { return Ok(Filled::default()) };
    diesel::delete(board_items::table)
        .filter(board_items::class_id.eq(board.class_id))
        .filter(board_items::page.eq(page))
        .filter(board_items::enterprise_id.eq(board.enterprise_id))
        .execute(conn)?;
    diesel::delete(of_page).execute(conn)?;
    Ok(filled)
}
