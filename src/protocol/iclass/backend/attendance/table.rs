//! Attendance as CSV (RFC 4180) that spreadsheets open as it is meant: with a byte order mark, and no cell a formula.

use serde::Deserialize;
use utoipa::ToSchema;

use super::row::{AttendanceRow, StayRow};

/// Tells spreadsheets that the text is UTF-8.
const BYTE_ORDER_MARK: char = '\u{FEFF}';
/// What a spreadsheet takes for the begin of a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The name of each column, in English and in Chinese.
const COLUMNS: [(&str, &str); 19] = [
    ("User ID", "用户 ID"),
    ("Name", "昵称"),
    ("Role", "角色"),
    ("First entered", "首次进入时间"),
    ("Last left", "最后离开时间"),
    ("Stays", "进入次数"),
    ("Stays in detail", "进出明细"),
    ("Present (s)", "在课时长（秒）"),
    ("Late (s)", "迟到（秒）"),
    ("Left early (s)", "早退（秒）"),
    ("Hands up", "举手次数"),
    ("Rewards", "奖励次数"),
    ("Camera open (s)", "摄像头开启（秒）"),
    ("Microphone open (s)", "麦克风开启（秒）"),
    ("Check-ins answered", "已签到次数"),
    ("Check-ins", "签到总次数"),
    ("Questions answered", "答题数"),
    ("Questions right", "答对数"),
    ("Questions", "题目总数"),
];

/// The language of the first line.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", try_from = "String")]
pub(super) enum Lang {
    /// Chinese.
    Zh,
    /// English.
    En,
}

impl TryFrom<String> for Lang {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        match word.as_str() {
            "zh" => Ok(Self::Zh),
            "en" => Ok(Self::En),
            _ => Err(format!("{word:?} is not zh or en")),
        }
    }
}

/// The mark and the first line.
pub(super) fn head(lang: Lang) -> String {
    let mut text = String::from(BYTE_ORDER_MARK);
    let names = COLUMNS.iter().map(|(en, zh)| match lang {
        Lang::En => *en,
        Lang::Zh => *zh,
    });
    line(&mut text, names.map(str::to_owned));
    text
}

/// Adds the line of one person.
pub(super) fn add(text: &mut String, row: AttendanceRow) {
    let sessions = &row.stay_list;
    let left = if sessions.iter().any(|session| session.quit_time == 0) {
        None
    } else {
        sessions.last().map(|session| session.quit_time)
    };
    let detail: Vec<String> = sessions.iter().map(session).collect();
    let texts = [
        row.user_id,
        row.nickname,
        row.role.as_str().to_owned(),
        sessions.first().map_or_else(String::new, |session| time(session.enter_time)),
        left.map_or_else(String::new, time),
        sessions.len().to_string(),
        detail.join("; "),
    ];
    let numbers = [
        row.present_seconds,
        row.late_seconds,
        row.left_early_seconds,
        row.hand_ups,
        row.rewards,
        row.camera_seconds,
        row.mic_seconds,
        row.check_ins_answered,
        row.check_ins,
        row.questions_answered,
        row.questions_right,
        row.questions,
    ];
    line(text, texts.into_iter().chain(numbers.into_iter().map(|number| number.to_string())));
}

fn session(session: &StayRow) -> String {
    let quit = if session.quit_time == 0 { String::new() } else { time(session.quit_time) };
    let reason = if session.quit_reason.is_empty() { String::new() } else { format!(" ({})", session.quit_reason) };
    format!("{} - {quit}{reason}", time(session.enter_time))
}

/// A time as spreadsheets read it, UTC.
fn time(seconds: i64) -> String {
    chrono::DateTime::from_timestamp(seconds, 0)
        .map_or_else(String::new, |time| time.format("%Y-%m-%dT%H:%M:%SZ").to_string())
}

fn line(text: &mut String, cells: impl Iterator<Item = String>) {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            text.push(',');
        }
        text.push_str(&quoted(&cell));
    }
    text.push_str("\r\n");
}

/// A cell in quotes where it needs them, and with an apostrophe before what a spreadsheet would work out.
fn quoted(cell: &str) -> String {
    let harmless = if cell.starts_with(FORMULA) { format!("'{cell}") } else { cell.to_owned() };
    if harmless.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", harmless.replace('"', "\"\"")) } else { harmless }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn no_cell_is_a_formula_or_ends_its_cell() {
        for (cell, written) in [
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@a", "'@a"),
            ("\ta", "'\ta"),
            ("\ra", "\"'\ra\""),
            ("a=1", "a=1"),
            ("=HYPERLINK(\"a\",\"b\")", "\"'=HYPERLINK(\"\"a\"\",\"\"b\"\")\""),
            ("a,b", "\"a,b\""),
            ("a\nb", "\"a\nb\""),
            ("小明", "小明"),
            ("", ""),
        ] {
            assert_eq!(quoted(cell), written);
        }
    }
}
