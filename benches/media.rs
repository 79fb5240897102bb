//! The cost of voice and picture: packets that the media server passes on in a second of CPU, as a ratio to a bare loop that
//! decrypts, encrypts and sends the same packets; the delay that it adds; its memory for each pupil.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark stops where it fails")]

#[allow(dead_code, reason = "the tests use the rest")]
#[path = "../tests/support/robot.rs"]
mod robot;

#[path = "media/bare.rs"]
mod bare;
#[path = "media/child.rs"]
mod child;

use std::time::Duration;

use child::Child;
use clap::Parser;
use robot::{Layers, Plan, Robot};
use tokio::time::sleep;

/// Measures voice and picture.
#[derive(Parser)]
struct Options {
    /// How many classes
    #[arg(long, default_value_t = 1)]
    classes: usize,
    /// How many pupils of a class only watch
    #[arg(long, default_value_t = 30)]
    pupils: usize,
    /// How many pupils of a class are on stage, with 200 kbit/s each
    #[arg(long, default_value_t = 3)]
    stage: usize,
    /// How long to measure, in seconds
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// How many threads the server has
    #[arg(long, default_value_t = 1)]
    threads: usize,
    /// Prints the figures of each of these many periods, for a long run
    #[arg(long, default_value_t = 1)]
    periods: u32,
    /// Serves, for another process
    #[arg(long, hide = true)]
    serve: bool,
    /// Cargo gives this to all benchmarks
    #[arg(long, hide = true)]
    bench: bool,
}

/// A teacher's camera without layers: all of it goes to everybody.
const TEACHER: Layers = &[("", 800)];
const STAGE: Layers = &[("", 200)];

fn main() {
    let options = Options::parse();
    if options.serve {
        child::serve(options.threads);
        return;
    }
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(measure(&options));
}

async fn measure(options: &Options) {
    let mut server = Child::start(options.threads);
    let before = server.memory();
    let mut robots = Vec::new();
    for class in 1..=options.classes {
        let slots = (options.stage + 1, options.stage + 1);
        let teacher = Plan { mic: true, camera: TEACHER, slots, ..Plan::default() };
        robots.push(enter(&mut server, class, "teacher".to_owned(), teacher).await);
        for number in 0..options.stage {
            let plan = Plan { mic: true, camera: STAGE, slots, ..Plan::default() };
            robots.push(enter(&mut server, class, format!("stage {number}"), plan).await);
        }
        for number in 0..options.pupils {
            robots.push(enter(&mut server, class, format!("pupil {number}"), Plan { slots, ..Plan::default() }).await);
        }
    }
    // The estimates of the bandwidth begin low.
    sleep(Duration::from_secs(15)).await;
    let people = robots.len();
    println!(
        "{} classes of a teacher (800 kbit/s), {} on stage (200 kbit/s each, with voices) and {} pupils; {} threads",
        options.classes, options.stage, options.pupils, options.threads
    );
    let mut per_second_of_cpu = 0.0;
    for period in 1..=options.periods {
        for robot in &robots {
            robot.known().delays.clear();
        }
        let missing: i64 = count(&robots, |got| got.missing);
        let received: i64 = count(&robots, |got| i64::try_from(got.packets).unwrap());
        let cpu = server.cpu();
        sleep(Duration::from_secs(options.seconds)).await;
        let cpu = server.cpu() - cpu;
        let received = count(&robots, |got| i64::try_from(got.packets).unwrap()) - received;
        let missing = count(&robots, |got| got.missing) - missing;
        let mut delays: Vec<u32> = robots.iter().flat_map(|robot| robot.known().delays.clone()).collect();
        delays.sort_unstable();
        let percentile = |percent: usize| delays.get(delays.len() * percent / 100).copied().unwrap_or_default();
        #[allow(clippy::cast_precision_loss, reason = "a count of packets is far below 2^52")]
        let received = received as f64;
        per_second_of_cpu = received / cpu;
        let seconds = Duration::from_secs(options.seconds).as_secs_f64();
        println!(
            "period {period}: {:.0} packets/s, {missing} missing, CPU {:.1} % of a core, delay p50 {} us, p99 {} us, memory {} KiB a person",
            received / seconds,
            cpu * 100.0 / seconds,
            percentile(50),
            percentile(99),
            (server.memory() - before) / 1_024 / people,
        );
    }
    let slots = options.stage + 1;
    let bare = bare::packets_in_a_second_of_cpu(options.pupils + slots - 1);
    println!(
        "packets in a second of CPU: {per_second_of_cpu:.0}; bare loop {bare:.0}; ratio {:.2}",
        per_second_of_cpu / bare
    );
}

fn count(robots: &[Robot], of: impl Fn(&robot::Got) -> i64) -> i64 {
    robots.iter().map(|robot| robot.known().got.values().map(&of).sum::<i64>()).sum()
}

async fn enter(server: &mut Child, class: usize, user_id: String, plan: Plan) -> Robot {
    Robot::connect(plan, async |offer, sources| server.connect(class, &user_id, &offer, &sources)).await
}
