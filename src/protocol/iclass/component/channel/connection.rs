//! One connection of the channel: reads messages, makes calls, and sends updates.

use std::num::NonZeroU32;
use std::pin::pin;
use std::time::Duration;

use actix_web::web::Data;
use actix_ws::{AggregatedMessage, AggregatedMessageStream, ProtocolError, Session};
use bytestring::ByteString;
use governor::clock::MonotonicClock;
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use serde_json::Number;
use tokio::time::{Instant, sleep_until, timeout};

use super::caller::{Caller, Reply};
use super::connected::announce;
use super::end::End;
use super::message::{Incoming, Outgoing, Signal};
use super::sign_in::{SignedIn, sign_in};
use crate::domain;
use crate::domain::classroom::class::Status;
use crate::domain::classroom::log::LogEvent;
use crate::domain::classroom::session;
use crate::domain::classroom::session::QuitReason;
use crate::protocol::iclass::error::{ApiError, Code};
use crate::realtime;
use crate::realtime::Update;
use crate::state::AppState;

/// How long a client may take to sign in.
const SIGN_IN: Duration = Duration::from_secs(10);
/// How long a client may be silent.
const SILENCE: Duration = Duration::from_secs(40);
/// How long the client may take to read what it is sent.
const SEND: Duration = Duration::from_secs(10);
/// How many messages a client may send each second, and at once.
const RATE: (NonZeroU32, NonZeroU32) = (nonzero(60), nonzero(240));
/// How many messages above the rate are refused before the connection ends.
const REFUSALS: u32 = 100;
/// The largest data of a signal, in bytes.
const SIGNAL_BYTES: usize = 4 * 1024;

const fn nonzero(number: u32) -> NonZeroU32 {
    match NonZeroU32::new(number) {
        Some(number) => number,
        None => NonZeroU32::MIN,
    }
}

type Limiter = RateLimiter<NotKeyed, InMemoryState, MonotonicClock, NoOpMiddleware<std::time::Instant>>;

pub(super) struct Connection {
    app: Data<AppState>,
    caller: Caller,
    socket: Session,
    rate: Limiter,
    refusals: u32,
}

impl Connection {
    pub fn new(app: Data<AppState>, caller: Caller, socket: Session) -> Self {
        let quota = Quota::per_second(RATE.0).allow_burst(RATE.1);
        let rate = RateLimiter::direct_with_clock(quota, MonotonicClock);
        Self { app, caller, socket, rate, refusals: 0 }
    }

    /// Serves the client until the connection ends.
    pub async fn serve(mut self, mut messages: AggregatedMessageStream) {
        let end = self.sign_in_and_follow(&mut messages).await.unwrap_or_else(|end| end);
        // A client that does not read must not hold the connection.
        let _ = timeout(SEND, self.socket.close(end.reason())).await;
    }

    async fn sign_in_and_follow(&mut self, messages: &mut AggregatedMessageStream) -> Result<End, End> {
        let first = timeout(SIGN_IN, self.next_message(messages)).await.map_err(|_| End::NotSignedIn)??;
        let Incoming::SignIn(request) = first else { return Err(End::NotSignedIn) };
        let id = request.id.clone();
        let app = self.app.clone().into_inner();
        // Boxed, like what follows a message: an idle connection then holds no room for it.
        let mut signed_in = match Box::pin(sign_in(&app, &self.caller.http, *request)).await {
            Ok(signed_in) => signed_in,
            Err(problem) => {
                self.send(Outgoing::refused(id.as_ref(), &problem).text()).await?;
                return Err(End::Refused);
            }
        };
        for text in std::mem::take(&mut signed_in.first) {
            self.send(text).await?;
        }
        let end = self.follow(&mut signed_in, messages).await.unwrap_or_else(|end| end);
        if end.is_inside() {
            announce(&self.app, signed_in.me(), signed_in.class_id, signed_in.place.connection, false);
        }
        Ok(end)
    }

