//! `lectern channel …`.

use clap::{Args, Subcommand};
use lectern::clock::{Clock, seconds};
use lectern::config::DatabaseConfig;
use lectern::domain::Error;
use lectern::domain::tenancy::audit::{AuditAction, Change};
use lectern::domain::tenancy::channel;
use lectern::domain::tenancy::channel::Channel;
use lectern::domain::tenancy::{audit, enterprise, secret};
use serde_json::{Value, json};

use super::actor::{actor, record};
use super::database::in_database;
use super::output::{Outcome, note_off};

/// How long a password may be.
const PASSWORD_CHARS: std::ops::RangeInclusive<usize> = 8..=128;

#[derive(Subcommand)]
pub enum Command {
    /// Create a channel of an enterprise and print its account, the first owner of its organizations
    Create(Create),
    /// List the channels of an enterprise
    List(Which),
    /// Give a channel another password; its tokens become invalid
    SetPassword(SetPassword),
    /// Give an enterprise a new key for the tokens of its channels
    RotateKey(Rotate),
}

pub fn run(command: Command) -> Outcome {
    match command {
        Command::Create(args) => args.run(),
        Command::List(args) => args.list(),
        Command::SetPassword(args) => args.run(),
        Command::RotateKey(args) => args.run(),
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

#[derive(Args)]
pub struct Create {
    #[command(flatten)]
    database: DatabaseConfig,
    /// The enterprise that it belongs to
    #[arg(long)]
    sdkappid: i64,
    /// The telephone number it logs in with, which no other channel has
    #[arg(long)]
    mobile: String,
    /// Its password, of 8 to 128 characters
    #[arg(long)]
    password: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Create {
    fn run(self) -> Outcome {
        let (password_hash, now) = (hashed(&self.password)?, Clock::System.now());
        let sdkappid = self.sdkappid;
        let (made, is_on) = in_database(&self.database, move |conn| {
            let made = channel::create(conn, sdkappid, &self.mobile, password_hash, now)?;
            record(conn, sdkappid, AuditAction::ChannelCreate, &self.mobile)?;
            Ok((made, enterprise::require(conn, sdkappid)?.channels_enabled))
        })?;
        if !is_on {
            note_off(sdkappid, "NiuClass", "niuclass");
        }
        if self.json {
            println!("{}", describe(&made));
        } else {
            println!("channel_id: {}\nmobile: {}\nuser_id: {}", made.channel_id, made.mobile, made.user_id);
            println!("The user_id is the account of the channel: the organization_owner of its first organization.");
        }
        Ok(())
    }
}

fn describe(channel: &Channel) -> Value {
    json!({
        "channel_id": channel.channel_id,
        "mobile": channel.mobile,
        "user_id": channel.user_id,
        "create_time": seconds(channel.create_time),
    })
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
        let channels = in_database(&self.database, move |conn| {
            let enterprise = enterprise::require(conn, self.sdkappid)?;
            Ok::<_, Error>(channel::list(conn, enterprise.enterprise_id)?)
        })?;
        if self.json {
            println!("{}", Value::from(channels.iter().map(describe).collect::<Vec<_>>()));
            return Ok(());
        }
        println!("{:<12} {:<20} USER_ID", "CHANNEL_ID", "MOBILE");
        for channel in channels {
            println!("{:<12} {:<20} {}", channel.channel_id, channel.mobile, channel.user_id);
        }
        Ok(())
    }
}

#[derive(Args)]
pub struct SetPassword {
    #[command(flatten)]
    database: DatabaseConfig,
    /// The telephone number the channel logs in with
    mobile: String,
    /// The new password, of 8 to 128 characters
    #[arg(long)]
    password: String,
}

impl SetPassword {
    fn run(self) -> Outcome {
        let (password_hash, now) = (hashed(&self.password)?, Clock::System.now());
        in_database(&self.database, move |conn| {
            channel::set_password(conn, &self.mobile, password_hash, now)?;
            if let Some(channel) = channel::find(conn, &self.mobile)? {
                let change = Change::of(channel.enterprise_id, AuditAction::ChannelPassword, &self.mobile);
                audit::record(conn, &actor(), change, now)?;
            }
            Ok(())
        })
    }
}

#[derive(Args)]
pub struct Rotate {
    #[command(flatten)]
    database: DatabaseConfig,
    /// The enterprise
    sdkappid: i64,
    /// How long tokens of the old key stay valid
    #[arg(long, default_value = "24h")]
    grace: humantime::Duration,
}

impl Rotate {
    fn run(self) -> Outcome {
        let (grace, now) = (i64::try_from(self.grace.as_millis())?, Clock::System.now());
        in_database(&self.database, move |conn| {
            record(conn, self.sdkappid, AuditAction::ChannelKeyRotate, "")?;
            channel::rotate_key(conn, self.sdkappid, grace, now)
        })?;
        Ok(())
    }
}
