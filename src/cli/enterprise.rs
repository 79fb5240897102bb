//! `lectern enterprise …`.

mod description;
mod filter;
mod secrets;
mod set;
mod switches;
mod token;

use clap::{Args, Subcommand};
use description::Description;
use lectern::clock::Clock;
use lectern::config::DatabaseConfig;
use lectern::domain;
use lectern::domain::tenancy::audit::AuditAction;
use lectern::domain::tenancy::enterprise;
use lectern::domain::tenancy::enterprise::{Draft, Enterprise, Protocols};
use lectern::service::delete_enterprise::delete_enterprise;
use serde_json::{Value, json};

use super::actor::record;
use super::database::in_database;
use super::output::{Outcome, print};

#[derive(Subcommand)]
pub enum Command {
    /// Create an enterprise and print its keys
    Create(Create),
    /// List the enterprises
    List(List),
    /// Show an enterprise
    Show(Show),
    /// Change an enterprise
    Set(Box<set::Set>),
    /// Delete an enterprise with everything it has
    Delete(Delete),
    /// Give an enterprise a new `tic_key`
    RotateKey(secrets::Rotate),
    /// Give an enterprise a new secret for the signatures of callbacks
    RotateWebhookSecret(secrets::Rotate),
    /// Give the document service of an enterprise a new secret for the signatures of its callbacks
    RotateDocumentServiceSecret(secrets::Rotate),
    /// Give an enterprise a new key that signs its callbacks in place of the `tic_key`; the next callback is signed with it
    RotateCallbackKey(secrets::RotateCallbackKey),
    /// Create, list and revoke the tokens with which programs of the enterprise call IM
    #[command(subcommand)]
    Token(token::Command),
    /// Add, remove and list the words that are masked in messages
    #[command(subcommand)]
    Filter(filter::Command),
}

pub fn run(command: Command) -> Outcome {
    match command {
        Command::Create(args) => args.run(),
        Command::List(args) => args.run(),
        Command::Show(args) => args.run(),
        Command::Set(args) => args.run(),
        Command::Delete(args) => args.run(),
        Command::RotateKey(args) => args.key(),
        Command::RotateWebhookSecret(args) => args.webhook_secret(),
        Command::RotateDocumentServiceSecret(args) => args.document_service_secret(),
        Command::RotateCallbackKey(args) => args.run(),
        Command::Token(command) => token::run(command),
        Command::Filter(command) => filter::run(command),
    }
}

#[derive(Args)]
pub struct Create {
    #[command(flatten)]
    database: DatabaseConfig,
    /// Its name
    #[arg(long)]
    name: String,
    /// The id in its requests [default: the next free one]
    #[arg(long)]
    sdkappid: Option<i64>,
    /// The key that signs its requests [default: a random one]
    #[arg(long)]
    tic_key: Option<String>,
    /// Where its events go
    #[arg(long)]
    callback_url: Option<String>,
    /// How many seconds it is valid [default: 50 years]
    #[arg(long)]
    valid_seconds: Option<i64>,
    /// The protocols that answer for it, of `iclass,niuclass,suixinbo,im`; iclass always does [default: iclass]
    #[arg(long, value_parser = switches::protocols)]
    protocols: Option<Protocols>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Create {
    fn run(self) -> Outcome {
        let draft = Draft {
            name: self.name,
            sdkappid: self.sdkappid,
            tic_key: self.tic_key,
            call_back_url: self.callback_url,
            valid_seconds: self.valid_seconds,
            protocols: self.protocols.unwrap_or_default(),
        };
        let now = Clock::System.now();
        let made = in_database(&self.database, move |conn| {
            let made = enterprise::create(conn, draft, now)?;
            record(conn, made.sdkappid, AuditAction::EnterpriseCreate, &made.name)?;
            Ok(made)
        })?;
        let shown = json!({
            "enterprise_id": made.enterprise_id,
            "sdkappid": made.sdkappid,
            "tic_key": made.tic_key,
        });
        print(&shown, self.json);
        Ok(())
    }
}

#[derive(Args)]
pub struct List {
    #[command(flatten)]
    database: DatabaseConfig,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl List {
    fn run(self) -> Outcome {
        let all = in_database(&self.database, |conn| {
            let all = enterprise::all(conn)?.into_iter();
            all.map(|enterprise| Description::read(conn, enterprise)).collect::<domain::Result<Vec<_>>>()
        })?;
        if self.json {
            let rows: Vec<Value> = all.iter().map(|found| found.show(false)).collect();
            println!("{}", Value::from(rows));
            return Ok(());
        }
        println!("{:<14} {:<12} {:<28} NAME", "ENTERPRISE_ID", "SDKAPPID", "PROTOCOLS");
        for Description { enterprise, .. } in all {
            let Enterprise { enterprise_id, sdkappid, name, .. } = &enterprise;
            let protocols = switches::names(enterprise.protocols()).join(",");
            println!("{enterprise_id:<14} {sdkappid:<12} {protocols:<28} {name}");
        }
        Ok(())
    }
}

#[derive(Args)]
pub struct Show {
    #[command(flatten)]
    database: DatabaseConfig,
    /// The enterprise
    sdkappid: i64,
    /// Show its keys too
    #[arg(long)]
    secrets: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Show {
    fn run(self) -> Outcome {
        let found = in_database(&self.database, move |conn| {
            let enterprise = enterprise::require(conn, self.sdkappid)?;
            Description::read(conn, enterprise)
        })?;
        print(&found.show(self.secrets), self.json);
        Ok(())
    }
}

#[derive(Args)]
pub struct Delete {
    #[command(flatten)]
    database: DatabaseConfig,
    /// The enterprise
    sdkappid: i64,
    /// Confirms that its users, classes and documents are removed too
    #[arg(long, required = true)]
    yes: bool,
}

impl Delete {
    fn run(self) -> Outcome {
        in_database(&self.database, move |conn| {
            record(conn, self.sdkappid, AuditAction::EnterpriseDelete, &self.sdkappid.to_string())?;
            delete_enterprise(conn, self.sdkappid)
        })
    }
}
