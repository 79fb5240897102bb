//! Opens the class that people try Lectern with.

use crate::clock::Clock;
use crate::db::Db;
use crate::domain::Result;
use crate::domain::classroom::class::Booking;
use crate::domain::classroom::demo;
use crate::domain::classroom::link::Link;
use crate::domain::tenancy::enterprise::Enterprise;
use crate::integrations::hosted_groups::HostedGroups;
use crate::service::create_class::create_class;

/// Makes the class of the demo enterprise if there is none, or if it is over. Returns links for its teacher and for its pupil. In a
/// service with hosted groups it has no chat, because no account of the hosted service is known.
///
/// # Errors
/// As [`create_class`], [`demo::prepare`] and [`demo::links`].
pub async fn open_class(
    db: &Db,
    clock: &Clock,
    hosted: Option<&dyn HostedGroups>,
    enterprise: &Enterprise,
) -> Result<[Link; 2]> {
    let (enterprise_id, sdkappid, now) = (enterprise.enterprise_id, enterprise.sdkappid, clock.now());
    let current = db.write(move |conn| demo::prepare(conn, enterprise_id, now)).await?;
    let class_id = if let Some(class_id) = current {
        class_id
    } else {
        let patch = demo::fields(hosted.is_none(), now);
        create_class(db, clock, hosted, Booking { enterprise_id, sdkappid, once: None, patch, now }).await?
    };
    db.write(move |conn| demo::links(conn, enterprise_id, class_id, now)).await
}
