//! `class/attendance` for components: the same rows as for back ends, for those who moderate the class.

use actix_web::web::Data;

use super::auth::{ComponentRequest, Participant};
use super::calls::Calls;
use crate::domain::classroom::attendance;
use crate::domain::ids::ClassId;
use crate::protocol::iclass::backend::attendance::{AttendanceRow, ListAttendance};
use crate::protocol::iclass::reply::{Answer, ListReply, Reply, reply};
use crate::state::AppState;

/// Adds the call.
pub fn add_to(calls: &mut Calls) {
    calls.add("/class/attendance", list);
}

/// List attendance as a moderator: first the reserved people, then those who joined without a reservation, visitors included
#[utoipa::path(post, path = "/class/attendance", tag = "component", request_body = ListAttendance, responses((status = 200, body = Reply<ListReply<AttendanceRow>>)))]
async fn list(
    app: Data<AppState>,
    me: Participant,
    body: ComponentRequest<ListAttendance>,
) -> Answer<ListReply<AttendanceRow>> {
    let ((class_id, page), now) = (body.0.into_page()?, app.now());
    let read = move |conn: &mut _| attendance::list_as_moderator(conn, &me.user, ClassId(class_id), page, now);
    reply(ListReply::new(app.db.read_slow(read).await?, AttendanceRow::from))
}
