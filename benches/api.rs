//! Throughput and latency of each call, relative to a floor: a signed call that does not use the database.
//!
//! `make bench` runs the service on one core and a load generator with 64 connections on the other. It interleaves the calls
//! and prints medians. Compare the ratios; absolute figures differ from machine to machine.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark stops where it fails")]

mod load;
#[allow(dead_code, reason = "the other benchmark uses the rest")]
mod school;
mod service;

use std::rc::Rc;
use std::time::Duration;

use clap::Parser;
use lectern::db::Db;
use load::{CONNECTIONS, Run};
use rand::RngExt;
use school::{Live, School, user_id};
use service::Service;

/// Measures the calls of a running service.
#[derive(Parser)]
struct Options {
    /// The database [default: a new SQLite file]
    #[arg(long)]
    database_url: Option<String>,
    /// How many classes the database has
    #[arg(long, default_value_t = 10_000)]
    classes: usize,
    /// How often each call is measured
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// How many seconds each measurement takes
    #[arg(long, default_value_t = 2.0)]
    seconds: f64,
    /// Measure only the floor and the calls whose name contains this
    #[arg(long)]
    only: Option<String>,
    /// Passed by cargo, ignored
    #[arg(long, hide = true)]
    bench: bool,
}

/// A call to measure.
struct Point {
    name: &'static str,
    /// The required share of the floor, on SQLite and on PostgreSQL.
    targets: [Option<f64>; 2],
    /// Makes a request from the number of the connection and of the request on it.
    request: Box<dyn Fn(usize, usize) -> Vec<u8>>,
    runs: Vec<(Run, Duration)>,
}

fn main() {
    service::pin_generator();
    let options = Options::parse();
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(measure(options));
}

async fn measure(options: Options) {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let embedded = format!("sqlite://{}/bench.db", folder.path().display());
    let url = options.database_url.clone().unwrap_or(embedded);
    let (school, live) = {
        let db = Db::open(&url).unwrap();
        db.migrate().unwrap();
        let school = School::found(&db, options.classes, CONNECTIONS).await;
        let live = Live::enter(&db, &school, 1, school::USERS).await;
        (school, live)
    };
    let service = Service::start(&url, &load::post(&school.path("business/info"), "{}")).await;
    let (start, memory) = (service.start, service.memory());
    let mut points = points(school, live);
    points.retain(|point| point.name == FLOOR || options.only.as_ref().is_none_or(|only| point.name.contains(only)));
    let lasting = Duration::from_secs_f64(options.seconds);
    for _ in 0..options.rounds {
        for point in &mut points {
            let before = service.cpu();
            let run = load::run(service.address, &point.request, lasting, None).await;
            point.runs.push((run, service.cpu().saturating_sub(before)));
        }
    }
    let embedded = options.database_url.is_none();
    println!();
    println!(
        "{:<32} {:>9} {:>8} {:>7} {:>8} {:>8} {:>8} {:>10} {:>8} {:>5}",
        "call", "per s", "of floor", "target", "p50 us", "p99 us", "CPU us", "half: p50", "p99", "ratio"
    );
    let floor = points[0].median();
    for point in &points {
        let rate = point.median();
        let half = load::run(service.address, &point.request, lasting, Some(rate / 2.0)).await;
        let (run, cpu) = point.middle();
        let target = point.targets[usize::from(!embedded)].map_or_else(String::new, |target| format!("{target:.2}"));
        println!(
            "{:<32} {rate:>9.0} {:>8.2} {target:>7} {:>8} {:>8} {:>8.0} {:>10} {:>8} {:>5.1}",
            point.name,
            rate / floor,
            run.percentile(50),
            run.percentile(99),
            cpu.as_secs_f64() * 1e6 / (run.per_second * options.seconds),
            half.percentile(50),
            half.percentile(99),
            f64::from(half.percentile(99)) / f64::from(half.percentile(50).max(1)),
        );
    }
    println!();
    println!(
        "{} classes; first answer {} ms after the start; memory {memory} MiB then, {} MiB at the end",
        options.classes,
        start.as_millis(),
        service.memory()
    );
}

impl Point {
    fn median(&self) -> f64 {
        self.middle().0.per_second
    }

