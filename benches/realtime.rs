//! The cost of the channel of classes: messages sent to 1,000 connections in classes of 30, as a ratio to a server that does
//! nothing but pass each text on to 30 connections, in the same run; the latency at 1,000 messages a second; and the memory of
//! an idle connection.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a benchmark stops where it fails")]

#[allow(dead_code, reason = "the other benchmark uses the rest")]
mod load;
#[allow(dead_code, reason = "the other benchmark uses the rest")]
mod school;
#[allow(dead_code, reason = "the other benchmark uses the rest")]
mod service;
mod websocket;

use std::cell::{Cell, RefCell};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::rc::Rc;
use std::time::{Duration, Instant};

use actix_web::web::{self, Data, Payload};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use actix_ws::Message;
use bytestring::ByteString;
use clap::Parser;
use lectern::db::Db;
use load::usize_f64;
use school::{Live, School};
use service::Service;
use tokio::sync::{Semaphore, broadcast};
use tokio::task::LocalSet;
use websocket::{Receiver, Sender, connect};

/// People in a class.
const PEOPLE: usize = 30;
/// How many of them send. The last one only receives: when it has a message, the class may send another.
const SENDERS: usize = PEOPLE - 1;
/// What each message of the benchmark begins with. The time when it was sent follows, in microseconds.
const MARK: &str = "bench ";
/// How many digits the time has. The number of the sender follows.
const DIGITS: usize = 12;
/// How many digits the number of the sender has.
const SENDER_DIGITS: usize = 6;
/// What a connection sends that has nothing else to send.
const PING: &str = r#"{"type":"ping"}"#;

/// What people in a class send.
#[derive(Clone, Copy, PartialEq, clap::ValueEnum)]
enum Kind {
    /// Chat messages, which are stored before they are sent on.
    Messages,
    /// Signals, such as a pointer, which are sent on and not kept.
    Signals,
}

