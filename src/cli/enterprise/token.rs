//! `lectern enterprise token …`.

use clap::{Args, Subcommand};
use lectern::clock::{Clock, seconds};
use lectern::config::DatabaseConfig;
use lectern::domain::tenancy::audit::AuditAction;
use lectern::domain::tenancy::{enterprise, enterprise_token};
use serde_json::{Value, json};

use crate::cli::actor::record;
use crate::cli::database::in_database;
use crate::cli::output::{Outcome, note_off, print};

#[derive(Subcommand)]
pub enum Command {
    /// Create a token and print it; it can't be shown again
    Create(Create),
    /// List the tokens of an enterprise
    List(Which),
    /// Revoke a token
    Revoke(Named),
}

pub fn run(command: Command) -> Outcome {
    match command {
        Command::Create(args) => args.run(),
        Command::List(args) => args.list(),
        Command::Revoke(args) => args.revoke(),
    }
}

#[derive(Args)]
pub struct Named {
    #[command(flatten)]
    database: DatabaseConfig,
    /// The enterprise
    sdkappid: i64,
    /// The name of the token
    #[arg(long)]
    name: String,
}

#[derive(Args)]
pub struct Create {
    #[command(flatten)]
    of: Named,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Create {
    fn run(self) -> Outcome {
        let Named { database, sdkappid, name } = self.of;
        let (called, now) = (name.clone(), Clock::System.now());
        let (token, is_on) = in_database(&database, move |conn| {
            let token = enterprise_token::create(conn, sdkappid, &called, now)?;
            record(conn, sdkappid, AuditAction::TokenCreate, &called)?;
            Ok((token, enterprise::require(conn, sdkappid)?.im_enabled))
        })?;
        if !is_on {
            note_off(sdkappid, "IM", "im");
        }
        print(&json!({ "name": name, "token": token }), self.json);
        Ok(())
    }
}

impl Named {
    fn revoke(self) -> Outcome {
        in_database(&self.database, move |conn| {
            record(conn, self.sdkappid, AuditAction::TokenRevoke, &self.name)?;
            enterprise_token::revoke(conn, self.sdkappid, &self.name)
        })
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

impl Which {
    fn list(self) -> Outcome {
        let tokens = in_database(&self.database, move |conn| enterprise_token::list(conn, self.sdkappid))?;
        if self.json {
            let row = |token: &enterprise_token::EnterpriseToken| json!({ "name": token.name, "create_time": seconds(token.create_time) });
            println!("{}", Value::from(tokens.iter().map(row).collect::<Vec<_>>()));
            return Ok(());
        }
        println!("{:<12} NAME", "CREATED");
        for token in tokens {
            println!("{:<12} {}", seconds(token.create_time), token.name);
        }
        Ok(())
    }
}
