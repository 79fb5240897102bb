//! Follows one class that has media sessions here: the media server does what the log says, and the log what the media
//! server notices.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::sleep;

use super::host::{Host, ToFollow};
use super::hosted::{HostedClass, Stopped};
use crate::domain;
use crate::domain::classroom::class::Status;
use crate::domain::classroom::log::LogEvent;
use crate::domain::classroom::stage;
use crate::domain::classroom::stage::Sending;
use crate::realtime::{Follower, Parting, Update};

/// How often the states of all are read again.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How long to wait after the database failed.
const PAUSE: Duration = Duration::from_secs(1);

/// Follows a class until it is over, or not hosted here any more.
pub(super) async fn follow(host: &Host, followed: ToFollow) {
    let ToFollow { class, follower, stopped } = followed;
    // The two do not wait for each other: a moderator who closes a microphone must not wait for what is written back.
    tokio::select! {
        () = class.over() => {}
        () = forward_updates(host, &class, follower) => {}
        () = write_back(host, &class, stopped) => {}
    }
    host.end_outlets(&class).await;
}

/// Lets the media server do what happens in the class.
async fn forward_updates(host: &Host, class: &HostedClass, mut follower: Follower) {
    loop {
        // Brings up to date who connected before the class was followed, and who changed without an entry in its log: whose token
        // ended, or whose class was deleted before it had entries.
        if let Err(problem) = refresh(host, class).await {
            note(class, &problem);
            sleep(PAUSE).await;
            continue;
        }
        let looks_again = sleep(LOOK_EVERY);
        tokio::pin!(looks_again);
        loop {
            let update = tokio::select! {
                update = follower.next() => update,
                () = &mut looks_again => break,
            };
            match update {
                Ok(update) => {
                    if let Err(problem) = apply(host, class, &update).await {
                        note(class, &problem);
                        sleep(PAUSE).await;
                        break;
                    }
                }
                Err(Parting::TooSlow) => {
                    match host.hub.follow(&host.db, class.enterprise.clone(), class.class_id).await {
                        Ok(again) => follower = again,
                        // The old one goes on with what it still has.
                        Err(problem) => note(class, &problem),
                    }
                    break;
                }
                Err(Parting::Stopping) => return,
            }
        }
    }
}

async fn refresh(host: &Host, class: &HostedClass) -> domain::Result<()> {
    host.refresh_all(class).await?;
    host.refresh_outlets(class).await
}

async fn apply(host: &Host, class: &HostedClass, update: &Update) -> domain::Result<()> {
    let event = match update {
        Update::Signal(_) | Update::Entry { event: None, .. } => return Ok(()),
        Update::Deleted => {
            host.close(class.class_id);
            return Ok(());
        }
        Update::Entry { event: Some(event), .. } => event,
    };
    match event {
        LogEvent::Class { class: state } if state.class_status == Status::End => host.close(class.class_id),
        LogEvent::Member { member } => {
            let sending = Sending::from(member);
            if sending.depends_on_moderation() {
                return host.refresh(class, &member.user_id).await;
            }
            host.permit(class, &member.user_id, sending.permissions(false));
        }
        LogEvent::Class { .. } | LogEvent::Recording { .. } => return host.refresh_outlets(class).await,
        // Who left may be inside on another device already.
        LogEvent::MemberLeft { user_id, .. } => return host.refresh(class, user_id).await,
        _ => {}
    }
    Ok(())
}

/// Writes the states of devices of which the media server gets nothing any more.
async fn write_back(host: &Host, class: &HostedClass, mut stopped: mpsc::UnboundedReceiver<Stopped>) {
    let (enterprise_id, class_id) = (class.enterprise_id(), class.class_id);
    while let Some(Stopped { user_id, sources }) = stopped.recv().await {
        loop {
            let (user_id, sources, now) = (user_id.clone(), sources.clone(), host.clock.now());
            let turn_off =
                move |conn: &mut _| stage::turn_off(conn, enterprise_id, class_id, (&user_id, &sources), now);
            match host.db.write(turn_off).await {
                // A class that was deleted has no states.
                Ok(_) | Err(domain::Error::UnknownClass(_)) => break,
                Err(problem) => {
                    note(class, &problem);
                    sleep(PAUSE).await;
                }
            }
        }
    }
}

fn note(class: &HostedClass, problem: &domain::Error) {
    log::warn!("voice and pictures of class {} are updated later: {problem}", class.class_id);
}