    fn middle(&self) -> &(Run, Duration) {
        let mut runs: Vec<_> = self.runs.iter().collect();
        runs.sort_by(|one, other| one.0.per_second.total_cmp(&other.0.per_second));
        runs[runs.len() / 2]
    }
}

const FLOOR: &str = "the floor: signed, no database";

fn points(school: School, live: Live) -> Vec<Point> {
    let school = Rc::new(school);
    let mut points = Vec::new();
    let mut point = |name, targets, request| points.push(Point { name, targets, request, runs: Vec::new() });
    let class = |id: i64| format!(r#"{{"class_id":{id}}}"#);

    // The signature is checked and the body parsed, then the call fails before it uses the database.
    point(FLOOR, [None; 2], calls(school.path("callback/replay"), |_, _| r#"{"delivery_ids":[]}"#.into()));
    let hot = school.clone();
    point(
        "class/info, 1,000 hot classes",
        [Some(0.6); 2],
        calls(school.path("class/info"), move |_, _| class(hot.hot_class())),
    );
    let any = school.clone();
    point("class/info, any class", [None; 2], calls(school.path("class/info"), move |_, _| class(any.any_class())));
    let reserve = r#"{"teacher_id":"user_0","class_topic":"Fractions","members":[{"role":"student","user_id":"user_1"},{"role":"student","user_id":"user_2"},{"role":"student","user_id":"user_3"}]}"#;
    point(
        "class/create, three members",
        [Some(0.13), Some(0.05)],
        calls(school.path("class/create"), |_, _| reserve.into()),
    );
    point("member/join and quit", [Some(0.13), None], in_and_out(&school));
    point("class/list, first 20", [Some(0.2), None], calls(school.path("class/list"), |_, _| r#"{"size":20}"#.into()));
    let any = school.clone();
    let page = move |_, _| format!(r#"{{"size":20,"after":"{}"}}"#, any.any_class());
    point("class/list, 20 after any cursor", [None; 2], calls(school.path("class/list"), page));
    let far = format!(r#"{{"size":20,"index":{}}}"#, school.classes / 5);
    point("class/list, 20 at a fifth", [None; 2], calls(school.path("class/list"), move |_, _| far.clone()));
    let ended = r#"{"size":20,"class_status":["will","ing"]}"#;
    point("class/list, 20 not over", [None; 2], calls(school.path("class/list"), |_, _| ended.into()));
    let user = |_, _| format!(r#"{{"user_id":"{}"}}"#, user_id(rand::rng().random_range(0..school::USERS)));
    point("user/info", [Some(0.5), None], calls(school.path("user/info"), user));
    let lesson = class(school.lesson);
    point(
        "member/runtime/list, 30 inside",
        [Some(0.4), None],
        calls(school.path("member/runtime/list"), move |_, _| lesson.clone()),
    );
    // Each connection sends for some of the people inside.
    let live = Rc::new(live);
    let (component, room, lister, account) = (live.clone(), live.clone(), live.clone(), live);
    let beat = move |connection, number| component.beat(connection + number * CONNECTIONS);
    point("report/heartbeat, 1,000 inside", [Some(0.7); 2], Box::new(beat));
    let beat = move |connection, number| room.beat_in_room(connection + number * CONNECTIONS);
    point("room: heartbeat, 1,000 inside", [None; 2], Box::new(beat));
    let list = move |connection, _| lister.command(connection, "roomlist", r#""index":0,"size":20"#);
    point("room: roomlist, first 20", [None; 2], Box::new(list));
    let login = move |connection, number| account.login(connection + number * CONNECTIONS);
    point("room: login, a password", [None; 2], Box::new(login));
    points
}

fn calls(path: String, body: impl Fn(usize, usize) -> String + 'static) -> Box<dyn Fn(usize, usize) -> Vec<u8>> {
    Box::new(move |connection, number| load::post(&path, &body(connection, number)))
}

/// Each connection lets one user after another join and quit a class of its own.
fn in_and_out(school: &School) -> Box<dyn Fn(usize, usize) -> Vec<u8>> {
    let paths = [school.path("member/join"), school.path("member/quit")];
    let rooms = school.rooms.clone();
    Box::new(move |connection, number| {
        let user = user_id(number / 2 % school::USERS);
        load::post(&paths[number % 2], &format!(r#"{{"class_id":{},"user_id":"{user}"}}"#, rooms[connection]))
    })
}
