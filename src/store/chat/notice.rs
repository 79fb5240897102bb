//! Notices to groups: what happened in a class, for its components. A notice is stored as data, and a protocol formats it for
//! the components that read it.

use serde::{Deserialize, Serialize};

use crate::clock::Millis;
use crate::store::tenancy::user::Role;

/// A notice to a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "notice", rename_all = "snake_case")]
pub enum Notice {
    /// The class started.
    ClassBegan,
    /// The class ended.
    ClassEnded,
    /// Somebody joined the class.
    Entered {
        /// The user.
        user_id: String,
    },
    /// A recording of the class is available.
    Recorded,
    /// A push was sent to the whole class or course.
    Pushed {
        /// The id of the class or the course.
        class_id: i64,
        /// The id of the push record.
        push_id: i64,
    },
    /// Something happened inside the class.
    InClass(ClassNotice),
}

/// Something that happened inside a class, and who did it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassNotice {
    /// Who did it. The hand of this user was raised or lowered; the question or check-in of this user ended.
    pub user_id: String,
    /// The role of this user in the class.
    pub role: Role,
    /// What happened.
    #[serde(flatten)]
    pub action: ClassAction,
}

/// What happened inside a class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum ClassAction {
    /// The user raised a hand.
    HandRaised,
    /// The hand of the user was lowered.
    HandLowered,
    /// Cameras and microphones of these people were turned on or off.
    DevicesSet {
        /// The people, with the state of both devices after the change.
        people: Vec<DeviceStates>,
    },
    /// A question was asked.
    QuestionAsked {
        /// The question.
        question_id: String,
        /// The options to choose from, as JSON; empty if there are none.
        options: String,
        /// When it was asked.
        launch_time: Millis,
        /// For how many milliseconds it accepts answers; 0 for no limit.
        limit_time: Millis,
    },
    /// A question was ended early.
    QuestionCancelled {
        /// The question.
        question_id: String,
    },
    /// The time limit of a question passed.
    QuestionTimedOut {
        /// The question.
        question_id: String,
    },
    /// A check-in was started.
    CheckInBegan {
        /// The check-in.
        check_id: String,
        /// When it was started.
        start_time: Millis,
        /// For how many milliseconds it accepts answers; 0 for no limit.
        time_limit: Millis,
    },
    /// A check-in was ended, or its time limit passed.
    CheckInEnded {
        /// The check-in.
        check_id: String,
    },
}

/// The camera and the microphone of a user: 1 on, 0 off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the devices of the user")]
pub struct DeviceStates {
    pub user_id: String,
    pub camera: i64,
    pub mic: i64,
}
