//! A client of the channel of a class.

use std::collections::VecDeque;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::PATIENCE;
use crate::support::component::Component;
use crate::support::service::Service;

/// A connection, with the events that came and were not looked at yet.
pub struct Channel {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    waiting: VecDeque<Value>,
    calls: i64,
}

impl Channel {
    /// Connects without signing in.
    pub async fn connect(service: &Service) -> Self {
        Self::connect_to(&service.url).await.unwrap()
    }

    /// Connects to a server; `None` if there is none.
    pub async fn connect_to(url: &str) -> Option<Self> {
        let url = format!("{}/saas/v1/channel", url.replace("http://", "ws://"));
        let (socket, _) = connect_async(url).await.ok()?;
        Some(Self { socket, waiting: VecDeque::new(), calls: 0 })
    }

    /// Connects and signs in; returns the answer too. `more` has fields of the message beside the usual ones.
    pub async fn enter_with(component: &Component<'_>, class_id: i64, more: Value) -> (Self, Value) {
        let mut channel = Self::connect(component.service).await;
        let Component { sdkappid, user_id, token, .. } = component;
        let mut message = json!({
            "type": "sign_in", "id": 1, "sdkappid": sdkappid, "user_id": user_id, "token": token, "class_id": class_id,
        });
        message.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        channel.send(&message).await;
        let answer = channel.message().await;
        (channel, answer)
    }

    /// Connects, signs in and expects to be welcome.
    pub async fn enter(component: &Component<'_>, class_id: i64) -> (Self, Value) {
        let (channel, answer) = Self::enter_with(component, class_id, json!({})).await;
        assert_eq!(answer["type"], "welcome", "{answer}");
        (channel, answer)
    }

    /// Reconnects with the number of the last event.
    pub async fn enter_again(component: &Component<'_>, class_id: i64, last: i64) -> (Self, Value) {
        let (channel, answer) = Self::enter_with(component, class_id, json!({ "last": last })).await;
        assert_eq!(answer["type"], "welcome", "{answer}");
        (channel, answer)
    }

    /// Sends a message.
    pub async fn send(&mut self, message: &Value) {
        self.send_text(message.to_string()).await;
    }

    /// Sends any text.
    pub async fn send_text(&mut self, text: String) {
        self.socket.send(Message::text(text)).await.unwrap();
    }

    /// The next message from the socket; the reason when the connection ended.
    async fn received(&mut self) -> Result<Value, Option<CloseFrame>> {
        loop {
            let next = tokio::time::timeout(PATIENCE, self.socket.next()).await.expect("no message came");
            match next {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(frame))) => return Err(frame),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(None),
            }
        }
    }

    /// The next message.
    pub async fn message(&mut self) -> Value {
        match self.waiting.pop_front() {
            Some(message) => message,
            None => self.received().await.unwrap_or_else(|frame| panic!("the connection ended: {frame:?}")),
        }
    }

    /// The next message that this is true of. Those before it are passed over.
    pub async fn message_where(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            let message = self.message().await;
            if wanted(&message) {
                return message;
            }
        }
    }

    /// The data of the next event with this name. Messages before it are passed over.
    pub async fn event(&mut self, name: &str) -> Value {
        self.message_where(|message| message["event"] == name).await["data"].clone()
    }

    /// Makes a call and returns the body of the reply. Events that come before it wait.
    pub async fn call(&mut self, call: &str, body: Value) -> Value {
        self.try_call(call, body).await.expect("the connection ended")
    }

    /// As [`Channel::call`]; `None` if the connection ends before the reply.
    pub async fn try_call(&mut self, call: &str, body: Value) -> Option<Value> {
        self.calls += 1;
        let id = self.calls;
        let message = json!({ "type": "call", "id": id, "call": call, "body": body });
        self.socket.send(Message::text(message.to_string())).await.ok()?;
        loop {
            let message = self.received().await.ok()?;
            if message["type"] == "reply" && message["id"] == id {
                return Some(message["body"].clone());
            }
            self.waiting.push_back(message);
        }
    }

    /// Sends a message; whether the connection took it.
    pub async fn try_send(&mut self, message: &Value) -> bool {
        self.socket.send(Message::text(message.to_string())).await.is_ok()
    }

    /// The next message; `None` if the connection ends.
    pub async fn try_message(&mut self) -> Option<Value> {
        match self.waiting.pop_front() {
            Some(message) => Some(message),
            None => self.received().await.ok(),
        }
    }

    /// Pings, and returns the number of the last event and the messages that came before the answer; `None` if the connection
    /// ends. They wait then.
    pub async fn try_ping(&mut self) -> Option<(i64, Vec<Value>)> {
        if !self.try_send(&json!({ "type": "ping" })).await {
            return None;
        }
        loop {
            let message = self.received().await.ok()?;
            if message["type"] == "pong" {
                return Some((message["sequence"].as_i64().unwrap(), self.take_waiting()));
            }
            self.waiting.push_back(message);
        }
    }

    /// The messages that came and were not looked at.
    pub fn take_waiting(&mut self) -> Vec<Value> {
        self.waiting.drain(..).collect()
    }

    /// Makes a call and expects success.
    pub async fn ok(&mut self, call: &str, body: Value) -> Value {
        let reply = self.call(call, body.clone()).await;
        assert_eq!(reply["error_code"], 0, "{call} {body}: {reply}");
        reply
    }

    /// Pings, and returns the answer and all messages that came before it, in order.
    pub async fn ping(&mut self) -> (Value, Vec<Value>) {
        self.send(&json!({ "type": "ping" })).await;
        let mut before = self.take_waiting();
        loop {
            let message = self.received().await.unwrap_or_else(|frame| panic!("the connection ended: {frame:?}"));
            if message["type"] == "pong" {
                return (message, before);
            }
            before.push(message);
        }
    }

    /// Waits for the end of the connection. Returns the code and the text.
    pub async fn ended(&mut self) -> (u16, String) {
        loop {
            match self.received().await {
                Ok(message) => self.waiting.push_back(message),
                Err(Some(frame)) => return (frame.code.into(), frame.reason.to_string()),
                Err(None) => panic!("the connection broke without a reason"),
            }
        }
    }
}
