//! `record/chapters`: the chapters of a video, for those who may enter its class.

use actix_web::web::Data;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::auth::{ComponentRequest, Participant};
use super::calls::Calls;
use crate::clock::Millis;
use crate::domain::classroom::chapters::{Chapter, Content};
use crate::domain::classroom::online_recording::Interval;
use crate::domain::classroom::{chapters, member};
use crate::domain::ids::ClassId;
use crate::domain::tenancy::enterprise::Enterprise;
use crate::protocol::iclass::reply::{Answer, Reply, reply};
use crate::protocol::iclass::wire::{Natural, Text};
use crate::state::AppState;

/// Adds the call.
pub fn add_to(calls: &mut Calls) {
    calls.add("/record/chapters", query);
}

#[derive(Deserialize, ToSchema)]
struct RecordedVideo {
    /// The class
    class_id: Natural,
    /// The video, as `record/query` has it
    video_id: Text<1, 512>,
}

/// The chapters of a video.
#[derive(Serialize, ToSchema)]
struct ChapterList {
    total: usize,
    /// In the order of the video
    list: Vec<ChapterView>,
    /// The parts of the class that the video shows, in their order; there is a pause between two of them
    parts: Vec<PartView>,
}

/// A part of the class that a video shows without a pause.
#[derive(Serialize, ToSchema)]
struct PartView {
    /// Where it begins in the video, in milliseconds
    position: Millis,
    /// When it began in the class, in milliseconds since the epoch
    time: Millis,
    /// How long it is, in milliseconds
    length: Millis,
}

/// What a chapter is.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ChapterKind {
    /// A page of the board was shown
    Page,
    /// A question was asked
    Question,
    /// Somebody shared a screen
    Screen,
}

/// A chapter. Texts are empty, and `number` is 0, where the kind has none.
#[derive(Serialize, ToSchema)]
struct ChapterView {
    /// Where it begins in the video, in milliseconds
    position: Millis,
    /// When it began in the class, in milliseconds since the epoch
    time: Millis,
    kind: ChapterKind,
    /// The page that was shown, as the board names it
    page: String,
    /// The document of the page; empty for a whiteboard page
    doc_id: String,
    /// The name of that document
    doc_name: String,
    /// The number of the page in its document, or of the whiteboard page, from 1
    number: i64,
    /// The address of the thumbnail of the page
    thumbnail: String,
    /// The question
    question_id: String,
    /// Who asked the question, or shared the screen
    user_id: String,
    /// The name of who shared the screen
    nickname: String,
}

impl ChapterView {
    fn of(app: &AppState, enterprise: &Enterprise, chapter: Chapter) -> Self {
        let Chapter { position, time, content } = chapter;
        let nothing = Self {
            position,
            time,
            kind: ChapterKind::Page,
            page: String::new(),
            doc_id: String::new(),
            doc_name: String::new(),
            number: 0,
            thumbnail: String::new(),
            question_id: String::new(),
            user_id: String::new(),
            nickname: String::new(),
        };
        match content {
            Content::Page { page, doc_id, doc_name, number, thumbnail } => {
                let thumbnail = app.address(enterprise, &thumbnail);
                Self { page, doc_id, doc_name, number, thumbnail, ..nothing }
            }
            Content::Question { question_id, user_id } => {
                Self { kind: ChapterKind::Question, question_id, user_id, ..nothing }
            }
            Content::Screen { user_id, nickname } => Self { kind: ChapterKind::Screen, user_id, nickname, ..nothing },
        }
    }
}

/// List the chapters of a video of a class that the caller may enter: pages that were shown, questions, and shared screens; and the
/// times that the video shows
#[utoipa::path(post, path = "/record/chapters", tag = "component", request_body = RecordedVideo, responses((status = 200, body = Reply<ChapterList>)))]
async fn query(app: Data<AppState>, me: Participant, body: ComponentRequest<RecordedVideo>) -> Answer<ChapterList> {
    let (class_id, video_id) = (ClassId(body.0.class_id.0), body.0.video_id.0);
    let (enterprise_id, user) = (me.enterprise.enterprise_id, me.user.clone());
    let read = move |conn: &mut _| {
        member::check_sees(conn, class_id, &user)?;
        chapters::of_video(conn, enterprise_id, class_id, &video_id)
    };
    let (found, times) = app.db.read_slow(read).await?;
    let list: Vec<ChapterView> =
        found.into_iter().map(|chapter| ChapterView::of(&app, &me.enterprise, chapter)).collect();
    let parts =
        times.intervals().map(|Interval { time, position, length }| PartView { position, time, length }).collect();
    reply(ChapterList { total: list.len(), list, parts })
}
