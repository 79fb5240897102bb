//! `lectern operator …`: the people who sign in to the console.

use std::error::Error;
use std::io::{BufRead, IsTerminal};

use clap::{Args, Subcommand, ValueEnum};
use lectern::clock::{Clock, seconds};
use lectern::config::DatabaseConfig;
use lectern::domain;
use lectern::domain::tenancy::audit::{AuditAction, Change};
use lectern::domain::tenancy::operator::{ConsoleRole, Operator, PASSWORD_CHARS};
use lectern::domain::tenancy::{audit, operator, secret, totp};
use serde_json::{Value, json};

use super::actor::actor;
use super::database::in_database;
use super::output::{Outcome, print};

#[derive(Subcommand)]
pub enum Command {
    /// Create an operator, and print the address for their authenticator app; it can't be shown again
    Create(Create),
    /// List the operators
    List(List),
    /// Give an operator another password; they are signed out
    SetPassword(SetPassword),
    /// Give an operator a new secret for their codes, and print the address for their app; they are signed out
    ResetTotp(Which),
    /// Let an operator sign in no longer; they are signed out
    Disable(Which),
    /// Let an operator sign in again
    Enable(Which),
}

pub fn run(command: Command) -> Outcome {
    match command {
        Command::Create(args) => args.run(),
        Command::List(args) => args.run(),
        Command::SetPassword(args) => args.run(),
        Command::ResetTotp(args) => args.reset_totp(),
        Command::Disable(args) => args.set_disabled(true),
        Command::Enable(args) => args.set_disabled(false),
    }
}

/// What an operator may do.
#[derive(Clone, Copy, ValueEnum)]
enum Role {
    /// Everything.
    Operator,
    /// Reading.
    Support,
}

/// The password of an operator. On the command line others on the machine can read it, so that it may come from the standard input.
#[derive(Args)]
struct Password {
    /// Their password, 12 to 128 characters [default: a line of the standard input]
    #[arg(long)]
    password: Option<String>,
}

impl Password {
    /// The hash. Must be called before the transaction, because hashing is slow on purpose.
    fn hash(self) -> Result<String, Box<dyn Error>> {
        let password = match self.password {
            Some(password) => password,
            None => read_line()?,
        };
        if !PASSWORD_CHARS.contains(&password.chars().count()) {
            let (min, max) = (PASSWORD_CHARS.start(), PASSWORD_CHARS.end());
            return Err(format!("password: must have {min} to {max} characters").into());
        }
        Ok(secret::hash_password(&password)?)
    }
}

fn read_line() -> std::io::Result<String> {
    if std::io::stdin().is_terminal() {
        eprintln!("Password (it is shown):");
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

#[derive(Args)]
pub struct Create {
    #[command(flatten)]
    database: DatabaseConfig,
    /// The name that they sign in with
    name: String,
    /// What they may do: everything, or only read
    #[arg(long, value_enum, default_value_t = Role::Operator)]
    role: Role,
    #[command(flatten)]
    password: Password,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Create {
    fn run(self) -> Outcome {
        let (password_hash, now, name) = (self.password.hash()?, Clock::System.now(), self.name);
        let role = match self.role {
            Role::Operator => ConsoleRole::Operator,
            Role::Support => ConsoleRole::Support,
        };
        let shown = name.clone();
        let secret = in_database(&self.database, move |conn| {
            let secret = operator::create(conn, &name, password_hash, role, now)?;
            let change = Change::of_service(AuditAction::OperatorCreate, &name).with(json!({ "role": role }));
            audit::record(conn, &actor(), change, now)?;
            Ok(secret)
        })?;
        print(&json!({ "name": shown, "role": role, "otpauth": totp::uri(&shown, &secret) }), self.json);
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
        let all = in_database(&self.database, |conn| Ok::<_, domain::Error>(operator::all(conn)?))?;
        if self.json {
            println!("{}", Value::from(all.iter().map(describe).collect::<Vec<_>>()));
            return Ok(());
        }
        println!("{:<12} {:<10} {:<10} NAME", "CREATED", "ROLE", "DISABLED");
        for Operator { name, role, disabled, create_time, .. } in &all {
            println!("{:<12} {:<10} {disabled:<10} {name}", seconds(*create_time), role.as_str());
        }
        Ok(())
    }
}

/// An operator, without secrets.
fn describe(operator: &Operator) -> Value {
    json!({
        "name": operator.name,
        "role": operator.role,
        "disabled": operator.disabled,
        "create_time": seconds(operator.create_time),
    })
}

#[derive(Args)]
pub struct Which {
    #[command(flatten)]
    database: DatabaseConfig,
    /// The operator
    name: String,
}

impl Which {
    fn reset_totp(self) -> Outcome {
        let (now, name) = (Clock::System.now(), self.name);
        let shown = name.clone();
        let secret = in_database(&self.database, move |conn| {
            let secret = operator::reset_totp(conn, &name)?;
            audit::record(conn, &actor(), Change::of_service(AuditAction::OperatorTotp, &name), now)?;
            Ok(secret)
        })?;
        println!("{}", totp::uri(&shown, &secret));
        Ok(())
    }

    fn set_disabled(self, disabled: bool) -> Outcome {
        let (now, name) = (Clock::System.now(), self.name);
        let action = if disabled { AuditAction::OperatorDisable } else { AuditAction::OperatorEnable };
        in_database(&self.database, move |conn| {
            operator::set_disabled(conn, &name, disabled)?;
            audit::record(conn, &actor(), Change::of_service(action, &name), now)
        })
    }
}

#[derive(Args)]
pub struct SetPassword {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    password: Password,
}

impl SetPassword {
    fn run(self) -> Outcome {
        let Which { database, name } = self.which;
        let (password_hash, now) = (self.password.hash()?, Clock::System.now());
        in_database(&database, move |conn| {
            operator::set_password(conn, &name, &password_hash)?;
            audit::record(conn, &actor(), Change::of_service(AuditAction::OperatorPassword, &name), now)
        })
    }
}
