//! Copies that are refused: a target with other data, or a source of another version or that does not exist.

use std::path::Path;
use std::sync::Arc;

use lectern::db::Db;
use serde_json::json;

use super::{copy, count, execute, refused, school, service_in_file, start, targets};
use crate::support::database::Database;
use crate::support::receiver::Receiver;

#[tokio::test]
async fn a_target_of_somebody_else_is_left_alone() {
    let (receiver, service) = (Receiver::start(), service_in_file());
    school(&service, &receiver).await;
    for target in targets() {
        // The ids are the same as in the source, because every database starts with the same ids.
        let other = start(target.clone());
        let enterprise = other.enterprise().await;
        let complaint = refused(service.database_url(), &target.url);
        assert!(complaint.contains("enterprises (enterprise_id 10001)"), "{complaint}");
        assert!(!complaint.contains(&enterprise.tic_key), "{complaint}");
        assert_eq!(count(&target.url, "classes"), 0, "nothing was written");
    }
}

#[tokio::test]
async fn a_copy_that_was_used_is_not_copied_into() {
    let (receiver, service) = (Receiver::start(), service_in_file());
    let enterprise = school(&service, &receiver).await;
    for target in targets() {
        copy(service.database_url(), &target.url);
        let moved = start(target.clone());
        let class_id = moved.enterprise_with(enterprise.sdkappid).await.class(json!({})).await;
        let complaint = refused(service.database_url(), &target.url);
        assert!(complaint.contains(&format!("classes (class_id {class_id})")), "{complaint}");
    }
}

#[tokio::test]
async fn a_row_that_is_missing_in_the_midst_is_not_passed_over() {
    let (receiver, service) = (Receiver::start(), service_in_file());
    school(&service, &receiver).await;
    for target in targets() {
        copy(service.database_url(), &target.url);
        execute(&target.url, "DELETE FROM users WHERE id = 1");
        let complaint = refused(service.database_url(), &target.url);
        assert!(complaint.contains("users (id 2)"), "{complaint}");
    }
}

#[tokio::test]
async fn a_server_that_is_being_served_from_is_refused() {
    let Some(source) = Database::on_server().map(Arc::new) else { return };
    let service = start(source.clone());
    // The service is running, and looks for deliveries from here on.
    service.enterprise().await;
    let complaint = refused(&source.url, &Database::in_file().url);
    assert!(complaint.contains("something is at work on --from"), "{complaint}");
}

#[tokio::test]
async fn tables_of_another_version_are_refused() {
    for source in targets() {
        let target = Database::in_file();
        let target_file = target.url.trim_start_matches("sqlite://");
        // No version, an older one, a newer one.
        let db = Db::open(&source.url).unwrap();
        let none = refused(&source.url, &target.url);
        db.migrate().unwrap();
        execute(&source.url, "INSERT INTO __diesel_schema_migrations (version) VALUES ('20991231000000')");
        let newer = refused(&source.url, &target.url);
        execute(&source.url, "DELETE FROM __diesel_schema_migrations WHERE version <> '20261121000000'");
        let older = refused(&source.url, &target.url);
        for complaint in [none, newer, older] {
            assert!(complaint.contains("the tables of --from are of another version"), "{complaint}");
        }
        assert!(!Path::new(target_file).exists(), "no target was made");
    }
}

#[tokio::test]
async fn a_target_of_a_newer_version_is_refused() {
    let service = service_in_file();
    for target in targets() {
        Db::open(&target.url).unwrap().migrate().unwrap();
        execute(&target.url, "INSERT INTO __diesel_schema_migrations (version) VALUES ('20991231000000')");
        let complaint = refused(service.database_url(), &target.url);
        assert!(complaint.contains("is of a later version") && complaint.contains("20991231000000"), "{complaint}");
    }
}

#[test]
fn a_source_that_is_not_there_is_not_made() {
    let (source, target) = (Database::in_file(), Database::in_file());
    let complaint = refused(&source.url, &target.url);
    assert!(complaint.contains("there is no /"), "{complaint}");
    assert!(!Path::new(source.url.trim_start_matches("sqlite://")).exists());
    assert!(!Path::new(target.url.trim_start_matches("sqlite://")).exists());
}

#[test]
fn a_database_is_not_copied_into_itself() {
    let database = Database::in_file();
    Db::open(&database.url).unwrap().migrate().unwrap();
    assert!(refused(&database.url, &database.url).contains("the same database"));
}
