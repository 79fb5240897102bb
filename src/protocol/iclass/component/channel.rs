//! `/saas/v1/channel`: a WebSocket over which a component follows a class and makes its calls. The protocol is Lectern's own
//! and is described in `docs/protocols/classroom.md`.

mod caller;
mod connected;
mod connection;
mod end;
mod message;
mod pieces;
mod sign_in;
mod snapshot;
mod states;
mod view;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse, fn_service};
use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{Error, HttpResponse};

use super::calls::CallTable;
use crate::http::client;
use crate::protocol::iclass::error::{ApiError, Code};
use crate::state::AppState;
use caller::Caller;
use connection::Connection;
use pieces::Pieces;
pub use view::Formatter;

/// The largest message of a client, in bytes.
const MESSAGE_BYTES: usize = 256 * 1024;

/// Adds the channel.
pub fn configure(config: &mut ServiceConfig) {
    config.route("/channel", web::get().service(fn_service(channel)));
}

async fn channel(mut request: ServiceRequest) -> Result<ServiceResponse, Error> {
    Ok(match upgrade(&mut request).await {
        Ok(response) => ServiceResponse::new(request.into_parts().0, response),
        Err(problem) => request.error_response(problem),
    })
}

async fn upgrade(request: &mut ServiceRequest) -> Result<HttpResponse, Error> {
    let found = (request.app_data::<Data<AppState>>().cloned(), request.app_data::<CallTable>().cloned());
    let (Some(app), Some(calls)) = found else {
        return Err(ApiError::new(Code::Internal, "the service is not set up").into());
    };
    let payload = request.extract::<Payload>().await?;
    let (response, session, messages) = actix_ws::handle(request.request(), payload)?;
    let messages =
        messages.max_frame_size(MESSAGE_BYTES).aggregate_continuations().max_continuation_size(MESSAGE_BYTES);
    // The calls need no more of the headers, which take 7 KiB for as long as the connection lasts.
    client::keep_address(request.headers_mut());
    let caller = Caller { calls, http: request.request().clone() };
    actix_web::rt::spawn(Connection::new(app, caller, session).serve(messages));
    Ok(response.map_body(|_, body| Pieces::new(body).boxed()))
}
