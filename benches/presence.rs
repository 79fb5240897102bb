//! What it costs to know who lives: so many components that tell so every 30 seconds, on one instance.
//!
//! `cargo bench --bench presence` lets them in, lets each speak at its time, and prints the share of one core that the
//! service takes and its memory over time, which should not grow.
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

/// How often each speaks, in seconds: what the service asks for.
const INTERVAL: f64 = 30.0;

/// Measures the keeping of presence.
#[derive(Parser)]
struct Options {
    /// The database; an empty one on the disk without it
    #[arg(long)]
    database_url: Option<String>,
    /// In how many classes of 1,000 people
    #[arg(long, default_value_t = 100)]
    classes: usize,
    /// For how many intervals
    #[arg(long, default_value_t = 3)]
    intervals: usize,
    /// What cargo tells benchmarks
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
        let live = Live::enter(&db, &school, options.classes).await;
        (school, live)
    };
    let service = Service::start(&url, &load::post(&school.path("business/info"), "{}")).await;
    let rate = usize_f64(live.count()) / INTERVAL;
    println!("{} components, {rate:.0} signs of life a second", live.count());
    println!(
        "{:>8} {:>10} {:>14} {:>8} {:>8} {:>11}",
        "interval", "per s", "of one core", "p50 us", "p99 us", "memory MiB"
    );
    let spoken = Cell::new(0);
    // One after the other, whoever's connection it is.
    let request: Box<dyn Fn(usize, usize) -> Vec<u8>> = Box::new(move |_, _| {
        spoken.set(spoken.get() + 1);
        live.beat(spoken.get())
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