/// Measures the channel of classes.
#[derive(Parser)]
struct Options {
    /// The database [default: a new SQLite file]
    #[arg(long)]
    database_url: Option<String>,
    /// How many classes of 30 people each
    #[arg(long, default_value_t = 34)]
    classes: usize,
    /// What is sent
    #[arg(long, value_enum, default_value = "messages")]
    kind: Kind,
    /// How many messages of a class are on their way at once, when as many are sent as can be. The service sends what comes
    /// within 20 ms together, so that with few of them it waits for more
    #[arg(long, default_value_t = 16)]
    window: usize,
    /// How many messages a second are sent while the latency is measured
    #[arg(long, default_value_t = 1_000.0)]
    pace: f64,
    /// How many instances the connections are spread over. With several, only the latency between two of them is measured
    #[arg(long, default_value_t = 1)]
    instances: usize,
    /// How many seconds each measurement takes
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// How many times each is measured
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Serves as the server to compare with
    #[arg(long, hide = true)]
    bare: Option<SocketAddr>,
    /// Passed by cargo, ignored
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() {
    let options = Options::parse();
    if let Some(address) = options.bare {
        return actix_web::rt::System::new().block_on(serve_bare(address));
    }
    service::pin_generator();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    LocalSet::new().block_on(&runtime, measure(options));
}

async fn measure(options: Options) {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let url = options.database_url.clone().unwrap_or_else(|| format!("sqlite://{}/bench.db", folder.path().display()));
    let (school, live) = {
        let db = Db::open(&url).unwrap();
        db.migrate().unwrap();
        let school = School::found(&db, 1, 1).await;
        let live = Live::enter(&db, &school, options.classes, PEOPLE).await;
        (school, live)
    };
    let mut instances = Vec::new();
    for _ in 0..options.instances {
        instances.push(Service::start(&url, &load::post(&school.path("business/info"), "{}")).await);
    }
    let lectern = &instances[0];
    let lasting = Duration::from_secs(options.seconds);

    let before = lectern.memory_kib();
    let mut idle = Vec::new();
    for at in 0..live.count() {
        idle.push(enter(instances[at % options.instances].address, &live, at).await);
    }
    if options.instances > 1 {
        return measure_instances(&options, live, idle).await;
    }
    let bare = Bare::start();
    let each = usize_f64(usize::try_from(lectern.memory_kib() - before).unwrap()) / usize_f64(live.count());
    println!("{} connections in classes of {PEOPLE}; {each:.1} KiB a connection that is idle", live.count());

    let live = Rc::new(live);
    let in_lectern = Classes::of(idle, options.window, messages(live.clone(), options.kind), |_, _| true);
    let size = Rc::new(Cell::new(0));
    println!(
        "{:>6} {:>14} {:>14} {:>7}   latency at {} a second, p50 and p99 in us",
        "round", "received/s", "bare", "ratio", options.pace
    );
    let mut in_bare = None;
    for round in 1..=options.rounds {
        let passed_on = in_lectern.run(lasting, None).await;
        size.set(passed_on.size);
        if in_bare.is_none() {
            let mut sockets = Vec::new();
            for at in 0..live.count() {
                sockets.push(connect(bare.address, &format!("/{}", at / PEOPLE)).await);
            }
            // As long as the messages of the service.
            let size = size.clone();
            let padded = move |class, sent| format!("{:<1$}", mark(class * PEOPLE + sent % SENDERS), size.get());
            in_bare = Some(Classes::of(sockets, options.window, padded, |_, _| true));
        }
        let in_bare = in_bare.as_ref().unwrap();
        let passed = in_bare.run(lasting, None).await;
        let (paced, bare_paced) =
            (in_lectern.run(lasting, Some(options.pace)).await, in_bare.run(lasting, Some(options.pace)).await);
        println!(
            "{round:>6} {:>14.0} {:>14.0} {:>7.2}   {} {} (bare: {} {})",
            passed_on.per_second,
            passed.per_second,
            passed_on.per_second / passed.per_second,
            paced.percentile(50),
            paced.percentile(99),
            bare_paced.percentile(50),
            bare_paced.percentile(99)
        );
    }
}

/// Measures how long messages take from one instance to the clients of another.
async fn measure_instances(options: &Options, live: Live, sockets: Vec<(Sender, Receiver)>) {
    let (lasting, instances) = (Duration::from_secs(options.seconds), options.instances);
    let is_elsewhere = move |sender: usize, receiver: usize| sender % instances != receiver % instances;
    let classes = Classes::of(sockets, options.window, messages(Rc::new(live), options.kind), is_elsewhere);
    for round in 1..=options.rounds {
        let run = classes.run(lasting, Some(options.pace)).await;
        println!(
            "round {round}: {:.0} received/s; from one of {instances} instances to another at {} a second: p50 {} us, p99 {} us",
            run.per_second,
            options.pace,
            run.percentile(50),
            run.percentile(99)
        );
    }
}

/// The messages of the people in the classes.
fn messages(live: Rc<Live>, kind: Kind) -> impl Fn(usize, usize) -> String {
    move |class, sent| {
        let at = class * PEOPLE + sent % SENDERS;
        match kind {
            Kind::Messages => live.message(at, &mark(at)),
            Kind::Signals => Live::signal(&mark(at)),
        }
    }
}

/// Signs in to the service, and waits for the welcome.
async fn enter(address: SocketAddr, live: &Live, at: usize) -> (Sender, Receiver) {
    let (mut sender, mut receiver) = connect(address, "/saas/v1/channel").await;
    sender.send(&live.sign_in(at)).await;
    let texts = RefCell::new(Vec::new());
    while !contains(&texts.borrow(), b"\"welcome\"") {
        let there = receiver.receive(|text| texts.borrow_mut().extend_from_slice(text)).await;
        assert!(there, "a connection was refused: {}", String::from_utf8_lossy(&texts.borrow()));
    }
    (sender, receiver)
}

fn now_in_microseconds() -> u64 {
    thread_local!(static BEGUN: Instant = Instant::now());
    BEGUN.with(|begun| u64::try_from(begun.elapsed().as_micros()).unwrap())
}

/// The mark of a message of a sender.
fn mark(sender: usize) -> String {
    format!("{MARK}{:0DIGITS$}{sender:0SENDER_DIGITS$}", now_in_microseconds())
}

fn contains(text: &[u8], wanted: &[u8]) -> bool {
    text.windows(wanted.len()).any(|some| some == wanted)
}

/// Classes whose people send messages in turn.
struct Classes {
    senders: Vec<Vec<tokio::sync::Mutex<Sender>>>,
    message: Box<dyn Fn(usize, usize) -> String>,
    sent: Vec<Cell<usize>>,
    received: Rc<Received>,
    /// How many more messages each class may send.
    windows: Rc<Vec<Semaphore>>,
    /// How many it may send at the beginning.
    window: usize,
}

/// What was received.
#[derive(Default)]
struct Received {
    count: Cell<usize>,
    /// How long each took, in microseconds.
    waits: RefCell<Vec<u32>>,
    /// How large the last was.
    size: Cell<usize>,
}

/// The result of a run.
struct Run {
    per_second: f64,
    waits: Vec<u32>,
    size: usize,
}

impl Run {
    fn percentile(&self, percent: usize) -> u32 {
        self.waits.get(self.waits.len() * percent / 100).copied().unwrap_or(0)
    }
}

impl Classes {
    /// `is_timed` chooses the senders and receivers whose latency counts.
    fn of(
        sockets: Vec<(Sender, Receiver)>,
        window: usize,
        message: impl Fn(usize, usize) -> String + 'static,
        is_timed: impl Fn(usize, usize) -> bool + Copy + 'static,
    ) -> Self {
        let count = sockets.len() / PEOPLE;
        let windows: Rc<Vec<Semaphore>> = Rc::new((0..count).map(|_| Semaphore::new(0)).collect());
        let received: Rc<Received> = Rc::default();
        let mut senders: Vec<Vec<_>> = (0..count).map(|_| Vec::new()).collect();
        for (at, (sender, mut receiver)) in sockets.into_iter().enumerate() {
            let class = at / PEOPLE;
            senders[class].push(tokio::sync::Mutex::new(sender));
            let (windows, received) = (windows.clone(), received.clone());
            tokio::task::spawn_local(async move {
                let each = |text: &[u8]| {
                    let Some(from) = text.windows(MARK.len()).position(|some| some == MARK.as_bytes()) else { return };
                    let (time, sender) = text[from + MARK.len()..][..DIGITS + SENDER_DIGITS].split_at(DIGITS);
                    let number = |digits: &[u8]| std::str::from_utf8(digits).unwrap().parse::<u64>().unwrap();
                    received.count.set(received.count.get() + 1);
                    if is_timed(usize::try_from(number(sender)).unwrap(), at) {
                        received.waits.borrow_mut().push(u32::try_from(now_in_microseconds() - number(time)).unwrap());
                    }
                    received.size.set(text.len());
                    // The last of the class has it.
                    if at % PEOPLE == PEOPLE - 1 {
                        windows[class].add_permits(1);
                    }
                };
                while receiver.receive(&each).await {}
                panic!("a connection of class {class} was closed");
            });
        }
        let sent = (0..count).map(|_| Cell::new(0)).collect();
        Self { senders, message: Box::new(message), sent, received, windows, window }
    }

