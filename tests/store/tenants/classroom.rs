//! Rows of a class and its documents, and the functions that find them.

use lectern::db::Conn;
use lectern::domain::Error;
use lectern::store::classroom::bind;
use lectern::store::classroom::check_in;
use lectern::store::classroom::check_in::NewCheckIn;
use lectern::store::classroom::question;
use lectern::store::classroom::question::{NewQuestion, Reply};
use lectern::store::classroom::recording;
use lectern::store::classroom::recording::NewRecording;
use lectern::store::classroom::report;
use lectern::store::classroom::report::Report;
use lectern::store::classroom::room;
use lectern::store::classroom::session;
use lectern::store::classroom::session::{NewSession, States};
use lectern::store::classroom::{attendance, device_event};
use lectern::store::content::document;
use lectern::store::content::document::{NewDocument, Permission, TranscodeStatus, binding};
use lectern::store::content::file;
use lectern::store::content::file::File;
use lectern::store::ids::{ClassId, EnterpriseId};
use lectern::store::tenancy::user::Role;

use super::ALL;

pub fn new_document(enterprise_id: EnterpriseId, doc_id: &str) -> NewDocument {
    NewDocument {
        enterprise_id,
        doc_id: doc_id.into(),
        doc_url: "https://example.com/a".into(),
        doc_name: "name".into(),
        doc_ext: String::new(),
        doc_size: 0,
        doc_md5: String::new(),
        permission: Permission::Private,
        owner: "u1".into(),
        upload_time: 1,
        is_transcode: false,
        transcode_status: TranscodeStatus::None,
        transcode_failure: None,
        transcode_msg: String::new(),
        transcode_result: String::new(),
        file_key: Some(file_key(enterprise_id)),
        result_key: None,
    }
}

pub fn new_session(enterprise_id: EnterpriseId, class_id: ClassId, user_id: &str) -> NewSession {
    NewSession {
        enterprise_id,
        class_id,
        user_id: user_id.into(),
        role: Role::Student,
        ordinal: 1,
        enter_time: 1,
        last_seen: 1,
        camera: 0,
        mic: 0,
        speaker: 0,
        silence: 0,
        hand_up: 0,
        token_hash: Some(format!("token {enterprise_id}")),
        lease_until: Some(1),
    }
}

