//! Throughput and latency of webhook delivery, compared with a plain loop of the same client to the same receiver.
//!
//! `make bench-callbacks` interleaves five rounds and prints medians of ratios, because absolute figures differ from machine
//! to machine.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark stops where it fails")]

mod receiver;

use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Parser;
use futures_util::stream::{self, StreamExt};
use lectern::clock::Clock;
use lectern::config::Config;
use lectern::db::Db;
use lectern::domain;
use lectern::domain::classroom::class;
use lectern::domain::classroom::class::Via;
use lectern::domain::events::endpoint::modify_enterprise;
use lectern::domain::events::event;
use lectern::domain::events::event::State;
use lectern::domain::tenancy::enterprise;
use lectern::domain::tenancy::enterprise::{Draft, Enterprise, Patch};
use lectern::domain::tenancy::user;
use lectern::jobs::Supervisor;
use lectern::protocol;
use lectern::protocol::iclass::sign;
use lectern::server::Server;
use lectern::store::Page;
use lectern::store::ids::{ClassId, EnterpriseId};
use lectern::store::tenancy::user::Role;
use lectern::webhook::{Deliveries, Settings};
use receiver::Receiver;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const ROUNDS: usize = 5;
/// How often a round repeats the comparison of lessons with people. The noise of the machine is as large as the effect.
const DAYS: usize = 4;
const EVENTS: usize = 30_000;
/// Concurrent requests, in the plain loop and over all receivers.
const AT_ONCE: usize = 64;
const RECEIVERS: usize = 2;
/// Concurrent writers.
const WRITERS: usize = 64;
const WRITES: usize = 28_800;
const STUDENTS: [&str; 3] = ["student_1", "student_2", "student_3"];
/// How many receivers there are when one of them hangs.
const MANY: usize = 20;
/// How many events are queued for the receiver that hangs.
const QUEUED: usize = 10_000;
const LATENCY_EVENTS: usize = 1_900;
const LATENCY_GAP: Duration = Duration::from_millis(10);

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let receiver = Receiver::start();
        let mut ratios = Vec::new();
        let (mut days, mut days_to_the_end) = (Vec::new(), Vec::new());
        let (mut writes, mut writes_to_the_end) = (Vec::new(), Vec::new());
        let mut held = Vec::new();
        for round in 1..=ROUNDS {
            let plain = plain_loop(&receiver).await;
            let durable = drain(&receiver).await;
            let ratio = durable / plain;
            println!("round {round}: reqwest loop {plain:.0}/s, durable outbox {durable:.0}/s, ratio {ratio:.2}");
            ratios.push(ratio);
            for _ in 0..DAYS {
                let (answered, delivered) = share(&receiver, Lesson::Attended, Events::Delivered).await;
                days.push(answered);
                days_to_the_end.push(delivered);
            }
            let (answered, delivered) = share(&receiver, Lesson::Empty, Events::Delivered).await;
            writes.push(answered);
            writes_to_the_end.push(delivered);
            held.push(share(&receiver, Lesson::Empty, Events::Held).await.0);
        }
        let (p50, p99) = latency(&receiver, false).await;
        let (_, beside) = latency(&receiver, true).await;
        println!();
        println!("delivered by the durable outbox, to a plain reqwest loop    {:.2}", median(ratios));
        println!("business writes with callbacks on, to those without         {:.2}", median(days));
        println!("the same until the last of their events is delivered        {:.2}", median(days_to_the_end));
        println!("business writes of which two of three have an event         {:.2}", median(writes));
        println!("the same until the last of their events is delivered        {:.2}", median(writes_to_the_end));
        println!("the same with the events written and held back              {:.2}", median(held));
        println!("commit to first attempt at 100 events/s                     p50 {p50:.1} ms, p99 {p99:.1} ms");
        println!("the same p99 beside a receiver that hangs, to that           {:.2}", beside / p99);
    });
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn per_second(count: usize, since: Instant) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "some ten thousand")]
    let count = count as f64;
    count / since.elapsed().as_secs_f64()
}

