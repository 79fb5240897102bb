//! Check-ins and questions: what everybody learns, and what only those do who moderate the class.

use lectern::db::Conn;
use lectern::domain::classroom::deadline;
use lectern::domain::classroom::log::LogEvent;
use serde_json::{Value, json};

use super::lesson;
use crate::support::component::Component;
use crate::support::follower::Followers;
use crate::support::service::Service;

/// Ends what has passed its time limit, as a worker does every second.
async fn keep_deadlines(service: &Service) {
    let now = service.clock.now();
    let keep = move |conn: &mut Conn| {
        for due in deadline::due(conn, now, 100)? {
            deadline::pass(conn, &due, now)?;
        }
        Ok::<_, lectern::domain::Error>(())
    };
    service.app.db.write(keep).await.unwrap();
}

#[tokio::test]
async fn a_check_in_is_sent_to_all_and_its_answers_to_moderators() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, teacher, li) = lesson(&enterprise).await;
    let wang = Component::register(&enterprise, "wang", "student").await;
    wang.ok("member/join", json!({"class_id": class_id})).await;
    let mut followers = Followers::of(&enterprise, class_id, &["teacher_1", "li", "wang"]).await;
    teacher.reports(class_id, "apply_check_in", json!({"check_id": "c1", "time_limit": 60})).await;
    assert_eq!(followers.look().await, ["control check_in_began", "check-in c1 open"]);
    teacher.reports(class_id, "apply_check_in", json!({"check_id": "c1", "time_limit": 60})).await;
    assert!(followers.look().await.is_empty());
    li.reports(class_id, "check_in", json!({"check_id": "c1"})).await;
    li.reports(class_id, "check_in", json!({"check_id": "c1"})).await;
    assert_eq!(followers.look().await, ["checked in c1 li (moderators)", "checked in c1 li (li)"]);
    // Another one ends it.
    teacher.reports(class_id, "apply_check_in", json!({"check_id": "c2"})).await;
    let next = ["control check_in_ended", "check-in c1 over", "control check_in_began", "check-in c2 open"];
    assert_eq!(followers.look().await, next);
    teacher.reports(class_id, "cancel_check_in", json!({"check_id": "c2"})).await;
    assert_eq!(followers.look().await, ["control check_in_ended", "check-in c2 over"]);
    // Its time limit.
    teacher.reports(class_id, "apply_check_in", json!({"check_id": "c3", "time_limit": 30})).await;
    wang.reports(class_id, "check_in", Value::Null).await;
    service.pass(30);
    keep_deadlines(&service).await;
    keep_deadlines(&service).await;
    let passed = [
        "control check_in_began",
        "check-in c3 open",
        "checked in c3 wang (moderators)",
        "checked in c3 wang (wang)",
        "control check_in_ended",
        "check-in c3 over",
    ];
    assert_eq!(followers.look().await, passed);
}

#[tokio::test]
async fn a_question_is_sent_to_all_and_its_answers_to_moderators() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, teacher, li) = lesson(&enterprise).await;
    let wang = Component::register(&enterprise, "wang", "student").await;
    wang.ok("member/join", json!({"class_id": class_id})).await;
    let mut followers = Followers::of(&enterprise, class_id, &["teacher_1", "li", "wang"]).await;
    teacher.asks(class_id, "q1", 0).await;
    assert_eq!(followers.look().await, ["control question_asked", "question q1 open", "question q1 open (moderators)"]);
    li.replies(class_id, "q1", json!("A")).await;
    // The same answer again changes nothing.
    li.replies(class_id, "q1", json!(["A"])).await;
    wang.replies(class_id, "q1", json!(["B", "A"])).await;
    let answers = [
        "answered q1 li (li)",
        "answered q1 li (moderators)",
        "answered q1 wang (wang)",
        "answered q1 wang (moderators)",
    ];
    assert_eq!(followers.look().await, answers);
    teacher.ok("question/cancel", json!({"class_id": class_id, "question_id": "q1"})).await;
    let ends = followers.entries("li").await;
    assert_eq!(followers.look().await, ["control question_cancelled", "question q1 over"]);
    let [LogEvent::Control { .. }, LogEvent::Question { question }] = ends.as_slice() else { panic!("{ends:?}") };
    let outcome = question.outcome.as_ref().unwrap();
    assert_eq!((outcome.answered, outcome.right, outcome.pupils), (2, 1, 2));
    assert_eq!(serde_json::to_value(&outcome.counts).unwrap(), json!({"A": 2, "B": 1}));
    assert_eq!(outcome.correct_answer, r#"["A","B"]"#);
    // Its time limit, noticed by the worker or by a page.
    teacher.asks(class_id, "q2", 30).await;
    followers.look().await;
    service.pass(30);
    keep_deadlines(&service).await;
    teacher.ok("question/cancel", json!({"class_id": class_id, "question_id": "q2"})).await;
    assert_eq!(followers.look().await, ["control question_timed_out", "question q2 over"]);
}

