//! Which classes a list shows: those of a day, or those of a status.

use crate::clock::Millis;
use crate::console::form::Fields;
use crate::console::page::Choice;
use crate::console::time::Zone;
use crate::console::words::{Words, fill};
use crate::db::Conn;
use crate::domain::Result;
use crate::domain::classroom::class;
use crate::domain::classroom::class::{Filter, Listed, Place, Status};
use crate::domain::ids::{ClassId, EnterpriseId};
use crate::store::{Page, Start};

/// How many classes a page shows.
const ROWS: i64 = 50;
/// Where the classes of a day are no longer counted.
const COUNTED: i64 = 10_000;

/// What is asked for.
#[derive(Clone, Debug)]
pub(super) enum Asked {
    /// The classes of today, after one.
    Today { zone: Zone, after: Option<Place> },
    /// The classes with a status, before one.
    Status { status: Option<Status>, before: Option<i64> },
}

/// A page of classes.
pub(super) struct Found {
    pub(super) rows: Vec<Listed>,
    /// How many there are.
    pub(super) total: String,
    /// The query of the next page.
    pub(super) next: Option<String>,
}

impl Asked {
    /// What a query asks for.
    pub(super) fn of(fields: &Fields) -> Self {
        let status = match fields.get("state") {
            "today" => return Self::Today { zone: Zone::of(fields.get("zone")), after: place(fields.get("after")) },
            "all" => None,
            "will" => Some(Status::Will),
            "end" => Some(Status::End),
            _ => Some(Status::Ing),
        };
        Self::Status { status, before: fields.get("before").parse().ok() }
    }

    /// The word of the state.
    fn state(&self) -> &'static str {
        match self {
            Self::Today { .. } => "today",
            Self::Status { status, .. } => status.map_or("all", Status::as_str),
        }
    }

    /// The query of the first page.
    pub(super) fn query(&self) -> String {
        match self {
            Self::Today { zone: Zone(minutes), .. } => format!("state=today&zone={minutes}"),
            Self::Status { .. } => format!("state={}", self.state()),
        }
    }

    /// Whether it is the first page.
    pub(super) fn is_first(&self) -> bool {
        match self {
            Self::Today { after, .. } => after.is_none(),
            Self::Status { before, .. } => before.is_none(),
        }
    }

    /// Whether it shows what goes on.
    pub(super) fn goes_on(&self) -> bool {
        matches!(self, Self::Today { .. } | Self::Status { status: Some(Status::Ing), .. })
    }

    /// What the list says about itself.
    pub(super) fn text(&self, words: &Words, now: Millis) -> Option<String> {
        match self {
            Self::Today { zone, .. } => Some(fill(words.class_today_text, &[&zone.date(now)])),
            Self::Status { .. } => None,
        }
    }

    /// What the link to the next page says.
    pub(super) fn further(&self, words: &Words) -> &'static str {
        match self {
            Self::Today { .. } => words.next_page,
            Self::Status { .. } => words.older,
        }
    }

    /// The choices.
    pub(super) fn states(&self, words: &Words) -> Vec<Choice> {
        let states = [
            ("today", words.class_today),
            ("ing", words.class_running),
            ("will", words.class_planned),
            ("end", words.class_over),
            ("all", words.all),
        ];
        states.map(|(value, label)| Choice { value, label, is_chosen: value == self.state() }).into()
    }

    /// Finds the classes.
    pub(super) fn find(&self, conn: &mut Conn, enterprise_id: EnterpriseId, now: Millis) -> Result<Found> {
        let query = self.query();
        match self {
            Self::Today { zone, after } => {
                let day = zone.day(now);
                let (rows, next) = class::beginning(conn, enterprise_id, &day, *after, ROWS)?;
                let total = class::count_beginning(conn, enterprise_id, &day, COUNTED)?;
                Ok(Found {
                    rows,
                    total: if total == COUNTED { format!("{total}+") } else { total.to_string() },
                    next: next.map(|Place { begin, class_id }| format!("{query}&after={begin}_{class_id}")),
                })
            }
            Self::Status { status, before } => {
                let filter =
                    Filter { statuses: status.iter().copied().collect(), newest_first: true, ..Filter::default() };
                let page = Page { start: Start::After(*before), size: ROWS };
                let found = class::list(conn, enterprise_id, &filter, page)?;
                Ok(Found {
                    rows: found.rows,
                    total: found.total.to_string(),
                    next: found.next.map(|next| format!("{query}&before={next}")),
                })
            }
        }
    }
}

fn place(text: &str) -> Option<Place> {
    let (begin, class_id) = text.split_once('_')?;
    Some(Place { begin: begin.parse().ok()?, class_id: ClassId(class_id.parse().ok()?) })
}
