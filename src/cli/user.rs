//! `lectern user …`.

use clap::{Args, Subcommand};
use lectern::clock::{Clock, seconds};
use lectern::config::DatabaseConfig;
use lectern::domain::school::removal;
use lectern::domain::tenancy::audit::AuditAction;
use lectern::domain::tenancy::user::{AT_ONCE, Draft, Filter, PASSWORD_CHARS, Role, User};
use lectern::domain::tenancy::{enterprise, secret, user};
use lectern::store::{Page, Start};
use serde_json::{Value, json};

use super::actor::record;
use super::database::in_database;
use super::output::{Outcome, print};

#[derive(Subcommand)]
pub enum Command {
    /// Register a user and print the `user_token`; it can't be shown again
    Register(Register),
    /// List the users of an enterprise, in the order of their registration
    List(List),
    /// Show a user
    Show(Show),
    /// Give a user another password; the tokens that they are signed in with become invalid
    SetPassword(SetPassword),
    /// Delete a user: their tokens, sessions and reservations end; attendance and messages stay under the id
    Delete(Delete),
}

pub fn run(command: Command) -> Outcome {
    match command {
        Command::Register(args) => args.run(),
        Command::List(args) => args.run(),
        Command::Show(args) => args.run(),
        Command::SetPassword(args) => args.run(),
        Command::Delete(args) => args.run(),
    }
}

/// Hashes a password. Must be called before the transaction, because hashing is slow on purpose.
fn hashed(password: &str) -> Result<String, String> {
    if PASSWORD_CHARS.contains(&password.chars().count()) {
        secret::hash_password(password)
    } else {
        Err(format!("password: must have {} to {} characters", PASSWORD_CHARS.start(), PASSWORD_CHARS.end()))
    }
}

fn role(word: &str) -> Result<Role, String> {
    serde_json::from_value(word.into()).map_err(|e| e.to_string())
}

/// Parses the id of a new user. The protocols refuse longer ones.
fn new_id(text: &str) -> Result<String, String> {
    if (1..=128).contains(&text.chars().count()) && !text.contains(char::is_control) {
        Ok(text.to_owned())
    } else {
        Err("must have 1 to 128 characters, none of them a control character".into())
    }
}

#[derive(Args)]
struct Which {
    #[command(flatten)]
    database: DatabaseConfig,
    /// The enterprise
    #[arg(long)]
    sdkappid: i64,
    /// The user
    user_id: String,
}

#[derive(Args)]
pub struct Register {
    #[command(flatten)]
    database: DatabaseConfig,
    /// The enterprise
    #[arg(long)]
    sdkappid: i64,
    /// The id, unique within the enterprise
    #[arg(value_parser = new_id)]
    user_id: String,
    /// Their role: superadmin, admin, teacher, assistant, student or supervisor
    #[arg(long, value_parser = role)]
    role: Role,
    /// Their name [default: the user id]
    #[arg(long)]
    nickname: Option<String>,
    /// Their password
    #[arg(long)]
    password: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Register {
    fn run(self) -> Outcome {
        let password_hash = self.password.as_deref().map(hashed).transpose()?;
        let draft = Draft { nickname: self.nickname, password_hash, ..Draft::of(self.user_id, self.role) };
        let now = Clock::System.now();
        let tickets = in_database(&self.database, move |conn| {
            let enterprise = enterprise::require(conn, self.sdkappid)?;
            user::register(conn, enterprise.enterprise_id, vec![draft], now)
        })?;
        for ticket in tickets {
            print(&json!({ "user_id": ticket.user_id, "user_token": ticket.user_token }), self.json);
        }
        Ok(())
    }
}

#[derive(Args)]
pub struct List {
    #[command(flatten)]
    database: DatabaseConfig,
    /// The enterprise
    #[arg(long)]
    sdkappid: i64,
    /// Only users with one of these roles, separated by commas
    #[arg(long, value_delimiter = ',', value_parser = role)]
    role: Vec<Role>,
    /// Only ids that begin with this
    #[arg(long, default_value = "", hide_default_value = true)]
    prefix: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl List {
    fn run(self) -> Outcome {
        let filter = Filter { roles: self.role, prefix: self.prefix };
        let users = in_database(&self.database, move |conn| {
            let enterprise_id = enterprise::require(conn, self.sdkappid)?.enterprise_id;
            let (mut all, mut after) = (Vec::new(), None);
            loop {
                let page = Page { start: Start::After(after), size: i64::try_from(AT_ONCE).unwrap_or(1) };
                let rows = user::list(conn, enterprise_id, &filter, page)?.rows;
                let Some(last) = rows.last() else { return Ok(all) };
                after = Some(last.id);
                all.extend(rows);
            }
        })?;
        if self.json {
            println!("{}", Value::from(users.iter().map(describe).collect::<Vec<_>>()));
            return Ok(());
        }
        println!("{:<12} {:<24} {:<12} NICKNAME", "REGISTERED", "USER_ID", "ROLE");
        for user in users {
            let User { regist_time, user_id, role, nickname, .. } = user;
            println!("{:<12} {user_id:<24} {:<12} {nickname}", seconds(regist_time), role.as_str());
        }
        Ok(())
    }
}

/// A user, without secrets.
fn describe(user: &User) -> Value {
    json!({
        "user_id": user.user_id,
        "role": user.role,
        "nickname": user.nickname,
        "gender": user.gender,
        "avatar": user.avatar,
        "phone_no": user.phone_no,
        "e_mail": user.e_mail,
        "has_password": user.password_hash.is_some(),
        "regist_time": seconds(user.regist_time),
        "update_time": seconds(user.update_time),
    })
}

#[derive(Args)]
pub struct Show {
    #[command(flatten)]
    of: Which,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Show {
    fn run(self) -> Outcome {
        let Which { database, sdkappid, user_id } = self.of;
        let found = in_database(&database, move |conn| {
            let enterprise = enterprise::require(conn, sdkappid)?;
            user::require(conn, enterprise.enterprise_id, &user_id)
        })?;
        print(&describe(&found), self.json);
        Ok(())
    }
}

#[derive(Args)]
pub struct SetPassword {
    #[command(flatten)]
    of: Which,
    /// The new password
    #[arg(long)]
    password: String,
}

impl SetPassword {
    fn run(self) -> Outcome {
        let Which { database, sdkappid, user_id } = self.of;
        let (password_hash, now) = (hashed(&self.password)?, Clock::System.now());
        in_database(&database, move |conn| {
            let enterprise = enterprise::require(conn, sdkappid)?;
            record(conn, sdkappid, AuditAction::UserPassword, &user_id)?;
            user::set_password(conn, enterprise.enterprise_id, &user_id, password_hash, now).map(drop)
        })
    }
}

#[derive(Args)]
pub struct Delete {
    #[command(flatten)]
    of: Which,
    /// Confirms that the user goes, with their reservations
    #[arg(long, required = true)]
    yes: bool,
}

impl Delete {
    fn run(self) -> Outcome {
        let (Which { database, sdkappid, user_id }, now) = (self.of, Clock::System.now());
        in_database(&database, move |conn| {
            let enterprise = enterprise::require(conn, sdkappid)?;
            record(conn, sdkappid, AuditAction::UserDelete, &user_id)?;
            removal::delete(conn, &enterprise, &user_id, now).map(drop)
        })
    }
}