    /// Serves a client that is signed in.
    async fn follow(&mut self, signed_in: &mut SignedIn, messages: &mut AggregatedMessageStream) -> Result<End, End> {
        let mut calling: Option<Reply> = None;
        let mut last_message = Instant::now();
        // Kept from one turn to the next, because a turn is made for each update: to register them anew costs as much as to
        // forward the update.
        let mut silent = pin!(sleep_until(last_message + SILENCE));
        let mut taken = pin!(signed_in.place.taken());
        loop {
            let is_calling = calling.is_some();
            let called = async {
                match &mut calling {
                    Some(calling) => calling.await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                () = &mut taken => return Ok(End::Outside(QuitReason::Replaced)),
                reply = called => {
                    calling = None;
                    self.send(reply).await?;
                }
                update = signed_in.follower.next() => {
                    let update = update?;
                    if let Err(end) = self.forward(signed_in, &update).await {
                        // Whoever ends the class still gets the reply to that.
                        if let Some(reply) = calling
                            && let Ok(reply) = timeout(SEND, reply).await
                        {
                            self.send(reply).await?;
                        }
                        return Err(end);
                    }
                }
                // One call at a time: the messages after it wait.
                message = self.next_message(messages), if !is_calling => {
                    last_message = Instant::now();
                    calling = Box::pin(self.handle(signed_in, message?)).await?;
                }
                () = &mut silent => {
                    if last_message.elapsed() >= SILENCE {
                        return Ok(End::Gone);
                    }
                    silent.as_mut().reset(last_message + SILENCE);
                }
            }
        }
    }

    /// The next message that can be read and is within the rate. Others are refused here.
    async fn next_message(&mut self, messages: &mut AggregatedMessageStream) -> Result<Incoming, End> {
        loop {
            let text = match messages.recv().await {
                Some(Ok(AggregatedMessage::Text(text))) => text,
                Some(Ok(AggregatedMessage::Ping(data))) => {
                    self.socket.pong(&data).await.map_err(|_| End::Gone)?;
                    continue;
                }
                Some(Ok(AggregatedMessage::Pong(_))) => continue,
                Some(Ok(AggregatedMessage::Binary(_))) => {
                    self.refuse(None, &ApiError::new(Code::NotJson, "messages are text")).await?;
                    continue;
                }
                Some(Err(ProtocolError::Overflow)) => return Err(End::TooMuch),
                Some(Ok(AggregatedMessage::Close(_)) | Err(_)) | None => return Err(End::Gone),
            };
            if self.rate.check().is_err() {
                self.refuse(None, &domain::Error::Busy.into()).await?;
                continue;
            }
            match serde_json::from_str(&text) {
                Ok(message) => return Ok(message),
                Err(problem) => self.refuse(None, &ApiError::invalid(problem.to_string())).await?,
            }
        }
    }

    /// Refuses a message. A client that goes on sending such messages is let go.
    async fn refuse(&mut self, id: Option<&Number>, problem: &ApiError) -> Result<(), End> {
        self.refusals += 1;
        if self.refusals > REFUSALS {
            return Err(End::TooMuch);
        }
        self.send(Outgoing::refused(id, problem).text()).await
    }

    /// Does what a message asks for. Updates are sent while a call goes on.
    async fn handle(&mut self, signed_in: &mut SignedIn, message: Incoming) -> Result<Option<Reply>, End> {
        match message {
            Incoming::SignIn(request) => {
                let problem = ApiError::invalid("this connection is signed in");
                self.refuse(request.id.as_ref(), &problem).await?;
            }
            Incoming::Ping => self.ping(signed_in).await?,
            Incoming::Call(call) => {
                return Ok(Some(self.caller.call(signed_in.token.check(&self.app).await.cloned(), call)));
            }
            Incoming::Signal(signal) => self.signal(signed_in, &signal).await?,
            Incoming::Quit => return Err(self.quit(signed_in).await),
        }
        Ok(None)
    }

    async fn ping(&mut self, signed_in: &mut SignedIn) -> Result<(), End> {
        match signed_in.token.check(&self.app).await {
            Err(problem) if problem.code() == Code::DeadToken => return Err(End::DeadToken),
            // The database may be away for a moment; the lease is longer than that.
            Ok(_) | Err(_) => {}
        }
        let SignedIn { token, component, class_id, sequence, .. } = signed_in;
        let (enterprise_id, now) = (token.me().enterprise.enterprise_id, self.app.now());
        match self.app.presence.heartbeat(&self.app.db, enterprise_id, *class_id, component.clone(), now).await {
            Err(domain::Error::NotInside { .. }) => return Err(End::Outside(QuitReason::Timeout)),
            Err(domain::Error::DeadToken) => return Err(End::DeadToken),
            Err(domain::Error::UnknownClass(_)) => return Err(End::ClassOver),
            Ok(()) | Err(_) => {}
        }
        self.send(Outgoing::Pong { sequence: *sequence, time: now }.text()).await
    }

    async fn signal(&mut self, signed_in: &SignedIn, signal: &Signal) -> Result<(), End> {
        let size = signal.data.to_string().len();
        if size > SIGNAL_BYTES {
            let problem = ApiError::invalid(format!("data: {size} bytes, more than {SIGNAL_BYTES}"));
            return self.refuse(None, &problem).await;
        }
        let user_id = &signed_in.me().user.user_id;
        if !signed_in.rights.may_draw {
            let problem = ApiError::new(Code::Forbidden, format!("user_id {user_id}: may not draw"));
            return self.refuse(None, &problem).await;
        }
        let text = Outgoing::Signal { kind: signal.kind, user_id, data: &signal.data }.text();
        let signal = realtime::Signal { user_id: user_id.clone(), text, connection: None };
        self.app.channel.signal(signed_in.class_id, signal);
        Ok(())
    }

    async fn quit(&self, signed_in: &SignedIn) -> End {
        let SignedIn { component, class_id, .. } = signed_in;
        let (enterprise, leaving, class_id, now) =
            (signed_in.me().enterprise.clone(), component.clone(), *class_id, self.app.now());
        let quit = move |conn: &mut _| session::quit_as_component(conn, &enterprise, class_id, &leaving, now);
        if let Err(problem) = self.app.db.write(quit).await {
            log::warn!("leaving a class failed: {problem}");
        }
        self.app.presence.forget(class_id, &component.token_hash);
        End::Left
    }

    /// Sends an update to the client, if it is meant for it.
    async fn forward(&mut self, signed_in: &mut SignedIn, update: &Update) -> Result<(), End> {
        let (sequence, audience, event, text) = match update {
            Update::Signal(signal) if signal.user_id == signed_in.me().user.user_id => {
                return signed_in.compare(&self.app, signal.connection);
            }
            Update::Signal(signal) => return self.send_update(signal.text.clone()).await,
            Update::Deleted => return Err(End::ClassOver),
            Update::Entry { sequence, audience, event, text } => (*sequence, audience, event.as_ref(), text),
        };
        // What the client has from the welcome.
        if sequence <= signed_in.sequence {
            return Ok(());
        }
        signed_in.sequence = sequence;
        if let Some(text) = text
            && audience.has(&signed_in.me().user.user_id, signed_in.rights.is_moderator)
        {
            self.send_update(text.clone()).await?;
        }
        match event {
            Some(LogEvent::Class { class }) if class.class_status == Status::End => Err(End::ClassOver),
            Some(event) if event.subject() == Some(signed_in.me().user.user_id.as_str()) => {
                Box::pin(self.look_at_oneself(signed_in, event)).await
            }
            _ => Ok(()),
        }
    }

    /// Finds out what the user may do now, and whether the component is still inside.
    async fn look_at_oneself(&self, signed_in: &mut SignedIn, event: &LogEvent) -> Result<(), End> {
        let (enterprise, component) = (signed_in.me().enterprise.clone(), signed_in.component.clone());
        let (class_id, now) = (signed_in.class_id, self.app.now());
        let read = move |conn: &mut _| session::rights(conn, &enterprise, class_id, &component, now);
        let reason = if let LogEvent::MemberLeft { reason, .. } = event { *reason } else { QuitReason::Replaced };
        match self.app.db.read(read).await {
            Ok(rights) => signed_in.rights = rights,
            // Who is put out loses the token of a link too; the reason is more than that.
            Err(domain::Error::DeadToken) if !matches!(event, LogEvent::MemberLeft { .. }) => {
                return Err(End::DeadToken);
            }
            Err(domain::Error::NotInside { .. } | domain::Error::DeadToken) => return Err(End::Outside(reason)),
            // The database may be away for a moment; the next ping finds out.
            Err(_) => {}
        }
        Ok(())
    }

    async fn send_update(&mut self, text: ByteString) -> Result<(), End> {
        self.app.channel.updates_sent.inc();
        self.send(text).await
    }

    async fn send(&mut self, text: ByteString) -> Result<(), End> {
        match timeout(SEND, self.socket.text(text)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(End::Gone),
            Err(_) => Err(End::TooSlow),
        }
    }
}
