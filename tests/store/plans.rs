//! How SQLite, which has no statistics, finds rows: by the index of what is asked, not by that of the whole enterprise.

use diesel::sql_types::Text;
use lectern::db::{Conn, Db, Error};

use crate::migrated;

#[derive(diesel::QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

async fn plan(db: &Db, query: &str) -> Vec<String> {
    let explain = format!("EXPLAIN QUERY PLAN {query}");
    let steps = move |conn: &mut Conn| {
        let Conn::Sqlite(c) = conn else { return Ok(Vec::new()) };
        Ok::<_, Error>(diesel::RunQueryDsl::load::<Step>(diesel::sql_query(explain), c)?)
    };
    db.read(steps).await.unwrap().into_iter().map(|step| step.detail).collect()
}

#[tokio::test]
async fn the_members_of_a_class_are_found_by_the_class() {
    let (db, _database) = migrated();
    if !db.is_embedded() {
        return;
    }
    let of_class = "FROM members WHERE class_id = 1 AND enterprise_id = 1";
    for query in [
        format!("SELECT * {of_class} ORDER BY id"),
        format!("SELECT count(*) {of_class} AND user_id NOT IN ('a', 'b')"),
        format!("SELECT user_id {of_class} AND role IN ('teacher', 'assistant')"),
    ] {
        let plan = plan(&db, &query).await;
        assert!(plan[0].contains("(class_id=?"), "{query}: {plan:?}");
    }
}

#[tokio::test]
async fn private_messages_are_found_by_who_reads_them() {
    let (db, _database) = migrated();
    if !db.is_embedded() {
        return;
    }
    let of_class = "FROM private_messages WHERE class_id = 1 AND enterprise_id = 1";
    for (query, column) in [
        (format!("SELECT * {of_class} AND user_id = 'a' AND number < 9 ORDER BY number DESC LIMIT 5"), "user_id"),
        (
            format!("SELECT * {of_class} AND receiver_id = 'a' AND number < 9 ORDER BY number DESC LIMIT 5"),
            "receiver_id",
        ),
        (
            format!("SELECT number {of_class} AND after_sequence >= 5 ORDER BY after_sequence, number LIMIT 1"),
            "after_sequence",
        ),
    ] {
        let plan = plan(&db, &query).await;
        assert!(plan[0].contains("(class_id=? AND ") && plan[0].contains(column), "{query}: {plan:?}");
        assert!(!plan.iter().any(|step| step.contains("TEMP B-TREE")), "{query}: {plan:?}");
    }
}

#[tokio::test]
async fn what_waits_is_counted_in_an_index() {
    let (db, _database) = migrated();
    if !db.is_embedded() {
        return;
    }
    for (rows, index) in [
        ("deliveries WHERE state = 'ready'", "deliveries_ready"),
        ("deliveries WHERE state = 'claimed'", "deliveries_claimed"),
        ("deliveries WHERE state = 'dead'", "deliveries_dead"),
        ("deliveries WHERE settled_time IS NULL", "deliveries_lane"),
        ("files WHERE due IS NOT NULL AND due <= 9", "files_by_due"),
        ("conversions WHERE end_time IS NULL AND lease_token IS NULL", "conversions_waiting"),
        ("conversions WHERE lease_token IS NOT NULL", "conversions_held"),
    ] {
        let query = format!("SELECT count(*) FROM (SELECT 1 FROM {rows} LIMIT 10000) AS counted");
        let plan = plan(&db, &query).await;
        assert!(plan.iter().any(|step| step.contains(index)), "{query}: {plan:?}");
    }
}

#[tokio::test]
async fn the_classes_of_a_day_are_found_by_when_they_begin() {
    let (db, _database) = migrated();
    if !db.is_embedded() {
        return;
    }
    let begin = "(CASE WHEN real_start_time > 0 THEN real_start_time ELSE start_time END)";
    let of_day = format!("classes.enterprise_id = 1 AND {begin} >= 5 AND {begin} < 9");
    for query in [
        format!("SELECT {begin} AS begin, class_id FROM classes WHERE {of_day} ORDER BY {begin}, class_id LIMIT 51"),
        format!("SELECT count(*) FROM (SELECT 1 FROM classes WHERE {of_day} LIMIT 10000) AS counted"),
        format!(
            "SELECT count(DISTINCT sessions.user_id) FROM classes JOIN sessions ON sessions.class_id = classes.class_id \
             AND sessions.enterprise_id = classes.enterprise_id WHERE {of_day} AND real_start_time > 0"
        ),
    ] {
        let plan = plan(&db, &query).await;
        assert!(plan.iter().any(|step| step.contains("classes_by_begin")), "{query}: {plan:?}");
        assert!(
            !plan.iter().any(|step| step.contains("ORDER BY") || step.starts_with("SCAN sessions")),
            "{query}: {plan:?}"
        );
    }
}
