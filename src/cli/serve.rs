//! `lectern serve`.

use std::sync::Arc;

use lectern::clock::Clock;
use lectern::config::Config;
use lectern::domain;
use lectern::domain::tenancy::enterprise::{DEMO, Enterprise};
use lectern::protocol::iclass::{address, sign};
use lectern::server::Server;
use lectern::service::demo::open_class;
use lectern::state::AppState;
use tokio::signal::unix::{SignalKind, signal};

use super::log::start_log;
use super::output::Outcome;

/// How long the signature of the printed example is valid, in seconds.
const EXAMPLE_SECONDS: i64 = 86_400;

pub fn run(config: Config) -> Outcome {
    start_log(&config.database);
    let demo = config.server.demo;
    actix_web::rt::System::new().block_on(async move {
        // Must come before the service listens, so that no signal is missed.
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let server = Server::bind(config, Clock::System)?;
        actix_web::rt::spawn(welcome(server.app(), demo));
        server
            .run(async move {
                tokio::select! {
                    _ = terminate.recv() => {}
                    _ = interrupt.recv() => {}
                }
            })
            .await?;
        log::info!("stopped");
        Ok(())
    })
}

/// Logs that the service is ready, once the tables are migrated.
async fn welcome(app: Arc<AppState>, demo: bool) {
    app.db.migrated().await;
    if demo && let Err(problem) = show_demo(&app).await {
        log::error!("no demo: {problem}");
    }
    log::info!("serving at {}", app.public_url);
}

/// Creates the demo enterprise on the first start, and prints on each start links to a class in it, and how to call the service.
async fn show_demo(app: &AppState) -> domain::Result<()> {
    let now = app.now();
    let made = app.db.write(move |conn| domain::tenancy::enterprise::create_demo(conn, now)).await?;
    if let Some(enterprise) = &made {
        println!("A demo enterprise was made. These are its keys, shown this once:");
        println!("  sdkappid  {}", enterprise.sdkappid);
        println!("  tic_key   {}", enterprise.tic_key);
        println!();
    }
    let all = app.db.read(move |conn| Ok::<_, domain::Error>(domain::tenancy::enterprise::all(conn)?)).await?;
    if let Some(enterprise) = all.first() {
        if enterprise.name == DEMO
            && let Err(problem) = show_class(app, enterprise).await
        {
            log::error!("no demo class: {problem}");
        }
        println!("Make a class (the signature is good for 24 hours):");
        println!();
        println!(
            "  curl '{}/paas/v1/class/create?{}' \\",
            app.public_url,
            sign::query(enterprise, now, EXAMPLE_SECONDS)
        );
        println!("    -d '{{\"teacher_id\":\"teacher_1\",\"class_topic\":\"My first class\"}}'");
        println!();
        println!("All calls: {}/docs/", app.public_url);
        println!();
    }
    Ok(())
}

/// Prints links to the demo class, which is made anew when it is over.
async fn show_class(app: &AppState, enterprise: &Enterprise) -> domain::Result<()> {
    let [teacher, pupil] = open_class(&app.db, &app.clock, app.hosted_groups.as_deref(), enterprise).await?;
    println!("Have a class: open these links in two windows (they are good for 24 hours):");
    println!();
    println!("  teacher  {}", address::link(&app.public_url, enterprise.sdkappid, &teacher));
    println!("  pupil    {}", address::link(&app.public_url, enterprise.sdkappid, &pupil));
    println!();
    Ok(())
}
