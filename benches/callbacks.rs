//! How fast events are delivered, against a plain loop over the same client to the same receiver in the same run.
//!
//! `make bench-callbacks` prints ratios: what a machine does in a second says little beside another. Three rounds are
//! interleaved, medians are printed.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark stops where it fails")]

mod receiver;

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::stream::{self, StreamExt};
use lectern::callback::{Callbacks, Settings};
use lectern::clock::Clock;
use lectern::db::Db;
use lectern::dialect::iclass;
use lectern::domain::class::{self, Via};
use lectern::domain::enterprise::{self, Draft, Enterprise, Patch};
use lectern::domain::event::{self, State};
use lectern::domain::{self};
use lectern::store::Page;
use receiver::Receiver;

const ROUNDS: usize = 3;
const EVENTS: usize = 30_000;
/// At once, in the plain loop and over all receivers.
const AT_ONCE: usize = 64;
const RECEIVERS: usize = 2;
/// Writes that wait at once.
const WRITERS: usize = 64;
const WRITES: usize = 20_000;
const LATENCY_EVENTS: usize = 1_000;
const LATENCY_GAP: Duration = Duration::from_millis(10);

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let receiver = Receiver::start();
        let (mut ratios, mut writes) = (Vec::new(), Vec::new());
        for round in 1..=ROUNDS {
            let plain = plain_loop(&receiver).await;
            let durable = drain(&receiver).await;
            let ratio = durable / plain;
            println!("round {round}: reqwest loop {plain:.0}/s, durable outbox {durable:.0}/s, ratio {ratio:.2}");
            ratios.push(ratio);
            let without = business_writes(&receiver, false).await;
            let with = business_writes(&receiver, true).await;
            println!(
                "round {round}: writes without an event {without:.0}/s, with {with:.0}/s, ratio {:.2}",
                with / without
            );
            writes.push(with / without);
        }
        let (p50, p99) = latency(&receiver).await;
        println!();
        println!("delivered by the durable outbox, to a plain reqwest loop   {:.2}", median(ratios));
        println!("business writes with callbacks on, to those without        {:.2}", median(writes));
        println!("commit to first attempt at 100 events/s                    p50 {p50:.1} ms, p99 {p99:.1} ms");
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

/// What the client can do when nothing has to be kept.
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
    stream::iter(0..EVENTS)
        .for_each_concurrent(AT_ONCE, |_| {
            let post = client.post(&url).header("content-type", "application/json").body(body);
            async move {
                let answer = post.send().await.unwrap();
                assert!(answer.status().is_success());
                answer.bytes().await.unwrap();
            }
        })
        .await;
    per_second(EVENTS, begun)
}

/// Delivers events that are there already, each of a class of its own, from the first claim to the last settlement.
async fn drain(receiver: &Receiver) -> f64 {
    let bench = Bench::new(receiver, true).await;
    let classes = bench.classes(EVENTS).await;
    for (some, enterprise) in classes.chunks(EVENTS / RECEIVERS).zip(&bench.enterprises) {
        for some in some.chunks(500) {
            let (some, enterprise, now) = (some.to_vec(), enterprise.clone(), bench.clock.now());
            bench
                .db
                .write(move |conn| {
                    some.into_iter().try_for_each(|id| class::start(conn, &enterprise, id, None, Via::Component, now))
                })
                .await
                .unwrap();
        }
    }
    let begun = Instant::now();
    let callbacks = bench.deliver();
    bench.settled().await;
    let rate = per_second(EVENTS, begun);
    tokio::task::spawn_blocking(|| callbacks.stop()).await.unwrap();
    rate
}

/// Begins classes, one write each, with or without an event of it; with one, its delivery goes on meanwhile.
async fn business_writes(receiver: &Receiver, events: bool) -> f64 {
    let bench = Bench::new(receiver, events).await;
    let classes = bench.classes(WRITES).await;
    let callbacks = bench.deliver();
    let begun = Instant::now();
    stream::iter(classes.into_iter().enumerate())
        .for_each_concurrent(WRITERS, |(at, id)| {
            let (db, now) = (bench.db.clone(), bench.clock.now());
            let enterprise = bench.enterprises[at / (WRITES / RECEIVERS)].clone();
            async move {
                db.write(move |conn| class::start(conn, &enterprise, id, None, Via::Api, now)).await.unwrap();
            }
        })
        .await;
    let rate = per_second(WRITES, begun);
    tokio::task::spawn_blocking(|| callbacks.stop()).await.unwrap();
    rate
}