    /// Sends as many messages as can be, or `pace` each second, and counts what is received.
    async fn run(&self, lasting: Duration, pace: Option<f64>) -> Run {
        self.windows.iter().for_each(|window| {
            window.forget_permits(usize::MAX >> 4);
            window.add_permits(self.window);
        });
        // The service closes a connection that is silent for too long, and the last of each class sends nothing else.
        for class in &self.senders {
            class[PEOPLE - 1].lock().await.send(PING).await;
        }
        self.received.count.set(0);
        self.received.waits.borrow_mut().clear();
        let begun = Instant::now();
        let gap = pace.map(|pace| Duration::from_secs_f64(usize_f64(self.senders.len()) / pace));
        let one = |class: usize| async move {
            let mut due = begun + gap.unwrap_or_default().mul_f64(usize_f64(class) / usize_f64(self.senders.len()));
            while begun.elapsed() < lasting {
                match gap {
                    Some(gap) => {
                        tokio::time::sleep_until(due.into()).await;
                        due += gap;
                    }
                    None => match tokio::time::timeout(lasting, self.windows[class].acquire()).await {
                        Ok(permit) => permit.unwrap().forget(),
                        Err(_) => return,
                    },
                }
                let sent = self.sent[class].replace(self.sent[class].get() + 1);
                let text = (self.message)(class, sent);
                self.senders[class][sent % SENDERS].lock().await.send(&text).await;
            }
        };
        futures_util::future::join_all((0..self.senders.len()).map(one)).await;
        let per_second = usize_f64(self.received.count.get()) / begun.elapsed().as_secs_f64();
        // What is still on its way belongs to no run.
        tokio::time::sleep(Duration::from_millis(500)).await;
        let mut waits = self.received.waits.take();
        waits.sort_unstable();
        Run { per_second, waits, size: self.received.size.get() }
    }
}

/// The server to compare with, as a process on the core of the service.
struct Bare {
    process: Child,
    address: SocketAddr,
}

impl Bare {
    fn start() -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let program = std::env::current_exe().unwrap();
        let mut command = service::on_the_core_of_the_service(&program);
        let process = command.args(["--bare", &address.to_string()]).stdin(Stdio::null()).spawn().unwrap();
        while std::net::TcpStream::connect(address).is_err() {
            std::thread::sleep(Duration::from_millis(1));
        }
        Self { process, address }
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.process.id().to_string()).status();
        let _ = self.process.wait();
    }
}

/// Passes each text on to all connections with the same path.
async fn serve_bare(address: SocketAddr) {
    let rooms: Data<Vec<broadcast::Sender<ByteString>>> =
        Data::new((0..10_000).map(|_| broadcast::Sender::new(256)).collect());
    let app = move || App::new().app_data(rooms.clone()).route("/{room}", web::get().to(pass_on));
    HttpServer::new(app).workers(1).bind(address).unwrap().run().await.unwrap();
}

async fn pass_on(
    rooms: Data<Vec<broadcast::Sender<ByteString>>>,
    room: web::Path<usize>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, actix_web::Error> {
    let (response, mut session, mut messages) = actix_ws::handle(&request, payload)?;
    let room = rooms[*room].clone();
    let mut passed = room.subscribe();
    actix_web::rt::spawn(async move {
        loop {
            tokio::select! {
                message = messages.recv() => match message {
                    Some(Ok(Message::Text(text))) => drop(room.send(text)),
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return,
                },
                text = passed.recv() => {
                    let Ok(text) = text else { return };
                    if session.text(text).await.is_err() {
                        return;
                    }
                }
            }
        }
    });
    Ok(response)
}
