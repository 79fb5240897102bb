//! Creates a class with its chat groups, local or hosted.
//!
//! Local groups are rows beside the class, written in one transaction. Hosted groups are created between two
//! transactions. The first checks the class, reserves its id and schedules the deletion of both groups. The second
//! cancels the deletion and writes the class. If anything fails in between, the class does not exist and the scheduled
//! deletion removes the groups that were created.

use futures_util::future::join_all;

use crate::clock::Clock;
use crate::db::Db;
use crate::domain::chat::group;
use crate::domain::chat::group::Administrator;
use crate::domain::classroom::class::{Booking, Pending, Step};
use crate::domain::ids::ClassId;
use crate::domain::{Error, NoGroups, Result};
use crate::integrations::hosted_groups::{Account, HostedGroups, Problem};

/// Creates a class with its groups and returns its id. Afterwards all of them exist, or none. Without `hosted` the
/// groups are local.
///
/// # Errors
/// Those of [`Booking::book`]; [`Error::NoGroups`] when the hosted service did not create the groups.
pub async fn create_class(
    db: &Db,
    clock: &Clock,
    hosted: Option<&dyn HostedGroups>,
    booking: Booking,
) -> Result<ClassId> {
    let Some(hosted) = hosted else {
        return db.write(move |conn| booking.book(conn)).await;
    };
    let (first, enterprise_id) = (booking.clone(), booking.enterprise_id);
    let pending = match db.write(move |conn| first.begin(conn)).await? {
        Step::Booked(class_id) => return Ok(class_id),
        Step::Groups(pending) => pending,
    };
    let Created { made, refused, problem } = create_groups(hosted, &pending).await;
    let Some(problem) = problem else {
        return db.write(move |conn| booking.complete(conn, &pending)).await;
    };
    log::warn!("class {} of enterprise {enterprise_id} was not created: {problem}", pending.class_id);
    let now = clock.now();
    db.write(move |conn| group::abandon(conn, enterprise_id, &made, &refused, now)).await?;
    Err(Error::NoGroups(reason(problem)))
}

fn reason(problem: Problem) -> NoGroups {
    match problem {
        Problem::Refused(code) => NoGroups::Refused(code),
        Problem::Unknown(cause) => NoGroups::NoAnswer(cause),
    }
}

/// The outcome of creating the groups.
#[derive(Default)]
struct Created {
    made: Vec<String>,
    refused: Vec<String>,
    problem: Option<Problem>,
}

/// Creates the groups concurrently. Waits for every answer, because every group that was created must be known.
async fn create_groups(hosted: &dyn HostedGroups, pending: &Pending) -> Created {
    let Administrator { sdkappid, admin_id, admin_sig } = &pending.administrator;
    let account = Account { sdkappid: *sdkappid, admin_id, admin_sig };
    let answers = join_all(pending.group_ids.iter().map(|group_id| hosted.create(account, group_id))).await;
    let mut created = Created::default();
    for (group_id, answer) in pending.group_ids.iter().cloned().zip(answers) {
        match answer {
            Ok(()) => created.made.push(group_id),
            Err(problem) => {
                if matches!(problem, Problem::Refused(_)) {
                    created.refused.push(group_id);
                }
                created.problem.get_or_insert(problem);
            }
        }
    }
    created
}
