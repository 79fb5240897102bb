//! `record/query`: the videos of a class, for those who may enter it.

use actix_web::web::Data;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::auth::{ComponentRequest, Participant};
use super::calls::Calls;
use crate::domain;
use crate::domain::classroom::{member, recording};
use crate::domain::ids::ClassId;
use crate::protocol::iclass::record::VideoView;
use crate::protocol::iclass::reply::{Answer, Reply, reply};
use crate::protocol::iclass::wire::Natural;
use crate::state::AppState;

/// Adds the call.
pub fn add_to(calls: &mut Calls) {
    calls.add("/record/query", query);
}

#[derive(Deserialize, ToSchema)]
struct RecordedClass {
    /// The class
    class_id: Natural,
}

/// The videos of a class.
#[derive(Serialize, ToSchema)]
struct VideoList {
    total: usize,
    /// In the order in which they were made or reported
    list: Vec<VideoView>,
}

/// List the videos of a class that the caller may enter, also those that an external recorder reported
#[utoipa::path(post, path = "/record/query", tag = "component", request_body = RecordedClass, responses((status = 200, body = Reply<VideoList>)))]
async fn query(app: Data<AppState>, me: Participant, body: ComponentRequest<RecordedClass>) -> Answer<VideoList> {
    let class_id = ClassId(body.0.class_id.0);
    let (enterprise, user) = (me.enterprise.clone(), me.user.clone());
    let read = move |conn: &mut _| {
        member::check_sees(conn, class_id, &user)?;
        Ok::<_, domain::Error>(recording::list(conn, enterprise.enterprise_id, class_id)?)
    };
    let videos = app.db.read(read).await?;
    let list: Vec<VideoView> = videos.into_iter().map(|video| VideoView::of(&app, &me.enterprise, video)).collect();
    reply(VideoList { total: list.len(), list })
}
