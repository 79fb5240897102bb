//! Usage by day in the console: what is counted and when, as charts, as a table and as a file.

use std::time::Duration;

use diesel::connection::SimpleConnection;
use lectern::db::Conn;
use lectern::domain;
use serde_json::json;

use crate::support::PATIENCE;
use crate::support::receiver::{Receiver, Reply};
use crate::support::service::{Enterprise, Service};
use crate::support::visitor::{Page, Visitor};
use crate::support::webhooks;

fn base(enterprise: &Enterprise<'_>) -> String {
    format!("/e/{}/usage", enterprise.sdkappid)
}

/// Waits until nothing is on its way, and returns how many deliveries were made and given up.
async fn settled(enterprise: &Enterprise<'_>) -> (usize, usize) {
    let rows = webhooks::wait_for(enterprise, json!({}), |rows| {
        rows.iter().all(|row| row["state"] == "delivered" || row["state"] == "dead")
    });
    let rows = rows.await;
    let count = |state: &str| rows.iter().filter(|row| row["state"] == state).count();
    (count("delivered"), count("dead"))
}

/// Lets an hour pass, in which a session of the console does not end.
async fn pass_an_hour(visitor: &Visitor<'_>, enterprise: &Enterprise<'_>) {
    for _ in 0..2 {
        enterprise.service.pass(1_800);
        visitor.open(&base(enterprise)).await;
    }
}

/// The file, once it has this row.
async fn table_with(visitor: &Visitor<'_>, enterprise: &Enterprise<'_>, row: &str) -> Page {
    let path = format!("{}.csv", base(enterprise));
    let mut last = String::new();
    let wait = async {
        loop {
            let page = visitor.open(&path).await;
            if page.html.contains(row) {
                return page;
            }
            last = page.html;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let Ok(page) = tokio::time::timeout(PATIENCE, wait).await else { panic!("{row} is not in {last}") };
    page
}

#[tokio::test]
async fn a_day_is_counted_every_hour_and_once_more_when_it_is_over() {
    let (receiver, service) = (Receiver::start(), webhooks::start(&["--callback-retries", "0"]));
    let failing = Receiver::answering(|_| Reply::Whole(500, "text/plain", "no".into()));
    let enterprise = webhooks::subscribed(&service, &receiver.url).await;
    enterprise.students(&["li"]).await;
    let class_id = webhooks::begun_class(&enterprise).await;
    for user_id in ["pupil", "li"] {
        enterprise.ok("member/join", json!({"class_id": class_id, "user_id": user_id})).await;
    }
    service.pass(600);
    enterprise.ok("member/quit", json!({"class_id": class_id, "user_id": "li"})).await;
    enterprise.ok("member/join", json!({"class_id": class_id, "user_id": "li"})).await;
    service.pass(60);
    for user_id in ["pupil", "li"] {
        enterprise.ok("member/quit", json!({"class_id": class_id, "user_id": user_id})).await;
    }
    enterprise.class(json!({"class_topic": "It does not begin"})).await;
    let (delivered, 0) = settled(&enterprise).await else { panic!("all is delivered") };
    let enterprise_id = enterprise.enterprise_id;
    let file = format!("INSERT INTO files VALUES ('k', {enterprise_id}, 'upload', 'kept', 1536, 1, NULL, 0)");
    service.app.db.write(move |conn: &mut Conn| Ok::<_, domain::Error>(conn.batch_execute(&file)?)).await.unwrap();

    let visitor = Visitor::by_link(&enterprise, "support", "li").await;
    visitor.open(&base(&enterprise)).await;
    service.pass(60);
    // Two people, 11 minutes each.
    let row = format!(r#""2023-11-14","1","2","22","1536","{delivered}","0""#);
    let page = table_with(&visitor, &enterprise, &row).await;
    assert_eq!(page.headers["content-disposition"], "attachment; filename=\"usage.csv\"");
    assert!(page.html.starts_with(r#""date","classes","people","minutes","storage_bytes","delivered","given_up""#));
    assert_eq!(page.html.lines().count(), 2);
    let page = visitor.open(&base(&enterprise)).await;
    for text in ["Classes held", "2023-11-14: 22", "1.5 KiB", "Callbacks", "2023-10-16", "Counted last:"] {
        page.must_show(text);
    }
    assert_eq!(page.html.matches("<svg").count(), 5);
    assert!(!page.html.contains("style="));
    visitor.open(&format!("{}?days=365", base(&enterprise))).await.must_show("2022-11-15");

    // An hour later, a callback was given up.
    enterprise.set(webhooks::address(&failing.url)).await;
    enterprise.ok("class/stop", json!({"class_id": class_id})).await;
    let (_, dead) = settled(&enterprise).await;
    assert!(dead > 0);
    pass_an_hour(&visitor, &enterprise).await;
    table_with(&visitor, &enterprise, &format!(r#""2023-11-14","1","2","22","1536","{delivered}","{dead}""#)).await;
    visitor.open(&base(&enterprise)).await.must_show(&format!("2023-11-14: {delivered} + {dead}"));

    // What changes in the last hour of the day is counted when it is over.
    let late = webhooks::begun_class(&enterprise).await;
    enterprise.ok("member/join", json!({"class_id": late, "user_id": "pupil"})).await;
    let (_, dead) = settled(&enterprise).await;
    pass_an_hour(&visitor, &enterprise).await;
    // The days are counted in order.
    let page = table_with(&visitor, &enterprise, r#""2023-11-15","0","0","0","1536","0","0""#).await;
    let row = format!(r#""2023-11-14","2","2","82","1536","{delivered}","{dead}""#);
    assert!(page.html.contains(&row), "{}", page.html);
}

#[tokio::test]
async fn nobody_sees_the_usage_of_another_enterprise() {
    let service = Service::start();
    let (mine, other) = (service.enterprise().await, service.enterprise().await);
    let visitor = Visitor::by_link(&mine, "admin", "li").await;
    visitor.open(&base(&mine)).await;
    for path in [base(&other), format!("{}.csv", base(&other))] {
        assert_eq!(visitor.get(&path).await.status, 404, "{path}");
    }
    service.pass(60);
    table_with(&visitor, &mine, "2023-11-14").await;
    let operator = Visitor::operator(&service).await;
    table_with(&operator, &other, "2023-11-14").await;
    // The next count is in an hour.
    let new = service.enterprise().await;
    operator.open(&base(&new)).await.must_show("Nothing was counted yet.");
}
