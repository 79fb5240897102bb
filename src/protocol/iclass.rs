//! iClass: `/paas/v1`, the calls of the enterprise's back end, signed with its `tic_key`, and `/saas/v1`, the calls of classroom
//! components, authenticated by a token.

pub mod address;
mod audited;
mod auth;
mod avatar;
mod backend;
mod callback;
mod component;
mod control;
mod conversion;
mod delivery;
mod entry;
mod error;
mod formatter;
mod message;
mod openapi;
mod record;
mod reply;
mod scope;
pub mod sign;
mod transcode;
mod upload;
mod wire;

use std::sync::Arc;

use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use utoipa::openapi::OpenApi;

use crate::clock::Millis;
use crate::domain::events::event::EndpointKind;
use crate::domain::tenancy::enterprise::Enterprise;
use crate::protocol::contract::{Protocol, Trial, is_below};
use crate::state::AppState;
use crate::webhook;
pub use component::channel::Formatter as ChannelFormatter;
pub use component::report::reported;
pub use control::{show as show_notice, show_class_notice};
pub use conversion::conversion_code;
use error::ApiError;
use formatter::Formatter;
use scope::{SCOPE, cors};

/// Where the calls are.
const ROOTS: [&str; 6] = [
    SCOPE,
    component::SCOPE,
    component::heartbeat::OLDER_SCOPE,
    transcode::SCOPE,
    transcode::EARLIER_SCOPE,
    record::SCOPE,
];

/// Where the calls are that the enterprise signs.
const SIGNED: [&str; 4] = [SCOPE, transcode::SCOPE, transcode::EARLIER_SCOPE, record::SCOPE];
/// The call whose answer signs in to the console under any name.
const LINK_TO_CONSOLE: &str = "/paas/v1/console/link";
/// The fields of answers that have secrets of the enterprise.
const SECRETS: [&str; 3] = ["tic_key", "private_key", "secret_key"];
/// How long the signature of a call that is tried out is valid.
const TRIAL_SECONDS: i64 = 300;

/// The protocol.
pub struct Iclass {
    formatter: Arc<Formatter>,
}

impl Iclass {
    /// The protocol of a service; `None` on the command line.
    #[must_use]
    pub fn new(service: Option<Arc<AppState>>) -> Self {
        Self { formatter: Arc::new(Formatter { service }) }
    }
}

impl Protocol for Iclass {
    fn mount(&self, config: &mut ServiceConfig) {
        let calls = web::scope(SCOPE)
            .wrap(from_fn(auth::authenticate))
            .wrap(cors())
            .configure(backend::class::configure)
            .configure(backend::console::configure)
            .configure(backend::attendance::configure)
            .configure(backend::courseware::configure)
            .configure(backend::user::configure)
            .configure(backend::document::configure)
            .configure(backend::business::configure)
            .configure(backend::member::configure)
            .configure(backend::event::configure)
            .configure(backend::imstorage::configure)
            .configure(backend::local_record::configure)
            .default_service(web::to(error::no_such_call));
        config
            .configure(upload::configure)
            .service(calls)
            .configure(transcode::configure)
            .configure(record::configure)
            .configure(component::configure)
            .service(avatar::avatar)
            .service(entry::assets::asset)
            .service(entry::entry);
    }

    fn name(&self) -> &'static str {
        "iclass"
    }

    fn owns(&self, path: &str) -> bool {
        is_below(path, &ROOTS)
    }

    fn refuse(&self, request: &HttpRequest) -> HttpResponse {
        ApiError::no_such_call(request).error_response()
    }

    fn openapi(&self) -> Option<OpenApi> {
        Some(openapi::openapi())
    }

    fn trial(&self, path: &str) -> Option<Trial> {
        let is_signed = is_below(path, &SIGNED) && path != LINK_TO_CONSOLE;
        let deletes = path.ends_with("/delete") || path.ends_with("/recall");
        is_signed.then_some(Trial { sign: signed_for_a_trial, deletes, secrets: &SECRETS })
    }

    fn formatters(&self) -> Vec<(EndpointKind, Arc<dyn webhook::Formatter>)> {
        [
            EndpointKind::Enterprise,
            EndpointKind::DocumentService,
            EndpointKind::OnlineRecordings,
            EndpointKind::OfflineRecordings,
        ]
        .map(|kind| (kind, self.formatter.clone() as Arc<dyn webhook::Formatter>))
        .into()
    }
}

fn signed_for_a_trial(enterprise: &Enterprise, now: Millis) -> String {
    sign::query(enterprise, now, TRIAL_SECONDS)
}
