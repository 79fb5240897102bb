//! Migrations that give older rows what newer ones have.

use std::fs;

use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;
use lectern::db::Conn;
use lectern::domain::Error;
use lectern::domain::content::conversion::FailureKind;
use lectern::domain::content::{conversion, document};
use lectern::domain::tenancy::enterprise as enterprises;
use lectern::domain::tenancy::enterprise::Protocols;
use lectern::domain::tenancy::settings;
use lectern::domain::tenancy::settings::Registration;
use lectern::store::ids::EnterpriseId;

use crate::conversions::ask;
use crate::{enterprise, migrated};

#[tokio::test]
async fn conversions_that_failed_before_keep_why_and_get_their_numbers_back() {
    const REASONS: [(i64, Option<FailureKind>); 8] = [
        (0, None),
        (10_250, Some(FailureKind::NotConverted)),
        (7, Some(FailureKind::NotConverted)),
        (-9, Some(FailureKind::BrokeOff)),
        (-12, Some(FailureKind::NotStored)),
        (-24, Some(FailureKind::NotOpened)),
        (-26, Some(FailureKind::NotWhole)),
        (-27, Some(FailureKind::NotInTime)),
    ];
    let (db, _database) = migrated();
    let id = enterprise(&db, 1).await;
    let read = db.write(move |conn| {
        let tree = if matches!(conn, Conn::Sqlite(_)) { "sqlite" } else { "postgres" };
        let script = |name: &str| {
            let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
            fs::read_to_string(format!("{folder}/{tree}/2026-11-29-100000_conversion_failures/{name}.sql")).unwrap()
        };
        let (down, up) = (script("down"), script("up"));
        let doc_id = added(conn)?;
        let tasks = ask(conn, 1, REASONS.len())?;
        conn.batch_execute(&down)?;
        for (task_id, (code, _)) in tasks.iter().zip(REASONS) {
            conn.batch_execute(&format!("UPDATE conversions SET code = {code} WHERE task_id = '{task_id}'"))?;
        }
        conn.batch_execute("UPDATE documents SET transcode_code = -24")?;
        conn.batch_execute(&up)?;
        for (task_id, (code, failure)) in tasks.iter().zip(REASONS) {
            assert_eq!(conversion::require(conn, EnterpriseId(id), task_id)?.failure, failure, "{code}");
        }
        assert_eq!(document::require(conn, EnterpriseId(id), &doc_id)?.transcode_failure, Some(FailureKind::NotOpened));
        conn.batch_execute(&down)?;
        for (task_id, (code, _)) in tasks.iter().zip(REASONS) {
            // Each number was assigned once, without gaps.
            let code = if code == 7 { 10_250 } else { code };
            let same = format!("UPDATE conversions SET code = code WHERE task_id = '{task_id}' AND code = {code}");
            assert_eq!(diesel::sql_query(same).execute(conn)?, 1, "{code}");
        }
        let same = "UPDATE documents SET transcode_code = transcode_code WHERE transcode_code = -24";
        assert_eq!(diesel::sql_query(same).execute(conn)?, 1);
        conn.batch_execute(&up)?;
        Ok::<_, Error>(())
    });
    read.await.unwrap();
}

