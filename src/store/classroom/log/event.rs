//! The events of the log of a class. Each has the whole new state of what it is about, so applying it twice changes nothing.

use serde::{Deserialize, Serialize};

use super::state::{AnswerState, CheckInState, ClassState, MemberState, QuestionState, RecordingMark};
use crate::clock::Millis;
use crate::store::chat::chat_message::ChatMessage;
use crate::store::chat::message_id::MessageId;
use crate::store::chat::notice::ClassNotice;
use crate::store::classroom::board::{BoardState, Operation};
use crate::store::classroom::session::QuitReason;
use crate::store::classroom::timer::Timer;
use crate::store::content::document::ShownDocument;

/// An event of a class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum LogEvent {
    /// Somebody came, or their name, role or states changed.
    Member {
        /// What they are now.
        member: MemberState,
    },
    /// Somebody left.
    MemberLeft {
        /// The user.
        user_id: String,
        /// Why.
        reason: QuitReason,
    },
    /// Everybody who does not moderate the class was silenced, or may write again.
    AllSilence {
        /// Whether they are silenced.
        is_silenced: bool,
    },
    /// The class began, ended or was changed. Nobody is inside a class that ended.
    Class {
        /// What it is now.
        class: ClassState,
    },
    /// A check-in was started or ended.
    CheckIn {
        /// What it is now.
        check_in: CheckInState,
    },
    /// Somebody answered a check-in.
    CheckedIn {
        /// The check-in.
        check_id: String,
        /// Who answered.
        user_id: String,
        /// When.
        time: Millis,
    },
    /// A question was asked or ended.
    Question {
        /// What it is now.
        question: QuestionState,
    },
    /// Somebody answered a question. A later answer of the same user replaces it.
    QuestionAnswered {
        /// The answer.
        answer: AnswerState,
    },
    /// A control message for the published components.
    Control {
        /// The message.
        notice: ClassNotice,
    },
    /// A document was added to the class, or its conversion went on.
    Document {
        /// The document.
        document: Box<ShownDocument>,
    },
    /// The class does not have a document any more.
    DocumentRemoved {
        /// The document.
        doc_id: String,
    },
    /// Another page is shown, or there are other whiteboard pages.
    Board {
        /// The board.
        board: BoardState,
    },
    /// Something was drawn on a page of the board.
    Drawn {
        /// The page.
        page: String,
        /// Who drew it.
        user_id: String,
        /// The operations, in their order.
        operations: Vec<Operation>,
    },
    /// The timer was started, paused or removed.
    Timer {
        /// The timer; `None` when it was removed.
        timer: Option<Timer>,
    },
    /// The recording of the class began, paused, went on or ended.
    Recording {
        /// Whether the class is recorded now.
        recording: RecordingMark,
    },
    /// Somebody sent a message.
    Message {
        /// The message.
        message: Box<ChatMessage>,
    },
    /// A message was recalled.
    MessageRecalled {
        /// The message.
        message_id: MessageId,
        /// Who recalled it.
        user_id: String,
    },
}

impl LogEvent {
    /// The user whose presence or rights it changes.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        match self {
            Self::Member { member } => Some(&member.user_id),
            Self::MemberLeft { user_id, .. } => Some(user_id),
            _ => None,
        }
    }

    pub(super) fn column(&self) -> String {
        // Serialisation can't fail: an event has no maps with other keys than texts.
        serde_json::to_string(self).unwrap_or_default()
    }

    pub(super) fn parse(column: &str) -> Option<Self> {
        serde_json::from_str(column).ok()
    }
}
