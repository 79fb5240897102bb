//! Serves the metrics, at an address of their own and nothing else there.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use actix_web::dev::{Server as HttpServing, ServerHandle};
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{self, Data};
use actix_web::{App as Web, HttpResponse, HttpServer};

use super::error::Error;
use crate::metrics;
use crate::metrics::Metrics;

/// The address of the metrics, which is bound.
pub(super) struct Listener {
    listener: TcpListener,
    pub(super) address: SocketAddr,
}

impl Listener {
    /// Binds the address; `None` without one.
    pub(super) fn bind(address: Option<SocketAddr>) -> Result<Option<Self>, Error> {
        let Some(wanted) = address else { return Ok(None) };
        let failed = |e| Error::Listen(wanted, e);
        let listener = TcpListener::bind(wanted).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        log::info!("metrics at http://{address}/metrics");
        Ok(Some(Self { listener, address }))
    }

    /// Serves until the handle stops it.
    pub(super) fn serve(self, metrics: Arc<Metrics>) -> std::io::Result<ServerHandle> {
        let metrics = Data::from(metrics);
        let serving = move || Web::new().app_data(metrics.clone()).route("/metrics", web::get().to(answer));
        let server: HttpServing =
            HttpServer::new(serving).workers(1).disable_signals().shutdown_timeout(1).listen(self.listener)?.run();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Ok(handle)
    }
}

async fn answer(metrics: Data<Metrics>) -> HttpResponse {
    HttpResponse::Ok().insert_header((CONTENT_TYPE, metrics::CONTENT_TYPE)).body(metrics.text().await)
}
