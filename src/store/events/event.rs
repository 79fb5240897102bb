//! Events: what happened, in the words of no protocol. They never change.

use serde::{Deserialize, Serialize};

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::chat::message::MessageKind;
use crate::store::content::conversion::ConversionStatus;
use crate::store::rows::insert_for_ids;
use crate::store::schema::events;
use crate::store::schema::events::dsl;
use crate::store::tenancy::organization::Resolution;
use crate::store::tenancy::user::Role;
use crate::store::text::Json;

/// What happened. Times are milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EventPayload {
    /// A class began.
    ClassBegan {
        /// When.
        time: Millis,
        /// The course it is a lesson of.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        course_id: Option<i64>,
    },
    /// A class ended.
    ClassEnded {
        /// When.
        time: Millis,
        /// The course it is a lesson of.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        course_id: Option<i64>,
    },
    /// Somebody came into a class.
    Joined {
        /// Who.
        user_id: String,
        /// As what.
        role: Role,
        /// When.
        time: Millis,
    },
    /// Somebody left a class.
    Left {
        /// Who.
        user_id: String,
        /// As what.
        role: Role,
        /// When.
        time: Millis,
    },
    /// The recording that a class asks for did not begin, for there is no recorder.
    NotRecorded {
        /// When.
        time: Millis,
    },
    /// A course was made. It has no times yet.
    CourseCreated {
        /// As it was made.
        course: NewlyMade,
    },
    /// Somebody said something in the group of a course.
    Said {
        /// The course.
        course_id: i64,
        /// What the speaker is called.
        name: String,
        /// What they are in the course; nothing for who is no user.
        role: Option<Role>,
        /// The address of their picture; empty for none.
        avatar: String,
        /// What the message holds.
        holds: MessageKind,
        /// What was said.
        content: String,
    },
    /// A conversion came on.
    Transcoded(Box<ConversionStatus>),
    /// A recording of a class is there.
    Recorded {
        /// When it begins, in seconds.
        begin: i64,
        /// When it ends, in seconds.
        end: i64,
        /// Its parts.
        videos: Vec<Video>,
        /// When it was reported.
        time: Millis,
    },
    /// Nothing; somebody tries whether events arrive.
    Test {
        /// When.
        time: Millis,
    },
}

/// What an event says of a course that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields of Course")]
pub struct NewlyMade {
    pub course_id: i64,
    pub organization_id: i64,
    pub creator_id: String,
    pub title: String,
    pub poster: String,
    pub description: String,
    pub max_podium_user: i64,
    pub clarity: Resolution,
    pub create_time: Millis,
}

/// A part of a recording.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Video {
    /// Who is seen and heard; empty when nobody says.
    pub user_id: String,
    /// What the recorder calls it.
    pub video_id: String,
    /// Where it is.
    pub video_url: String,
    /// Such as mp4.
    pub video_format: String,
    /// Where its first picture stands in the stream, in milliseconds.
    pub play_time: i64,
    /// In bytes.
    pub size: i64,
    /// In seconds.
    pub duration: i64,
}

/// An event.
#[derive(Clone, Debug, Queryable)]
pub struct Event {
    /// Counts up; of one enterprise in the order in which the transactions were committed.
    pub event_id: i64,
    /// Whose event it is.
    pub enterprise_id: i64,
    /// The class it is of; 0 for none.
    pub class_id: i64,
    /// Counts the events of the class from 1; 0 without a class.
    pub sequence: i64,
    /// What happened.
    pub fact: Json<EventPayload>,
    /// When it was written down.
    pub create_time: Millis,
}

/// An event that has no id yet, with its fact as it is stored.
#[derive(Debug, Insertable)]
#[diesel(table_name = events, treat_none_as_default_value = false)]
pub(in crate::store) struct NewEvent {
    pub enterprise_id: i64,
    pub class_id: i64,
    pub sequence: i64,
    pub fact: String,
    pub create_time: Millis,
}

/// Writes events down and returns their ids, which count up.
pub(in crate::store) fn insert(conn: &mut Conn, new: &[NewEvent]) -> Result<Vec<i64>> {
    insert_for_ids!(conn, dsl::events, new, dsl::event_id)
}

#[diesel::declare_sql_function]
extern "SQL" {
    /// It returns nothing, for which there is no type; nobody asks for it.
    fn pg_advisory_xact_lock(key: diesel::sql_types::BigInt) -> diesel::sql_types::Bool;
}

/// Lets one transaction at a time change who is next in the lanes of an enterprise. SQLite has one writer anyway.
pub(in crate::store) fn in_order(conn: &mut Conn, enterprise_id: i64) -> Result<()> {
    one_at_a_time(conn, enterprise_id)
}

/// Lets one transaction at a time give ids to events, so that they are committed in their order and a reader of the feed misses
/// none. It comes before [`in_order`].
pub(in crate::store) fn post_alone(conn: &mut Conn) -> Result<()> {
    // No enterprise has this id.
    one_at_a_time(conn, -1)
}

fn one_at_a_time(conn: &mut Conn, key: i64) -> Result<()> {
    if let Conn::Postgres(c) = conn {
        diesel::select(pg_advisory_xact_lock(key)).execute(c)?;
    }
    Ok(())
}

/// The events after one, in order; of one class or of all.
pub fn feed(conn: &mut Conn, enterprise_id: i64, class_id: Option<i64>, after: i64, size: i64) -> Result<Vec<Event>> {
    let mut query = dsl::events
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::event_id.gt(after))
        .order(dsl::event_id)
        .limit(size)
        .into_boxed();
    if let Some(class_id) = class_id {
        query = query.filter(dsl::class_id.eq(class_id));
    }
    query.load_boxed(conn)
}

/// The oldest events after one, with when they were written down: ids and times grow together, so that what is too old is
/// found without an index of times.
pub fn oldest(conn: &mut Conn, after: i64, at_most: i64) -> Result<Vec<(i64, Millis)>> {
    dsl::events
        .filter(dsl::event_id.gt(after))
        .order(dsl::event_id)
        .limit(at_most)
        .select((dsl::event_id, dsl::create_time))
        .load(conn)
}

/// Removes those of these events that are delivered, given up or told to nobody, with their tries; says how many. What
/// another instance is removing, or replaying, is left to it.
pub fn forget(conn: &mut Conn, event_ids: &[i64]) -> Result<usize> {
    use crate::store::schema::deliveries;
    let events = dsl::events.filter(dsl::event_id.eq_any(event_ids)).order(dsl::event_id).select(dsl::event_id);
    let event_ids: Vec<i64> = match conn {
        Conn::Sqlite(c) => events.load(c)?,
        Conn::Postgres(c) => events.for_update().skip_locked().load(c)?,
    };
    let settled = deliveries::table
        .filter(deliveries::event_id.eq_any(&event_ids))
        .filter(deliveries::settled_time.is_not_null())
        .order(deliveries::delivery_id)
        .select(deliveries::delivery_id);
    let settled: Vec<i64> = match conn {
        Conn::Sqlite(c) => settled.load(c)?,
        Conn::Postgres(c) => settled.for_update().skip_locked().load(c)?,
    };
    diesel::delete(deliveries::table.filter(deliveries::delivery_id.eq_any(settled))).execute(conn)?;
    let delivered = deliveries::table.filter(deliveries::event_id.eq(dsl::event_id));
    diesel::delete(dsl::events)
        .filter(dsl::event_id.eq_any(event_ids))
        .filter(diesel::dsl::not(diesel::dsl::exists(delivered)))
        .execute(conn)
}
