//! The board as components see it: its state, operations and items.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::classroom::board::{BoardItem, BoardState, Item, ItemKind, Operation};

/// Which page is shown, and which whiteboard pages there are.
#[derive(Serialize)]
pub struct BoardView {
    shown: ShownView,
    whiteboards: Vec<String>,
}

#[derive(Serialize)]
struct ShownView {
    page: String,
    step: i64,
}

impl From<BoardState> for BoardView {
    fn from(state: BoardState) -> Self {
        let shown = ShownView { page: state.shown_page, step: state.shown_step };
        Self { shown, whiteboards: state.whiteboards }
    }
}

/// What was drawn on a page.
#[derive(Serialize)]
pub struct DrawnView<'a> {
    page: &'a str,
    user_id: &'a str,
    operations: Vec<OperationView>,
}

impl<'a> DrawnView<'a> {
    /// The operations of a user on a page, in their order.
    pub fn new(page: &'a str, user_id: &'a str, operations: &[Operation]) -> Self {
        Self { page, user_id, operations: operations.iter().cloned().map(OperationView::from).collect() }
    }
}

#[derive(Serialize)]
#[serde(tag = "op", rename_all = "snake_case")]
enum OperationView {
    Add { item: ItemView },
    Remove { ids: Vec<String> },
    Restore { ids: Vec<String> },
    Clear,
}

impl From<Operation> for OperationView {
    fn from(operation: Operation) -> Self {
        match operation {
            Operation::Add(item) => Self::Add { item: item.into() },
            Operation::Remove(ids) => Self::Remove { ids },
            Operation::Restore(ids) => Self::Restore { ids },
            Operation::Clear => Self::Clear,
        }
    }
}

/// A stroke, a shape or a text. The page is 10,000 wide.
#[derive(Serialize, ToSchema)]
#[schema(as = BoardItem)]
pub struct ItemView {
    id: String,
    kind: ItemKind,
    /// As `#rrggbb`
    color: String,
    /// The width of the stroke; absent for a text
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<i64>,
    points: Vec<i64>,
    /// Of a text
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    /// The height of the letters of a text
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<i64>,
}

impl From<Item> for ItemView {
    fn from(item: Item) -> Self {
        let is_text = item.kind == ItemKind::Text;
        Self {
            id: item.id,
            kind: item.kind,
            color: item.color,
            width: Some(item.width).filter(|_| !is_text),
            points: item.points,
            text: Some(item.text).filter(|_| is_text),
            size: Some(item.size).filter(|_| is_text),
        }
    }
}

/// An item on a page.
#[derive(Serialize, ToSchema)]
pub struct PlacedItemView {
    #[serde(flatten)]
    item: ItemView,
    /// Who drew it
    user_id: String,
}

impl From<BoardItem> for PlacedItemView {
    fn from(placed: BoardItem) -> Self {
        Self { item: placed.item.into_inner().into(), user_id: placed.user_id }
    }
}
