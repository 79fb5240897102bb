//! `lectern enterprise filter …`.

use clap::{Args, Subcommand};
use lectern::clock::Clock;
use lectern::config::DatabaseConfig;
use lectern::domain::chat::filter;
use lectern::domain::tenancy::audit::AuditAction;
use lectern::domain::tenancy::enterprise;
use serde_json::{Value, json};

use crate::cli::actor::record;
use crate::cli::database::in_database;
use crate::cli::output::{Outcome, print};

#[derive(Subcommand)]
pub enum Command {
    /// Mask words in the messages of an enterprise
    Add(Words),
    /// Mask words no longer
    Remove(Words),
    /// List the words that are masked
    List(Which),
}

pub fn run(command: Command) -> Outcome {
    match command {
        Command::Add(args) => args.add(),
        Command::Remove(args) => args.remove(),
        Command::List(args) => args.list(),
    }
}

#[derive(Args)]
pub struct Which {
    #[command(flatten)]
    database: DatabaseConfig,
    /// The enterprise
    sdkappid: i64,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub struct Words {
    #[command(flatten)]
    of: Which,
    /// The words
    #[arg(required = true)]
    words: Vec<String>,
}

impl Words {
    fn add(self) -> Outcome {
        let (Which { database, sdkappid, json }, words, now) = (self.of, self.words, Clock::System.now());
        let added = in_database(&database, move |conn| {
            let enterprise = enterprise::require(conn, sdkappid)?;
            record(conn, sdkappid, AuditAction::FilterAdd, "")?;
            filter::add(conn, enterprise.enterprise_id, &words, now)
        })?;
        print(&json!({ "added": added }), json);
        Ok(())
    }

    fn remove(self) -> Outcome {
        let (Which { database, sdkappid, json }, words) = (self.of, self.words);
        let deleted = in_database(&database, move |conn| {
            let enterprise = enterprise::require(conn, sdkappid)?;
            record(conn, sdkappid, AuditAction::FilterRemove, "")?;
            filter::remove(conn, enterprise.enterprise_id, &words)
        })?;
        print(&json!({ "deleted": deleted }), json);
        Ok(())
    }
}

impl Which {
    fn list(self) -> Outcome {
        let Self { database, sdkappid, json } = self;
        let words = in_database(&database, move |conn| {
            let enterprise = enterprise::require(conn, sdkappid)?;
            filter::list(conn, enterprise.enterprise_id)
        })?;
        let words: Vec<String> = words.into_iter().map(|word| word.word).collect();
        if json {
            println!("{}", Value::from(words));
        } else {
            for word in &words {
                println!("{word}");
            }
        }
        Ok(())
    }
}
