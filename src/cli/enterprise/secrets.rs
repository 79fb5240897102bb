//! `lectern enterprise rotate-…`: new keys and secrets.

use clap::Args;
use lectern::clock::{Clock, seconds};
use lectern::config::DatabaseConfig;
use lectern::domain::tenancy::audit::AuditAction;
use lectern::domain::tenancy::webhook_secret::Receiver;
use lectern::domain::tenancy::{callback_key, enterprise, webhook_secret};
use serde_json::json;

use crate::cli::actor::record;
use crate::cli::database::in_database;
use crate::cli::output::{Outcome, print};

#[derive(Args)]
pub struct Rotate {
    #[command(flatten)]
    database: DatabaseConfig,
    /// The enterprise
    sdkappid: i64,
    /// How long the old one stays valid
    #[arg(long, default_value = "24h")]
    grace: humantime::Duration,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Rotate {
    pub fn key(self) -> Outcome {
        let (grace, now) = (i64::try_from(self.grace.as_millis())?, Clock::System.now());
        let rotated = in_database(&self.database, move |conn| {
            record(conn, self.sdkappid, AuditAction::KeyRotate, "")?;
            enterprise::rotate_key(conn, self.sdkappid, grace, now)
        })?;
        let shown = json!({
            "sdkappid": rotated.sdkappid,
            "tic_key": rotated.tic_key,
            "old_tic_key_until": rotated.old_tic_key_until.map(seconds),
        });
        print(&shown, self.json);
        Ok(())
    }

    pub fn webhook_secret(self) -> Outcome {
        let (grace, now) = (i64::try_from(self.grace.as_millis())?, Clock::System.now());
        let rotated = in_database(&self.database, move |conn| {
            record(conn, self.sdkappid, AuditAction::WebhookSecretRotate, "")?;
            enterprise::rotate_webhook_secret(conn, self.sdkappid, grace, now)
        })?;
        let shown = json!({
            "sdkappid": rotated.sdkappid,
            "webhook_secret": rotated.webhook_secret,
            "old_webhook_secret_until": rotated.old_webhook_secret_until.map(seconds),
        });
        print(&shown, self.json);
        Ok(())
    }

    pub fn document_service_secret(self) -> Outcome {
        let (grace, now) = (i64::try_from(self.grace.as_millis())?, Clock::System.now());
        let rotated = in_database(&self.database, move |conn| {
            record(conn, self.sdkappid, AuditAction::DocumentServiceSecretRotate, "")?;
            webhook_secret::rotate(conn, self.sdkappid, Receiver::DocumentService, grace, now)
        })?;
        let shown = json!({
            "sdkappid": self.sdkappid,
            "webhook_secret": rotated.webhook_secret,
            "old_webhook_secret_until": rotated.old_webhook_secret_until.map(seconds),
        });
        print(&shown, self.json);
        Ok(())
    }
}

#[derive(Args)]
pub struct RotateCallbackKey {
    #[command(flatten)]
    database: DatabaseConfig,
    /// The enterprise
    sdkappid: i64,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl RotateCallbackKey {
    pub fn run(self) -> Outcome {
        let key = in_database(&self.database, move |conn| {
            record(conn, self.sdkappid, AuditAction::CallbackKeyRotate, "")?;
            callback_key::rotate(conn, self.sdkappid)
        })?;
        print(&json!({ "sdkappid": self.sdkappid, "callback_key": key }), self.json);
        Ok(())
    }
}
