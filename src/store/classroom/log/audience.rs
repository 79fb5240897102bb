//! Who receives an event of a class.

/// Who receives an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Everybody who follows the class.
    Everyone,
    /// Those who moderate the class.
    Moderators,
    /// These users only.
    Users(Vec<String>),
}

/// The column of [`Audience::Moderators`].
const MODERATORS: &str = "moderators";

impl Audience {
    /// Whether a user is among them.
    #[must_use]
    pub fn has(&self, user_id: &str, is_moderator: bool) -> bool {
        match self {
            Self::Everyone => true,
            Self::Moderators => is_moderator,
            Self::Users(user_ids) => user_ids.iter().any(|one| one == user_id),
        }
    }

    /// The value of the column: users are a JSON array.
    pub(super) fn column(&self) -> String {
        match self {
            Self::Everyone => String::new(),
            Self::Moderators => MODERATORS.to_owned(),
            // Serialisation can't fail: these are texts.
            Self::Users(user_ids) => serde_json::to_string(user_ids).unwrap_or_default(),
        }
    }

    /// Reads the column. A value that can't be read is for nobody.
    pub(super) fn parse(column: &str) -> Self {
        match column {
            "" => Self::Everyone,
            MODERATORS => Self::Moderators,
            users => Self::Users(serde_json::from_str(users).unwrap_or_default()),
        }
    }
}
