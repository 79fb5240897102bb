//! Attendance as a table: the names of its columns, and a row of typed cells for each person. [`super::csv`] and
//! [`super::workbook`] write it.

use serde::Deserialize;
use utoipa::ToSchema;

use super::row::{AttendanceRow, SessionRow};

/// The name of each column, in English and in Chinese.
const COLUMNS: [(&str, &str); 19] = [
    ("User ID", "用户 ID"),
    ("Name", "昵称"),
    ("Role", "角色"),
    ("First entered (UTC)", "首次进入时间（UTC）"),
    ("Last left (UTC)", "最后离开时间（UTC）"),
    ("Stays", "进入次数"),
    ("Stays in detail (UTC)", "进出明细（UTC）"),
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

/// The language of the column names.
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

/// A cell of the table.
pub(super) enum Cell {
    /// A text that somebody chose, such as an id.
    Text(String),
    /// A text of our own, which no spreadsheet takes for anything else.
    Detail(String),
    /// A number.
    Number(i64),
    /// A time, in seconds since the epoch.
    Time(i64),
    /// Nothing.
    Empty,
}

/// The names of the columns.
pub(super) fn columns(lang: Lang) -> impl Iterator<Item = &'static str> {
    COLUMNS.iter().map(move |(en, zh)| match lang {
        Lang::En => *en,
        Lang::Zh => *zh,
    })
}

/// The cells of one person.
pub(super) fn cells(row: AttendanceRow) -> Vec<Cell> {
    let sessions = &row.stay_list;
    let is_inside = sessions.iter().any(|session| session.quit_time == 0);
    let left = sessions.last().filter(|_| !is_inside).map(|session| session.quit_time);
    let detail: Vec<String> = sessions.iter().map(session).collect();
    let count = i64::try_from(sessions.len()).unwrap_or(i64::MAX);
    let mut cells = vec![
        Cell::Text(row.user_id),
        Cell::Text(row.nickname),
        Cell::Detail(row.role.as_str().to_owned()),
        sessions.first().map_or(Cell::Empty, |session| Cell::Time(session.enter_time)),
        left.map_or(Cell::Empty, Cell::Time),
        Cell::Number(count),
        Cell::Detail(detail.join("; ")),
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
    cells.extend(numbers.map(Cell::Number));
    cells
}

fn session(session: &SessionRow) -> String {
    let quit = if session.quit_time == 0 { String::new() } else { time(session.quit_time) };
    let reason = if session.quit_reason.is_empty() { String::new() } else { format!(" ({})", session.quit_reason) };
    format!("{} - {quit}{reason}", time(session.enter_time))
}

/// A UTC time in a form that spreadsheets read as a time.
pub(super) fn time(seconds: i64) -> String {
    chrono::DateTime::from_timestamp(seconds, 0)
        .map_or_else(String::new, |time| time.format("%Y-%m-%d %H:%M:%S").to_string())
}
