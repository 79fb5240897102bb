//! The deletion of a tenant removes all its rows and no others.

use lectern::db::Conn;
use lectern::domain::Error;
use lectern::store::tenancy::enterprise as enterprises;

use super::{rows, tenant};
use crate::migrated;

#[tokio::test]
async fn with_a_tenant_goes_all_that_is_theirs_and_nothing_else() {
    let (db, _database) = migrated();
    let (mine, theirs) = (tenant(&db, 1).await, tenant(&db, 2).await);
    let before = rows(&db, &theirs).await;
    let deleted = db.write(move |conn| {
        assert!(enterprises::delete(conn, mine.sdkappid)?.is_some());
        assert!(enterprises::delete(conn, mine.sdkappid)?.is_none());
        Ok::<_, Error>(())
    });
    deleted.await.unwrap();
    assert_eq!(rows(&db, &theirs).await, before);
    let left = db.read(|conn| Ok::<_, Error>(counts(conn)?)).await.unwrap();
    assert_eq!(
        left,
        [
            ("enterprises", 1),
            ("users", 2),
            ("classes", 2),
            ("members", 3),
            ("sessions", 1),
            ("bans", 1),
            ("documents", 3),
            ("class_documents", 2),
            // A file of the removed tenant, until its bytes are removed.
            ("files", 2),
            ("idempotency_keys", 1),
            ("events", 1),
            ("deliveries", 1),
            ("groups", 5),
            ("group_members", 2),
            ("enterprise_tokens", 1),
            ("push_records", 1),
            ("messages", 1),
            ("group_removals", 1),
            ("reports", 2),
            ("switches", 1),
            ("questions", 1),
            ("replies", 1),
            ("check_ins", 1),
            ("checks", 1),
            ("signing_keys", 1),
            ("channels", 1),
            ("organizations", 1),
            ("memberships", 1),
            ("courses", 1),
            ("course_times", 1),
            ("course_members", 1),
            ("recordings", 2),
            ("private_messages", 1),
            ("chat_images", 1),
            ("filter_words", 1),
            ("live_classes", 1),
            ("log_entries", 1),
            ("logged_messages", 1),
        ]
    );
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    rows: i64,
}

fn counts(conn: &mut Conn) -> Result<Vec<(&'static str, i64)>, lectern::db::QueryError> {
    use lectern::db::prelude::*;
    let tables = [
        "enterprises",
        "users",
        "classes",
        "members",
        "sessions",
        "bans",
        "documents",
        "class_documents",
        "files",
        "idempotency_keys",
        "events",
        "deliveries",
        "groups",
        "group_members",
        "enterprise_tokens",
        "push_records",
        "messages",
        "group_removals",
        "reports",
        "switches",
        "questions",
        "replies",
        "check_ins",
        "checks",
        "signing_keys",
        "channels",
        "organizations",
        "memberships",
        "courses",
        "course_times",
        "course_members",
        "recordings",
        "private_messages",
        "chat_images",
        "filter_words",
        "live_classes",
        "log_entries",
        "logged_messages",
    ];
    let mut found = Vec::new();
    for table in tables {
        let query = diesel::sql_query(format!("SELECT COUNT(*) AS rows FROM {table}"));
        let count: Count = query.get_result(conn)?;
        found.push((table, count.rows));
    }
    Ok(found)
}
