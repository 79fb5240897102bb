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

use crate::domain::events::event::EndpointKind;
use crate::protocol::contract::{Protocol, is_below};
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
