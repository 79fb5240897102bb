//! This version opens a database of the previous version with all its data.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use lectern::db::{Conn, Db, Error, blank};
use lectern::domain::tenancy::webhook_secret::Receiver;
use lectern::domain::tenancy::{channel, enterprise, settings, webhook_secret};
use lectern::store::classroom::class;
use lectern::store::classroom::class::Status;
use lectern::store::copy::tables;
use lectern::store::ids::{ClassId, EnterpriseId, OrganizationId};
use lectern::store::tenancy::signing_key;

use crate::database::Database;
use crate::upgrade_dumps::{MADE, POSTGRES, SQLITE, in_file, on_server};
use crate::user_ids;

/// Tables that an upgrade leaves empty.
const NEW: [&str; 28] = [
    "audit_entries",
    "board_items",
    "board_pages",
    "boards",
    "callback_keys",
    "chat_images",
    "console_links",
    "console_sessions",
    "filter_words",
    "former_users",
    "given_lessons",
    "hosted_messages",
    "live_classes",
    "live_streams",
    "log_entries",
    "logged_messages",
    "media_instances",
    "media_places",
    "online_recordings",
    "recording_logs",
    "recording_parts",
    "recording_settings",
    "media_requests",
    "operators",
    "private_messages",
    "timers",
    "usage_days",
    "visitors",
];

/// The first migration that the dumps do not have.
const FIRST_NEW: &str = "20261129100000";

#[tokio::test]
async fn a_sqlite_file_of_the_version_before_keeps_everything() {
    keeps_everything(in_file(), SQLITE).await;
}

#[tokio::test]
#[ignore = "on PostgreSQL"]
async fn a_postgresql_database_of_the_version_before_keeps_everything() {
    keeps_everything(on_server(), POSTGRES).await;
}