#[tokio::test]
async fn an_enterprise_keeps_the_protocols_that_its_rows_show_it_has_used() {
    let nothing = Protocols::default();
    let channels = Protocols { channels: true, ..nothing };
    let rooms = Protocols { rooms: true, ..nothing };
    let im = Protocols { im: true, ..nothing };
    let class = "INSERT INTO classes (enterprise_id, class_topic, class_type, class_status, class_live_type, teacher_id, \
                 assistant_id, create_time, start_time, stop_time, real_start_time, real_stop_time, admin_id, admin_sig, \
                 max_member_limit, max_member_num, settings, record_user_id, record_user_sig, last_sequence) \
                 VALUES (ID, '', 'public', 'end', 'close', 't', '', 1, 1, 1, 1, 1, '', '', 0, 0, '{}', '', '', 0)";
    let user = "INSERT INTO users (enterprise_id, user_id, role, nickname, gender, avatar, phone_no, e_mail, token_hash, \
                password_hash, regist_time, update_time) VALUES (ID, 'u', 'student', '', 'male', '', '', '', 'h', 'p', 1, 1)";
    let cloud = "INSERT INTO cloud_settings VALUES (ID, 1, 1, 1, 'id', 'key')";
    let room_settings = |row: &str| format!("INSERT INTO room_settings VALUES (ID, {row})");
    let group = |kind: &str| {
        format!(
            "INSERT INTO groups (enterprise_id, group_id, kind, engine, name, avatar, create_time, last_sequence, \
             conversation_id) VALUES (ID, 'g', '{kind}', 'local', '', '', 1, 0, '')"
        )
    };
    let of_class = |insert: &str| format!("{class}; {insert}");
    let document = "INSERT INTO documents (enterprise_id, doc_id, doc_url, doc_name, doc_ext, doc_size, doc_md5, permission, \
                    owner, upload_time, is_transcode, transcode_status, transcode_msg, transcode_result, pages, width, height, \
                    media) VALUES (ID, 'dID', '', '', '', 0, '', 'public', '', 1, FALSE, '', '', '', 0, 0, 0, ";
    // What an enterprise had, what it keeps, and who may open accounts in it.
    let cases = [
        ("SELECT 1".into(), nothing, Registration::Off),
        (format!("{class}; {user}; {}; {document}NULL)", group("chat")), nothing, Registration::Off),
        ("INSERT INTO channels VALUES (7, ID, '1', 'u', 'h', 1, 1)".into(), channels, Registration::Off),
        (of_class("UPDATE classes SET silence_limit = 1 WHERE enterprise_id = ID"), rooms, Registration::Teachers),
        (of_class("UPDATE classes SET replay_url = 'u' WHERE enterprise_id = ID"), rooms, Registration::Teachers),
        (
            of_class(
                "INSERT INTO recordings SELECT 7, ID, class_id, 'u', 's', 'v', 'u', 'mp4', 1, 1, 1, 1, 1, 1, 0, NULL, NULL, NULL FROM classes \
                 WHERE enterprise_id = ID",
            ),
            rooms,
            Registration::Teachers,
        ),
        (format!("{document}0)"), rooms, Registration::Teachers),
        (room_settings("'', '', 'key', FALSE"), rooms, Registration::Off),
        (room_settings("'bucket', 'sh', '', TRUE"), rooms, Registration::Teachers),
        (room_settings("'', '', '', FALSE"), nothing, Registration::Off),
        (cloud.into(), nothing, Registration::Off),
        (format!("{cloud}; {user}"), rooms, Registration::Teachers),
        ("INSERT INTO enterprise_tokens VALUES (7, ID, 'n', 'h', 1)".into(), im, Registration::Off),
        ("INSERT INTO chat_settings VALUES (ID, '', 'key', FALSE)".into(), im, Registration::Off),
        (group("free"), im, Registration::Off),
        (
            of_class(
                "INSERT INTO push_records SELECT 7, ID, class_id, NULL, 1, 1 FROM classes WHERE enterprise_id = ID",
            ),
            im,
            Registration::Off,
        ),
    ];
    let (db, _database) = migrated();
    let mut expected = Vec::new();
    for (sdkappid, (statements, protocols, registration)) in (1..).zip(cases) {
        expected.push((
            statements.replace("ID", &enterprise(&db, sdkappid).await.to_string()),
            protocols,
            registration,
        ));
    }
    let read = db.write(move |conn| {
        let tree = if matches!(conn, Conn::Sqlite(_)) { "sqlite" } else { "postgres" };
        let script = |name: &str| {
            let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
            fs::read_to_string(format!("{folder}/{tree}/2026-11-29-130000_admission/{name}.sql")).unwrap()
        };
        let (down, up) = (script("down"), script("up"));
        // Of the settings as they were, an enterprise without changes had no row.
        conn.batch_execute(&format!("{down}; DELETE FROM room_settings"))?;
        for (statements, ..) in &expected {
            conn.batch_execute(statements)?;
        }
        conn.batch_execute(&up)?;
        for (sdkappid, (statements, protocols, registration)) in (1..).zip(&expected) {
            let kept = enterprises::require(conn, sdkappid)?;
            assert_eq!(kept.protocols(), *protocols, "{statements}");
            assert_eq!(settings::rooms(conn, kept.enterprise_id)?.registration, *registration, "{statements}");
        }
        Ok::<_, Error>(())
    });
    read.await.unwrap();
}

/// A document of enterprise 1.
fn added(conn: &mut Conn) -> Result<String, Error> {
    let owner = enterprises::require(conn, 1)?;
    let draft = document::Draft {
        doc_url: "https://example.com/a.ppt".into(),
        file: None,
        doc_name: "name".into(),
        doc_ext: "ppt".into(),
        doc_size: 0,
        doc_md5: String::new(),
        permission: document::Permission::Public,
        owner: String::new(),
        is_transcode: false,
        is_static: false,
    };
    document::add(conn, &owner, draft, None, 1)
}
