//! Lessons in browsers, one for each person: a teacher and pupils do what a class does, and each sees what the others do.

mod asking;
mod slides;
mod talking;
mod whole;

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::database::Database;
use crate::support::page::Page;
use crate::support::process::Process;
use crate::support::school::{Client, School, id};

/// The people of the class, the teacher first.
const PEOPLE: [&str; 4] = ["li", "wang", "zhao", "qian"];

/// Voice and picture have tests of their own.
const FLAGS: [&str; 2] = ["--media", "off"];

/// Where somebody sits.
#[derive(Clone, Copy)]
enum Seat {
    /// At a desk with a large screen, in English.
    Desk,
    /// With a phone, in Chinese.
    Phone,
}

/// A class with those who have entered, each in a browser of their own.
struct Lesson {
    database: Database,
    address: String,
    class_id: i64,
    client: Client,
    links: BTreeMap<&'static str, String>,
    pages: Vec<Page>,
}

impl Lesson {
    /// Opens a class with [`PEOPLE`]. The first of them enter, as many as there are seats.
    async fn open(seats: &[Seat]) -> (Self, Process) {
        let database = Database::create();
        let school = School::found(&database.url, "").await;
        // The address must be the same after a restart.
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let process = Process::start_at(&address, &database.url, &FLAGS);
        let client = school.client(&process);
        let (mut users, mut members) = (Vec::new(), Vec::new());
        for (user_id, role) in PEOPLE.into_iter().zip(["teacher", "student", "student", "student"]) {
            users.push(json!({"user_id": user_id, "role": role, "nickname": format!("Name of {user_id}")}));
            members.push(json!({"user_id": user_id, "role": role}));
        }
        let registered = client.ok("user/register", json!({"list": users})).await;
        let class =
            json!({"teacher_id": "li", "class_type": "1vN", "class_topic": "Light and shadow", "members": members});
        let class_id = id(&client.ok("class/create", class).await["class_id"]);
        let sdkappid = school.enterprise.sdkappid;
        let links = registered["user_list"].as_array().unwrap().iter().enumerate().map(|(at, user)| {
            let (user_id, token) = (PEOPLE[at], user["user_token"].as_str().unwrap());
            (user_id, format!("http://{address}/{sdkappid}/{class_id}/{}#{user_id}/{token}", usize::from(at > 0)))
        });
        let links = links.collect();
        let mut lesson = Self { database, address, class_id, client, links, pages: Vec::new() };
        let entering = PEOPLE.into_iter().zip(seats).map(|(user_id, seat)| lesson.enter(user_id, *seat));
        lesson.pages = join_all(entering).await;
        let inside = format!("Object.keys(state.members).length === {}", seats.len());
        lesson.all_know(&inside).await;
        (lesson, process)
    }

    /// Somebody enters.
    async fn enter(&self, user_id: &str, seat: Seat) -> Page {
        let link = &self.links[user_id];
        match seat {
            Seat::Desk => Page::open(link).await,
            Seat::Phone => Page::open_on_phone(link, "zh-CN").await,
        }
    }

    fn teacher(&self) -> &Page {
        &self.pages[0]
    }

    fn pupils(&self) -> &[Page] {
        &self.pages[1..]
    }

    async fn all_know(&self, script: &str) {
        join_all(self.pages.iter().map(|page| page.knows(script))).await;
    }

    async fn pupils_know(&self, script: &str) {
        join_all(self.pupils().iter().map(|page| page.knows(script))).await;
    }

    /// Waits until all know the same of the class: the board, the chat, the roster, what is shown.
    async fn all_know_the_same(&self) {
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            let states = join_all(self.pages.iter().map(shared_state)).await;
            let different: Vec<usize> = (1..states.len()).filter(|at| states[*at] != states[0]).collect();
            if different.is_empty() && states[0].is_some() {
                return;
            }
            assert!(Instant::now() < deadline, "{different:?} know something else: {states:#?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    fn restart(&self) -> Process {
        Process::start_at(&self.address, &self.database.url, &FLAGS)
    }
}

/// What everybody must know alike.
async fn shared_state(page: &Page) -> Option<BTreeMap<&'static str, Value>> {
    let state = page.state().await;
    if state["connection"] != "open" {
        return None;
    }
    let names = ["class", "members", "messages", "board", "items", "timer", "documents"];
    Some(names.into_iter().map(|name| (name, state[name].clone())).collect())
}
