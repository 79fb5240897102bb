//! `question/*`: what those who give a class ask it, and what it answers.

use actix_web::post;
use actix_web::web::{Data, ServiceConfig};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::auth::{ComponentRequest, Participant};
use crate::clock::{millis, seconds};
use crate::domain::classroom::member;
use crate::domain::classroom::question;
use crate::domain::classroom::question::{Draft, QuestionAnswer, View};
use crate::protocol::iclass::reply::{Answer, Done, Reply, done, reply};
use crate::protocol::iclass::wire::{Int, Natural, Text, text};
use crate::state::AppState;

/// What a component names its questions and answers.
type Id = Text<1, 128>;

/// Adds the calls.
pub fn configure(config: &mut ServiceConfig) {
    config.service(launch).service(cancel).service(answer).service(result).service(info);
}

#[derive(Deserialize, ToSchema)]
struct Launch {
    /// The class
    class_id: Natural,
    /// The question; no other one of the class has this id
    question_id: Id,
    /// What can be chosen, of any form
    #[schema(value_type = Option<Object>)]
    options: Option<Value>,
    /// What is right: `"A"`, `"A,B"` or `["A","B"]`
    #[schema(value_type = Option<Object>)]
    correct_answer: Option<Value>,
    /// How long it can be answered, in seconds [default: 0, until it is cancelled or the class ends]
    limit_time: Option<Int<0, 86_400>>,
}

/// Put a question to a class; for those who give it
#[utoipa::path(tag = "component", request_body = Launch, responses((status = 200, body = Reply<Done>)))]
#[post("/question/launch")]
async fn launch(app: Data<AppState>, me: Participant, asked: ComponentRequest<Launch>) -> Answer<Done> {
    let (asked, now) = (asked.0, app.now());
    let draft = Draft {
        question_id: asked.question_id.0,
        options: asked.options.unwrap_or_default(),
        correct_answer: asked.correct_answer.unwrap_or_default(),
        limit_time: millis(asked.limit_time.map_or(0, |limit| limit.0)),
    };
    let (enterprise_id, class_id) = (me.enterprise.enterprise_id, asked.class_id.0);
    app.db.write(move |conn| question::launch(conn, enterprise_id, class_id, &me.user.user_id, draft, now)).await?;
    done()
}

#[derive(Deserialize, ToSchema)]
struct Cancel {
    /// The class
    class_id: Natural,
    /// The question
    question_id: Id,
}

/// End a question; what was answered until then counts. For those who give the class
#[utoipa::path(tag = "component", request_body = Cancel, responses((status = 200, body = Reply<Done>)))]
#[post("/question/cancel")]
async fn cancel(app: Data<AppState>, me: Participant, asked: ComponentRequest<Cancel>) -> Answer<Done> {
    let (Cancel { class_id, question_id }, now) = (asked.0, app.now());
    let enterprise_id = me.enterprise.enterprise_id;
    app.db
        .write(move |conn| question::cancel(conn, enterprise_id, class_id.0, &me.user.user_id, &question_id.0, now))
        .await?;
    done()
}

#[derive(Deserialize, ToSchema)]
struct ReplyTo {
    /// The class
    class_id: Natural,
    /// The question
    question_id: Id,
    /// What the component calls the answer
    reply_id: Option<Text<0, 128>>,
    /// What is chosen: `"A"`, `"A,B"` or `["A","B"]`
    #[schema(value_type = Option<Object>)]
    reply_select: Option<Value>,
}

/// Answer a question; of several answers the last counts
#[utoipa::path(tag = "component", request_body = ReplyTo, responses((status = 200, body = Reply<Done>)))]
#[post("/question/reply")]
async fn answer(app: Data<AppState>, me: Participant, asked: ComponentRequest<ReplyTo>) -> Answer<Done> {
    let (asked, now) = (asked.0, app.now());
    let (enterprise_id, class_id) = (me.enterprise.enterprise_id, asked.class_id.0);
    let (by, reply_id) = (me.user.user_id, text(asked.reply_id).unwrap_or_default());
    let select = asked.reply_select.unwrap_or_default();
    app.db
        .write(move |conn| {
            let answer = QuestionAnswer { by: &by, question_id: &asked.question_id.0, reply_id, select: &select };
            question::reply(conn, enterprise_id, class_id, answer, now)
        })
        .await?;
    done()
}

