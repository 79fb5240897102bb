//! `lectern callbacks …`: inspects and changes deliveries beside a running server, which sees a change within a second.

use chrono::DateTime;
use clap::{Args, Subcommand, ValueEnum};
use lectern::clock::{Clock, Millis, millis};
use lectern::config::DatabaseConfig;
use lectern::domain::events::endpoint::modify_enterprise;
use lectern::domain::events::event;
use lectern::domain::events::event::{Delivery, Event, Filter, State};
use lectern::domain::tenancy::audit::{AuditAction, Change};
use lectern::domain::tenancy::enterprise::Patch;
use lectern::domain::tenancy::{audit, enterprise};
use lectern::protocol;
use lectern::store::Page;
use lectern::store::ids::{ClassId, DeliveryId};
use serde_json::{Value, json};

use super::actor::{actor, record};
use super::database::in_database;
use super::output::Outcome;

#[derive(Subcommand)]
pub enum Command {
    /// List deliveries, the newest first
    List(List),
    /// Show a delivery with all its attempts
    Show(Show),
    /// Deliver again what was delivered or given up
    Replay(Replay),
    /// Send a `callback_test` event
    Test(Which),
    /// Pause deliveries
    Pause(Which),
    /// Resume deliveries
    Resume(Which),
}

pub fn run(command: Command) -> Outcome {
    match command {
        Command::List(args) => args.run(),
        Command::Show(args) => args.run(),
        Command::Replay(args) => args.run(),
        Command::Test(args) => args.test(),
        Command::Pause(args) => args.pause(true),
        Command::Resume(args) => args.pause(false),
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum Progress {
    Pending,
    Delivered,
    Dead,
}

#[derive(Args)]
pub struct List {
    #[command(flatten)]
    database: DatabaseConfig,
    /// The enterprise
    sdkappid: i64,
    /// Only deliveries in this state
    #[arg(long, value_enum)]
    state: Option<Progress>,
    /// Only the events of this class
    #[arg(long)]
    class: Option<i64>,
    /// Rows to skip
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(i64).range(0..))]
    index: i64,
    /// Rows to show
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(i64).range(1..=10_000))]
    size: i64,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl List {
    fn run(self) -> Outcome {
        let states = match self.state {
            None => Vec::new(),
            Some(Progress::Pending) => vec![State::Ready, State::Waiting, State::Claimed],
            Some(Progress::Delivered) => vec![State::Delivered],
            Some(Progress::Dead) => vec![State::Dead],
        };
        let filter = Filter { states, class_id: self.class.map(ClassId), within_enterprise: false };
        let page = Page::at(self.index, self.size);
        let found = in_database(&self.database, move |conn| {
            let enterprise = enterprise::require(conn, self.sdkappid)?;
            event::relay(conn)?;
            Ok(event::list(conn, enterprise.enterprise_id, &filter, page)?)
        })?;
        let formatters = protocol::formatters(&protocol::all(None));
        let row = |(delivery, event): (Delivery, Event)| {
            Some(formatters.get(delivery.endpoint().kind())?.show(delivery, &event))
        };
        let rows: Vec<Value> = found.into_iter().filter_map(row).collect();
        if self.json {
            println!("{}", Value::from(rows));
            return Ok(());
        }
        println!("{:<12} {:<12} {:<20} {:<10} {:<10} TRIES", "DELIVERY_ID", "EVENT_ID", "EVENT", "CLASS_ID", "STATE");
        for row in &rows {
            let cell = |name: &str| {
                row.get(name).map_or_else(String::new, |v| v.as_str().map_or_else(|| v.to_string(), str::to_owned))
            };
            println!(
                "{:<12} {:<12} {:<20} {:<10} {:<10} {}",
                cell("delivery_id"),
                cell("event_id"),
                cell("event"),
                cell("class_id"),
                cell("state"),
                cell("attempts")
            );
        }
        Ok(())
    }
}

#[derive(Args)]
pub struct Show {
    #[command(flatten)]
    database: DatabaseConfig,
    /// The delivery
    delivery_id: i64,
    /// Print JSON on one line
    #[arg(long)]
    json: bool,
}

