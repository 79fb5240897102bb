//! The contract of the store: transactions, isolation of tenants, migrations. The tests run on a SQLite file, or on the
//! PostgreSQL server that `TEST_POSTGRES_URL` names.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where it fails"
)]

mod addresses;
mod backlog;
mod connections;
mod conversions;
#[path = "../support/database.rs"]
mod database;
mod endpoints;
mod files;
mod locks;
mod migrated_rows;
mod migrations;
mod outbox;
mod plans;
mod read_cache;
mod reads;
mod relay;
mod s3;
mod storage;
mod tables;
mod tenants;
mod tokens;
mod totals;
mod transactions;
mod upgrade;
#[path = "../support/upgrade.rs"]
mod upgrade_dumps;
mod usage;

use database::Database;
use lectern::db::{Conn, Db};
use lectern::domain::Error;
use lectern::domain::tenancy::enterprise;
use lectern::domain::tenancy::enterprise::{Draft, Protocols};
use lectern::store::ids::EnterpriseId;
use lectern::store::tenancy::user;
use lectern::store::tenancy::user::{Gender, NewUser, Role};

/// A database with empty tables.
fn migrated() -> (Db, Database) {
    let database = Database::create();
    let db = Db::open(&database.url).unwrap();
    db.migrate().unwrap();
    (db, database)
}

/// Creates an enterprise and returns its id.
async fn enterprise(db: &Db, sdkappid: i64) -> i64 {
    let call_back_url = Some("http://127.0.0.1:9/".into());
    let draft = Draft { sdkappid: Some(sdkappid), call_back_url, protocols: Protocols::ALL, ..Draft::default() };
    db.write(move |conn| enterprise::create(conn, draft, 0)).await.unwrap().enterprise_id.0
}

fn new_user(enterprise_id: EnterpriseId, user_id: &str) -> NewUser {
    NewUser {
        enterprise_id,
        user_id: user_id.into(),
        role: Role::Student,
        nickname: user_id.into(),
        gender: Gender::Male,
        avatar: String::new(),
        phone_no: String::new(),
        e_mail: String::new(),
        token_hash: format!("of {user_id}"),
        password_hash: None,
        regist_time: 0,
        update_time: 0,
    }
}

fn add_user(conn: &mut Conn, enterprise_id: EnterpriseId, user_id: &str) -> Result<bool, Error> {
    Ok(user::insert(conn, &[new_user(enterprise_id, user_id)])?)
}

/// The ids of all users of an enterprise, in order.
async fn user_ids(db: &Db, enterprise_id: EnterpriseId) -> Vec<String> {
    let page = lectern::store::Page::at(0, 10_000);
    let list = move |conn: &mut Conn| Ok::<_, Error>(user::list(conn, enterprise_id, &user::Filter::default(), page)?);
    db.read(list).await.unwrap().rows.into_iter().map(|user| user.user_id).collect()
}
