//! What the kinds of events are called.

use super::words::Language;
use crate::domain::events::event::EventKind;

/// The text for a kind of event.
pub(super) fn label(language: Language, kind: EventKind) -> &'static str {
    language.of(match kind {
        EventKind::ClassBegan => ("Class began", "课堂开始"),
        EventKind::ClassEnded => ("Class ended", "课堂结束"),
        EventKind::Joined => ("Somebody joined", "有人进入课堂"),
        EventKind::Left => ("Somebody left", "有人离开课堂"),
        EventKind::RecordingBegan => ("Recording began", "录制开始"),
        EventKind::NotRecorded => ("Recording did not begin", "录制未能开始"),
        EventKind::RecordingFailed => ("Recording failed", "录制失败"),
        EventKind::Recorded => ("Recording available", "录制完成"),
        EventKind::LocallyRecorded => ("Local recording uploaded", "本地录制已上传"),
        EventKind::Transcoded => ("Document converted", "文档转码"),
        EventKind::CourseCreated => ("Course created", "课程创建"),
        EventKind::Said => ("Message in a course", "课程消息"),
        EventKind::Test => ("Test event", "测试事件"),
    })
}
