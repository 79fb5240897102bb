//! `lectern organization …`: the secrets of the receivers of organizations.

use clap::{Args, Subcommand};
use lectern::clock::{Clock, seconds};
use lectern::config::DatabaseConfig;
use lectern::domain::Error;
use lectern::domain::ids::OrganizationId;
use lectern::domain::tenancy::audit::AuditAction;
use lectern::domain::tenancy::organization::Organization;
use lectern::domain::tenancy::webhook_secret::{Receiver, WebhookSecret};
use lectern::domain::tenancy::{enterprise, organization, webhook_secret};
use serde_json::{Value, json};

use super::actor::record;
use super::database::in_database;
use super::output::{Outcome, print};

/// Shown in place of a secret.
const MASK: &str = "********";

#[derive(Subcommand)]
pub enum Command {
    /// List the organizations of an enterprise
    List(List),
    /// Give an organization a new secret for the signatures of its callbacks
    RotateWebhookSecret(Rotate),
}

pub fn run(command: Command) -> Outcome {
    match command {
        Command::List(args) => args.run(),
        Command::RotateWebhookSecret(args) => args.run(),
    }
}

#[derive(Args)]
pub struct List {
    #[command(flatten)]
    database: DatabaseConfig,
    /// The enterprise
    sdkappid: i64,
    /// Show the secrets too
    #[arg(long)]
    secrets: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl List {
    fn run(self) -> Outcome {
        let secrets = self.secrets;
        let found = in_database(&self.database, move |conn| {
            let enterprise_id = enterprise::require(conn, self.sdkappid)?.enterprise_id;
            let mut found = Vec::new();
            for organization in organization::list(conn, enterprise_id)? {
                let receiver = Receiver::Organization(organization.organization_id);
                let secret = webhook_secret::require(conn, self.sdkappid, receiver)?;
                found.push((organization, secret));
            }
            Ok::<_, Error>(found)
        })?;
        if self.json {
            let rows: Vec<Value> = found.iter().map(|(one, secret)| describe(one, secret, secrets)).collect();
            println!("{}", Value::from(rows));
            return Ok(());
        }
        println!("{:<16} {:<40} {:<40} CALLBACK_URL", "ORGANIZATION_ID", "NAME", "WEBHOOK_SECRET");
        for (organization, secret) in found {
            let Organization { organization_id, name, callback_url, .. } = organization;
            println!("{organization_id:<16} {name:<40} {:<40} {callback_url}", shown(&secret, secrets));
        }
        Ok(())
    }
}

fn shown(secret: &WebhookSecret, secrets: bool) -> &str {
    if secrets { &secret.webhook_secret } else { MASK }
}

fn describe(organization: &Organization, secret: &WebhookSecret, secrets: bool) -> Value {
    json!({
        "organization_id": organization.organization_id,
        "name": organization.name,
        "callback_url": organization.callback_url,
        "webhook_secret": shown(secret, secrets),
        "old_webhook_secret_until": secret.old_webhook_secret_until.map(seconds),
    })
}

#[derive(Args)]
pub struct Rotate {
    #[command(flatten)]
    database: DatabaseConfig,
    /// The enterprise
    sdkappid: i64,
    /// The organization
    organization_id: i64,
    /// How long the old one stays valid
    #[arg(long, default_value = "24h")]
    grace: humantime::Duration,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Rotate {
    fn run(self) -> Outcome {
        let (grace, now) = (i64::try_from(self.grace.as_millis())?, Clock::System.now());
        let receiver = Receiver::Organization(OrganizationId(self.organization_id));
        let rotated = in_database(&self.database, move |conn| {
            let organization = self.organization_id.to_string();
            record(conn, self.sdkappid, AuditAction::OrganizationSecretRotate, &organization)?;
            webhook_secret::rotate(conn, self.sdkappid, receiver, grace, now)
        })?;
        let shown = json!({
            "organization_id": self.organization_id,
            "webhook_secret": rotated.webhook_secret,
            "old_webhook_secret_until": rotated.old_webhook_secret_until.map(seconds),
        });
        print(&shown, self.json);
        Ok(())
    }
}
