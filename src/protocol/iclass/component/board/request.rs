//! The operations of `board/draw`.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::domain::classroom::board::{Item, ItemKind, LONGEST_ID, MAX_TEXT, Operation};
use crate::protocol::iclass::error::ApiError;
use crate::protocol::iclass::wire::{Int, Record, Text};

type ItemId = Text<1, LONGEST_ID>;
type Length = Int<1, 10_000>;
type Coordinate = Int<-1_000_000, 1_000_000>;

/// An operation on a page.
#[derive(Deserialize, ToSchema)]
#[schema(as = BoardOperation)]
pub struct OperationRequest {
    /// What to do
    op: OperationName,
    /// For `add`
    #[schema(value_type = Option<ItemRequest>)]
    item: Option<Record<ItemRequest>>,
    /// For `remove` and `restore`: ids of items
    ids: Option<Vec<ItemId>>,
}

/// The name of an operation.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", try_from = "String")]
enum OperationName {
    /// Adds an item on top of the others.
    Add,
    /// Removes items.
    Remove,
    /// Lets removed items come back.
    Restore,
    /// Removes everything on the page.
    Clear,
}

impl TryFrom<String> for OperationName {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        match word.as_str() {
            "add" => Ok(Self::Add),
            "remove" => Ok(Self::Remove),
            "restore" => Ok(Self::Restore),
            "clear" => Ok(Self::Clear),
            _ => Err(format!("{word:?} is not add, remove, restore or clear")),
        }
    }
}

/// An item to add. Coordinates are whole numbers, and the page is 10,000 wide.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewBoardItem)]
struct ItemRequest {
    /// Letters, digits, `-` and `_`; unique on the page
    id: ItemId,
    /// What it is
    kind: ItemKind,
    /// As `#rrggbb`
    color: Text<1, 7>,
    /// The width of the stroke; for all but texts
    width: Option<Length>,
    /// x, y and pressure (0 to 100) of each point for `pen` and `marker`, x and y of two points for shapes, of one for a text; at
    /// most 4000 numbers
    points: Vec<Coordinate>,
    /// For texts: 1 to 2000 characters
    text: Option<TextOfItem>,
    /// For texts: the height of the letters
    size: Option<Length>,
}

/// A text, which may have several lines.
#[derive(Deserialize, ToSchema)]
#[schema(value_type = String, min_length = 1, max_length = 2000)]
#[serde(try_from = "String")]
struct TextOfItem(String);

impl TryFrom<String> for TextOfItem {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let length = text.chars().count();
        if !(1..=MAX_TEXT).contains(&length) {
            Err(format!("has {length} characters, not 1 to {MAX_TEXT}"))
        } else if text.contains(|c: char| c.is_control() && c != '\n' && c != '\t') {
            Err("has a control character".into())
        } else {
            Ok(Self(text))
        }
    }
}

impl OperationRequest {
    /// The operation. Fields of other operations are ignored.
    pub fn into_domain(self, index: usize) -> Result<Operation, ApiError> {
        let missing = |field: &str| ApiError::invalid(format!("operations[{index}].{field}: missing"));
        let ids = |ids: Option<Vec<ItemId>>| {
            let ids = ids.ok_or_else(|| missing("ids"))?;
            Ok::<_, ApiError>(ids.into_iter().map(|id| id.0).collect())
        };
        Ok(match self.op {
            OperationName::Add => Operation::Add(self.item.ok_or_else(|| missing("item"))?.0.into_domain()),
            OperationName::Remove => Operation::Remove(ids(self.ids)?),
            OperationName::Restore => Operation::Restore(ids(self.ids)?),
            OperationName::Clear => Operation::Clear,
        })
    }
}

impl ItemRequest {
    fn into_domain(self) -> Item {
        let Self { id, kind, color, width, points, text, size } = self;
        Item {
            id: id.0,
            kind,
            color: color.0,
            width: width.map_or(0, |width| width.0),
            points: points.into_iter().map(|number| number.0).collect(),
            text: text.map_or_else(String::new, |text| text.0),
            size: size.map_or(0, |size| size.0),
        }
    }
}