impl Show {
    fn run(self) -> Outcome {
        let delivery_id = DeliveryId(self.delivery_id);
        let found = in_database(&self.database, move |conn| {
            let enterprise_id = event::enterprise_of(conn, delivery_id)?.unwrap_or_default();
            event::require(conn, enterprise_id, delivery_id)
        })?;
        let (delivery, event, attempts) = found;
        let formatters = protocol::formatters(&protocol::all(None));
        let formatter = formatters.get(delivery.endpoint().kind());
        let found =
            formatter.map(|formatter| formatter.show_with_attempts(delivery, &event, attempts)).unwrap_or_default();
        if self.json {
            println!("{found}");
        } else {
            println!("{found:#}");
        }
        Ok(())
    }
}

#[derive(Args)]
#[group(id = "which", required = true, multiple = false, args = ["delivery_id", "dead"])]
pub struct Replay {
    #[command(flatten)]
    database: DatabaseConfig,
    /// The delivery to send again
    delivery_id: Option<i64>,
    /// Send again all that were given up
    #[arg(long)]
    dead: bool,
    /// Only those given up since this time: seconds since the epoch, or like 2026-01-31T08:00:00Z
    #[arg(long, requires = "dead", conflicts_with = "delivery_id", value_parser = time)]
    since: Option<Millis>,
    /// Only those of this enterprise
    #[arg(long, requires = "dead", conflicts_with = "delivery_id")]
    sdkappid: Option<i64>,
}

impl Replay {
    fn run(self) -> Outcome {
        let now = Clock::System.now();
        let replayed = in_database(&self.database, move |conn| {
            if let Some(delivery_id) = self.delivery_id.map(DeliveryId) {
                let enterprise_id = event::enterprise_of(conn, delivery_id)?.unwrap_or_default();
                event::replay(conn, enterprise_id, &[delivery_id], now)?;
                let change = Change::of(enterprise_id, AuditAction::DeliveriesReplay, &delivery_id);
                audit::record(conn, &actor(), change, now)?;
                return Ok(1);
            }
            let enterprises = match self.sdkappid {
                Some(sdkappid) => vec![enterprise::require(conn, sdkappid)?],
                None => enterprise::all(conn)?,
            };
            let mut replayed = 0;
            for enterprise in enterprises {
                let dead = event::dead_since(conn, enterprise.enterprise_id, self.since.unwrap_or_default())?;
                event::replay(conn, enterprise.enterprise_id, &dead, now)?;
                if !dead.is_empty() {
                    let change =
                        Change::of(enterprise.enterprise_id, AuditAction::DeliveriesReplay, &enterprise.sdkappid);
                    audit::record(conn, &actor(), change.with(json!({ "count": dead.len() })), now)?;
                }
                replayed += dead.len();
            }
            Ok(replayed)
        })?;
        println!("{replayed} to be delivered again");
        Ok(())
    }
}

fn time(text: &str) -> Result<Millis, String> {
    if let Ok(seconds) = text.parse() {
        return Ok(millis(seconds));
    }
    DateTime::parse_from_rfc3339(text).map(|time| time.timestamp_millis()).map_err(|e| e.to_string())
}

#[derive(Args)]
pub struct Which {
    #[command(flatten)]
    database: DatabaseConfig,
    /// The enterprise
    sdkappid: i64,
}

impl Which {
    fn test(self) -> Outcome {
        let now = Clock::System.now();
        in_database(&self.database, move |conn| {
            let enterprise = enterprise::require(conn, self.sdkappid)?;
            record(conn, self.sdkappid, AuditAction::DeliveriesTest, "")?;
            event::test(conn, &enterprise, now)
        })
    }

    fn pause(self, callback_paused: bool) -> Outcome {
        let patch = Patch { callback_paused: Some(callback_paused), ..Patch::default() };
        let action = if callback_paused { AuditAction::DeliveriesPause } else { AuditAction::DeliveriesResume };
        in_database(&self.database, move |conn| {
            record(conn, self.sdkappid, action, "")?;
            modify_enterprise(conn, self.sdkappid, patch)
        })
    }
}
