//! The board of a class: whiteboard pages and the pages of its documents, what is drawn on them, and which of them is shown.

mod access;
mod drawing;
mod item;
mod name;
mod pages;
mod reading;

pub use crate::store::classroom::board::{BoardItem, BoardState, Item, ItemKind, Operation};
pub use drawing::draw;
pub use item::{LONGEST_ID, MAX_OPERATIONS, MAX_TEXT};
pub(super) use pages::documents_left;
pub use pages::{add_page, remove_page, show};
pub use reading::{PageOfItems, Reading, items, state};

/// The page that is shown in a class at first.
pub const FIRST_PAGE: &str = "w1";