/// Adds a row of each kind that reports create.
pub fn add_reports(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<(), Error> {
    let user_id = || "u1".to_owned();
    for event in ["hand_up", "reward"] {
        let (event, target, data) = (event.to_owned(), user_id(), String::new());
        report::insert(
            conn,
            &Report { enterprise_id, class_id, user_id: user_id(), event, target, data, create_time: 1 },
        )?;
    }
    let session = session::open_of(conn, enterprise_id, class_id, "u1")?.unwrap();
    session::set(conn, &session, States { camera: Some(1), ..States::default() }, 1)?;
    let id = || "id".to_owned();
    let (options, correct_answer) = (String::new(), String::new());
    let new = NewQuestion {
        enterprise_id,
        class_id,
        question_id: id(),
        user_id: user_id(),
        options,
        correct_answer,
        limit_time: 0,
        launch_time: 1,
    };
    question::insert(conn, &new)?;
    let (reply_id, reply_select, is_right) = (id(), String::new(), true);
    let reply = Reply {
        enterprise_id,
        class_id,
        question_id: id(),
        user_id: user_id(),
        reply_id,
        reply_select,
        is_right,
        create_time: 1,
    };
    question::reply(conn, &reply)?;
    let new = NewCheckIn { enterprise_id, class_id, check_id: id(), user_id: user_id(), start_time: 1, time_limit: 0 };
    check_in::insert(conn, &new)?;
    let asked = check_in::find(conn, enterprise_id, class_id, "id")?.unwrap();
    check_in::check(conn, &asked, "u1", 1)?;
    Ok(())
}

/// Adds what a class has as a room: a recording, a bound document, and a document that is not bound.
pub fn add_room(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<(), Error> {
    let text = || "text".to_owned();
    let new = NewRecording {
        enterprise_id,
        class_id,
        user_id: text(),
        stream_id: text(),
        video_id: text(),
        video_url: text(),
        video_format: text(),
        start_time: 1,
        stop_time: 2,
        play_time: 3,
        video_size: 4,
        duration: 5,
        create_time: 6,
        video_type: 0,
        file_key: None,
        recording_id: None,
        task_id: None,
    };
    assert!(recording::insert(conn, &new)? && !recording::insert(conn, &new)?);
    recording::insert(conn, &NewRecording { video_id: "own".into(), task_id: Some(text()), ..new })?;
    for (name, is_bound) in [("bound", true), ("at hand", false)] {
        let doc_id = format!("{name} {enterprise_id}");
        document::insert(conn, &new_document(enterprise_id, &doc_id))?;
        let id = bind::mark(conn, enterprise_id, &doc_id, 1)?;
        if is_bound {
            binding::insert(conn, enterprise_id, class_id, &[id])?;
        }
    }
    Ok(())
}

/// Everything that a tenant finds of a class as a room.
pub fn found_of_room(conn: &mut Conn, me: EnterpriseId, class_id: ClassId) -> Result<String, Error> {
    const URL: &str = "https://example.com/a";
    let filter = room::Filter { class_id: Some(class_id), ..room::Filter::default() };
    Ok(format!(
        "{:#?} {:#?} {:#?} {:#?} {:#?} {} {:#?} {:#?} {:#?} {}",
        room::find(conn, me, class_id)?,
        room::list(conn, me, &filter, ALL)?,
        room::inside(conn, me, &[class_id])?,
        recording::list(conn, me, class_id)?,
        recording::uploaded::list(conn, (me, class_id), &recording::uploaded::Filter::default(), ALL)?,
        recording::uploaded::count(conn, me, class_id)?,
        recording::find(conn, me, class_id, "own")?,
        bind::of_class(conn, me, class_id, None, ALL)?,
        bind::find_of_class(conn, me, class_id, "u1", URL)?,
        bind::count_of_class(conn, me, class_id)?,
    ))
}

/// Everything that a tenant finds of a class.
pub fn found(conn: &mut Conn, me: EnterpriseId, class_id: ClassId) -> Result<String, Error> {
    let ids = ["u1".to_owned(), "u2".to_owned()];
    Ok(format!(
        "{:#?} {:#?} {:#?} {:#?} {:#?} {:#?} {:#?} {} {:#?} {:#?} {:#?} {:#?} {} {:#?} {:#?} {:#?} {:#?} {} {:#?} {:#?} {:#?} {:#?}",
        report::list(conn, me, class_id, 100)?,
        report::hand_ups(conn, me, class_id, &ids)?,
        report::rewards(conn, me, class_id, &ids)?,
        device_event::of_users(conn, me, class_id, &ids)?,
        session::open_of(conn, me, class_id, "u1")?,
        question::find(conn, me, class_id, "id")?,
        question::last(conn, me, class_id)?,
        question::count(conn, me, class_id)?,
        question::replies(conn, me, class_id, "id")?,
        question::tallies(conn, me, class_id, &ids)?,
        check_in::find(conn, me, class_id, "id")?,
        check_in::last(conn, me, class_id)?,
        check_in::count(conn, me, class_id)?,
        check_in::answers(conn, me, class_id, "id")?,
        check_in::answered(conn, me, class_id, &ids)?,
        attendance::attendees(conn, me, class_id, ALL)?.rows,
        session::of_users(conn, me, class_id, &ids)?,
        attendance::count_pupils(conn, me, class_id)? + session::count_on_stage(conn, me, class_id)?,
        session::person(conn, me, class_id, "u1")?,
        session::people(conn, me, class_id, "u1", 100)?,
        session::open_of_users(conn, me, class_id, &ids)?,
        question::all_open(conn, me, class_id, 1)?,
    ))
}

pub fn file_key(enterprise_id: EnterpriseId) -> String {
    format!("a{:032x}", enterprise_id.0)
}

pub fn kept(enterprise_id: EnterpriseId) -> File {
    File {
        file_key: file_key(enterprise_id),
        enterprise_id,
        kind: file::Kind::Upload,
        state: file::State::Kept,
        bytes: 1,
        create_time: 1,
        due: None,
        attempts: 0,
    }
}
