//! `question/*`: the hosts of a class ask questions, the others answer.

use actix_web::web::Data;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::auth::{ComponentRequest, Participant};
use super::calls::Calls;
use crate::clock::{millis, seconds};
use crate::domain::classroom::member;
use crate::domain::classroom::question;
use crate::domain::classroom::question::{Draft, EndOfQuestion, QuestionAnswer, View};
use crate::domain::ids::ClassId;
use crate::protocol::iclass::control::TIMEOUT_QUESTION;
use crate::protocol::iclass::reply::{Answer, Done, Reply, done, reply};
use crate::protocol::iclass::wire::{Int, Natural, Text, text};
use crate::state::AppState;

/// The id of a question; the component chooses it.
type Id = Text<1, 128>;

/// Adds the calls.
pub fn add_to(calls: &mut Calls) {
    calls.add("/question/launch", launch);
    calls.add("/question/cancel", cancel);
    calls.add("/question/reply", answer);
    calls.add("/question/result", result);
    calls.add("/question/info", info);
}

#[derive(Deserialize, ToSchema)]
struct Launch {
    /// The class
    class_id: Natural,
    /// The id of the question, unique in the class
    question_id: Id,
    /// The options, in any form
    #[schema(value_type = Option<Object>)]
    options: Option<Value>,
    /// The correct options: `"A"`, `"A,B"` or `["A","B"]`
    #[schema(value_type = Option<Object>)]
    correct_answer: Option<Value>,
    /// How long people can answer, in seconds [default: 0, until it is cancelled or the class ends]
    limit_time: Option<Int<0, 86_400>>,
}

/// Ask a class a question; only hosts of the class may
#[utoipa::path(post, path = "/question/launch", tag = "component", request_body = Launch, responses((status = 200, body = Reply<Done>)))]
async fn launch(app: Data<AppState>, me: Participant, body: ComponentRequest<Launch>) -> Answer<Done> {
    let (request, now) = (body.0, app.now());
    let draft = Draft {
        question_id: request.question_id.0,
        options: request.options.unwrap_or_default(),
        correct_answer: request.correct_answer.unwrap_or_default(),
        limit_time: millis(request.limit_time.map_or(0, |limit| limit.0)),
    };
    app.db.write(move |conn| question::launch(conn, me.in_class(request.class_id.0), draft, now)).await?;
    done()
}

#[derive(Deserialize, ToSchema)]
struct Cancel {
    /// The class
    class_id: Natural,
    /// The question
    question_id: Id,
    /// `timeout_question` when the component found that the time limit passed [default: `cancel_question`]
    action: Option<Text<0, 64>>,
}

impl Cancel {
    fn end(&self) -> EndOfQuestion {
        match &self.action {
            Some(Text(action)) if action == TIMEOUT_QUESTION => EndOfQuestion::TimedOut,
            _ => EndOfQuestion::Cancelled,
        }
    }
}

/// End a question; answers until then count. Only hosts of the class may
#[utoipa::path(post, path = "/question/cancel", tag = "component", request_body = Cancel, responses((status = 200, body = Reply<Done>)))]
async fn cancel(app: Data<AppState>, me: Participant, body: ComponentRequest<Cancel>) -> Answer<Done> {
    let (request, now) = (body.0, app.now());
    app.db
        .write(move |conn| {
            let actor = me.in_class(request.class_id.0);
            question::cancel(conn, actor, &request.question_id.0, request.end(), now)
        })
        .await?;
    done()
}

#[derive(Deserialize, ToSchema)]
#[schema(as = ReplyTo)]
struct AnswerRequest {
    /// The class
    class_id: Natural,
    /// The question
    question_id: Id,
    /// The component's id of the answer
    reply_id: Option<Text<0, 128>>,
    /// The chosen options: `"A"`, `"A,B"` or `["A","B"]`
    #[schema(value_type = Option<Object>)]
    reply_select: Option<Value>,
}

/// An accepted answer.
#[derive(Serialize, ToSchema)]
#[schema(as = AcceptedAnswer)]
struct AcceptedView {
    question_id: String,
    /// The correct options; empty if the question has none
    correct_answer: Vec<String>,
}

