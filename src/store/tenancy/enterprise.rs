//! Enterprises: the tenants, with their keys and settings.

use crate::clock::{Millis, millis};
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::Result;
use crate::store::schema::enterprises;
use crate::store::schema::enterprises::dsl;
use crate::store::text::{Json, words};
use crate::store::views::totals;

words! {
    /// An event that is told only to those who ask for it (iClass, later revisions).
    Extra {
        /// Somebody came into a class.
        JoinClass = "join_class",
        /// Somebody left it.
        QuitClass = "quit_class",
    }
}

/// A tenant.
#[derive(Clone, Queryable, Identifiable, AsChangeset)]
#[diesel(table_name = enterprises, primary_key(enterprise_id), treat_none_as_null = true)]
#[expect(clippy::struct_excessive_bools, reason = "a row: each is a setting of its own")]
pub struct Enterprise {
    /// Its id inside Lectern, and `enterprise_id` on the wire.
    pub enterprise_id: i64,
    /// The id that its requests carry.
    pub sdkappid: i64,
    /// Its name.
    pub name: String,
    /// `saas` or what the enterprise was made with.
    pub busi_type: String,
    /// Who to ask for.
    pub contact_user: String,
    /// Their telephone number.
    pub phone_no: String,
    /// Their mail address.
    pub e_mail: String,
    /// The `user_id` of the super administrator.
    pub super_admin: String,
    /// The address of its logo.
    pub icon: String,
    /// The secret that signs requests and callbacks.
    pub tic_key: String,
    /// The secret before the last rotation …
    pub old_tic_key: Option<String>,
    /// … and until when it is still good.
    pub old_tic_key_until: Option<Millis>,
    /// The secret that signs the tickets of the chat service (`UserSig`).
    pub private_key: String,
    /// Where its events go; empty for nowhere.
    pub call_back_url: String,
    /// Whether the events of one class arrive in order.
    pub callback_ordered: bool,
    /// Whether a class that is begun or ended by a signed call is told too, not only by a component.
    pub callback_on_api: bool,
    /// Whether deliveries wait.
    pub callback_paused: bool,
    /// Which events are told beside those that always are.
    pub callback_events: Json<Vec<Extra>>,
    /// The secret that signs deliveries in the way of Standard Webhooks.
    pub webhook_secret: String,
    /// The secret before the last rotation …
    pub old_webhook_secret: Option<String>,
    /// … and until when deliveries are signed with it too.
    pub old_webhook_secret_until: Option<Millis>,
    /// Whether the schedule rules of the hosted product hold.
    pub strict_schedule: bool,
    /// When it was made.
    pub create_time: Millis,
    /// For how many seconds from then its requests are accepted.
    pub valid_seconds: i64,
    /// Where the document service tells how its tasks are doing; empty for where everything is told.
    pub transcode_callback: String,
}

// Written by hand so that no log line can ever show a key.
impl std::fmt::Debug for Enterprise {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Enterprise").field("sdkappid", &self.sdkappid).finish_non_exhaustive()
    }
}

impl Enterprise {
    /// Whether its requests are still accepted.
    #[must_use]
    pub fn is_valid_at(&self, now: Millis) -> bool {
        now <= self.create_time.saturating_add(millis(self.valid_seconds))
    }

    /// The keys a request may be signed with now: the present one and, within its grace, the one before.
    pub fn keys_at(&self, now: Millis) -> impl Iterator<Item = &str> {
        let old = self.old_tic_key.as_deref().filter(|_| self.old_tic_key_until.is_some_and(|until| now <= until));
        std::iter::once(self.tic_key.as_str()).chain(old)
    }

    /// The secrets that deliveries are signed with now.
    pub fn webhook_secrets_at(&self, now: Millis) -> impl Iterator<Item = &str> {
        let in_grace = self.old_webhook_secret_until.is_some_and(|until| now <= until);
        let old = self.old_webhook_secret.as_deref().filter(|_| in_grace);
        std::iter::once(self.webhook_secret.as_str()).chain(old)
    }
}

/// What a new tenant starts with.
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
}

/// Adds a tenant and returns its `enterprise_id`.
pub fn insert(conn: &mut Conn, new: &NewEnterprise) -> Result<i64> {
    diesel::insert_into(dsl::enterprises).values(new).returning(dsl::enterprise_id).get_result(conn)
}

/// The tenant of an `sdkappid`.
pub fn find(conn: &mut Conn, sdkappid: i64) -> Result<Option<Enterprise>> {
    dsl::enterprises.filter(dsl::sdkappid.eq(sdkappid)).get_result(conn).optional()
}

/// The tenant of an `sdkappid`, locked until the transaction ends.
pub fn lock(conn: &mut Conn, sdkappid: i64) -> Result<Option<Enterprise>> {
    let query = dsl::enterprises.filter(dsl::sdkappid.eq(sdkappid));
    match conn {
        Conn::Sqlite(c) => query.get_result(c).optional(),
        Conn::Postgres(c) => query.for_no_key_update().get_result(c).optional(),
    }
}

/// All tenants, oldest first.
pub fn all(conn: &mut Conn) -> Result<Vec<Enterprise>> {
    dsl::enterprises.order(dsl::enterprise_id).load(conn)
}

/// Has tenants made one after another: whoever makes one later waits, and then sees this one.
pub fn lock_making(conn: &mut Conn) -> Result<()> {
    match conn {
        // One transaction writes at a time.
        Conn::Sqlite(_) => Ok(()),
        Conn::Postgres(c) => {
            diesel::sql_query("LOCK TABLE enterprises IN SHARE ROW EXCLUSIVE MODE").execute(c).map(drop)
        }
    }
}

/// The highest `sdkappid` in use.
pub fn highest_sdkappid(conn: &mut Conn) -> Result<Option<i64>> {
    dsl::enterprises.select(diesel::dsl::max(dsl::sdkappid)).get_result(conn)
}

/// Writes every column of a tenant that was changed.
pub fn update(conn: &mut Conn, enterprise: &Enterprise) -> Result<()> {
    diesel::update(dsl::enterprises.find(enterprise.enterprise_id)).set(enterprise).execute(conn).map(drop)
}

/// Removes a tenant with every row it has but those of its files, which are removed from the storage first. Returns its
/// `enterprise_id`; `None` when there is no such tenant.
pub fn delete(conn: &mut Conn, sdkappid: i64) -> Result<Option<i64>> {
    let deleted: Option<i64> = diesel::delete(dsl::enterprises.filter(dsl::sdkappid.eq(sdkappid)))
        .returning(dsl::enterprise_id)
        .get_result(conn)
        .optional()?;
    if let Some(enterprise_id) = deleted {
        // Its rows were still counted while they were removed.
        diesel::delete(totals::table.filter(totals::enterprise_id.eq(enterprise_id))).execute(conn)?;
    }
    Ok(deleted)
}

/// One tenant by its id inside Lectern.
pub fn get(conn: &mut Conn, enterprise_id: i64) -> Result<Option<Enterprise>> {
    dsl::enterprises.find(enterprise_id).get_result(conn).optional()
}
