//! Enterprises: the tenants, with their keys and settings.

use crate::clock::{Millis, millis};
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::ids::EnterpriseId;
use crate::store::schema::enterprises;
use crate::store::schema::enterprises::dsl;
use crate::store::text::{Json, words};
use crate::store::views::totals;

words! {
    /// An event type that is published only if the enterprise enables it (iClass, later revisions).
    Extra {
        /// Somebody joined a class.
        JoinClass = "join_class",
        /// Somebody left a class.
        QuitClass = "quit_class",
    }
}

/// The protocols that answer for a tenant, besides the one that always does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Protocols {
    /// The one of the channels and their organizations (NiuClass).
    pub channels: bool,
    /// The one of rooms and of the accounts in them (Suixinbo edu).
    pub rooms: bool,
    /// The one of chat signatures and groups (IM).
    pub im: bool,
}

impl Protocols {
    /// All of them.
    pub const ALL: Self = Self { channels: true, rooms: true, im: true };
}

/// A tenant.
#[derive(Clone, Queryable, Identifiable, AsChangeset)]
#[diesel(table_name = enterprises, primary_key(enterprise_id), treat_none_as_null = true)]
#[expect(clippy::struct_excessive_bools, reason = "a row: each is a setting of its own")]
pub struct Enterprise {
    /// The internal id, and `enterprise_id` on the wire.
    pub enterprise_id: EnterpriseId,
    /// The application id that its requests carry.
    pub sdkappid: i64,
    /// The display name.
    pub name: String,
    /// The business type, `saas` by default.
    pub busi_type: String,
    /// The name of the contact person.
    pub contact_user: String,
    /// The telephone number of the contact person.
    pub phone_no: String,
    /// The e-mail address of the contact person.
    pub e_mail: String,
    /// The `user_id` of the super administrator.
    pub super_admin: String,
    /// The URL of the logo.
    pub icon: String,
    /// The secret that signs requests and callbacks.
    pub tic_key: String,
    /// The secret before the last rotation.
    pub old_tic_key: Option<String>,
    /// When the old secret expires.
    pub old_tic_key_until: Option<Millis>,
    /// The secret that signs the tickets of the chat service (`UserSig`).
    pub private_key: String,
    /// The callback URL; empty for none.
    pub call_back_url: String,
    /// Whether the events of a class are delivered in order.
    pub callback_ordered: bool,
    /// Whether an event is also published when a signed API call starts or ends a class. Otherwise only components
    /// trigger it.
    pub callback_on_api: bool,
    /// Whether deliveries are paused.
    pub callback_paused: bool,
    /// The optional event types that are enabled.
    pub callback_events: Json<Vec<Extra>>,
    /// The secret that signs deliveries with Standard Webhooks signatures.
    pub webhook_secret: String,
    /// The webhook secret before the last rotation.
    pub old_webhook_secret: Option<String>,
    /// When the old webhook secret expires. Until then, deliveries are also signed with it.
    pub old_webhook_secret_until: Option<Millis>,
    /// Whether the schedule rules of the hosted product are enforced.
    pub strict_schedule: bool,
    /// When it was created.
    pub create_time: Millis,
    /// For how many seconds after creation its requests are accepted.
    pub valid_seconds: i64,
    /// The URL that receives the task progress of the document service; empty to use `call_back_url`.
    pub transcode_callback: String,
    /// Whether the protocol of the channels answers for it; see [`Protocols`].
    pub channels_enabled: bool,
    /// Whether the protocol of rooms answers for it.
    pub rooms_enabled: bool,
    /// Whether IM answers for it.
    pub im_enabled: bool,
    /// The URL that receives the events of recordings requested while the class goes on; empty to use `call_back_url`.
    pub online_callback: String,
    /// The URL that receives the events of videos requested after the class; empty to use `call_back_url`.
    pub offline_callback: String,
}

// Written by hand so that a log line never shows a key.
impl std::fmt::Debug for Enterprise {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Enterprise").field("sdkappid", &self.sdkappid).finish_non_exhaustive()
    }
}

impl Enterprise {
    /// The protocols that answer for it.
    #[must_use]
    pub fn protocols(&self) -> Protocols {
        Protocols { channels: self.channels_enabled, rooms: self.rooms_enabled, im: self.im_enabled }
    }

    /// Whether its requests are accepted at this time.
    #[must_use]
    pub fn is_valid_at(&self, now: Millis) -> bool {
        now <= self.create_time.saturating_add(millis(self.valid_seconds))
    }

    /// Returns the keys that a request may be signed with: the current one and, during its grace period, the old one.
    pub fn keys_at(&self, now: Millis) -> impl Iterator<Item = &str> {
        let old = self.old_tic_key.as_deref().filter(|_| self.old_tic_key_until.is_some_and(|until| now <= until));
        std::iter::once(self.tic_key.as_str()).chain(old)
    }

