//! The worker that sends what happens in classes to their command groups at the hosted chat service.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use super::chat_service::{ChatService, NO_GROUP};
use crate::clock::Millis;
use crate::db::{Conn, QueryError};
use crate::domain::chat::group::ClassNotice;
use crate::integrations::hosted_groups::{Account, CustomMessage, Problem};
use crate::jobs::{Backoff, DueWork, Worker, due_work};
use crate::store::classroom::hosted_message;
use crate::store::classroom::hosted_message::ClassQueue;

/// After how many attempts the messages of a class are given up: half an hour. They are of use only while the class goes on.
const ATTEMPTS: i64 = 33;

/// Formats a notice for the components of a class.
pub type Format = fn(&ClassNotice) -> CustomMessage;

/// The worker that sends the messages that are due.
#[must_use]
pub fn send_messages(service: ChatService, format: Format) -> Box<dyn Worker> {
    due_work(Messages { service, format })
}

struct Messages {
    service: ChatService,
    format: Format,
}

/// The messages of a class, and how far they are sent.
#[derive(Clone)]
struct Sending {
    queue: ClassQueue,
    /// The id of the last message that needs no other attempt.
    done: Arc<AtomicI64>,
}

impl DueWork for Messages {
    type Item = Sending;

    const NAME: &'static str = "messages to chat groups";
    const AT_ONCE: u16 = 16;
    // Longer than it takes to send the messages, so that no other instance begins with the same ones meanwhile.
    const BACKOFF: Backoff = Backoff::doubling(5_000, 60_000);

    fn is_due(conn: &mut Conn, now: Millis) -> Result<bool, QueryError> {
        hosted_message::is_due(conn, now)
    }

    fn due(conn: &mut Conn, now: Millis, at_most: i64) -> Result<Vec<Sending>, QueryError> {
        let sending = |queue| Sending { queue, done: Arc::default() };
        Ok(hosted_message::due(conn, now, at_most)?.into_iter().map(sending).collect())
    }

    fn attempts(sending: &Sending) -> i64 {
        sending.queue.attempts
    }

    fn reschedule(conn: &mut Conn, sending: &Sending, due: Millis) -> Result<(), QueryError> {
        hosted_message::reschedule(conn, &sending.queue, due)
    }

    /// Sends the messages in order, up to the first that fails. A message that was sent before a crash is sent again with the
    /// same random number, by which the service knows it.
    async fn perform(&self, sending: &Sending) -> Result<(), String> {
        let ClassQueue { enterprise_id, class_id, group_id, sdkappid, admin_id, admin_sig, .. } = &sending.queue;
        let account = Account { sdkappid: *sdkappid, admin_id, admin_sig };
        for (id, notice) in &sending.queue.messages {
            let Err(problem) = self.service.send(account, group_id, &(self.format)(notice), *id).await else {
                sending.done.store(*id, Ordering::Relaxed);
                continue;
            };
            let about = format!("a message to the chat group of class {class_id} of enterprise {enterprise_id}");
            if matches!(problem, Problem::Refused(NO_GROUP)) || sending.queue.attempts.saturating_add(1) >= ATTEMPTS {
                log::warn!("{about} is given up, with those that wait behind it: {problem}");
                break;
            }
            // Those before it are settled. It is the first of the next attempt.
            if sending.done.load(Ordering::Relaxed) > 0 {
                log::warn!("{about} is not sent yet: {problem}");
                return Ok(());
            }
            return Err(format!("{about} is not sent yet: {problem}"));
        }
        sending.done.store(sending.queue.last_id, Ordering::Relaxed);
        Ok(())
    }

    fn settle(conn: &mut Conn, sending: &Sending) -> Result<(), QueryError> {
        hosted_message::done(conn, &sending.queue, sending.done.load(Ordering::Relaxed))
    }
}
