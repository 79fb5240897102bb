//! `lectern enterprise …`.

mod secrets;
mod switches;
mod token;

use clap::{Args, Subcommand, ValueEnum};
use lectern::clock::{Clock, seconds};
use lectern::config::DatabaseConfig;
use lectern::db::Conn;
use lectern::domain;
use lectern::domain::events::endpoint::modify_enterprise;
use lectern::domain::events::event::Extra;
use lectern::domain::tenancy::enterprise::{Draft, Enterprise, Patch, Protocols};
use lectern::domain::tenancy::settings::{
    ChatPatch, ChatSettings, CloudPatch, CloudSettings, Registration, RoomPatch, RoomSettings,
};
use lectern::domain::tenancy::webhook_secret::{Receiver, WebhookSecret};
use lectern::domain::tenancy::{callback_key, enterprise, settings, webhook_secret};
use lectern::service::delete_enterprise::delete_enterprise;
use serde_json::{Value, json};

use super::database::in_database;
use super::output::{Outcome, print};

/// Shown in place of a secret.
const MASK: &str = "********";

#[derive(Subcommand)]
pub enum Command {
    /// Create an enterprise and print its keys
    Create(Create),
    /// List the enterprises
    List(List),
    /// Show an enterprise
    Show(Show),
    /// Change an enterprise
    Set(Box<Set>),
    /// Delete an enterprise with everything it has
    Delete(Delete),
    /// Give an enterprise a new `tic_key`
    RotateKey(Rotate),
    /// Give an enterprise a new secret for the signatures of callbacks
    RotateWebhookSecret(Rotate),
    /// Give the document service of an enterprise a new secret for the signatures of its callbacks
    RotateDocumentServiceSecret(secrets::RotateDocumentService),
    /// Give an enterprise a new key that signs its callbacks in place of the `tic_key`; the next callback is signed with it
    RotateCallbackKey(secrets::RotateCallbackKey),
    /// Create, list and revoke the tokens with which programs of the enterprise call IM
    #[command(subcommand)]
    Token(token::Command),
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
        Command::RotateDocumentServiceSecret(args) => args.run(),
        Command::RotateCallbackKey(args) => args.run(),
        Command::Token(command) => token::run(command),
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
        let made = in_database(&self.database, move |conn| enterprise::create(conn, draft, now))?;
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

/// Changes the settings that are given; an empty text clears one.
#[derive(Args)]
pub struct Set {
    #[command(flatten)]
    database: DatabaseConfig,
    /// The enterprise
    sdkappid: i64,
    /// Its name
    #[arg(long)]
    name: Option<String>,
    /// The name of a contact
    #[arg(long)]
    contact_user: Option<String>,
    /// The telephone number of the contact
    #[arg(long)]
    phone_no: Option<String>,
    /// The mail address of the contact
    #[arg(long)]
    e_mail: Option<String>,
    /// The `user_id` of its super administrator
    #[arg(long)]
    super_admin: Option<String>,
    /// The address of its logo
    #[arg(long)]
    icon: Option<String>,
    /// Its id at the hosted live service
    #[arg(long)]
    bizid: Option<i64>,
    /// Where its events go
    #[arg(long)]
    callback_url: Option<String>,
    /// The key that signs its callbacks, so that their signatures are no credentials for calls; an empty text for the `tic_key`
    #[arg(long)]
    callback_key: Option<String>,
    /// How many seconds it is valid, from when it was created
    #[arg(long)]
    valid_seconds: Option<i64>,
    /// Whether the events of a class arrive in order
    #[arg(long, value_enum)]
    callback_order: Option<Order>,
    /// Whether a signed call that begins or ends a class causes an event too
    #[arg(long)]
    callback_on_api: Option<bool>,
    /// Events that it gets only when they are named here: `join_class,quit_class`, or an empty text for none
    #[arg(long, value_delimiter = ',', value_parser = extra)]
    events: Option<Vec<Option<Extra>>>,
    /// Whether a class can be entered only from an hour before it begins, and its teacher is fixed from then on
    #[arg(long)]
    strict_schedule: Option<bool>,
    /// Its account id at the hosted cloud
    #[arg(long)]
    cloud_appid: Option<i64>,
    /// The id of its key at the hosted cloud
    #[arg(long)]
    cloud_secret_id: Option<String>,
    /// Its key at the hosted cloud, which signs uploads and calls of clients
    #[arg(long)]
    cloud_secret_key: Option<String>,
    /// The bucket of the hosted cloud that clients upload to
    #[arg(long)]
    cos_bucket: Option<String>,
    /// The region of that bucket, such as `sh`
    #[arg(long)]
    cos_region: Option<String>,
    /// The key that signs the reports of the recorder of the hosted cloud
    #[arg(long)]
    recording_key: Option<String>,
    /// The protocols that answer for it, of `iclass,niuclass,suixinbo,im`; iclass always does
    #[arg(long, value_parser = switches::protocols)]
    protocols: Option<Protocols>,
    /// Who may open accounts themselves (`svc=account&cmd=regist`): off for nobody, pupils, or teachers for both
    #[arg(long, value_parser = switches::registration)]
    open_registration: Option<Registration>,
    /// The key that signs the operations of its chat application (IM)
    #[arg(long)]
    chat_master_key: Option<String>,
    /// The id of its chat application; an empty text for its sdkappid
    #[arg(long)]
    chat_app_id: Option<String>,
    /// Whether IM accepts calls without a token for it
    #[arg(long)]
    im_open: Option<bool>,
}

impl Set {
    fn run(self) -> Outcome {
        let patch = Patch {
            name: self.name,
            contact_user: self.contact_user,
            phone_no: self.phone_no,
            e_mail: self.e_mail,
            super_admin: self.super_admin,
            icon: self.icon,
            call_back_url: self.callback_url,
            callback_ordered: self.callback_order.map(|order| order == Order::Class),
            callback_on_api: self.callback_on_api,
            callback_events: self.events.map(|events| events.into_iter().flatten().collect()),
            strict_schedule: self.strict_schedule,
            valid_seconds: self.valid_seconds,
            protocols: self.protocols,
            cloud: CloudPatch {
                bizid: self.bizid,
                appid: self.cloud_appid,
                project_id: None,
                secret_id: self.cloud_secret_id,
                secret_key: self.cloud_secret_key,
            },
            rooms: RoomPatch {
                cos_bucket: self.cos_bucket,
                cos_region: self.cos_region,
                recording_key: self.recording_key,
                registration: self.open_registration,
            },
            chat: ChatPatch {
                chat_app_id: self.chat_app_id,
                chat_master_key: self.chat_master_key,
                im_open: self.im_open,
            },
            ..Patch::default()
        };
        in_database(&self.database, move |conn| {
            if let Some(key) = &self.callback_key {
                callback_key::set(conn, self.sdkappid, key)?;
            }
            modify_enterprise(conn, self.sdkappid, patch)
        })
    }
}

/// Which deliveries keep their order.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Order {
    /// Those of one class.
    Class,
    /// None.
    None,
}

