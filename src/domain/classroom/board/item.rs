//! What may be drawn: the rules for operations and items.

use crate::domain::{Error, Field, OperationProblem, Problem, Result};
use crate::store::classroom::board::{Item, ItemKind, Operation};

/// Maximum number of operations of one call.
pub const MAX_OPERATIONS: usize = 100;
/// Maximum number of ids of one call that are removed or restored.
const MAX_IDS: usize = 1_000;
/// Maximum length of the id of an item.
pub const LONGEST_ID: usize = 32;
/// Maximum number of numbers in the points of an item.
const MAX_NUMBERS: usize = 4_000;
/// Maximum number of characters of a text.
pub const MAX_TEXT: usize = 2_000;
/// How far a point may be from the origin. The page is 10,000 wide; a long document is many times as high.
const FARTHEST: i64 = 1_000_000;
/// Maximum width of a stroke, and maximum size of a text.
const WIDEST: i64 = 10_000;
/// Maximum pressure.
const FULL_PRESSURE: i64 = 100;

type Checked = std::result::Result<(), OperationProblem>;

/// Checks the operations of one call, without looking at the board.
pub(super) fn check(operations: &[Operation]) -> Result<()> {
    let found = operations.len();
    if !(1..=MAX_OPERATIONS).contains(&found) {
        let problem = Problem::OperationCount { max: MAX_OPERATIONS, found };
        return Err(Error::invalid(Field::BoardOperations, problem));
    }
    let mut ids = 0;
    for (index, operation) in operations.iter().enumerate() {
        if let Operation::Remove(some) | Operation::Restore(some) = operation {
            ids += some.len();
        }
        check_operation(operation, ids).map_err(|problem| in_operation(index, problem))?;
    }
    Ok(())
}

/// The error for an operation.
pub(super) fn in_operation(index: usize, problem: OperationProblem) -> Error {
    Error::invalid(Field::BoardOperations, Problem::InOperation { index, problem })
}

fn check_operation(operation: &Operation, ids_so_far: usize) -> Checked {
    match operation {
        Operation::Clear => Ok(()),
        Operation::Add(item) => check_item(item),
        Operation::Remove(ids) | Operation::Restore(ids) => {
            if ids.is_empty() || ids_so_far > MAX_IDS {
                return Err(OperationProblem::IdCount { max: MAX_IDS });
            }
            ids.iter().try_for_each(|id| check_id(id))
        }
    }
}

fn check_id(id: &str) -> Checked {
    let is_plain = id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if is_plain && (1..=LONGEST_ID).contains(&id.len()) {
        return Ok(());
    }
    let id = id.chars().take(LONGEST_ID).collect();
    Err(OperationProblem::NotId { id, max: LONGEST_ID })
}

fn check_item(item: &Item) -> Checked {
    check_id(&item.id)?;
    if !is_color(&item.color) {
        return Err(OperationProblem::NotColor);
    }
    check_points(item)?;
    if item.kind == ItemKind::Text {
        let is_plain = |text: &str| text.chars().all(|c| !c.is_control() || c == '\n' || c == '\t');
        let is_text = (1..=MAX_TEXT).contains(&item.text.chars().count()) && is_plain(&item.text);
        if !is_text {
            return Err(OperationProblem::NotText { max: MAX_TEXT });
        }
        within("size", item.size, 1, WIDEST)
    } else if !item.text.is_empty() {
        Err(OperationProblem::OnlyForTexts("text"))
    } else if item.size != 0 {
        Err(OperationProblem::OnlyForTexts("size"))
    } else {
        within("width", item.width, 1, WIDEST)
    }
}

fn is_color(color: &str) -> bool {
    color.strip_prefix('#').is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn check_points(item: &Item) -> Checked {
    let numbers = item.points.len();
    if numbers > MAX_NUMBERS {
        return Err(OperationProblem::TooManyPoints { max: MAX_NUMBERS });
    }
    let (is_right, words) = match item.kind {
        ItemKind::Pen | ItemKind::Marker => {
            (numbers > 0 && numbers.is_multiple_of(3), "x, y and pressure of each point")
        }
        ItemKind::Line | ItemKind::Arrow | ItemKind::Rectangle | ItemKind::Ellipse => {
            (numbers == 4, "x and y of two points")
        }
        ItemKind::Text => (numbers == 2, "x and y of one point"),
    };
    if !is_right {
        return Err(OperationProblem::NotPoints(words));
    }
    let has_pressure = matches!(item.kind, ItemKind::Pen | ItemKind::Marker);
    item.points.iter().enumerate().try_for_each(|(index, number)| {
        if has_pressure && index % 3 == 2 {
            within("the pressure in points", *number, 0, FULL_PRESSURE)
        } else {
            within("points", *number, -FARTHEST, FARTHEST)
        }
    })
}

fn within(name: &'static str, number: i64, min: i64, max: i64) -> Checked {
    if (min..=max).contains(&number) { Ok(()) } else { Err(OperationProblem::OutOfRange { name, min, max }) }
}
