//! The worker that destroys groups at the hosted chat service: those of removed classes, and those of classes whose creation
//! failed.

use super::chat_service::ChatService;
use crate::clock::Millis;
use crate::db::{Conn, QueryError};
use crate::integrations::hosted_groups::{Account, Problem};
use crate::jobs::{Backoff, DueWork, Worker, due_work};
use crate::store::chat::group_deletion;
use crate::store::chat::group_deletion::GroupDeletion;

/// The worker that destroys the groups that are due.
#[must_use]
pub fn destroy_groups(service: ChatService) -> Box<dyn Worker> {
    due_work(Deletions(service))
}

struct Deletions(ChatService);

impl DueWork for Deletions {
    type Item = GroupDeletion;

    const NAME: &'static str = "deletion of chat groups";
    const AT_ONCE: u16 = 16;
    const BACKOFF: Backoff = Backoff::doubling(60_000, 86_400_000);

    fn is_due(conn: &mut Conn, now: Millis) -> Result<bool, QueryError> {
        group_deletion::is_due(conn, now)
    }

    fn due(conn: &mut Conn, now: Millis, at_most: i64) -> Result<Vec<GroupDeletion>, QueryError> {
        group_deletion::due(conn, now, at_most)
    }

    fn attempts(deletion: &GroupDeletion) -> i64 {
        deletion.attempts
    }

    fn reschedule(conn: &mut Conn, deletion: &GroupDeletion, due: Millis) -> Result<(), QueryError> {
        group_deletion::reschedule(conn, deletion, due)
    }

    async fn perform(&self, deletion: &GroupDeletion) -> Result<(), String> {
        let GroupDeletion { enterprise_id, group_id, .. } = deletion;
        destroy(&self.0, deletion).await.map_err(|problem| {
            format!("chat group {group_id} of enterprise {enterprise_id} is not destroyed yet: {problem}")
        })
    }

    fn settle(conn: &mut Conn, deletion: &GroupDeletion) -> Result<(), QueryError> {
        group_deletion::done(conn, deletion.enterprise_id, &deletion.group_id)
    }
}

async fn destroy(service: &ChatService, deletion: &GroupDeletion) -> Result<(), Problem> {
    let GroupDeletion { sdkappid, admin_id, admin_sig, group_id, .. } = deletion;
    let account = Account { sdkappid: *sdkappid, admin_id, admin_sig };
    if !deletion.made {
        // The creation was never confirmed. The group may belong to somebody else, and an administrator could destroy it all the
        // same. Creating it again shows who owns it.
        match service.create(account, group_id).await {
            Ok(()) => {}
            Err(Problem::Refused(_)) => return Ok(()),
            Err(unknown) => return Err(unknown),
        }
    }
    service.destroy(account, group_id).await
}
