//! The closed list of domain errors, as data. Each protocol maps every error to a code of its own, and puts its own
//! names for fields and nouns into the sentences.

mod field;
mod forbidden;
mod limit;
mod operation;
mod problem;

use std::fmt;

use field::English;
pub use field::{Field, Noun, Vocabulary};
pub use forbidden::Forbidden;
pub use limit::Limit;
pub use operation::OperationProblem;
pub use problem::Problem;

use crate::clock::{Millis, seconds};
use crate::store::ids::ClassId;
use crate::{db, store};

/// Why an operation failed. A failed operation changes nothing.
#[derive(Debug)]
pub enum Error {
    /// The value of a field is invalid.
    Invalid {
        /// The field.
        field: Field,
        /// What is wrong with it.
        problem: Problem,
    },
    /// The caller is not allowed to do this.
    Forbidden(Forbidden),
    /// Users with these ids exist already.
    UsersExist(Vec<String>),
    /// The enterprise has no such user.
    UnknownUser(String),
    /// The enterprise has no such class.
    UnknownClass(ClassId),
    /// The caller has no such object (organization, course, …).
    NotFound {
        /// The kind of object.
        noun: Noun,
        /// Its id.
        id: i64,
    },
    /// The class has not begun.
    ClassNotBegun(ClassId),
    /// The enterprise has no such group.
    UnknownGroup(i64),
    /// The class, or the course, got a message today already.
    AlreadyMessaged(i64),
    /// The class is in progress.
    ClassInProgress(ClassId),
    /// The class has ended.
    ClassEnded(ClassId),
    /// The password of the class is wrong.
    WrongClassPassword(ClassId),
    /// Only reserved members may enter the class.
    NotReserved {
        /// The user who wanted to enter.
        user_id: String,
        /// The class.
        class_id: ClassId,
    },
    /// The user was removed from the class and may not enter again.
    Banned {
        /// The user who wanted to enter.
        user_id: String,
        /// The class.
        class_id: ClassId,
    },
    /// The user is not inside the class, or is inside on another device.
    NotInside {
        /// The user.
        user_id: String,
        /// The class.
        class_id: ClassId,
    },
    /// The token was renewed, has expired, or was never issued.
    DeadToken,
    /// The class has reached its maximum number of members inside.
    ClassFull(ClassId),
    /// The class has reached its maximum number of users on stage.
    StageFull(ClassId),
    /// The class can't be entered yet.
    TooEarly {
        /// The class.
        class_id: ClassId,
        /// When it opens.
        opens: Millis,
    },
    /// It is too late to change the teacher of the class.
    TeacherIsFixed(ClassId),
    /// All class ids are in use.
    ClassIdsUsedUp,
    /// The chat service did not create the groups of a class.
    NoGroups(NoGroups),
    /// A limit is reached.
    LimitReached {
        /// The limit.
        limit: Limit,
        /// After how long the same request can succeed; `None` if something must be deleted first.
        retry_after: Option<Millis>,
    },
    /// The service has too much to do now. Nothing was checked and nothing was done.
    Busy,
    /// The database failed.
    Database(db::Error),
}

/// Why the chat service did not create the groups of a class.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoGroups {
    /// They were created too late: the class could not be booked any more.
    #[error("they took too long")]
    TooLate,
    /// The service answered with this error code.
    #[error("the chat service refused with code {0}")]
    Refused(i64),
    /// The outcome is unknown: the service gave no usable answer.
    #[error("the chat service gave no usable answer: {0}")]
    NoAnswer(String),
}

impl Error {
    /// The value of a field is invalid.
    pub(super) fn invalid(field: Field, problem: Problem) -> Self {
        Self::Invalid { field, problem }
    }

    /// When the same request can be sent again, in seconds, for `Retry-After`; `None` if waiting does not help.
    #[must_use]
    pub fn retry_seconds(&self) -> Option<u64> {
        match self {
            Self::LimitReached { retry_after, .. } => retry_after.map(whole_seconds),
            Self::Busy | Self::Database(db::Error::Unavailable(_)) => Some(1),
            _ => None,
        }
    }

    /// The limit that was reached.
    #[must_use]
    pub fn limit(&self) -> Option<Limit> {
        match self {
            Self::LimitReached { limit, .. } => Some(*limit),
            _ => None,
        }
    }

    /// The sentence for this error, with the protocol's names for fields and nouns.
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
            Self::LimitReached { limit, retry_after: Some(wait) } => {
                format!("{}; try again in {} s", limit.words(), whole_seconds(*wait))
            }
            Self::LimitReached { limit, retry_after: None } => limit.words().into(),
            Self::Busy => "too much to do now; nothing was done, try again".into(),
            Self::Database(_) => "the database failed".into(),
        }
    }
}

/// At least one second, so that no client repeats a request at once.
fn whole_seconds(wait: Millis) -> u64 {
    u64::try_from(wait).unwrap_or_default().div_ceil(1000).max(1)
}

/// Plain English, for the log. Protocols call [`Error::words`] with their own vocabulary.
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
