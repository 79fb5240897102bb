//! Voice and picture in real browsers: who is heard and seen.

use futures_util::future::join_all;

use super::browsers::{Class, gets_more, gets_no_more, measure, number};
use crate::support::process::eventually;
use crate::support::service::Service;

#[tokio::test]
async fn a_class_hears_and_sees_who_may_speak_and_nobody_else() {
    let service = Service::forwarding_really(&[]);
    let enterprise = service.enterprise().await;
    let class = Class::of(&enterprise, &["wang", "zhao", "qian"], 1).await;
    let pages = join_all(["li", "wang", "zhao", "qian"].map(|user_id| class.enter(user_id, ""))).await;
    let [teacher, wang, zhao, qian] = pages.as_slice() else { panic!("four pages") };
    teacher.press("Begin class").await;
    teacher.press("Turn the microphone on").await;
    teacher.press("Turn the camera on").await;
    for pupil in [wang, zhao, qian] {
        gets_more(pupil, "frames", 20.0).await;
        gets_more(pupil, "energy", 0.01).await;
    }
    for (page, name) in [(teacher, "media-teacher"), (wang, "media-pupil")] {
        page.screenshot(name).await;
    }

    // One place on stage: the first pupil gets it, the second does not.
    wang.press("Turn the microphone on").await;
    gets_more(teacher, "energy", 0.01).await;
    gets_more(zhao, "packets", 50.0).await;
    zhao.press("Turn the microphone on").await;
    zhao.sees("stage is full").await;
    assert!(number(&measure(zhao).await, "sent") < 1.0, "a pupil who is not on stage sends nothing");

    // The teacher mutes the pupil: nothing of the voice arrives any more, the pictures of the teacher go on.
    teacher.press("Mute Name of wang").await;
    gets_no_more(teacher, "packets", qian).await;
    wang.until("find(BUTTONS, 'Turn the microphone on')").await;

    // A pupil who is put out gets nothing any more.
    teacher.press("People").await;
    teacher.press("Actions for Name of qian").await;
    teacher.press("Remove from the class").await;
    teacher.press("Remove from the class").await;
    gets_no_more(qian, "frames", zhao).await;
    eventually("the connection is closed", async || (number(&measure(qian).await, "open") < 1.0).then_some(())).await;

    teacher.press("End class").await;
    teacher.press("End class").await;
    eventually("the connections of all end", async || (number(&measure(zhao).await, "open") < 1.0).then_some(())).await;
}
