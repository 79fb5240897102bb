//! The console at `/console`: pages for operators and for the people of an enterprise, rendered here. There is none until an operator
//! exists or a link to it was made.

mod actions;
mod assets;
mod audit;
mod calls;
mod classes;
mod cookie;
mod csv;
mod deliveries;
mod documents;
mod enter;
mod enterprises;
mod form;
mod home;
mod kinds;
mod language;
mod link;
mod page;
mod problem;
mod recordings;
mod same_site;
mod settings;
mod sign_in;
mod size;
mod time;
mod usage;
mod users;
mod visit;
mod words;

use actix_web::middleware::from_fn;
use actix_web::web;
use actix_web::web::ServiceConfig;

pub use calls::{Calls, How};
use problem::Problem;

/// Mounts the console.
pub fn configure(config: &mut ServiceConfig) {
    let pages = web::scope("/console")
        .wrap(from_fn(enter::enter))
        .configure(home::configure)
        .configure(assets::configure)
        .configure(language::configure)
        .configure(sign_in::configure)
        .configure(link::configure)
        .configure(enterprises::configure)
        .configure(deliveries::configure)
        .configure(classes::configure)
        .configure(users::configure)
        .configure(documents::configure)
        .configure(recordings::configure)
        .configure(usage::configure)
        .configure(calls::configure)
        .configure(settings::configure)
        .configure(audit::configure)
        .default_service(web::to(no_such_page));
    config.service(pages);
}

async fn no_such_page() -> Result<&'static str, Problem> {
    Err(Problem::NotFound)
}
