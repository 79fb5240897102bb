//! Signing in over the channel: entering the class, and what the client gets first.

use std::sync::Arc;

use actix_web::HttpRequest;
use bytestring::ByteString;
use serde_json::{Number, Value};

use super::connected::{announce, connection_signal};
use super::end::End;
use super::message::{Outgoing, SignIn};
use super::view::Formatter;
use crate::clock::Millis;
use crate::domain;
use crate::domain::classroom::log;
use crate::domain::classroom::log::LogEntry;
use crate::domain::classroom::session;
use crate::domain::classroom::session::{Component, Followed, JoinRequest, QuitReason, Rights};
use crate::domain::classroom::snapshot::snapshot;
use crate::domain::ids::ClassId;
use crate::protocol::iclass::backend::member::devices;
use crate::protocol::iclass::component::auth::Participant;
use crate::protocol::iclass::component::held_token::HeldToken;
use crate::protocol::iclass::error::ApiError;
use crate::protocol::iclass::wire::text;
use crate::realtime::{ConnectionChange, EntryFormat, Follower, Place};
use crate::state::AppState;

/// How many missed entries a client gets. One that missed more gets a snapshot.
const REST: i64 = 1_000;
/// How often a client pings.
pub(super) const PING_SECONDS: u64 = 10;

/// A connection that is signed in.
pub(super) struct SignedIn {
    pub token: HeldToken,
    pub component: Component,
    pub class_id: ClassId,
    pub rights: Rights,
    pub follower: Follower,
    pub place: Place,
    /// The number of the last entry that the client has.
    pub sequence: i64,
    /// What the client gets first.
    pub first: Vec<ByteString>,
}

impl SignedIn {
    /// The user.
    pub fn me(&self) -> &Participant {
        self.token.me()
    }

    /// Compares this connection with another one of the same user that began or broke. One that began replaces this one. One
    /// that broke was an earlier one, at an instance that found out late, so that the others must learn of this one again.
    pub fn compare(&self, app: &AppState, other: Option<ConnectionChange>) -> Result<(), End> {
        match other.filter(|other| other.connection != self.place.connection) {
            Some(other) if other.is_connected => Err(End::Outside(QuitReason::Replaced)),
            Some(_) => {
                announce(app, self.me(), self.class_id, self.place.connection, true);
                Ok(())
            }
            None => Ok(()),
        }
    }
}

/// What a client has missed.
struct Missed {
    sequence: i64,
    /// The entries since the last that it knows; `None` if it gets a snapshot.
    rest: Option<Vec<LogEntry>>,
    snapshot: Option<Value>,
}

/// Signs in: finds the user of the token, enters the class, and collects what the client has missed.
pub(super) async fn sign_in(app: &Arc<AppState>, http: &HttpRequest, request: SignIn) -> Result<SignedIn, ApiError> {
    let SignIn { id, sdkappid, user_id, token, class_id, password, camera, mic, speaker, last } = request;
    let token = HeldToken::sign_in(app, &sdkappid.0.to_string(), &user_id.0, &token.0).await?;
    let me = token.me();
    let (class_id, component, now) = (ClassId(class_id.0), me.component(app), app.now());
    me.check_in(class_id)?;
    let password = text(password).unwrap_or_default();
    me.count_class_password(app, http, &password)?;
    // Before entering, so that nothing is missed between the two.
    let follower = app.channel.follow(&app.db, me.enterprise.clone(), class_id).await?;
    let (entering, entered) = (me.clone(), component.clone());
    let devices = devices(camera, mic, speaker);
    let Followed { role, rights, is_back } = app
        .db
        .write(move |conn| {
            let request = JoinRequest { password: &password, devices, ..JoinRequest::of_component(&entered) };
            let entrance = session::follow(conn, &entering.enterprise, class_id, request, now)?;
            entering.stay_signed_in(conn)?;
            Ok::<_, domain::Error>(entrance)
        })
        .await?;
    // What is in memory may belong to an earlier session.
    app.presence.forget(class_id, &component.token_hash);
    app.presence.heartbeat(&app.db, me.enterprise.enterprise_id, class_id, component.clone(), now).await?;
    let place = app.channel.take_place(component.token_hash.clone());
    // Before the state is read, which has the user too.
    if is_back || !app.channel.is_connected(class_id, &me.user.user_id, Millis::MIN) {
        announce(app, me, class_id, place.connection, true);
    }
    let missed = missed(app, me, class_id, last.map_or(0, |last| last.0), now).await?;
    let first = first(app, (me, class_id, rights), role.as_str(), id.as_ref(), &missed);
    let sequence = missed.sequence;
    Ok(SignedIn { token, component, class_id, rights, follower, place, sequence, first })
}

/// Reads what a client has missed since an entry, all at one time.
async fn missed(app: &AppState, me: &Participant, class_id: ClassId, last: i64, now: Millis) -> domain::Result<Missed> {
    let (enterprise_id, user_id) = (me.enterprise.enterprise_id, me.user.user_id.clone());
    let read = move |conn: &mut _| {
        let sequence = log::last_sequence(conn, enterprise_id, class_id)?;
        if (1..=sequence).contains(&last) && sequence - last <= REST {
            let rest = log::after(conn, enterprise_id, class_id, last, REST)?;
            return Ok((sequence, Some(rest), None));
        }
        let seen = snapshot(conn, enterprise_id, class_id, &user_id, now)?;
        Ok::<_, domain::Error>((seen.sequence, None, Some(seen)))
    };
    let (sequence, rest, seen) = app.db.read_slow(read).await?;
    let snapshot = seen.map(|seen| super::snapshot::show(app, &me.enterprise, &seen));
    Ok(Missed { sequence, rest, snapshot })
}

/// The welcome, and the entries that were missed.
fn first(
    app: &Arc<AppState>,
    (me, class_id, rights): (&Participant, ClassId, Rights),
    role: &str,
    id: Option<&Number>,
    missed: &Missed,
) -> Vec<ByteString> {
    let welcome = Outgoing::Welcome {
        id,
        user_id: &me.user.user_id,
        role,
        sequence: missed.sequence,
        time: app.now(),
        ping_seconds: PING_SECONDS,
        snapshot: missed.snapshot.clone(),
    };
    let format = Formatter { app: app.clone() };
    // A snapshot has this in its members.
    let disconnected = if missed.snapshot.is_none() { app.channel.disconnected(class_id) } else { Vec::new() };
    let disconnected = disconnected.into_iter().map(|user_id| connection_signal(&user_id, false));
    let visible = |entry: &&LogEntry| entry.audience.has(&me.user.user_id, rights.is_moderator);
    let rest = missed.rest.iter().flatten().filter(visible);
    let rest = rest.filter_map(|entry| format.format(&me.enterprise, class_id, entry));
    std::iter::once(welcome.text()).chain(rest.map(ByteString::from)).chain(disconnected).collect()
}