/// Requests per second of the client alone, without an outbox.
async fn plain_loop(receiver: &Receiver) -> f64 {
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .http1_only()
        .tcp_nodelay(true)
        .pool_max_idle_per_host(AT_ONCE)
        .build()
        .unwrap();
    let url =
        format!("{}?sdkappid=1400000001&random=1&expire_time=1&sign=00000000000000000000000000000000", receiver.url);
    let body = r#"{"event":"class_begin","data":{"class_id":1,"real_start_time":1},"expire_time":1,"sign":"00000000000000000000000000000000"}"#;
    let begun = Instant::now();
    let post = |_| {
        let post = client.post(&url).header("content-type", "application/json").body(body);
        async move {
            let answer = post.send().await.unwrap();
            assert!(answer.status().is_success());
            answer.bytes().await.unwrap();
        }
    };
    stream::iter(0..EVENTS).for_each_concurrent(AT_ONCE, post).await;
    per_second(EVENTS, begun)
}

/// Deliveries per second of a queue that is already full, from the first claim to the last settlement. Each event belongs to
/// a different class.
async fn drain(receiver: &Receiver) -> f64 {
    let bench = Bench::new(&vec![receiver.url.clone(); RECEIVERS], Events::Delivered).await;
    for at in 0..RECEIVERS {
        let classes = bench.classes(at, EVENTS / RECEIVERS).await;
        bench.begin(at, classes).await;
    }
    let begun = Instant::now();
    let callbacks = bench.deliver();
    bench.settled(0).await;
    let rate = per_second(EVENTS, begun);
    callbacks.stop().await;
    rate
}

/// What happens with the events of business writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Events {
    /// No events are written.
    None,
    /// Events and deliveries are written, and the deliveries are paused.
    Held,
    /// Events are delivered at once.
    Delivered,
}

/// The writes of one lesson: signed calls, one after another. Its start and its end have an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lesson {
    /// Create the class with three students, start it, let the students join and quit, stop it: nine writes.
    Attended,
    /// Nobody joins: three writes.
    Empty,
}

impl Lesson {
    fn writes(self) -> usize {
        match self {
            Self::Attended => 3 + 2 * STUDENTS.len(),
            Self::Empty => 3,
        }
    }
}

/// The rate of business writes with events, divided by the rate without: until the last response, and until the last
/// delivery. The order is without, with, with, without, so that slow changes of the machine's load affect both equally.
async fn share(receiver: &Receiver, lesson: Lesson, events: Events) -> (f64, f64) {
    let (mut answered, mut delivered) = (Vec::new(), Vec::new());
    for events in [Events::None, events, events, Events::None] {
        let rates = business_writes(receiver, lesson, events).await;
        answered.push(rates.0);
        delivered.push(rates.1);
    }
    let share = |rates: &[f64]| (rates[1] + rates[2]) / (answered[0] + answered[3]);
    let shares = (share(&answered), share(&delivered));
    println!(
        "writes of lessons ({lesson:?}) without events and with them ({events:?}): {answered:.0?}/s, ratio {:.2}, \
         with the delivery of the last {:.2}",
        shares.0, shares.1
    );
    shares
}

/// Runs lessons through the API while their events are delivered. Returns writes per second, until the last response and
/// until the last delivery.
async fn business_writes(receiver: &Receiver, lesson: Lesson, events: Events) -> (f64, f64) {
    let bench = Bench::new(&vec![receiver.url.clone(); RECEIVERS], events).await;
    let service = Service::start(&bench.url);
    let begun = Instant::now();
    let clients = (0..WRITERS).map(|at| {
        let enterprise = &bench.enterprises[at % RECEIVERS];
        let query = sign::query(enterprise, bench.clock.now(), 3600);
        service.teach(query, lesson)
    });
    futures_util::future::join_all(clients).await;
    let answered = per_second(WRITES, begun);
    if events == Events::Delivered {
        bench.settled(0).await;
    }
    let delivered = per_second(WRITES, begun);
    tokio::task::spawn_blocking(|| drop(service)).await.unwrap();
    (answered, delivered)
}

