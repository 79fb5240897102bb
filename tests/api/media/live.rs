//! Live pictures of classes: what robots send is seen and heard at an address while the class goes on.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use lectern::clock::Millis;
use lectern::domain::classroom::live::Subject;
use lectern::domain::ids::{ClassId, CourseId};
use lectern::domain::tenancy::enterprise;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use super::recorded::video::{Video, alike, strength};
use super::recorded::{TEACHER, enter, film};
use super::{connect, number};
use crate::iclass::board::Lesson;
use crate::niuclass::partner::Partner;
use crate::support::PATIENCE;
use crate::support::component::Component;
use crate::support::media::FakeMedia;
use crate::support::process::eventually;
use crate::support::service::{Enterprise, Service};

const DAY: i64 = 86_400;
const WHITE: [u8; 3] = [255, 255, 255];
const RED: [u8; 3] = [254, 0, 0];

async fn get(service: &Service, url: &str) -> Response {
    service.http.get(url).send().await.unwrap()
}

/// The list at an address, once it has this line.
async fn list_with(service: &Service, url: &str, line: &str) -> String {
    eventually(line, async || {
        let answer = get(service, url).await;
        let text = if answer.status() == 200 { answer.text().await.unwrap() } else { String::new() };
        text.lines().any(|own| own == line).then_some(text)
    })
    .await
}

/// Somebody of an enterprise, signed in by a component.
async fn sign_in<'a>(enterprise: &Enterprise<'a>, user_id: &str) -> Component<'a> {
    let renewed = enterprise.ok("user/token/update", json!({ "user_id": user_id })).await;
    let mut component = Component::of(enterprise, user_id, "");
    let password = renewed["user_token"].clone();
    let signed_in = component.ok("user/login", json!({"userid": user_id, "password": password})).await;
    signed_in["token"].as_str().unwrap().clone_into(&mut component.token);
    component
}

/// The path of a list, signed by an enterprise.
async fn signed(enterprise: &Enterprise<'_>, subject: Subject, until: Millis) -> String {
    let sdkappid = enterprise.sdkappid;
    let row = enterprise.service.app.db.read(move |conn| enterprise::require(conn, sdkappid)).await.unwrap();
    format!("{}{}", enterprise.service.url, subject.path(&row, until))
}

#[tokio::test]
async fn a_lesson_is_seen_and_heard_at_the_address_of_its_course_while_it_goes_on() {
    LazyLock::force(&TEACHER);
    let service = Service::recording(&["--hls", "on"]);
    let enterprise = service.enterprise().await;
    let partner = Partner::of(&enterprise, "192321213").await;
    let organization = partner.organization(json!({})).await;
    let course = partner.course(organization).await;
    let (teacher, member) = partner.member(organization, "teacher", "13000000001").await;
    partner.put(&format!("/api/course/{course}/members/{member}"), json!({"role": "teacher"})).await;
    let tomorrow = json!([{"start": service.now() + DAY, "class_start": "12:00", "repeat": "none"}]);
    partner.times(course, 2700, 1, tomorrow).await;
    let class_id = enterprise.ok("class/list", json!({})).await["list"][0]["class_id"].as_i64().unwrap();
    let address = partner.info(course).await["live_hls"].as_str().unwrap().to_owned();
    assert_eq!(get(&service, &address).await.status(), 404, "nothing goes on");

    let class = json!({ "class_id": class_id });
    let teacher = sign_in(&enterprise, &teacher.to_string()).await;
    teacher.ok("member/join", class.clone()).await;
    let robot = enter(&teacher, class_id, film(&TEACHER)).await;
    eventually("the teacher is connected", async || robot.known().is_connected.then_some(())).await;
    teacher.ok("class/start", class.clone()).await;
    for event in ["mic_open", "camera_open"] {
        teacher.ok("report/event", json!({"class_id": class_id, "event": event})).await;
    }
    // Three segments, so that a player begins with the picture.
    list_with(&service, &address, "#EXT-X-MEDIA-SEQUENCE:1").await;
    let answer = get(&service, &address).await;
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "application/vnd.apple.mpegurl");
    assert_eq!((header("cache-control"), header("access-control-allow-origin")), ("no-store".into(), "*".into()));
    let list = answer.text().await.unwrap();
    let segment = list.lines().rfind(|line| !line.starts_with('#')).unwrap();
    let answer = get(&service, segment).await;
    assert_eq!((answer.status().as_u16(), &answer.headers()["content-type"]), (200, &"video/mp2t".parse().unwrap()));

    // On another thread: the robot goes on.
    let own = address.clone();
    let seen = tokio::task::spawn_blocking(move || Video::of_live(&own, 8)).await.unwrap();
    let probe = seen.probe();
    let codecs: Vec<&Value> = probe["streams"].as_array().unwrap().iter().map(|stream| &stream["codec_name"]).collect();
    assert_eq!(codecs, ["h264", "aac"]);
    assert_eq!((&probe["streams"][0]["width"], &probe["streams"][0]["height"]), (&json!(1280), &json!(720)));
    // The flashes and the beeps of the teacher.
    let sound = seen.sound();
    assert!(sound.chunks(4_800).any(|piece| strength(piece, 440.0) > 0.05), "the teacher is heard");
    for color in [WHITE, RED] {
        let is_seen = |step: i32| alike(&seen.picture(1.0 + f64::from(step) * 0.1), (640, 360), color);
        assert!((0..50).any(is_seen), "the teacher is seen");
    }

    // Those who may see it have addresses of their own.
    let row = partner.get("/api/courses").await["items"][0]["live_hls"].as_str().unwrap().to_owned();
    let of_class = teacher.ok("class/info", class.clone()).await["live_url"].as_str().unwrap().to_owned();
    for address in [&row, &of_class] {
        assert_eq!(get(&service, address).await.status(), 200);
    }
    // A stranger gets nothing.
    let (course_id, stranger) = (CourseId(course), service.enterprise().await);
    let soon = service.clock.now() + 60_000;
    let ticket = address.rsplit('/').nth(1).unwrap().to_owned();
    for wrong in [
        signed(&enterprise, Subject::Course(course_id), service.clock.now() - 1_000).await,
        signed(&stranger, Subject::Course(course_id), soon).await,
        signed(&enterprise, Subject::Class(ClassId(course)), soon).await,
        of_class.replace(of_class.rsplit('/').nth(1).unwrap(), &ticket),
        address.replace(&ticket, ""),
        address.replace(&ticket, "9999999999."),
        address.replace("/course/", "/classes/"),
    ] {
        assert_eq!(get(&service, &wrong).await.status(), 404, "{wrong}");
    }
    assert_eq!(get(&service, &signed(&enterprise, Subject::Course(course_id), soon).await).await.status(), 200);
    let put = service.http.request(Method::PUT, &address).send().await.unwrap();
    assert_eq!(put.status(), 405);

    // It ends with the class.
    teacher.ok("class/stop", class).await;
    list_with(&service, &address, "#EXT-X-ENDLIST").await;
    assert_eq!(get(&service, &of_class).await.status(), 200, "players read it to its end");
}

