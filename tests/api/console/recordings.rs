//! Recordings in the console: the list, the videos of a class, and making a video again that failed.

use diesel::connection::SimpleConnection;
use lectern::db::Conn;
use lectern::domain::tenancy::audit::AuditAction;
use serde_json::json;

use super::deliveries::audited;
use crate::support::service::{Enterprise, Service};
use crate::support::visitor::Visitor;

/// Writes recordings of a class: one that failed, and then `done` others. And a video.
async fn fill(enterprise: &Enterprise<'_>, class_id: i64, done: usize) {
    let id = enterprise.enterprise_id;
    let row = |nth: usize, state: &str, message: &str| {
        format!("({id}, {class_id}, 'task-{id}-{nth}', 'composed', '{state}', '[]', '{message}', 1, 9, 'online')")
    };
    let rows: Vec<String> = (0..=done)
        .map(|nth| if nth == 0 { row(0, "failed", "the disk was full") } else { row(nth, "done", "") })
        .collect();
    let recordings = format!(
        "INSERT INTO online_recordings (enterprise_id, class_id, task_id, product, state, spans, message, begin_time, end_time, \
         requested) VALUES {}",
        rows.join(", ")
    );
    let video = format!(
        "INSERT INTO recordings (enterprise_id, class_id, user_id, stream_id, video_id, video_url, video_format, start_time, \
         stop_time, play_time, video_size, duration, create_time) VALUES ({id}, {class_id}, '', '', 'v', \
         'https://files.example.com/v-{id}.mp4', 'mp4', 1700000000, 1700002700, 0, 2048, 125, 1)"
    );
    let write = move |conn: &mut Conn| {
        conn.batch_execute(&recordings)?;
        Ok::<_, lectern::db::Error>(conn.batch_execute(&video)?)
    };
    enterprise.service.app.db.write(write).await.unwrap();
}

#[tokio::test]
async fn a_video_that_failed_is_found_and_made_again() {
    let service = Service::start();
    let (mine, other) = (service.enterprise().await, service.enterprise().await);
    let (class_id, foreign) = (mine.class(json!({})).await, other.class(json!({})).await);
    fill(&mine, class_id, 60).await;
    fill(&other, foreign, 0).await;
    let list = format!("/e/{}/recordings", mine.sdkappid);

    let support = Visitor::by_link(&mine, "support", "s").await;
    let page = support.open(&list).await;
    assert!(!page.shows("the disk was full") && !page.shows(&foreign.to_string()));
    let next = page.html.split("rel=\"next\" href=\"/console").nth(1).unwrap().split('"').next().unwrap();
    let page = support.open(&next.replace("&amp;", "&")).await;
    page.must_show("the disk was full");
    assert!(!page.html.contains("rel=\"next\""));
    let page = support.open(&format!("{list}?state=failed")).await;
    assert_eq!((page.html.matches("<tr>").count(), page.shows("the disk was full")), (2, true));
    let class_page = format!("/e/{}/classes/{class_id}", mine.sdkappid);
    let page = support.open(&class_page).await;
    for text in ["2:05", "2.0 KiB"] {
        page.must_show(text);
    }
    assert!(page.html.contains(&format!("https://files.example.com/v-{}.mp4", mine.enterprise_id)));
    assert!(!page.html.contains("/compose\""), "support is offered a change");

    let admin = Visitor::by_link(&mine, "admin", "li").await;
    admin.open(&class_page).await.must_show("Make the video again");
    let compose = format!("{class_page}/compose");
    for task in [format!("task-{}-0", other.enterprise_id), "none".to_owned()] {
        assert_eq!(admin.post(&compose, &[("task", &task)]).await.status, 404, "{task}");
    }
    let page = admin.post(&compose, &[("task", &format!("task-{}-0", mine.enterprise_id))]).await;
    assert_eq!(page.location, format!("/console{class_page}"));
    assert!(!admin.open(&format!("{list}?state=failed")).await.shows("the disk was full"));
    let composed: Vec<_> =
        audited(&service).await.into_iter().filter(|entry| entry.action == AuditAction::RecordingCompose).collect();
    assert_eq!(composed.len(), 1);
}