/// A service on a thread, listening on a socket.
struct Service {
    address: std::net::SocketAddr,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

#[derive(clap::Parser)]
struct Flags {
    #[command(flatten)]
    config: Config,
}

impl Service {
    fn start(database_url: &str) -> Self {
        let files = concat!("file://", env!("CARGO_TARGET_TMPDIR"), "/files");
        let flags = [
            ["--listen", "127.0.0.1:0"],
            ["--callback-allow-private", "true"],
            ["--limit-classes-per-enterprise", "off"],
            ["--database-url", database_url],
            ["--storage-url", files],
            ["--media", "off"],
        ];
        let config = Flags::parse_from(["bench"].iter().chain(flags.as_flattened())).config;
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let (ready, started) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let server = Server::bind(config, Clock::System).unwrap();
                ready.send(server.app().public_url.clone()).unwrap();
                server.run(async { stopped.await.unwrap_or_default() }).await.unwrap();
            });
        });
        let url = started.recv().unwrap();
        Self { address: url.trim_start_matches("http://").parse().unwrap(), stop: Some(stop), thread: Some(thread) }
    }

    /// Runs lessons over one connection.
    async fn teach(&self, query: String, lesson: Lesson) {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        for _ in 0..WRITES / WRITERS / lesson.writes() {
            let members = STUDENTS.map(|id| format!(r#"{{"role":"student","user_id":"{id}"}}"#)).join(",");
            let reserve = format!(r#"{{"teacher_id":"teacher","members":[{members}]}}"#);
            let answer = call(&mut stream, "class/create", &query, &reserve).await;
            let id = receiver::number_after(answer.as_bytes(), b"\"class_id\":").unwrap();
            let class = format!(r#"{{"class_id":{id}}}"#);
            call(&mut stream, "class/start", &query, &class).await;
            for verb in ["member/join", "member/quit"] {
                for student in STUDENTS.iter().filter(|_| lesson == Lesson::Attended) {
                    let member = format!(r#"{{"class_id":{id},"user_id":"{student}"}}"#);
                    call(&mut stream, verb, &query, &member).await;
                }
            }
            call(&mut stream, "class/stop", &query, &class).await;
        }
    }
}

/// Makes a call that must succeed.
async fn call(stream: &mut TcpStream, call: &str, query: &str, body: &str) -> String {
    let length = body.len();
    let request = format!("POST /paas/v1/{call}?{query} HTTP/1.1\r\nhost: x\r\ncontent-length: {length}\r\n\r\n{body}");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut buffer = vec![0; 4096];
    let length = stream.read(&mut buffer).await.unwrap();
    let answer = String::from_utf8_lossy(&buffer[..length]).into_owned();
    assert!(answer.contains(r#"{"error_code":0,"error_msg":"""#), "{answer}");
    answer
}

impl Drop for Service {
    fn drop(&mut self) {
        drop(self.stop.take());
        self.thread.take().map(std::thread::JoinHandle::join);
    }
}

/// Milliseconds from the commit of an event to the arrival of its first attempt (p50, p99), over 19 receivers. The twentieth
/// receiver is idle, or hangs with 10,000 events queued.
async fn latency(receiver: &Receiver, hanging: bool) -> (f64, f64) {
    let mut urls = vec![receiver.url.clone(); MANY];
    let hang = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    urls[0] = format!("http://{}/", hang.local_addr().unwrap());
    let bench = Bench::new(&urls, Events::Delivered).await;
    if hanging {
        let queued = bench.classes(0, QUEUED).await;
        bench.begin(0, queued).await;
    }
    let mut classes = Vec::new();
    for at in 1..MANY {
        classes.push(bench.classes(at, LATENCY_EVENTS / (MANY - 1)).await.into_iter());
    }
    let callbacks = bench.deliver();
    // Wait for the relay of the queued events before the measurement.
    bench.relayed().await;
    receiver.forget();
    let mut committed = Vec::with_capacity(LATENCY_EVENTS);
    let mut tick = tokio::time::interval(LATENCY_GAP);
    'all: loop {
        for (at, ids) in classes.iter_mut().enumerate() {
            let Some(id) = ids.next() else { break 'all };
            tick.tick().await;
            let (now, enterprise) = (bench.clock.now(), bench.enterprises[at + 1].clone());
            bench
                .db
                .write(move |conn| class::start(conn, &enterprise, ClassId(id.0), Via::Api.by(None), Ok(i64::MAX), now))
                .await
                .unwrap();
            committed.push((id, Instant::now()));
        }
    }
    bench.settled(1).await;
    let arrived = receiver.arrivals();
    let mut waits: Vec<f64> = committed
        .into_iter()
        // The receiver may get the event before the writer wakes up; that counts as 0.
        .map(|(id, commit)| arrived[&id.0].saturating_duration_since(commit).as_secs_f64() * 1000.0)
        .collect();
    waits.sort_by(f64::total_cmp);
    callbacks.stop().await;
    (waits[waits.len() / 2], waits[waits.len() * 99 / 100])
}

/// A database on disk with an enterprise for each receiver.
struct Bench {
    db: Db,
    clock: Clock,
    enterprises: Vec<Arc<Enterprise>>,
    url: String,
    _folder: tempfile::TempDir,
}

impl Bench {
    async fn new(urls: &[String], events: Events) -> Self {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let url = format!("sqlite://{}/bench.db", folder.path().display());
        let db = Db::open(&url).unwrap();
        db.migrate().unwrap();
        let clock = Clock::System;
        let mut enterprises = Vec::new();
        for address in urls {
            let now = clock.now();
            let draft = Draft { name: "bench".into(), call_back_url: Some(address.clone()), ..Draft::default() };
            let made = db
                .write(move |conn| {
                    let made = enterprise::create(conn, draft, now)?;
                    let patch = Patch {
                        callback_on_api: Some(matches!(events, Events::Held | Events::Delivered)),
                        callback_paused: Some(events == Events::Held),
                        ..Patch::default()
                    };
                    modify_enterprise(conn, made.sdkappid, patch)?;
                    let made = enterprise::require(conn, made.sdkappid)?;
                    user::register(conn, made.enterprise_id, STUDENTS.map(student).into(), now)?;
                    Ok::<_, domain::Error>(made)
                })
                .await
                .unwrap();
            enterprises.push(Arc::new(made));
        }
        Self { db, clock, enterprises, url, _folder: folder }
    }

    /// Creates classes of an enterprise.
    async fn classes(&self, at: usize, count: usize) -> Vec<ClassId> {
        let (enterprise_id, now) = (self.enterprises[at].enterprise_id, self.clock.now());
        let made = self.db.write(move |conn| {
            let patch = || class::Patch { teacher_id: Some("teacher".into()), ..class::Patch::default() };
            (0..count).map(|_| class::create(conn, enterprise_id, patch(), now)).collect::<Result<Vec<_>, _>>()
        });
        made.await.unwrap()
    }

    /// Starts classes of an enterprise. Each start writes an event.
    async fn begin(&self, at: usize, classes: Vec<ClassId>) {
        let (enterprise, now) = (self.enterprises[at].clone(), self.clock.now());
        let begun = self.db.write(move |conn| {
            classes.into_iter().try_for_each(|id| {
                class::start(conn, &enterprise, ClassId(id.0), Via::Component.by(None), Ok(i64::MAX), now)
            })
        });
        begun.await.unwrap();
    }

    fn deliver(&self) -> Supervisor {
        let settings = Settings {
            timeout: Duration::from_secs(10),
            retries: 10,
            retry_after: Duration::from_mins(1),
            connections: AT_ONCE / RECEIVERS, // the default
            allow_private: true,
        };
        let formatters = protocol::formatters(&protocol::all(None));
        let deliveries = Deliveries::new(settings, formatters).unwrap();
        Supervisor::start(&self.db, &self.clock, vec![Box::new(deliveries)]).unwrap()
    }

    /// Waits until the relay has processed all outbox entries.
    async fn relayed(&self) {
        while !self.db.read(|conn| Ok::<_, domain::Error>(event::is_relayed(conn)?)).await.unwrap() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until the enterprises from index `from` on have no open deliveries.
    async fn settled(&self, from: usize) {
        loop {
            let ids: Vec<EnterpriseId> =
                self.enterprises[from..].iter().map(|enterprise| enterprise.enterprise_id).collect();
            let open = self.db.read_slow(move |conn| {
                let states = vec![State::Ready, State::Waiting, State::Claimed];
                let filter = event::Filter { states, ..event::Filter::default() };
                let page = Page::at(0, 1);
                let in_outbox = usize::from(!event::is_relayed(conn)?);
                ids.into_iter().try_fold(in_outbox, |sum, id| {
                    Ok::<_, domain::Error>(sum + event::list(conn, EnterpriseId(id.0), &filter, page)?.len())
                })
            });
            if open.await.unwrap() == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

fn student(user_id: &str) -> user::Draft {
    user::Draft::of(user_id.to_owned(), Role::Student)
}
