//! Items: strokes, shapes and texts on the pages of a board.

use serde::{Deserialize, Serialize};

use super::row::Board;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::rows::insert_slice;
use crate::store::schema::board_items;
use crate::store::schema::board_items::dsl;
use crate::store::text::{Json, words};

words! {
    /// The kind of an item of a board.
    ItemKind {
        /// A stroke with pressure.
        Pen = "pen",
        /// A translucent stroke with pressure.
        Marker = "marker",
        /// A straight line.
        Line = "line",
        /// A straight line with a head.
        Arrow = "arrow",
        /// A rectangle by two corners.
        Rectangle = "rectangle",
        /// An ellipse by two corners of its frame.
        Ellipse = "ellipse",
        /// A text.
        Text = "text",
    }
}

/// A stroke, a shape or a text. Lengths are in the unit of the board: the page is 10,000 wide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The id, unique on its page. The client chooses it.
    pub id: String,
    /// The kind.
    pub kind: ItemKind,
    /// The colour, as `#rrggbb`.
    pub color: String,
    /// The width of the stroke; 0 for a text.
    pub width: i64,
    /// The coordinates: x and y of each point, and the pressure in percent for strokes.
    pub points: Vec<i64>,
    /// The text; empty for other kinds.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// The height of the text; 0 for other kinds.
    #[serde(default)]
    pub size: i64,
}

/// A change to a page of a board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// An item is added on top of the others.
    Add(Item),
    /// Items are removed.
    Remove(Vec<String>),
    /// Removed items come back where they were.
    Restore(Vec<String>),
    /// All items are removed.
    Clear,
}

/// An item on a page.
#[derive(Clone, Debug, Queryable)]
pub struct BoardItem {
    /// The position on the page, from 1.
    pub position: i64,
    /// The user who added it.
    pub user_id: String,
    /// The item.
    pub item: Json<Item>,
}

/// Where an item is on its page, and whose it is.
#[derive(Clone, Debug, Queryable)]
pub struct Place {
    /// The id of the item.
    pub item_id: String,
    /// The position on the page, from 1.
    pub position: i64,
    /// The user who added it.
    pub user_id: String,
    /// Whether it is removed.
    pub removed: bool,
}

/// An item to insert.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = board_items, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the fields of BoardItem and Place")]
pub struct NewItem {
    pub class_id: ClassId,
    pub page: String,
    pub position: i64,
    pub enterprise_id: EnterpriseId,
    pub item_id: String,
    pub user_id: String,
    pub removed: bool,
    pub data: Json<Item>,
}

/// Inserts items. The board must be locked.
pub fn insert(conn: &mut Conn, new: &[NewItem]) -> Result<()> {
    insert_slice!(conn, dsl::board_items, new)
}

/// Returns where the items among `ids` are on a page, removed ones included.
pub fn places(conn: &mut Conn, board: &Board, page: &str, ids: &[String]) -> Result<Vec<Place>> {
    let of_page = dsl::board_items
        .filter(dsl::class_id.eq(board.class_id))
        .filter(dsl::page.eq(page))
        .filter(dsl::enterprise_id.eq(board.enterprise_id));
    let columns = (dsl::item_id, dsl::position, dsl::user_id, dsl::removed);
    match ids {
        [] => Ok(Vec::new()),
        // Most calls add one stroke. This statement is prepared once.
        [id] => of_page.filter(dsl::item_id.eq(id)).select(columns).load(conn),
        ids => of_page.filter(dsl::item_id.eq_any(ids)).select(columns).load(conn),
    }
}

/// Returns the item at a position of a page.
pub fn at(conn: &mut Conn, board: &Board, page: &str, position: i64) -> Result<Item> {
    let item: Json<Item> = dsl::board_items
        .filter(dsl::class_id.eq(board.class_id))
        .filter(dsl::page.eq(page))
        .filter(dsl::position.eq(position))
        .filter(dsl::enterprise_id.eq(board.enterprise_id))
        .select(dsl::data)
        .get_result(conn)?;
    Ok(item.into_inner())
}

/// Returns items of a page that are not removed, in their order, from the first after a position.
pub fn on_page(
    conn: &mut Conn,
    (enterprise_id, class_id): (EnterpriseId, ClassId),
    page: &str,
    after: i64,
    at_most: i64,
) -> Result<Vec<BoardItem>> {
    dsl::board_items
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::page.eq(page))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::position.gt(after))
        .filter(dsl::removed.eq(false))
        .order(dsl::position)
        .limit(at_most)
        .select((dsl::position, dsl::user_id, dsl::data))
        .load(conn)
}

/// Removes all items of a page.
pub fn clear(conn: &mut Conn, board: &Board, page: &str) -> Result<()> {
    diesel::update(dsl::board_items)
        .filter(dsl::class_id.eq(board.class_id))
        .filter(dsl::page.eq(page))
        .filter(dsl::enterprise_id.eq(board.enterprise_id))
        .filter(dsl::removed.eq(false))
        .set(dsl::removed.eq(true))
        .execute(conn)
        .map(drop)
}

/// Removes items of a page, or lets them come back.
pub fn set_removed(conn: &mut Conn, board: &Board, page: &str, positions: &[i64], removed: bool) -> Result<()> {
    if positions.is_empty() {
        return Ok(());
    }
    diesel::update(dsl::board_items)
        .filter(dsl::class_id.eq(board.class_id))
        .filter(dsl::page.eq(page))
        .filter(dsl::enterprise_id.eq(board.enterprise_id))
        .filter(dsl::position.eq_any(positions))
        .set(dsl::removed.eq(removed))
        .execute(conn)
        .map(drop)
}
