//! The request log: one line a request, at `debug`, with the address of the client. It leaves out the query, which holds the
//! signature, the paths of files, and all bodies.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::dev::ServiceRequest;

use super::client;
use super::outcome::Answered;

/// The line of a request, until its response is there.
pub(super) struct Line(String);

impl Line {
    /// The line of a request; `None` if it is not logged.
    pub fn of(request: &ServiceRequest) -> Option<Self> {
        if !log::log_enabled!(log::Level::Debug) {
            return None;
        }
        let client = client::address(request.request()).map_or_else(String::new, |address| address.to_string());
        Some(Self(format!("{client} {} {}", request.method(), loggable(request.path()))))
    }

    /// Logs the line with the response.
    pub fn log<B>(self, response: &HttpResponse<B>, took: Duration) {
        let code = response.extensions().get::<Answered>().map_or(0, |answered| answered.0);
        log::debug!("{} {} {code} {} us", self.0, response.status().as_u16(), took.as_micros());
    }
}

/// The path without secrets: whoever knows the path of a file can read the file.
fn loggable(path: &str) -> &str {
    if path.starts_with("/files/") { "/files/…" } else { path }
}