#[tokio::test]
async fn without_the_setting_nothing_is_shown_live() {
    let media = FakeMedia::new();
    let service = Service::forwarding(&media, &[]);
    let enterprise = service.enterprise().await;
    let lesson = begun(&enterprise).await;
    connect(&lesson.teacher, lesson.class_id).await;
    let info = lesson.teacher.ok("class/info", json!({ "class_id": lesson.class_id })).await;
    assert_eq!(info["live_url"], "");
    let address = signed(&enterprise, Subject::Class(ClassId(lesson.class_id)), service.clock.now() + 60_000).await;
    assert_eq!(get(&service, &address).await.status(), 404);
}

/// A class that has begun.
async fn begun<'a>(enterprise: &Enterprise<'a>) -> Lesson<'a> {
    let lesson = Lesson::begin(enterprise).await;
    lesson.teacher.ok("class/start", json!({ "class_id": lesson.class_id })).await;
    lesson
}

/// Waits until only this class is shown, and returns how many were at once before.
async fn until_live(media: &FakeMedia, class_id: i64) -> usize {
    let mut live = media.live.subscribe();
    let mut most = 0;
    let found = live.wait_for(|live| {
        most = most.max(live.len());
        *live == BTreeSet::from([class_id])
    });
    assert!(tokio::time::timeout(PATIENCE, found).await.is_ok(), "waited in vain: {class_id}");
    most
}

#[tokio::test]
async fn an_instance_shows_no_more_classes_than_it_may_and_the_next_when_one_is_over() {
    let media = FakeMedia::new();
    let service = Service::forwarding(&media, &["--hls", "on", "--hls-classes", "1"]);
    let (school, other) = (service.enterprise().await, service.enterprise().await);
    let first = begun(&school).await;
    connect(&first.teacher, first.class_id).await;
    until_live(&media, first.class_id).await;
    let second = begun(&other).await;
    connect(&second.teacher, second.class_id).await;
    let stop = first.teacher.ok("class/stop", json!({ "class_id": first.class_id }));
    let (most, _) = tokio::join!(until_live(&media, second.class_id), stop);
    assert_eq!(most, 1);
}

#[tokio::test]
async fn a_broadcast_that_dies_begins_anew_and_what_was_shown_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("bin/ffmpeg");
    std::fs::create_dir(folder.path().join("bin")).unwrap();
    std::fs::write(&program, "#!/bin/sh\nexec timeout 10 /usr/bin/ffmpeg \"$@\"\n").unwrap();
    std::fs::set_permissions(&program, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let media = FakeMedia::new();
    let service = Service::forwarding(&media, &["--hls", "on", "--ffmpeg", program.to_str().unwrap()]);
    let enterprise = service.enterprise().await;
    let lesson = begun(&enterprise).await;
    let class = json!({ "class_id": lesson.class_id });
    connect(&lesson.teacher, lesson.class_id).await;
    let info = lesson.teacher.ok("class/info", class.clone()).await;
    let address = info["live_url"].as_str().unwrap().to_owned();
    eventually("a second broadcast", async || {
        let text = get(&service, &address).await.text().await.unwrap();
        (text.lines().filter(|line| *line == "#EXT-X-DISCONTINUITY").count() > 1).then_some(())
    })
    .await;
    lesson.teacher.ok("class/stop", class).await;
    list_with(&service, &address, "#EXT-X-ENDLIST").await;
    let left = async |query: &str| number(&service, query.to_owned()).await;
    assert!(left("SELECT count(*) AS number FROM files WHERE kind = 'live'").await > 1);
    service.pass(121);
    assert_eq!(get(&service, &address).await.status(), 404);
    for query in
        ["SELECT count(*) AS number FROM files WHERE kind = 'live'", "SELECT count(*) AS number FROM live_streams"]
    {
        eventually(query, async || (left(query).await == 0).then_some(())).await;
    }
}
