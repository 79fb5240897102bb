//! What snapshots and results have at most.

use lectern::domain::classroom::log::LogEvent;
use serde_json::json;

use super::lesson;
use crate::support::component::Component;
use crate::support::follower::Followers;
use crate::support::service::Service;

#[tokio::test]
async fn a_result_counts_the_most_frequent_options_that_are_short() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let (class_id, teacher, li) = lesson(&enterprise).await;
    let wang = Component::register(&enterprise, "wang", "student").await;
    wang.ok("member/join", json!({"class_id": class_id})).await;
    let mut followers = Followers::of(&enterprise, class_id, &["li"]).await;
    teacher.ok("question/launch", json!({"class_id": class_id, "question_id": "q"})).await;
    let mut options: Vec<String> = (0..150).map(|number| format!("o{number:03}")).collect();
    options.push("长".repeat(65));
    options.push("长".repeat(64));
    li.replies(class_id, "q", json!(options)).await;
    wang.replies(class_id, "q", json!(["o149", "长".repeat(64)])).await;
    followers.look().await;
    teacher.ok("question/cancel", json!({"class_id": class_id, "question_id": "q"})).await;
    let ends = followers.entries("li").await;
    let Some(LogEvent::Question { question }) = ends.last() else { panic!("{ends:?}") };
    let counts = &question.outcome.as_ref().unwrap().counts;
    assert_eq!(counts.len(), 100);
    assert_eq!((counts["o149"], counts[&"长".repeat(64)], counts["o000"]), (2, 2, 1));
    assert!(!counts.contains_key(&"长".repeat(65)) && !counts.contains_key("o148"));
}