/// Answer a question, and learn the correct answer
///
/// An answer to a question with a correct answer is final. The same answer may be sent again. An answer to another question
/// replaces an earlier one.
#[utoipa::path(post, path = "/question/reply", tag = "component", request_body = AnswerRequest, responses((status = 200, body = Reply<AcceptedView>)))]
async fn answer(app: Data<AppState>, me: Participant, body: ComponentRequest<AnswerRequest>) -> Answer<AcceptedView> {
    let (request, now) = (body.0, app.now());
    let reply_id = text(request.reply_id).unwrap_or_default();
    let select = request.reply_select.unwrap_or_default();
    let question = app
        .db
        .write(move |conn| {
            let answer = QuestionAnswer { question_id: &request.question_id.0, reply_id, select: &select };
            question::reply(conn, me.in_class(request.class_id.0), answer, now)
        })
        .await?;
    let correct_answer = question::options_of(&question.correct_answer).into_iter().collect();
    reply(AcceptedView { question_id: question.question_id, correct_answer })
}

#[derive(Deserialize, ToSchema)]
#[schema(as = AskQuestion)]
struct QuestionRequest {
    /// The class
    class_id: Natural,
    /// The question [default: the latest]
    question_id: Option<Id>,
}

/// A question. Times are in seconds.
#[derive(Serialize, ToSchema)]
#[schema(as = QuestionWire)]
struct QuestionView {
    question_id: String,
    /// As it was sent
    #[schema(value_type = Object)]
    options: Value,
    /// As it was sent; null until the question is over, except for hosts of the class
    #[schema(value_type = Object)]
    correct_answer: Value,
    /// 0 for no limit
    limit_time: i64,
    start_time: i64,
    /// When it ends or ended; 0 if it is open until it is cancelled
    end_time: i64,
    /// How many could answer: students and visitors who are reserved or have been inside
    all_number: i64,
    /// The same number as `all_number`
    total_number: i64,
    /// How many answered
    reply_number: i64,
    /// How many answered correctly; -1 while the correct answer is hidden from the caller
    correct_number: i64,
    /// All answers for the hosts of the class, only their own for others
    reply_detail: Vec<AnswerView>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ReplyWire)]
struct AnswerView {
    user_id: String,
    reply_id: String,
    /// As it was sent
    #[schema(value_type = Object)]
    reply_select: Value,
    /// 1 correct, 0 wrong, -1 while this is hidden from the caller
    correct: i64,
    /// In seconds
    reply_time: i64,
    /// The chosen options; null if none was chosen
    reply_answer: Option<Vec<String>>,
    /// How long after the question the answer came, in seconds
    reply_cost_time: i64,
}

impl From<View> for QuestionView {
    fn from(view: View) -> Self {
        // Stored as JSON. A field that was not sent is null.
        let json = |text: &str| serde_json::from_str(text).unwrap_or_default();
        let is_open_book = view.is_open_book;
        let launched = view.question.launch_time;
        let answer_view = |reply: question::Reply| AnswerView {
            reply_answer: Some(question::options_of(&reply.reply_select))
                .filter(|chosen| !chosen.is_empty())
                .map(|chosen| chosen.into_iter().collect()),
            reply_cost_time: seconds(reply.create_time.saturating_sub(launched).max(0)),
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
            total_number: view.pupils,
            reply_number: view.answered,
            correct_number: view.right.unwrap_or(-1),
            reply_detail: view.replies.into_iter().map(answer_view).collect(),
            question_id: view.question.question_id,
        }
    }
}

/// Get the answers to a question
#[utoipa::path(post, path = "/question/result", tag = "component", request_body = QuestionRequest, responses((status = 200, body = Reply<QuestionView>)))]
async fn result(app: Data<AppState>, me: Participant, body: ComponentRequest<QuestionRequest>) -> Answer<QuestionView> {
    show(&app, me, body.0).await
}

/// Get a question
#[utoipa::path(post, path = "/question/info", tag = "component", request_body = QuestionRequest, responses((status = 200, body = Reply<QuestionView>)))]
async fn info(app: Data<AppState>, me: Participant, body: ComponentRequest<QuestionRequest>) -> Answer<QuestionView> {
    show(&app, me, body.0).await
}

async fn show(app: &AppState, me: Participant, request: QuestionRequest) -> Answer<QuestionView> {
    let (class_id, question_id, now) = (request.class_id.0, text(request.question_id), app.now());
    let view = app
        .db
        .read_slow(move |conn| {
            member::check_sees(conn, ClassId(class_id), &me.user)?;
            question::view(conn, me.in_class(class_id), question_id.as_deref(), now)
        })
        .await?;
    reply(view.into())
}