/// From the commit of an event to the arrival of its first attempt, in milliseconds.
async fn latency(receiver: &Receiver) -> (f64, f64) {
    let bench = Bench::new(receiver, true).await;
    let classes = bench.classes(LATENCY_EVENTS).await;
    let callbacks = bench.deliver();
    receiver.forget();
    let mut committed = Vec::with_capacity(classes.len());
    let mut tick = tokio::time::interval(LATENCY_GAP);
    for (at, id) in classes.into_iter().enumerate() {
        tick.tick().await;
        let (now, enterprise) = (bench.clock.now(), bench.enterprises[at / (LATENCY_EVENTS / RECEIVERS)].clone());
        bench.db.write(move |conn| class::start(conn, &enterprise, id, None, Via::Api, now)).await.unwrap();
        committed.push((id, Instant::now()));
    }
    bench.settled().await;
    let arrived = receiver.arrivals();
    let mut waits: Vec<f64> = committed
        .into_iter()
        // The receiver may have it before the writer has woken: then nothing was waited for.
        .map(|(id, commit)| arrived[&id].saturating_duration_since(commit).as_secs_f64() * 1000.0)
        .collect();
    waits.sort_by(f64::total_cmp);
    tokio::task::spawn_blocking(|| callbacks.stop()).await.unwrap();
    (waits[waits.len() / 2], waits[waits.len() * 99 / 100])
}

/// A database on the disk with enterprises that have the receiver's address.
struct Bench {
    db: Db,
    clock: Clock,
    enterprises: Vec<Arc<Enterprise>>,
    _folder: tempfile::TempDir,
}

impl Bench {
    async fn new(receiver: &Receiver, events: bool) -> Self {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let db = Db::open(&format!("sqlite://{}/bench.db", folder.path().display())).unwrap();
        db.migrate().unwrap();
        let clock = Clock::System;
        let mut enterprises = Vec::new();
        for _ in 0..RECEIVERS {
            let now = clock.now();
            let draft = Draft { name: "bench".into(), call_back_url: Some(receiver.url.clone()), ..Draft::default() };
            let made = db
                .write(move |conn| {
                    let made = enterprise::create(conn, draft, now)?;
                    let patch = Patch { callback_on_api: Some(events), ..Patch::default() };
                    enterprise::modify(conn, made.sdkappid, patch)?;
                    enterprise::known(conn, made.sdkappid)
                })
                .await
                .unwrap();
            enterprises.push(Arc::new(made));
        }
        Self { db, clock, enterprises, _folder: folder }
    }

    /// Makes classes, as many for each enterprise, and returns their ids in the order of the enterprises.
    async fn classes(&self, count: usize) -> Vec<i64> {
        let mut ids = Vec::with_capacity(count);
        for enterprise in &self.enterprises {
            let (enterprise_id, now) = (enterprise.enterprise_id, self.clock.now());
            let made = self.db.write(move |conn| {
                let patch = || class::Patch { teacher_id: Some("teacher".into()), ..class::Patch::default() };
                (0..count / RECEIVERS)
                    .map(|_| class::create(conn, enterprise_id, patch(), now))
                    .collect::<Result<Vec<_>, _>>()
            });
            ids.extend(made.await.unwrap());
        }
        ids
    }

    fn deliver(&self) -> Callbacks {
        let settings = Settings {
            timeout: Duration::from_secs(10),
            retries: 10,
            retry_after: Duration::from_mins(1),
            connections: AT_ONCE / RECEIVERS,
            allow_private: true,
            keep: Duration::from_hours(24),
        };
        Callbacks::start(self.db.clone(), self.clock.clone(), settings, Arc::new(iclass::Callback)).unwrap()
    }

    /// Waits until nothing is to be delivered any more.
    async fn settled(&self) {
        loop {
            let ids: Vec<i64> = self.enterprises.iter().map(|enterprise| enterprise.enterprise_id).collect();
            let open = self.db.read_slow(move |conn| {
                let filter =
                    event::Filter { states: vec![State::Ready, State::Waiting, State::Claimed], class_id: None };
                let page = Page { index: 0, size: 1 };
                ids.into_iter()
                    .try_fold(0, |sum, id| Ok::<_, domain::Error>(sum + event::list(conn, id, &filter, page)?.len()))
            });
            if open.await.unwrap() == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}