fn extra(word: &str) -> Result<Option<Extra>, String> {
    match word {
        "" => Ok(None),
        _ => serde_json::from_value(word.into()).map(Some).map_err(|e| e.to_string()),
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
        in_database(&self.database, move |conn| delete_enterprise(conn, self.sdkappid))
    }
}

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
    fn key(self) -> Outcome {
        let (grace, now) = (i64::try_from(self.grace.as_millis())?, Clock::System.now());
        let rotated = in_database(&self.database, move |conn| enterprise::rotate_key(conn, self.sdkappid, grace, now))?;
        let shown = json!({
            "sdkappid": rotated.sdkappid,
            "tic_key": rotated.tic_key,
            "old_tic_key_until": rotated.old_tic_key_until.map(seconds),
        });
        print(&shown, self.json);
        Ok(())
    }

    fn webhook_secret(self) -> Outcome {
        let (grace, now) = (i64::try_from(self.grace.as_millis())?, Clock::System.now());
        let rotated = in_database(&self.database, move |conn| {
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
}

/// An enterprise with all its settings.
struct Description {
    enterprise: Enterprise,
    cloud: CloudSettings,
    rooms: RoomSettings,
    chat: ChatSettings,
    callback_key: Option<String>,
    document_service: WebhookSecret,
}

impl Description {
    fn read(conn: &mut Conn, enterprise: Enterprise) -> domain::Result<Self> {
        let id = enterprise.enterprise_id;
        Ok(Self {
            cloud: settings::cloud(conn, id)?,
            rooms: settings::rooms(conn, id)?,
            chat: settings::chat(conn, id)?,
            callback_key: callback_key::find(conn, id)?,
            document_service: webhook_secret::require(conn, enterprise.sdkappid, Receiver::DocumentService)?,
            enterprise,
        })
    }

    fn show(&self, secrets: bool) -> Value {
        let Self { enterprise, cloud, rooms, chat, callback_key, document_service } = self;
        let secret = |value: &str| if secrets || value.is_empty() { value.to_owned() } else { MASK.to_owned() };
        json!({
            "enterprise_id": enterprise.enterprise_id,
            "sdkappid": enterprise.sdkappid,
            "name": enterprise.name,
            "busi_type": enterprise.busi_type,
            "contact_user": enterprise.contact_user,
            "phone_no": enterprise.phone_no,
            "e_mail": enterprise.e_mail,
            "super_admin": enterprise.super_admin,
            "icon": enterprise.icon,
            "bizid": cloud.bizid,
            "appid": cloud.appid,
            "project_id": cloud.project_id,
            "secret_id": cloud.secret_id,
            "secret_key": secret(&cloud.secret_key),
            "tic_key": secret(&enterprise.tic_key),
            "old_tic_key_until": enterprise.old_tic_key_until.map(seconds),
            "private_key": secret(&enterprise.private_key),
            "call_back_url": enterprise.call_back_url,
            "callback_order": if enterprise.callback_ordered { "class" } else { "none" },
            "callback_on_api": enterprise.callback_on_api,
            "callback_paused": enterprise.callback_paused,
            "events": *enterprise.callback_events,
            "webhook_secret": secret(&enterprise.webhook_secret),
            "old_webhook_secret_until": enterprise.old_webhook_secret_until.map(seconds),
            "document_service_secret": secret(&document_service.webhook_secret),
            "old_document_service_secret_until": document_service.old_webhook_secret_until.map(seconds),
            "callback_key": secret(callback_key.as_deref().unwrap_or_default()),
            "strict_schedule": enterprise.strict_schedule,
            "cos_bucket": rooms.cos_bucket,
            "cos_region": rooms.cos_region,
            "recording_key": secret(&rooms.recording_key),
            "protocols": switches::names(enterprise.protocols()),
            "open_registration": rooms.registration,
            "create_time": seconds(enterprise.create_time),
            "valid_seconds": enterprise.valid_seconds,
            "chat_app_id": chat.app_id(enterprise.sdkappid),
            "chat_master_key": secret(&chat.chat_master_key),
            "im_open": chat.im_open,
        })
    }
}
