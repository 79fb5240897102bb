//! What can be wrong with an operation on a board: a closed enum with its sentences.

/// What is wrong with an operation on a board.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each variant is explained by its sentence")]
pub enum OperationProblem {
    #[error("item is missing")]
    NoItem,
    #[error("ids must be 1 to {max}")]
    IdCount { max: usize },
    #[error("id {id:?} must be 1 to {max} letters, digits, - and _")]
    NotId { id: String, max: usize },
    #[error("color must be like #1a2b3c")]
    NotColor,
    #[error("{name} must be from {min} to {max}")]
    OutOfRange { name: &'static str, min: i64, max: i64 },
    #[error("points must be {0}")]
    NotPoints(&'static str),
    #[error("points has more than {max} numbers")]
    TooManyPoints { max: usize },
    #[error("text must have 1 to {max} characters, and no control characters but tabs and new lines")]
    NotText { max: usize },
    #[error("{0} is for texts only")]
    OnlyForTexts(&'static str),
    #[error("id {0:?} is in use for another item of the page")]
    IdInUse(String),
}
