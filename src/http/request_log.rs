//! The request log: one line a request, at `debug`, with the address of the client. It leaves out the query, which holds the
//! signature, the paths of files, and all bodies.

use std::time::Instant;

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;

use super::client;

/// The protocol's result code. A protocol puts it into the extensions of the response, for the log.
#[derive(Clone, Copy, Debug)]
pub struct Answered(pub i64);

/// Middleware that logs the request after its response.
///
/// # Errors
/// Those of the services inside.
pub async fn log(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    if !log::log_enabled!(log::Level::Debug) {
        return next.call(request).await;
    }
    let begun = Instant::now();
    let method = request.method().clone();
    let path = loggable(request.path()).to_owned();
    let client = client::address(request.request()).map_or_else(String::new, |address| address.to_string());
    let response = next.call(request).await?;
    let code = response.response().extensions().get::<Answered>().map_or(0, |answered| answered.0);
    log::debug!("{client} {method} {path} {} {code} {} us", response.status().as_u16(), begun.elapsed().as_micros());
    Ok(response)
}

/// The path without secrets: whoever knows the path of a file can read the file.
fn loggable(path: &str) -> &str {
    if path.starts_with("/files/") { "/files/…" } else { path }
}
