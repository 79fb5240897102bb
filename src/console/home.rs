//! The first page: where somebody goes who signs in.

use actix_web::HttpResponse;
use actix_web::web::{self, ServiceConfig};

use super::page::redirect;
use super::problem::Problem;
use super::visit::Signed;

/// Adds the paths.
pub(super) fn configure(config: &mut ServiceConfig) {
    config.route("", web::get().to(home)).route("/", web::get().to(home));
}

async fn home(signed: Signed) -> Result<HttpResponse, Problem> {
    Ok(match signed.only_enterprise().await? {
        Some(enterprise) => redirect(&signed, &format!("/e/{}/deliveries", enterprise.sdkappid)),
        None => redirect(&signed, "/enterprises"),
    })
}
