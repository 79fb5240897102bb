//! The cost of presence: many components that send a heartbeat every 30 seconds to one instance.
//!
//! `cargo bench --bench presence` lets them join, spreads the heartbeats evenly, and prints the share of one core that the
//! service uses, and its memory, which should not grow over time.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark stops where it fails")]

#[allow(dead_code, reason = "the other benchmark uses the rest")]
mod load;
#[allow(dead_code, reason = "the other benchmark uses the rest")]
mod school;
#[allow(dead_code, reason = "the other benchmark uses the rest")]
mod service;

use std::cell::Cell;
use std::time::Duration;

use clap::Parser;
use lectern::db::Db;
use load::usize_f64;
use school::{Live, School};
use service::Service;

/// Seconds between two heartbeats of a component, as the service requests.
const INTERVAL: f64 = 30.0;

/// Measures the cost of heartbeats.
#[derive(Parser)]
struct Options {
    /// The database [default: a new SQLite file]
    #[arg(long)]
    database_url: Option<String>,
    /// How many classes of 1,000 people each
    #[arg(long, default_value_t = 100)]
    classes: usize,
    /// How many intervals are measured
    #[arg(long, default_value_t = 3)]
    intervals: usize,
    /// Passed by cargo, ignored
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() {
    service::pin_generator();
    let options = Options::parse();
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(measure(options));
}

async fn measure(options: Options) {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let url = options.database_url.unwrap_or_else(|| format!("sqlite://{}/bench.db", folder.path().display()));
    let (school, live) = {
        let db = Db::open(&url).unwrap();
        db.migrate().unwrap();
        let school = School::found(&db, 1, 1).await;
        let live = Live::enter(&db, &school, options.classes, school::USERS).await;
        (school, live)
    };
    let service = Service::start(&url, &load::post(&school.path("business/info"), "{}")).await;
    let rate = usize_f64(live.count()) / INTERVAL;
    println!("{} components, {rate:.0} heartbeats a second", live.count());
    println!(
        "{:>8} {:>10} {:>14} {:>8} {:>8} {:>11}",
        "interval", "per s", "of one core", "p50 us", "p99 us", "memory MiB"
    );
    let sent = Cell::new(0);
    // One component after another, on whichever connection is due.
    let request: Box<dyn Fn(usize, usize) -> Vec<u8>> = Box::new(move |_, _| {
        sent.set(sent.get() + 1);
        live.beat(sent.get())
    });
    for interval in 1..=options.intervals {
        let before = service.cpu();
        let run = load::run(service.address, &request, Duration::from_secs_f64(INTERVAL), Some(rate)).await;
        let share = service.cpu().saturating_sub(before).as_secs_f64() / INTERVAL;
        println!(
            "{interval:>8} {:>10.0} {:>13.1}% {:>8} {:>8} {:>11}",
            run.per_second,
            share * 100.0,
            run.percentile(50),
            run.percentile(99),
            service.memory()
        );
    }
}
