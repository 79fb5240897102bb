//! `lectern class …`.

use clap::{Args, Subcommand};
use lectern::clock::{Clock, millis, seconds};
use lectern::config::DatabaseConfig;
use lectern::domain::classroom::{class, link};
use lectern::domain::ids::ClassId;
use lectern::protocol::iclass::address;
use serde_json::json;

use super::database::in_database;
use super::output::{Outcome, print};

#[derive(Subcommand)]
pub enum Command {
    /// Print a link to the page of a class that signs a user in, for this class only
    Link(Link),
}

pub fn run(command: Command) -> Outcome {
    match command {
        Command::Link(args) => args.run(),
    }
}

#[derive(Args)]
pub struct Link {
    #[command(flatten)]
    database: DatabaseConfig,
    /// The class
    class_id: i64,
    /// The user: a member of the class, or anybody if it is public
    user_id: String,
    /// How long one can enter with the link, in seconds, up to a day
    #[arg(long, value_name = "SECONDS", default_value_t = link::VALID_SECONDS, value_parser = clap::value_parser!(i64).range(1..=link::VALID_SECONDS_AT_MOST))]
    valid: i64,
    /// The address of the service, which the link begins with
    #[arg(long, env = "LECTERN_PUBLIC_URL", default_value = "http://127.0.0.1:8080")]
    public_url: String,
    /// Print JSON, with the time when the link expires
    #[arg(long)]
    json: bool,
}

impl Link {
    fn run(self) -> Outcome {
        let (class_id, valid, now) = (ClassId(self.class_id), millis(self.valid), Clock::System.now());
        let (sdkappid, made) = in_database(&self.database, move |conn| {
            let enterprise = class::host(conn, class_id)?;
            let made = link::make(conn, enterprise.enterprise_id, class_id, &self.user_id, valid, now)?;
            Ok((enterprise.sdkappid, made))
        })?;
        let url = address::link(self.public_url.trim_end_matches('/'), sdkappid, &made);
        if self.json {
            print(&json!({ "url": url, "expire_time": seconds(made.expire_time) }), true);
        } else {
            println!("{url}");
        }
        Ok(())
    }
}