#[derive(Deserialize, ToSchema)]
struct AskQuestion {
    /// The class
    class_id: Natural,
    /// The question [default: the last]
    question_id: Option<Id>,
}

/// A question. Times are in seconds.
#[derive(Serialize, ToSchema)]
struct QuestionWire {
    question_id: String,
    /// As it was sent
    #[schema(value_type = Object)]
    options: Value,
    /// As it was sent; null for those who don't give the class until the question is over
    #[schema(value_type = Object)]
    correct_answer: Value,
    /// 0 for no limit
    limit_time: i64,
    start_time: i64,
    /// When it ends or ended; 0 when it goes on until it is cancelled
    end_time: i64,
    /// How many could answer: those who learn, reserved or seen
    all_number: i64,
    /// How many did …
    reply_number: i64,
    /// … and how many of these right; -1 as long as the right answer is not told
    correct_number: i64,
    /// All answers for those who give the class, for others their own
    reply_detail: Vec<ReplyWire>,
}

#[derive(Serialize, ToSchema)]
struct ReplyWire {
    user_id: String,
    reply_id: String,
    /// As it was sent
    #[schema(value_type = Object)]
    reply_select: Value,
    /// 1 right, 0 wrong, -1 as long as that is not told
    correct: i64,
    /// In seconds
    reply_time: i64,
}

impl From<View> for QuestionWire {
    fn from(view: View) -> Self {
        // What was stored as JSON; nothing where nothing was sent.
        let json = |text: &str| serde_json::from_str(text).unwrap_or_default();
        let is_open_book = view.is_open_book;
        let shown = |reply: question::Reply| ReplyWire {
            reply_select: json(&reply.reply_select),
            correct: if is_open_book { i64::from(reply.is_right) } else { -1 },
            reply_time: seconds(reply.create_time),
            user_id: reply.user_id,
            reply_id: reply.reply_id,
        };
        Self {
            options: Some(json(&view.question.options))
                .filter(|options| !options.is_null())
                .unwrap_or_else(|| Value::Array(Vec::new())),
            correct_answer: json(&view.question.correct_answer),
            limit_time: seconds(view.question.limit_time),
            start_time: seconds(view.question.launch_time),
            end_time: view.ends.map_or(0, seconds),
            all_number: view.pupils,
            reply_number: view.answered,
            correct_number: view.right.unwrap_or(-1),
            reply_detail: view.replies.into_iter().map(shown).collect(),
            question_id: view.question.question_id,
        }
    }
}

/// Tell what was answered
#[utoipa::path(tag = "component", request_body = AskQuestion, responses((status = 200, body = Reply<QuestionWire>)))]
#[post("/question/result")]
async fn result(app: Data<AppState>, me: Participant, asked: ComponentRequest<AskQuestion>) -> Answer<QuestionWire> {
    show(&app, me, asked.0).await
}

/// Tell of a question
#[utoipa::path(tag = "component", request_body = AskQuestion, responses((status = 200, body = Reply<QuestionWire>)))]
#[post("/question/info")]
async fn info(app: Data<AppState>, me: Participant, asked: ComponentRequest<AskQuestion>) -> Answer<QuestionWire> {
    show(&app, me, asked.0).await
}

async fn show(app: &AppState, me: Participant, asked: AskQuestion) -> Answer<QuestionWire> {
    let (class_id, question_id, now) = (asked.class_id.0, text(asked.question_id), app.now());
    let view = app
        .db
        .read_slow(move |conn| {
            member::check_sees(conn, class_id, &me.user)?;
            let enterprise_id = me.enterprise.enterprise_id;
            question::view(conn, enterprise_id, class_id, &me.user.user_id, question_id.as_deref(), now)
        })
        .await?;
    reply(view.into())
}
