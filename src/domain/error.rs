//! The closed list of reasons to refuse. Each dialect gives every one of them a code of its own.

use crate::clock::{Millis, seconds};
use crate::{db, store};

/// Why something was not done. Nothing of it was.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A field has a value that the rules don't allow.
    #[error("{field}: {problem}")]
    Invalid {
        /// Its name on the wire.
        field: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// The caller may not do this.
    #[error("{0}")]
    Forbidden(String),
    /// Users with these ids are there already.
    #[error("user_id in use: {}; no user was created", .0.join(", "))]
    UsersExist(Vec<String>),
    /// The enterprise has no such user.
    #[error("user_id {0:?}: no such user")]
    UnknownUser(String),
    /// The enterprise has no such class.
    #[error("class_id {0}: no such class")]
    UnknownClass(i64),
    /// The caller has no such organization, course or the like.
    #[error("{noun} {id}: not found")]
    Unknown {
        /// What it would be.
        noun: &'static str,
        /// Its id.
        id: i64,
    },
    /// The class has not begun.
    #[error("class_id {0}: the class has not begun")]
    ClassNotBegun(i64),
    /// The enterprise has no such group.
    #[error("group_id {0}: no such group")]
    UnknownGroup(i64),
    /// The class, or the course, was messaged today.
    #[error("class_id {0}: was messaged today already")]
    AlreadyMessaged(i64),
    /// The class goes on.
    #[error("class_id {0}: the class is in progress")]
    ClassInProgress(i64),
    /// The class is over.
    #[error("class_id {0}: the class has ended")]
    ClassEnded(i64),
    /// The class has another password.
    #[error("password: wrong for class_id {0}")]
    WrongClassPassword(i64),
    /// Only reserved members may enter the class.
    #[error("user_id {user_id:?}: not a member of class_id {class_id}")]
    NotReserved {
        /// Who wanted to enter.
        user_id: String,
        /// Where.
        class_id: i64,
    },
    /// They were put out of the class and not allowed back.
    #[error("user_id {user_id:?}: was put out of class_id {class_id}")]
    Banned {
        /// Who wanted to enter.
        user_id: String,
        /// Where.
        class_id: i64,
    },
    /// They are not inside the class, or on another device.
    #[error("user_id {user_id:?}: not inside class_id {class_id} with this token")]
    NotInside {
        /// Who.
        user_id: String,
        /// Where.
        class_id: i64,
    },
    /// The token was renewed, is too old, or was never given out.
    #[error("token: not valid any more")]
    DeadToken,
    /// As many are inside as may be.
    #[error("class_id {0}: the class is full")]
    ClassFull(i64),
    /// As many are on stage as may be.
    #[error("class_id {0}: no more may be on stage")]
    StageFull(i64),
    /// The class can't be entered yet.
    #[error("class_id {class_id}: opens at {}", seconds(*opens))]
    TooEarly {
        /// Which class.
        class_id: i64,
        /// When it can.
        opens: Millis,
    },
    /// It is too late to change the teacher.
    #[error("teacher_id: can't be changed in the last hour before class_id {0} begins")]
    TeacherIsFixed(i64),
    /// Every class id has been used.
    #[error("class_id: all nine-digit ids are in use")]
    ClassIdsUsedUp,
    /// The chat service did not make the groups of a class.
    #[error("the chat groups were not made, and so no class was: {0}")]
    NoGroups(String),
    /// The database failed.
    #[error("the database failed")]
    Database(#[from] db::Error),
}

impl Error {
    /// A field has a value that the rules don't allow.
    pub(super) fn invalid(field: &'static str, problem: impl Into<String>) -> Self {
        Self::Invalid { field, problem: problem.into() }
    }
}

impl From<store::QueryError> for Error {
    fn from(error: store::QueryError) -> Self {
        Self::Database(error.into())
    }
}
