//! One line a request, at `debug`. It has the path but not the query, where the signature is, nor the addresses of files, and
//! never a body.

use std::time::Instant;

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;

/// The code that a protocol answered with, left in the response's extensions for the log.
#[derive(Clone, Copy, Debug)]
pub struct Answered(pub i64);

/// Logs the request when it is answered.
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
    let path = shown(request.path()).to_owned();
    let response = next.call(request).await?;
    let code = response.response().extensions().get::<Answered>().map_or(0, |answered| answered.0);
    log::debug!("{method} {path} {} {code} {} us", response.status().as_u16(), begun.elapsed().as_micros());
    Ok(response)
}

/// Who knows the address of a file may see it, so that it is not told.
fn shown(path: &str) -> &str {
    if path.starts_with("/files/") { "/files/…" } else { path }
}
