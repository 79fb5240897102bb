//! Somebody who follows a class: what they know of it from a snapshot and the events after it. Each look compares that with a
//! new snapshot, as data.

mod state;

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use lectern::db::Conn;
use lectern::domain;
use lectern::domain::classroom::class;
use lectern::domain::classroom::log;
use lectern::domain::classroom::log::{Audience, LogEntry, LogEvent, MemberState};
use lectern::domain::classroom::member;
use lectern::domain::classroom::snapshot;
use lectern::domain::classroom::snapshot::Snapshot;
use lectern::domain::ids::{ClassId, EnterpriseId};

use crate::support::service::{Enterprise, Service};
use state::ViewerState;

/// The people who follow a class, and the number of the last entry that they know.
pub struct Followers<'a> {
    service: &'a Service,
    enterprise_id: EnterpriseId,
    class_id: ClassId,
    last: i64,
    viewers: Vec<Viewer>,
}

/// What one of them knows.
struct Viewer {
    user_id: String,
    state: ViewerState,
}

impl<'a> Followers<'a> {
    /// These users begin to follow a class.
    pub async fn of(enterprise: &Enterprise<'a>, class_id: i64, user_ids: &[&str]) -> Self {
        let (enterprise_id, class_id) = (EnterpriseId(enterprise.enterprise_id), ClassId(class_id));
        let service = enterprise.service;
        service.app.db.write(move |conn| log::start(conn, enterprise_id, class_id)).await.unwrap();
        let mut followers = Self { service, enterprise_id, class_id, last: 0, viewers: Vec::new() };
        for user_id in user_ids {
            let (_, _, seen) = followers.read(user_id).await;
            followers.last = seen.sequence;
            followers.viewers.push(Viewer { user_id: (*user_id).to_owned(), state: seen.into() });
        }
        followers
    }

    /// Whether somebody moderates the class, the new entries, and a snapshot with them.
    async fn read(&self, user_id: &str) -> (bool, Vec<LogEntry>, Snapshot) {
        let (enterprise_id, class_id, last, now) =
            (self.enterprise_id, self.class_id, self.last, self.service.clock.now());
        let user_id = user_id.to_owned();
        let read = move |conn: &mut Conn| {
            let class = class::require(conn, enterprise_id, class_id)?;
            let is_moderator = member::check_moderator(conn, &class, &user_id).is_ok();
            let entries = log::after(conn, enterprise_id, class_id, last, 10_000)?;
            let seen = snapshot::snapshot(conn, enterprise_id, class_id, &user_id, now)?;
            Ok::<_, domain::Error>((is_moderator, entries, seen))
        };
        self.service.app.db.read_slow(read).await.unwrap()
    }

    /// The new entries in short, after comparing the state of each follower with a snapshot.
    pub async fn look(&mut self) -> Vec<String> {
        let (mut texts, mut last) = (Vec::new(), self.last);
        for at in 0..self.viewers.len() {
            let user_id = self.viewers[at].user_id.clone();
            let (is_moderator, entries, seen) = self.read(&user_id).await;
            (texts, last) = (entries.iter().map(short).collect(), seen.sequence);
            let state = &mut self.viewers[at].state;
            for entry in entries.into_iter().filter(|entry| entry.audience.has(&user_id, is_moderator)) {
                state.apply(entry.event.unwrap(), (&user_id, is_moderator));
            }
            assert_eq!(*state, ViewerState::from(seen), "the state of {user_id} after {texts:?}, and the snapshot");
        }
        self.last = last;
        texts
    }

    /// The new entries that somebody receives, as they are stored. They count as seen only with [`Self::look`].
    pub async fn entries(&self, user_id: &str) -> Vec<LogEvent> {
        let (is_moderator, entries, _) = self.read(user_id).await;
        let received = entries.into_iter().filter(|entry| entry.audience.has(user_id, is_moderator));
        received.map(|entry| entry.event.unwrap()).collect()
    }

    /// How many classes have a log, and how many entries the logs have.
    pub async fn stored_in(service: &Service) -> (i64, i64) {
        #[derive(QueryableByName)]
        struct Count {
            #[diesel(sql_type = BigInt)]
            rows: i64,
        }
        let count = |table: &'static str| async move {
            let statement = format!("SELECT count(*) AS rows FROM {table}");
            let read = move |conn: &mut Conn| {
                let mut rows: Vec<Count> = diesel::sql_query(statement).load(conn)?;
                Ok::<_, domain::Error>(rows.remove(0).rows)
            };
            service.app.db.read_slow(read).await.unwrap()
        };
        (count("live_classes").await, count("log_entries").await)
    }

    /// As [`Self::stored_in`], of the service.
    pub async fn stored(&self) -> (i64, i64) {
        Self::stored_in(self.service).await
    }

    /// What a follower knows of somebody inside.
    pub fn member(&self, user_id: &str) -> &MemberState {
        &self.viewers[0].state.members[user_id]
    }
}

/// An entry in words.
fn short(entry: &LogEntry) -> String {
    let over = |end: Option<i64>| if end.is_some() { "over" } else { "open" };
    let event = match entry.event.as_ref().unwrap() {
        LogEvent::Member { member } => format!("member {}", member.user_id),
        LogEvent::MemberLeft { user_id, reason } => format!("left {user_id} {reason}"),
        LogEvent::AllSilence { is_silenced } => format!("all silent {is_silenced}"),
        LogEvent::Class { class } => format!("class {}", class.class_status),
        LogEvent::CheckIn { check_in } => format!("check-in {} {}", check_in.check_id, over(check_in.end_time)),
        LogEvent::CheckedIn { check_id, user_id, .. } => format!("checked in {check_id} {user_id}"),
        LogEvent::Question { question } => format!("question {} {}", question.question_id, over(question.end_time)),
        LogEvent::QuestionAnswered { answer } => format!("answered {} {}", answer.question_id, answer.user_id),
        LogEvent::Control { notice } => {
            let notice = serde_json::to_value(notice).unwrap();
            format!("control {}", notice["action"].as_str().unwrap())
        }
        #[allow(unreachable_patterns, reason = "events of other parts of a class")]
        _ => "other".to_owned(),
    };
    match &entry.audience {
        Audience::Everyone => event,
        Audience::Moderators => format!("{event} (moderators)"),
        Audience::Users(user_ids) => format!("{event} ({})", user_ids.join(", ")),
    }
}