#[tokio::test]
async fn an_answer_that_replaces_another_is_sent() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, teacher, li) = lesson(&enterprise).await;
    let mut followers = Followers::of(&enterprise, class_id, &["teacher_1", "li"]).await;
    teacher.ok("question/launch", json!({"class_id": class_id, "question_id": "q", "options": ["A", "B"]})).await;
    followers.look().await;
    for select in ["A", "B", "A,B"] {
        li.replies(class_id, "q", json!(select)).await;
        assert_eq!(followers.look().await, ["answered q li (li)", "answered q li (moderators)"]);
    }
    // Whoever moderates and answers learns what others do not.
    teacher.replies(class_id, "q", json!("B")).await;
    followers.look().await;
}

#[tokio::test]
async fn the_end_of_the_class_ends_its_check_in_and_its_questions() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, teacher, li) = lesson(&enterprise).await;
    let mut followers = Followers::of(&enterprise, class_id, &["teacher_1", "li"]).await;
    teacher.reports(class_id, "apply_check_in", json!({"check_id": "c"})).await;
    teacher.asks(class_id, "q1", 0).await;
    teacher.asks(class_id, "q2", 600).await;
    li.replies(class_id, "q2", json!("C")).await;
    followers.look().await;
    teacher.ok("class/stop", json!({"class_id": class_id})).await;
    assert_eq!(followers.look().await, ["check-in c over", "question q1 over", "question q2 over", "class end"]);
    service.pass(600);
    keep_deadlines(&service).await;
    assert!(followers.look().await.is_empty());
}

#[tokio::test]
async fn pupils_learn_nothing_of_the_correct_answer_before_the_question_ends() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, teacher, li) = lesson(&enterprise).await;
    let mut followers = Followers::of(&enterprise, class_id, &["li"]).await;
    let body = json!({"class_id": class_id, "question_id": "q", "options": ["A", "B"], "correct_answer": "secret"});
    teacher.ok("question/launch", body).await;
    teacher.reports(class_id, "apply_check_in", json!({"check_id": "c"})).await;
    enterprise.students(&["wang"]).await;
    let wang = Component::of(&enterprise, "wang", &{
        let renewed = enterprise.ok("user/token/update", json!({"user_id": "wang"})).await;
        renewed["user_token"].as_str().unwrap().to_owned()
    });
    wang.ok("member/join", json!({"class_id": class_id})).await;
    wang.replies(class_id, "q", json!("secret")).await;
    wang.reports(class_id, "check_in", json!({"check_id": "c"})).await;
    li.replies(class_id, "q", json!("A")).await;
    let seen = serde_json::to_string(&followers.entries("li").await).unwrap();
    assert!(!seen.contains("secret"), "{seen}");
    let texts = followers.look().await;
    assert!(texts.contains(&"answered q wang (moderators)".to_owned()), "{texts:?}");
    // The own answer, without whether it is correct.
    assert!(seen.contains(r#""is_right":null"#) && !seen.contains(r#""is_right":true"#), "{seen}");
    teacher.ok("question/cancel", json!({"class_id": class_id, "question_id": "q"})).await;
    let seen = serde_json::to_string(&followers.entries("li").await).unwrap();
    assert!(seen.contains("secret"), "{seen}");
}
