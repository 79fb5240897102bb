//! Valid and invalid database URLs, and the errors for the latter.

use lectern::db::{Db, Error};

#[test]
fn an_address_of_another_kind_is_refused_without_its_password() {
    for url in [
        "mysql://user:hunter2@host/name",
        "postgresqls://user:hunter2@host/name",
        "Postgres://user:hunter2@host/name",
        "user:hunter2@host/name",
        "postgres:user:hunter2@host",
        "hunter2",
        "",
        "sqlite:",
        "sqlite://",
        "sqlite://:memory:",
        "sqlite:data/hunter2.db",
        "file:data/hunter2.db",
        "data/hunter2.db",
    ] {
        let error = Db::open(url).err().unwrap_or_else(|| panic!("{url} was opened"));
        assert!(matches!(error, Error::Address(_)), "{url}: {error:?}");
        let (shown, inside) = (error.to_string(), format!("{error:?}"));
        assert!(shown.contains("sqlite://") && shown.contains("postgres://"), "{shown}");
        assert!(!shown.contains("hunter2") && !inside.contains("hunter2"), "{inside}");
    }
}

#[test]
fn a_mistake_in_a_servers_address_is_reported_without_its_password() {
    for url in [
        // Each is rejected before anything is sent.
        "postgres://user:hunter2@[::1/name",
        "postgres://user:hunter2%zz@127.0.0.1:1/name",
        "postgres://user:hunter2@127.0.0.1:1/name?unknown=1",
        "postgres://127.0.0.1:1/name?user=u&password=hunter2%zz",
        "postgres://user:p@hunter2@127.0.0.1:1/na%zme",
        "postgres://user:x@hunter2%zz@127.0.0.1:1/name",
        "postgres://user:hunter2@127.0.0.1:99999/name",
        "postgres://user:hunter2@127.0.0.1:1/name?sslmode=hunter",
        // No server listens there.
        "postgres://user:hunter2@127.0.0.1:1/name",
    ] {
        // An unavailable server is no error yet.
        let error = Db::open(url).unwrap().migrate().err().unwrap_or_else(|| panic!("{url} was migrated"));
        assert!(matches!(error, Error::Unavailable(_)), "{error:?}");
        let (shown, inside) = (error.to_string(), format!("{error:?}"));
        assert!(!shown.contains("hunter2") && !inside.contains("hunter2"), "{inside}");
        assert!(shown.len() > 50, "says nothing: {shown}");
    }
}

#[test]
fn the_folder_of_a_file_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a/b c/lectern ü.db");
    let url = format!("sqlite://{}", path.display());
    Db::open(&url).unwrap().migrate().unwrap();
    assert!(path.is_file());
    let below_a_file = format!("sqlite://{}/x.db", path.display());
    let error = Db::open(&below_a_file).err().unwrap();
    assert!(matches!(&error, Error::Unavailable(why) if why.contains("lectern ü.db")), "{error:?}");
}
