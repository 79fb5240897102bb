//! The hosted chat: the service makes the groups, and the class is written when they are there.

use futures_util::future::{BoxFuture, FutureExt};

use super::chat_service::{Account, ChatService, Problem};
use crate::clock::Clock;
use crate::db::Db;
use crate::domain::chat::group;
use crate::domain::classroom::class::{Booking, Pending, Step};
use crate::domain::{Error, NoGroups, Result};
use crate::integrations::chat::GroupChat;

/// Has groups made by the hosted chat service.
pub struct Tencent {
    db: Db,
    clock: Clock,
    service: ChatService,
}

/// What came of the groups that were asked for.
#[derive(Default)]
struct Asked {
    made: Vec<String>,
    refused: Vec<String>,
    problem: Option<Problem>,
}

impl Tencent {
    /// Has them made by this service.
    #[must_use]
    pub fn new(db: Db, clock: Clock, service: ChatService) -> Self {
        Self { db, clock, service }
    }

    async fn reserve(&self, booking: Booking) -> Result<i64> {
        let (first, sdkappid, enterprise_id) = (booking.clone(), booking.sdkappid, booking.enterprise_id);
        let pending = match self.db.write(move |conn| first.begin(conn)).await? {
            Step::Booked(class_id) => return Ok(class_id),
            Step::Groups(pending) => pending,
        };
        let Asked { made, refused, problem } = self.ask(sdkappid, &pending).await;
        let Some(problem) = problem else {
            return self.db.write(move |conn| booking.complete(conn, &pending)).await;
        };
        log::warn!("class {} of enterprise {enterprise_id} was not made: {problem}", pending.class_id);
        let now = self.clock.now();
        self.db.write(move |conn| group::abandon(conn, enterprise_id, &made, &refused, now)).await?;
        Err(Error::NoGroups(problem.into()))
    }

    /// Asks for the groups at the same time, and waits for both answers: what was made has to be known.
    async fn ask(&self, sdkappid: i64, pending: &Pending) -> Asked {
        let account = Account { sdkappid, admin_id: &pending.admin_id, admin_sig: &pending.admin_sig };
        let asking = pending.group_ids.iter().map(|group_id| self.service.create(account, group_id));
        let answers = futures_util::future::join_all(asking).await;
        let mut asked = Asked::default();
        for (group_id, answer) in pending.group_ids.iter().cloned().zip(answers) {
            match answer {
                Ok(()) => asked.made.push(group_id),
                Err(problem) => {
                    if matches!(problem, Problem::Refused(_)) {
                        asked.refused.push(group_id);
                    }
                    asked.problem.get_or_insert(problem);
                }
            }
        }
        asked
    }
}

impl From<Problem> for NoGroups {
    fn from(problem: Problem) -> Self {
        match problem {
            Problem::Refused(code) => Self::Refused(code),
            Problem::Unknown(cause) => Self::NoAnswer(cause),
        }
    }
}

impl GroupChat for Tencent {
    fn book(&self, booking: Booking) -> BoxFuture<'_, Result<i64>> {
        self.reserve(booking).boxed()
    }
}
