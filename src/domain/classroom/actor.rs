//! Who does something in a class.

use crate::store::ids::{ClassId, EnterpriseId};

/// A user who does something in a class.
#[derive(Clone, Copy, Debug)]
pub struct Actor<'a> {
    /// The enterprise of both.
    pub enterprise_id: EnterpriseId,
    /// The class.
    pub class_id: ClassId,
    /// The user.
    pub user_id: &'a str,
}
