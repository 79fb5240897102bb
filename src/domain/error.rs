//! The closed list of reasons to refuse, as data. Each protocol gives every one of them a code of its own, and its own names
//! for the fields and things that the sentences mention.

mod field;
mod forbidden;
mod problem;

use std::fmt;

use field::English;
pub use field::{Field, Noun, Vocabulary};
pub use forbidden::Forbidden;
pub use problem::Problem;

use crate::clock::{Millis, seconds};
use crate::{db, store};

/// Why something was not done. Nothing of it was.
#[derive(Debug)]
pub enum Error {
    /// A field has a value that the rules don't allow.
    Invalid {
        /// Which.
        field: Field,
        /// What is wrong with it.
        problem: Problem,
    },
    /// The caller may not do this.
    Forbidden(Forbidden),
    /// Users with these ids are there already.
    UsersExist(Vec<String>),
    /// The enterprise has no such user.
    UnknownUser(String),
    /// The enterprise has no such class.
    UnknownClass(i64),
    /// The caller has no such organization, course or the like.
    NotFound {
        /// What it would be.
        noun: Noun,
        /// Its id.
        id: i64,
    },
    /// The class has not begun.
    ClassNotBegun(i64),
    /// The enterprise has no such group.
    UnknownGroup(i64),
    /// The class, or the course, was messaged today.
    AlreadyMessaged(i64),
    /// The class goes on.
    ClassInProgress(i64),
    /// The class is over.
    ClassEnded(i64),
    /// The class has another password.
    WrongClassPassword(i64),
    /// Only reserved members may enter the class.
    NotReserved {
        /// Who wanted to enter.
        user_id: String,
        /// Where.
        class_id: i64,
    },
    /// They were put out of the class and not allowed back.
    Banned {
        /// Who wanted to enter.
        user_id: String,
        /// Where.
        class_id: i64,
    },
    /// They are not inside the class, or on another device.
    NotInside {
        /// Who.
        user_id: String,
        /// Where.
        class_id: i64,
    },
    /// The token was renewed, is too old, or was never given out.
    DeadToken,
    /// As many are inside as may be.
    ClassFull(i64),
    /// As many are on stage as may be.
    StageFull(i64),
    /// The class can't be entered yet.
    TooEarly {
        /// Which class.
        class_id: i64,
        /// When it can.
        opens: Millis,
    },
    /// It is too late to change the teacher.
    TeacherIsFixed(i64),
    /// Every class id has been used.
    ClassIdsUsedUp,
    /// The chat service did not make the groups of a class.
    NoGroups(NoGroups),
    /// The database failed.
    Database(db::Error),
}

/// Why the chat service did not make the groups of a class.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoGroups {
    /// They were made after the class could still be booked.
    #[error("they took too long")]
    TooLate,
    /// The service answered with this code.
    #[error("the chat service refused with code {0}")]
    Refused(i64),
    /// Nobody knows whether it made them.
    #[error("the chat service can't be understood: {0}")]
    NoAnswer(String),
}

impl Error {
    /// A field has a value that the rules don't allow.
    pub(super) fn invalid(field: Field, problem: Problem) -> Self {
        Self::Invalid { field, problem }
    }

    /// The sentence for this error, with the names that a protocol has for fields and things.
    #[must_use]
    pub fn words(&self, vocabulary: &dyn Vocabulary) -> String {
        let (name, noun) = (|field| vocabulary.field(field), |noun| vocabulary.noun(noun));
        let (user, class, a_class) = (name(Field::User), name(Field::Class), noun(Noun::Class));
        match self {
            Self::Invalid { field, problem } => format!("{}: {}", name(*field), problem.words(vocabulary)),
            Self::Forbidden(reason) => reason.words(vocabulary),
            Self::UsersExist(ids) => {
                format!("{user} in use: {}; no {} was created", ids.join(", "), noun(Noun::User))
            }
            Self::UnknownUser(id) => format!("{user} {id:?}: no such {}", noun(Noun::User)),
            Self::UnknownClass(id) => format!("{class} {id}: no such {a_class}"),
            Self::UnknownGroup(id) => format!("{} {id}: no such {}", name(Field::Group), noun(Noun::Group)),
            Self::NotFound { noun: missing, id } => format!("{} {id}: not found", noun(*missing)),
            Self::ClassNotBegun(id) => format!("{class} {id}: the {a_class} has not begun"),
            Self::AlreadyMessaged(id) => format!("{class} {id}: was messaged today already"),
            Self::ClassInProgress(id) => format!("{class} {id}: the {a_class} is in progress"),
            Self::ClassEnded(id) => format!("{class} {id}: the {a_class} has ended"),
            Self::WrongClassPassword(id) => format!("{}: wrong for {class} {id}", name(Field::ClassPassword)),
            Self::NotReserved { user_id, class_id } => {
                format!("{user} {user_id:?}: not a member of {class} {class_id}")
            }
            Self::Banned { user_id, class_id } => format!("{user} {user_id:?}: was put out of {class} {class_id}"),
            Self::NotInside { user_id, class_id } => {
                format!("{user} {user_id:?}: not inside {class} {class_id} with this token")
            }
            Self::DeadToken => format!("{}: not valid any more", name(Field::Token)),
            Self::ClassFull(id) => format!("{class} {id}: the {a_class} is full"),
            Self::StageFull(id) => format!("{class} {id}: no more may be on stage"),
            Self::TooEarly { class_id, opens } => format!("{class} {class_id}: opens at {}", seconds(*opens)),
            Self::TeacherIsFixed(id) => {
                format!("{}: can't be changed in the last hour before {class} {id} begins", name(Field::Teacher))
            }
            Self::ClassIdsUsedUp => format!("{class}: all nine-digit ids are in use"),
            Self::NoGroups(reason) => format!("the chat groups were not made, and so no {a_class} was: {reason}"),
            Self::Database(_) => "the database failed".into(),
        }
    }
}

/// For the log: in plain English. A protocol asks for [`Error::words`] in its own.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words(&English))
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Database(cause) => Some(cause),
            _ => None,
        }
    }
}

impl From<db::Error> for Error {
    fn from(error: db::Error) -> Self {
        Self::Database(error)
    }
}

impl From<store::QueryError> for Error {
    fn from(error: store::QueryError) -> Self {
        Self::Database(error.into())
    }
}
