//! The kinds of events, by which lists are filtered: the words that [`EventPayload`] is stored with.

use super::payload::EventPayload;
use crate::store::text::words;

words! {
    /// The kind of an event.
    EventKind {
        /// A class started.
        ClassBegan = "class_began",
        /// A class ended.
        ClassEnded = "class_ended",
        /// Somebody joined a class.
        Joined = "joined",
        /// Somebody left a class.
        Left = "left",
        /// The recording of a class started.
        RecordingBegan = "recording_began",
        /// The recording of a class did not start.
        NotRecorded = "not_recorded",
        /// There is no video of a recording.
        RecordingFailed = "recording_failed",
        /// A recording is available.
        Recorded = "recorded",
        /// A component uploaded a recording.
        LocallyRecorded = "locally_recorded",
        /// A conversion made progress.
        Transcoded = "transcoded",
        /// A course was created.
        CourseCreated = "course_created",
        /// Somebody sent a message to the group of a course.
        Said = "said",
        /// A test event.
        Test = "test",
    }
}

impl EventKind {
    /// All kinds.
    pub const ALL: [Self; 13] = [
        Self::ClassBegan,
        Self::ClassEnded,
        Self::Joined,
        Self::Left,
        Self::RecordingBegan,
        Self::NotRecorded,
        Self::RecordingFailed,
        Self::Recorded,
        Self::LocallyRecorded,
        Self::Transcoded,
        Self::CourseCreated,
        Self::Said,
        Self::Test,
    ];

    /// Returns the kind of an event.
    #[must_use]
    pub fn of(payload: &EventPayload) -> Self {
        match payload {
            EventPayload::ClassBegan { .. } => Self::ClassBegan,
            EventPayload::ClassEnded { .. } => Self::ClassEnded,
            EventPayload::Joined { .. } => Self::Joined,
            EventPayload::Left { .. } => Self::Left,
            EventPayload::RecordingBegan { .. } => Self::RecordingBegan,
            EventPayload::NotRecorded { .. } => Self::NotRecorded,
            EventPayload::RecordingFailed { .. } => Self::RecordingFailed,
            EventPayload::Recorded { .. } => Self::Recorded,
            EventPayload::LocallyRecorded(_) => Self::LocallyRecorded,
            EventPayload::Transcoded(_) => Self::Transcoded,
            EventPayload::CourseCreated { .. } => Self::CourseCreated,
            EventPayload::Said { .. } => Self::Said,
            EventPayload::Test { .. } => Self::Test,
        }
    }

    /// What the stored payloads of this kind begin with.
    pub(super) fn prefix(self) -> String {
        format!("{{\"kind\":\"{self}\"")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tenancy::user::Role;

    #[test]
    fn a_payload_begins_with_its_kind() {
        for (kind, payload) in [
            (EventKind::ClassBegan, EventPayload::ClassBegan { time: 1, course_id: None }),
            (EventKind::Joined, EventPayload::Joined { user_id: "u".into(), role: Role::Student, time: 1 }),
            (EventKind::Test, EventPayload::Test { time: 1 }),
        ] {
            let stored = serde_json::to_string(&payload).unwrap();
            assert!(stored.starts_with(&kind.prefix()), "{stored}");
            assert_eq!(EventKind::of(&payload), kind);
        }
    }

    /// The list of the variants is that of serde, in any order.
    #[test]
    fn every_kind_of_payload_is_listed() {
        let unknown = serde_json::from_str::<EventPayload>(r#"{"kind":"none"}"#).unwrap_err().to_string();
        let named: Vec<&str> = unknown.split('`').skip(3).step_by(2).collect();
        let mut listed = EventKind::ALL.map(EventKind::as_str);
        listed.sort_unstable();
        let mut named: Vec<&str> = named;
        named.sort_unstable();
        assert_eq!(named, listed, "{unknown}");
    }
}
