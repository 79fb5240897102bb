//! What can be wrong with a field: a closed enum with the sentence that follows the name of the field. Sentences that
//! mention another field get its name from the [`Vocabulary`].

use super::field::{Field, Vocabulary};
use super::operation::OperationProblem;
use crate::store::events::payload::NotRecordedReason;
use crate::store::ids::{ClassId, DeliveryId};
use crate::store::tenancy::organization::Resolution;

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each variant is explained by its sentence")]
pub enum Problem {
    // The format of a value.
    #[error("missing")]
    Missing,
    #[error("must not be empty")]
    Empty,
    #[error("must be positive")]
    NotPositive,
    #[error("must be an http or https address")]
    NotHttpUrl,
    #[error("must be an http or https address, or empty")]
    NotHttpUrlOrEmpty,
    #[error("must be 3 to 32 digits, with + - ( ) and blanks between them")]
    NotPhoneNumber,
    #[error("must be like name@host")]
    NotEmail,
    #[error("must have at most 63 letters, digits and hyphens")]
    NotBucketName,
    #[error("must be at most {max} visible ASCII characters without : and /")]
    NotChatAppId { max: usize },
    #[error("must be at most {max} visible ASCII characters")]
    NotVisibleAscii { max: usize },
    #[error("must be {min} to {max} visible ASCII characters")]
    NotKey { min: usize, max: usize },
    #[error("must not be a key that signs calls")]
    SignsCalls,
    #[error("must have {min} to {max} characters, none of them a control character")]
    NotName { min: usize, max: usize },
    #[error("must not have characters that nobody sees")]
    Unseen,
    #[error("must not be blank")]
    Blank,
    #[error("must be from 00:00 to 23:59")]
    NotTimeOfDay,
    #[error("must be from 1 for Monday to 7 for Sunday")]
    NotWeekday,
    #[error("must name days of the week when repeat is weekly")]
    NoWeekdays,
    #[error("must begin with {}", .0.join(" or "))]
    WrongPrefix(&'static [&'static str]),

    #[error("{}", match .0 {
        NotRecordedReason::Off => "this service does not record classes",
        NotRecordedReason::NoRoom => "there is no room for recordings now; try again later",
        NotRecordedReason::Quota => "the enterprise keeps as many recordings as it may",
        NotRecordedReason::NotBegun => "the class is not recorded now",
    })]
    NotRecorded(NotRecordedReason),

    // Limits.
    #[error("must be from {min} to {max}")]
    OutOfRange { min: i64, max: i64 },
    #[error("must be from {min} to {max} seconds")]
    OutOfSeconds { min: i64, max: i64 },
    #[error("{value} is not from {min} to {max}")]
    NotWithin { value: i64, min: i64, max: i64 },
    #[error("must be from 1 to {max}, as the organization says")]
    AbovePodium { max: i64 },
    #[error("must not be above {0}, as the organization says")]
    AboveResolution(Resolution),
    #[error("must not be before {}", .0.english())]
    Before(Field),
    #[error("must have 1 to {max} users, has {found}")]
    UserCount { max: usize, found: usize },
    #[error("must have 1 to {max} ids, has {found}")]
    IdCount { max: usize, found: usize },
    #[error("must be 1 to {max}")]
    TimeCount { max: usize },
    #[error("must not make more than {max} lessons")]
    TooManyLessons { max: usize },
    #[error("{lessons} lessons with {members} members are more than {max} reservations")]
    TooManyReservations { lessons: usize, members: usize, max: usize },
    #[error("{found} are more than the {max} that are allowed")]
    TooManyMembers { found: usize, max: usize },
    #[error("a 1v1 class has at most one student, not {found}")]
    TooManyStudents { found: usize },
    #[error("{max} are bound already")]
    TooManyBound { max: i64 },
    #[error("a class has at most {max} documents")]
    TooManyDocuments { max: usize },
    #[error("names more than {max} people")]
    TooManyPeople { max: usize },
    #[error("names nobody")]
    NamesNobody,
    #[error("must be 1 to {max}, not {found}")]
    OperationCount { max: usize, found: usize },
    #[error("[{index}]: {problem}")]
    InOperation { index: usize, problem: OperationProblem },
    #[error("{0:?} is the only whiteboard page and stays")]
    LastWhiteboard(String),
    #[error("{0:?} is not a whiteboard page")]
    NotWhiteboard(String),
    #[error("has {found} bytes, more than {max}")]
    TooManyBytes { found: usize, max: usize },
    #[error("has {found} characters, more than {max}")]
    TooManyCharacters { found: usize, max: usize },
    #[error("must be a PNG, JPEG, GIF or WebP image of at most {max_pixels} pixels")]
    NotImage { max_pixels: usize },

    // Objects that an id refers to.
    #[error("{0:?}: no such user")]
    NoUser(String),
    #[error("no enterprise has {0}")]
    NoEnterprise(i64),
    #[error("no channel has {0}")]
    NoChannel(String),
    #[error("{0} has no channel")]
    WithoutChannel(i64),
    #[error("{0:?}: no such document")]
    NoDocument(String),
    #[error("no such document: {}", .0.join(", "))]
    NoDocuments(Vec<String>),
    #[error("{0:?}: no such task")]
    NoTask(String),
    #[error("{0:?}: no such video")]
    NoVideo(String),
    #[error("{0}: no such delivery")]
    NoDelivery(DeliveryId),
    #[error("{0:?}: no such question")]
    NoQuestion(String),
    #[error("no question was asked")]
    NothingAsked,
    #[error("no such check-in")]
    NoCheckIn,
    #[error("no such message")]
    NoMessage,
    #[error("is not the address of an image that this user uploaded for this class and has not sent yet")]
    NoImage,
    #[error("there is no such file here")]
    NoFile,
    #[error("the class {class_id} has no {}", group(.group_id.as_deref()))]
    NoGroupOfClass { class_id: ClassId, group_id: Option<String> },
    #[error("{enterprise} has no token {name:?}")]
    NoToken { enterprise: i64, name: String },
    #[error("there is no operator {0:?}")]
    NoOperator(String),
    #[error("the enterprise has none")]
    NoCallback,

    #[error("{0:?}: no such page")]
    NoBoardPage(String),
    #[error("there is no timer")]
    NoTimer,

    // Conflicts: taken, over, or owned by another.
    #[error("{0} is in use")]
    InUse(i64),
    #[error("{0} is another enterprise's")]
    OfAnotherEnterprise(String),
    #[error("{0} is another channel's")]
    OfAnotherChannel(String),
    #[error("{0} is of a member already")]
    OfAnotherMember(String),
    #[error("{enterprise} has a token {name:?} already")]
    TokenExists { enterprise: i64, name: String },
    #[error("there is an operator {0:?} already")]
    OperatorExists(String),
    #[error("user {user_id:?} has two roles")]
    TwoRoles { user_id: String },
    #[error("{user_id:?} is a host of the class and stays its member")]
    IsHost { user_id: String },
    #[error("looks like the name of the teacher or an assistant of this class")]
    LooksLikeHost,
    #[error("{0:?} was asked already")]
    AskedBefore(String),
    #[error("{0:?} was answered already, and the answer is final, because it showed the correct one")]
    AnsweredBefore(String),
    #[error("{0:?} is over")]
    Over(String),
    #[error("{0} was used for another message")]
    UsedForAnotherMessage(i64),
    #[error("was used for a request with another body")]
    UsedForAnotherRequest,
    #[error("a private message is not for a group")]
    PrivateToGroup,
    #[error("{0} is in the hosted chat service")]
    InHostedChat(String),
    #[error("the link to the file has expired or is wrong")]
    BadLink,
    #[error("{0} is still on its way")]
    OnItsWay(DeliveryId),
}

impl Problem {
    /// The sentence, with the protocol's names for other fields.
    #[must_use]
    pub fn words(&self, vocabulary: &dyn Vocabulary) -> String {
        let name = |field| vocabulary.field(field);
        match self {
            Self::Before(other) => format!("must not be before {}", name(*other)),
            Self::TwoRoles { user_id } => format!("{} {user_id:?} has two roles", name(Field::User)),
            Self::NoGroupOfClass { class_id, group_id } => {
                format!("{} {class_id} has no {}", name(Field::Class), group(group_id.as_deref()))
            }
            plain => plain.to_string(),
        }
    }
}

/// The group that a request named. Without an id it is the chat group.
fn group(group_id: Option<&str>) -> String {
    group_id.map_or_else(|| "chat group".to_owned(), |group_id| format!("group {group_id:?}"))
}
