//! `/saas/v1/channel`: a WebSocket over which a component follows a class and makes its calls. The protocol is Lectern's own
//! and is described in `docs/protocols/classroom.md`.

mod connection;
mod end;
mod message;
mod sign_in;
mod snapshot;
mod states;
mod view;

use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};

use super::calls::CallTable;
use crate::protocol::iclass::error::{ApiError, Code};
use crate::state::AppState;
use connection::Connection;
pub use view::Formatter;

/// The largest message of a client, in bytes.
const MESSAGE_BYTES: usize = 256 * 1024;

/// Adds the channel.
pub fn configure(config: &mut ServiceConfig) {
    config.route("/channel", web::get().to(channel));
}

async fn channel(
    app: Data<AppState>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, actix_web::Error> {
    let calls = request.app_data::<CallTable>().cloned();
    let calls = calls.ok_or_else(|| ApiError::new(Code::Internal, "the service is not set up"))?;
    let (response, session, messages) = actix_ws::handle(&request, payload)?;
    let messages =
        messages.max_frame_size(MESSAGE_BYTES).aggregate_continuations().max_continuation_size(MESSAGE_BYTES);
    actix_web::rt::spawn(Connection::new(app, request, calls, session).serve(messages));
    Ok(response)
}
