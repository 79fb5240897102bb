//! A teacher and three pupils in four browsers have a lesson. The server is killed in the middle.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::CANVAS;
use crate::support::database::Database;
use crate::support::page::Page;
use crate::support::process::Process;
use crate::support::school::{Client, School, id};

/// The people of the lesson, the teacher first.
const PEOPLE: [&str; 4] = ["li", "wang", "zhao", "qian"];
/// How soon all are back after the server was killed and started again.
const BACK: Duration = Duration::from_secs(5);

/// A class with its people, each in a browser of their own.
struct Lesson {
    database: Database,
    address: String,
    class_id: i64,
    client: Client,
    pages: Vec<Page>,
}

impl Lesson {
    async fn open() -> (Self, Process) {
        let database = Database::create();
        let school = School::found(&database.url, "").await;
        // The address must be the same after a restart.
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let process = Process::start_at(&address, &database.url, &[]);
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
            format!("http://{address}/{sdkappid}/{class_id}/{}#{user_id}/{token}", usize::from(at > 0))
        });
        let links: Vec<_> = links.collect();
        let pages = join_all(links.iter().map(|link| Page::open(link))).await;
        (Self { database, address, class_id, client, pages }, process)
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

    /// A check-in, and a question with its right answer.
    async fn ask_and_check_in(&self) {
        let (teacher, qian) = (self.teacher(), &self.pupils()[2]);
        // A check-in.
        teacher.press("Tools").await;
        teacher.press("Start check-in").await;
        self.pupils_know("state.checkIn && state.checkIn.end_time === null").await;
        for pupil in self.pupils() {
            pupil.press("I'm here").await;
        }
        teacher.sees("3 of 3 here").await;
        teacher.screenshot("check-in").await;
        teacher.press("End check-in").await;
        self.pupils_know("state.checkIn === null || state.checkIn.end_time !== null").await;

        // A question with its right answer.
        teacher.press("Question").await;
        teacher.press("A is right").await;
        teacher.press("Ask").await;
        self.pupils_know("state.question && state.question.end_time === null").await;
        for (pupil, answer) in self.pupils().iter().zip(["A", "A", "B"]) {
            assert_eq!(pupil.state().await["question"]["correct_answer"], Value::Null, "pupils see it at the end");
            pupil.press(answer).await;
            pupil.press("Send answer").await;
        }
        teacher.sees("3 of 3 answered").await;
        qian.screenshot("question").await;
        teacher.press("End question").await;
        self.pupils_know("state.question.end_time !== null && state.question.result.answered === 3").await;
        qian.sees("Right answer: A").await;
    }

    fn restart(&self) -> Process {
        Process::start_at(&self.address, &self.database.url, &[])
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

#[tokio::test]
async fn a_teacher_and_three_pupils_have_a_lesson_through_the_death_of_the_server() {
    let (lesson, server) = Lesson::open().await;
    let teacher = lesson.teacher();
    lesson.all_know("Object.keys(state.members).length === 4").await;
    teacher.press("Begin class").await;
    lesson.all_know("state.class.class_status === 'ing'").await;

    // The board: what the teacher draws is seen by all, and by whom it was drawn.
    teacher.press("Pen").await;
    for (stroke, x) in [-200, -100, 0].into_iter().enumerate() {
        teacher.browser.draw(CANVAS, &[(x, -50), (x + 40, 0), (x + 80, 50)]).await;
        teacher.knows(&format!("state.items.length === {}", stroke + 1)).await;
        lesson.pupils_know(&format!("state.items.length === {}", stroke + 1)).await;
    }
    note_delay(
        &lesson,
        "a stroke",
        async || teacher.browser.draw(CANVAS, &[(100, 0), (150, 0)]).await,
        "state.items.length === 4",
    )
    .await;
    assert!(!lesson.pupils()[0].has_button("Pen").await, "pupils draw only when they may");
    teacher.press("Undo").await;
    lesson.all_know("state.items.length === 3").await;
    teacher.press("Redo").await;
    lesson.all_know("state.items.length === 4").await;

    // Pages.
    teacher.press("Add a whiteboard page").await;
    lesson.all_know("state.board.whiteboards.length === 2 && state.board.shown.page === 'w2'").await;
    note_delay(&lesson, "a page", async || teacher.press("Previous page").await, "state.board.shown.page === 'w1'")
        .await;
    lesson.all_know("state.items.length === 4").await;

    // Hands, and the right to draw.
    let (wang, zhao, qian) = (&lesson.pupils()[0], &lesson.pupils()[1], &lesson.pupils()[2]);
    zhao.press("Raise hand").await;
    lesson.all_know("state.members.zhao.hand_up === 1").await;
    wang.press("Raise hand").await;
    lesson.all_know("state.members.wang.hand_up === 1").await;
    let order = "return [...document.querySelectorAll('.roster-hands .roster-nick')].map((one) => one.textContent)";
    teacher.browser.wait_for(order, json!(["Name of zhao", "Name of wang"])).await;
    teacher.screenshot("hands").await;
    teacher.press("Lower the hand of Name of zhao").await;
    lesson.all_know("state.members.zhao.hand_up === 0").await;
    teacher.press("Name of wang may draw").await;
    lesson.all_know("state.members.wang.enable_draw === 1").await;
    wang.press("Pen").await;
    wang.browser.draw(CANVAS, &[(-100, 80), (100, 80)]).await;
    lesson.all_know("state.items.length === 5 && state.items[4].user_id === 'wang'").await;

    // Chat: to all, and to the teacher alone.
    wang.press("Chat").await;
    wang.fill("Message", "What is a <b>shadow</b>?").await;
    wang.key('\u{E007}').await;
    lesson.all_know("state.messages.some((one) => one.content === 'What is a <b>shadow</b>?')").await;

    lesson.ask_and_check_in().await;

    // Silence of all.
    teacher.press("People").await;
    teacher.press("Silence all").await;
    lesson.all_know("state.class.enable_all_silence === 1").await;
    teacher.press("Let all write").await;
    lesson.all_know("state.class.enable_all_silence === 0").await;
    lesson.all_know_the_same().await;
    teacher.screenshot("lesson").await;

    // The server dies. What is drawn meanwhile is not lost.
    server.kill();
    teacher.browser.draw(CANVAS, &[(-150, 120), (150, 120)]).await;
    let started = Instant::now();
    let server = lesson.restart();
    lesson.all_know("state.connection === 'open'").await;
    let back = started.elapsed();
    println!("all are back {back:?} after the start");
    assert!(back < BACK, "{back:?}");
    lesson.all_know("state.items.length === 6").await;
    lesson.all_know_the_same().await;

    // A pupil is put out; the class ends for the others.
    teacher.press("Actions for Name of qian").await;
    teacher.press("Remove from the class").await;
    teacher.screenshot("remove").await;
    teacher.press("Remove from the class").await;
    qian.sees("The teacher has removed you from this class.").await;
    teacher.press("End class").await;
    teacher.press("End class").await;
    for page in [teacher, wang, zhao] {
        page.sees("The class is over").await;
    }
    let info = lesson.client.ok("class/info", json!({"class_id": lesson.class_id})).await;
    assert_eq!(info["class_status"], "end", "{info}");
    drop(server);
}

/// Does something, waits until all know it, and prints how long that took. How long it may take is measured by the benchmark:
/// here four browsers share the machine.
async fn note_delay(lesson: &Lesson, what: &str, act: impl AsyncFn(), known: &str) {
    act().await;
    let begun = Instant::now();
    lesson.all_know(known).await;
    println!("{what}: known to all after {:?}", begun.elapsed());
}