    /// Returns the secrets to sign deliveries with: the current one and, during its grace period, the old one.
    pub fn webhook_secrets_at(&self, now: Millis) -> impl Iterator<Item = &str> {
        let in_grace = self.old_webhook_secret_until.is_some_and(|until| now <= until);
        let old = self.old_webhook_secret.as_deref().filter(|_| in_grace);
        std::iter::once(self.webhook_secret.as_str()).chain(old)
    }
}

/// A tenant to insert.
#[derive(Clone, Insertable)]
#[diesel(table_name = enterprises, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the fields of Enterprise")]
#[expect(clippy::struct_excessive_bools, reason = "a row: each is a setting of its own")]
pub struct NewEnterprise {
    pub sdkappid: i64,
    pub name: String,
    pub busi_type: String,
    pub contact_user: String,
    pub phone_no: String,
    pub e_mail: String,
    pub super_admin: String,
    pub icon: String,
    pub tic_key: String,
    pub private_key: String,
    pub call_back_url: String,
    pub callback_ordered: bool,
    pub callback_on_api: bool,
    pub callback_paused: bool,
    pub callback_events: Json<Vec<Extra>>,
    pub webhook_secret: String,
    pub strict_schedule: bool,
    pub create_time: Millis,
    pub valid_seconds: i64,
    pub channels_enabled: bool,
    pub rooms_enabled: bool,
    pub im_enabled: bool,
}

/// Inserts a tenant and returns its `enterprise_id`.
pub fn insert(conn: &mut Conn, new: &NewEnterprise) -> Result<EnterpriseId> {
    diesel::insert_into(dsl::enterprises).values(new).returning(dsl::enterprise_id).get_result(conn)
}

/// Returns the tenant of an `sdkappid`.
pub fn find(conn: &mut Conn, sdkappid: i64) -> Result<Option<Enterprise>> {
    dsl::enterprises.filter(dsl::sdkappid.eq(sdkappid)).get_result(conn).optional()
}

/// Returns the tenant of an `sdkappid` and locks its row until the transaction ends.
pub fn lock(conn: &mut Conn, sdkappid: i64) -> Result<Option<Enterprise>> {
    let query = dsl::enterprises.filter(dsl::sdkappid.eq(sdkappid));
    match conn {
        Conn::Sqlite(c) => query.get_result(c).optional(),
        Conn::Postgres(c) => query.for_no_key_update().get_result(c).optional(),
    }
}

/// Returns all tenants, oldest first.
pub fn all(conn: &mut Conn) -> Result<Vec<Enterprise>> {
    dsl::enterprises.order(dsl::enterprise_id).load(conn)
}

/// Serialises the creation of tenants: a concurrent transaction that also creates one waits until this one commits.
pub fn lock_making(conn: &mut Conn) -> Result<()> {
    match conn {
        // SQLite has a single writer.
        Conn::Sqlite(_) => Ok(()),
        Conn::Postgres(c) => {
            diesel::sql_query("LOCK TABLE enterprises IN SHARE ROW EXCLUSIVE MODE").execute(c).map(drop)
        }
    }
}

/// Returns the highest `sdkappid` in use.
pub fn highest_sdkappid(conn: &mut Conn) -> Result<Option<i64>> {
    dsl::enterprises.select(diesel::dsl::max(dsl::sdkappid)).get_result(conn)
}

/// Updates all columns of a tenant.
pub fn update(conn: &mut Conn, enterprise: &Enterprise) -> Result<()> {
    diesel::update(dsl::enterprises.find(enterprise.enterprise_id)).set(enterprise).execute(conn).map(drop)
}

/// Deletes a tenant with all its rows and returns its `enterprise_id`; `None` if there is no such tenant. Files must
/// be deleted from the storage before.
pub fn delete(conn: &mut Conn, sdkappid: i64) -> Result<Option<EnterpriseId>> {
    let deleted: Option<EnterpriseId> = diesel::delete(dsl::enterprises.filter(dsl::sdkappid.eq(sdkappid)))
        .returning(dsl::enterprise_id)
        .get_result(conn)
        .optional()?;
    if let Some(enterprise_id) = deleted {
        // The triggers updated the counters during the cascade, so delete the counters last.
        diesel::delete(totals::table.filter(totals::enterprise_id.eq(enterprise_id))).execute(conn)?;
    }
    Ok(deleted)
}

/// Returns a tenant by its internal id.
pub fn get(conn: &mut Conn, enterprise_id: EnterpriseId) -> Result<Option<Enterprise>> {
    dsl::enterprises.find(enterprise_id).get_result(conn).optional()
}
