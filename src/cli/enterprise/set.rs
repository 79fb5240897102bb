//! `lectern enterprise set`.

use clap::{Args, ValueEnum};
use lectern::clock::Clock;
use lectern::config::DatabaseConfig;
use lectern::domain::events::endpoint::change_enterprise;
use lectern::domain::events::event::Extra;
use lectern::domain::tenancy::audit::AuditAction;
use lectern::domain::tenancy::callback_key;
use lectern::domain::tenancy::enterprise::{Patch, Protocols};
use lectern::domain::tenancy::settings::{ChatPatch, CloudPatch, Product, RecordingPatch, Registration, RoomPatch};

use super::switches;
use crate::cli::actor::{actor, record};
use crate::cli::database::in_database;
use crate::cli::output::Outcome;

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
    /// What is made of the recordings of its classes: one video of the whole class, the tracks, or only the sound
    #[arg(long, value_parser = switches::product)]
    recording: Option<Product>,
    /// Whether everybody who knows the address of a recording may see it, without a signature that expires
    #[arg(long)]
    recording_public: Option<bool>,
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
    pub fn run(self) -> Outcome {
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
            recordings: RecordingPatch { product: self.recording, is_public: self.recording_public },
            ..Patch::default()
        };
        in_database(&self.database, move |conn| {
            if let Some(key) = &self.callback_key {
                callback_key::set(conn, self.sdkappid, key)?;
                record(conn, self.sdkappid, AuditAction::CallbackKeyRotate, "")?;
            }
            change_enterprise(conn, self.sdkappid, patch, &actor(), Clock::System.now())
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
