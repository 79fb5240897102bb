//! Rows of boards.

use serde::{Deserialize, Serialize};

use crate::db::prelude::*;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::schema::boards;
use crate::store::text::Json;

/// The board of a class.
#[derive(Clone, Debug, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = boards, treat_none_as_default_value = false)]
pub struct Board {
    /// The class.
    pub class_id: ClassId,
    /// The enterprise of the class.
    pub enterprise_id: EnterpriseId,
    /// The page that is shown to all.
    pub shown_page: String,
    /// The animation step of that page.
    pub shown_step: i64,
    /// The numbers of the whiteboard pages, in their order.
    pub whiteboards: Json<Vec<i64>>,
    /// The highest number that a whiteboard page has had.
    pub last_whiteboard: i64,
    /// The number of items on all pages, removed ones included.
    pub items: i64,
    /// The size of all items, in bytes.
    pub bytes: i64,
}

/// Which page of a board is shown, and which whiteboard pages there are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardState {
    /// The page that is shown to all.
    pub shown_page: String,
    /// Its animation step.
    pub shown_step: i64,
    /// The whiteboard pages, in their order.
    pub whiteboards: Vec<String>,
}
