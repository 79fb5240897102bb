//! Each endpoint of an enterprise has its own deliveries, and notices are formatted when they are read. Both also hold in a
//! database that is migrated down and up again.

use diesel::connection::SimpleConnection;
use lectern::db::Conn;
use lectern::domain::Error;
use lectern::domain::classroom::chat;
use lectern::domain::classroom::push;
use lectern::domain::classroom::recording;
use lectern::domain::classroom::recording::Report;
use lectern::domain::classroom::room;
use lectern::domain::classroom::session::Component;
use lectern::domain::content::conversion;
use lectern::domain::content::conversion::{Draft, Service};
use lectern::domain::events::event;
use lectern::domain::events::event::{EndpointId, Filter};
use lectern::domain::tenancy::enterprise as enterprises;
use lectern::protocol::show_notice;
use lectern::store::Page;
use lectern::store::chat::message::{MessageKind, StoredKind};
use lectern::store::ids::EnterpriseId;
use lectern::store::tenancy::user;
use lectern::store::tenancy::user::{NewUser, Role};

use crate::{enterprise, migrated, new_user};

/// The migration that added endpoints, for SQLite and PostgreSQL.
const UP: [&str; 2] = [
    include_str!("../../migrations/sqlite/2026-11-29-110000_endpoints/up.sql"),
    include_str!("../../migrations/postgres/2026-11-29-110000_endpoints/up.sql"),
];
const DOWN: [&str; 2] = [
    include_str!("../../migrations/sqlite/2026-11-29-110000_endpoints/down.sql"),
    include_str!("../../migrations/postgres/2026-11-29-110000_endpoints/down.sql"),
];

fn run(conn: &mut Conn, [sqlite, postgres]: [&str; 2]) -> Result<(), Error> {
    let statements = if matches!(conn, Conn::Sqlite(_)) { sqlite } else { postgres };
    Ok(conn.batch_execute(statements)?)
}

/// Publishes a test event, and the first event of a conversion through each service.
fn publish(conn: &mut Conn) -> Result<(), Error> {
    let owner = enterprises::require(conn, 1)?;
    event::test(conn, &owner, 1)?;
    for service in [Service::Document, Service::Transcode, Service::Ppt2h5] {
        let draft = Draft {
            service,
            doc_id: None,
            url: "https://example.com/a.ppt".into(),
            file: None,
            name: String::new(),
            extension: String::new(),
            size: 0,
            md5: String::new(),
            is_private: false,
            is_static: false,
        };
        conversion::request(conn, &owner, draft, None, 1)?;
    }
    Ok(())
}

/// The endpoints of the deliveries, the oldest first.
fn endpoints(conn: &mut Conn, enterprise_id: EnterpriseId) -> Result<Vec<EndpointId>, Error> {
    while event::relay(conn)?.more {}
    let rows = event::list(conn, enterprise_id, &Filter::default(), Page::at(0, 100))?;
    Ok(rows.iter().rev().map(|(delivery, _)| delivery.endpoint()).collect())
}

#[tokio::test]
async fn what_is_of_the_document_service_goes_to_its_endpoint_and_did_before_it_had_one() {
    let (db, _database) = migrated();
    let id = enterprise(&db, 1).await;
    let seen = db.write(move |conn| {
        publish(conn)?;
        let relayed = endpoints(conn, EnterpriseId(id))?;
        // These remain in the outbox.
        publish(conn)?;
        run(conn, DOWN)?;
        let list = event::list(conn, EnterpriseId(id), &Filter::default(), Page::at(0, 100))?;
        let before: Vec<EndpointId> = list.iter().map(|(delivery, _)| delivery.endpoint()).collect();
        run(conn, UP)?;
        Ok::<_, Error>((relayed, before, endpoints(conn, EnterpriseId(id))?))
    });
    let (relayed, before, after) = seen.await.unwrap();
    let (itself, service) = (EndpointId::Enterprise(EnterpriseId(id)), EndpointId::DocumentService(EnterpriseId(id)));
    assert_eq!(relayed, [itself, itself, service, service]);
    assert_eq!(before, [itself; 4]);
    assert_eq!(after, [relayed.clone(), relayed].concat());
}

#[tokio::test]
async fn notices_read_the_same_in_a_database_that_goes_back() {
    let (db, _database) = migrated();
    let id = enterprise(&db, 1).await;
    let odd = "quote \" and \\";
    let seen = db.write(move |conn| {
        let owner = enterprises::require(conn, 1)?;
        user::insert(conn, &[NewUser { role: Role::Teacher, ..new_user(EnterpriseId(id), odd) }])?;
        let teacher = user::find(conn, EnterpriseId(id), odd)?.unwrap();
        let class_id = room::open(conn, &teacher, "A room", "", 1_000)?;
        let component = Component { user_id: odd.into(), token_hash: "of a token".into(), lease: room::LEASE };
        room::begin(conn, &owner, class_id, &component, Ok(i64::MAX), 2_345)?;
        let text = || "text".to_owned();
        let report = Report {
            user_id: odd.into(),
            stream_id: text(),
            video_id: text(),
            video_url: text(),
            video_format: text(),
            start_time: 1,
            stop_time: 2,
            play_time: 3,
            video_size: 4,
            duration: 5,
        };
        recording::keep(conn, &owner, class_id, report, 3_456)?;
        room::end(conn, &owner, class_id, odd, 4_567)?;
        push::push(conn, EnterpriseId(id), class_id, 5_678)?;
        let read = |conn: &mut Conn| {
            let groups = [Some(class_id.to_string()), None];
            let pages =
                groups.map(|name| chat::messages(conn, EnterpriseId(id), class_id, name.as_deref(), Page::at(0, 100)));
            let [components, people] = pages;
            Ok::<_, Error>([components?.rows, people?.rows].concat())
        };
        let messages = read(conn)?;
        run(conn, DOWN)?;
        Ok::<_, Error>((messages, read(conn)?, class_id))
    });
    let (messages, before, class_id) = seen.await.unwrap();
    let shown: Vec<String> = messages.iter().map(|message| show_notice(&message.notice().unwrap(), message)).collect();
    let expected = [
        format!(r#"{{"seq":1,"timestamp":2,"type":1003,"value":{{"uid":{odd:?}}}}}"#),
        r#"{"seq":2,"timestamp":2,"type":1001,"value":{}}"#.to_owned(),
        r#"{"seq":3,"timestamp":3,"type":1004,"value":{}}"#.to_owned(),
        r#"{"seq":4,"timestamp":4,"type":1002,"value":{}}"#.to_owned(),
        format!(r#"{{"class_id":{class_id},"push_history_record_id":1}}"#),
    ];
    assert_eq!(shown, expected);
    assert!(messages.iter().all(|message| message.shown_kind() == MessageKind::Custom));
    let contents: Vec<&str> = before.iter().map(|message| message.content.as_str()).collect();
    assert_eq!(contents, expected);
    assert!(before.iter().all(|message| message.kind == StoredKind::Custom && message.notice().is_none()));
}