async fn keeps_everything(database: Database, dump: &str) {
    let db = Db::open(&database.url).unwrap();
    db.check().await.unwrap_err();
    assert_eq!(db.migrate().unwrap()[0], FIRST_NEW);
    db.check().await.unwrap();
    has_every_row(&db, dump).await;
    has_its_settings(&db).await;
    has_its_school(&db).await;
    // New ids follow the last one.
    assert_eq!(crate::enterprise(&db, 7).await, 10_004);
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

async fn count(db: &Db, from: &str) -> i64 {
    let query = format!("SELECT count(*) AS number FROM {from}");
    db.read(move |conn| Ok::<_, Error>(diesel::sql_query(query).get_result::<Number>(conn)?.number)).await.unwrap()
}

/// Checks that each table has as many rows as in the dump, and at least one.
async fn has_every_row(db: &Db, dump: &str) {
    let mut expected = BTreeMap::<&str, i64>::new();
    for line in dump.lines() {
        if let Some(rest) = line.strip_prefix("INSERT INTO ") {
            let table = rest.split([' ', '(']).next().unwrap();
            *expected.entry(table.strip_prefix("public.").unwrap_or(table).trim_matches('"')).or_default() += 1;
        }
    }
    let mut seen = 0;
    for table in tables(&mut blank().unwrap()).unwrap() {
        let rows = count(db, table.name()).await;
        assert!(rows > 0 || NEW.contains(&table.name()), "nothing in {}", table.name());
        if let Some(expected) = expected.get(table.name()) {
            assert_eq!(rows, *expected, "{}", table.name());
            seen += 1;
        }
    }
    assert_eq!(seen, 37, "{expected:?}");
}

/// The settings that were columns of `enterprises`: an enterprise with all of them, one with none, and one with a single change.
async fn has_its_settings(db: &Db) {
    let read = db.read(|conn| {
        let mut all = Vec::new();
        for enterprise in enterprise::all(conn)? {
            let id = enterprise.enterprise_id;
            let rooms = settings::rooms(conn, id)?;
            all.push((enterprise, settings::cloud(conn, id)?, rooms, settings::chat(conn, id)?));
        }
        Ok::<_, Error>(all)
    });
    let all = read.await.unwrap();
    let ids: Vec<_> = all.iter().map(|row| (row.0.enterprise_id.0, row.0.sdkappid, row.0.name.as_str())).collect();
    assert_eq!(
        ids,
        [(10_001, 1_400_000_001, "学校 One"), (10_002, 1_400_000_002, "Two"), (10_003, 1_400_000_003, "Three")]
    );

    let (one, cloud, rooms, chat) = &all[0];
    assert_eq!(one.tic_key, "uh5ln0j9pq6dmgkkt8to3k3w49rtzavt");
    assert_eq!(one.old_tic_key.as_deref(), Some("ks89nvnrbztky1d4vv16a6akbvaih4wn"));
    assert_eq!(one.old_tic_key_until, Some((MADE + 86_400) * 1000));
    assert_eq!(one.old_webhook_secret_until, Some((MADE + 86_400) * 1000));
    assert_eq!(one.keys_at(MADE * 1000).count(), 2);
    assert_eq!((one.contact_user.as_str(), one.phone_no.as_str()), ("Wang Wei", "192321213"));
    assert!(one.strict_schedule && one.callback_on_api && one.callback_paused && !one.callback_ordered);
    assert_eq!(one.callback_events.len(), 2);
    assert_eq!(one.transcode_callback, "https://events.example.com/transcode");
    assert_eq!((cloud.bizid, cloud.appid, cloud.project_id), (8_525, 1_251_659_802, 7));
    assert_eq!((cloud.secret_id.as_str(), cloud.secret_key.as_str()), ("AKIDexample", "cloud secret"));
    assert_eq!((rooms.cos_bucket.as_str(), rooms.cos_region.as_str()), ("lessons", "sh"));
    assert_eq!((rooms.recording_key.as_str(), rooms.registration), ("recorder", settings::Registration::Teachers));
    assert_eq!((chat.chat_app_id.as_str(), chat.chat_master_key.as_str()), ("lean", "masterkey"));
    assert!(chat.im_open);

    // Receivers besides the enterprise keep the secret that they know.
    for receiver in [Receiver::DocumentService, Receiver::Organization(OrganizationId(1))] {
        let find = move |conn: &mut _| webhook_secret::require(conn, 1_400_000_001, receiver);
        let found = db.read(find).await.unwrap();
        assert_eq!(found.webhook_secret, one.webhook_secret);
        assert_eq!(found.old_webhook_secret_until, one.old_webhook_secret_until);
    }

    let (two, cloud, rooms, chat) = &all[1];
    assert_eq!(*cloud, settings::CloudSettings { enterprise_id: two.enterprise_id, ..Default::default() });
    assert_eq!(*rooms, settings::RoomSettings::default_of(two.enterprise_id));
    assert_eq!(*chat, settings::ChatSettings::default_of(two.enterprise_id));
    assert_eq!(chat.app_id(two.sdkappid), "1400000002");

    assert_eq!(all[2].0.tic_key, "0123456789abcdef");
    assert_eq!(all[2].2.registration, settings::Registration::Off);
    // One has used all protocols, and goes on with all. The others have used iClass alone.
    assert_eq!(one.protocols(), enterprise::Protocols::ALL);
    assert_eq!((two.protocols(), all[2].0.protocols()), Default::default());
    // An enterprise with default settings has no row.
    for (table, rows) in [("cloud_settings", 1), ("room_settings", 2), ("chat_settings", 1)] {
        assert_eq!(count(db, table).await, rows, "{table}");
    }
    let found = db.read(|conn| Ok::<_, Error>(settings::of_chat_app(conn, "lean")?)).await.unwrap();
    assert_eq!(found.unwrap().0.enterprise_id, EnterpriseId(10_001));
}

/// Users, classes, channels and pending deliveries.
async fn has_its_school(db: &Db) {
    assert_eq!(user_ids(db, EnterpriseId(10_001)).await.len(), 10);
    assert_eq!(user_ids(db, EnterpriseId(10_002)).await, ["pupil"]);
    let read = db.read(|conn: &mut Conn| {
        let mut classes = Vec::new();
        for class_id in [100_000_001, 100_000_002, 100_000_003] {
            classes.extend(class::find(conn, EnterpriseId(10_001), ClassId(class_id))?);
        }
        let channels = channel::list(conn, EnterpriseId(10_001))?;
        Ok::<_, Error>((classes, channels, signing_key::find(conn, EnterpriseId(10_001))?))
    });
    let (classes, channels, key) = read.await.unwrap();
    let classes: Vec<_> = classes.iter().map(|row| (row.class_topic.as_str(), row.class_status)).collect();
    assert_eq!(classes, [("Over", Status::End), ("Going on 课", Status::Ing), ("To come", Status::Will)]);
    assert_eq!((channels.len(), channels[0].mobile.as_str()), (1, "192321213"));
    assert_eq!(key.unwrap().old_jwt_key_until, Some((MADE + 86_400) * 1000));
    for (state, deliveries) in [("delivered", 27), ("dead", 1), ("ready", 1)] {
        assert_eq!(count(db, &format!("deliveries WHERE state = '{state}'")).await, deliveries, "{state}");
    }
    for (failure, conversions) in [("IS NULL", 2), ("= 'not_converted'", 1)] {
        let of = format!("conversions WHERE state = 'finished' AND failure {failure}");
        assert_eq!(count(db, &of).await, conversions, "{failure}");
    }
}
