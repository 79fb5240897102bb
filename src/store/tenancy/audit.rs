//! The audit log: who changed what, when, and from where. Rows are append-only; the database refuses anything else.

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::ids::EnterpriseId;
use crate::store::schema::audit_entries;
use crate::store::schema::audit_entries::dsl;
use crate::store::text::words;
use crate::store::{Page, Result};

words! {
    /// How a change was made.
    Origin {
        /// In the console.
        Console = "console",
        /// By the command line.
        Cli = "cli",
        /// By a signed call.
        Api = "api",
    }
}

words! {
    /// What was done.
    AuditAction {
        /// An operator signed in to the console.
        SignIn = "sign_in",
        /// Somebody signed in to the console by a link.
        LinkSignIn = "link_sign_in",
        /// A link to the console was made.
        ConsoleLink = "console_link",
        /// An operator was created.
        OperatorCreate = "operator_create",
        /// The password of an operator was set.
        OperatorPassword = "operator_password",
        /// The secret of an operator's codes was replaced.
        OperatorTotp = "operator_totp",
        /// An operator was disabled.
        OperatorDisable = "operator_disable",
        /// An operator was enabled again.
        OperatorEnable = "operator_enable",
        /// An enterprise was created.
        EnterpriseCreate = "enterprise_create",
        /// Settings of an enterprise were changed.
        EnterpriseSet = "enterprise_set",
        /// An enterprise was deleted.
        EnterpriseDelete = "enterprise_delete",
        /// The key that signs calls was replaced.
        KeyRotate = "key_rotate",
        /// The secret of the signatures of callbacks was replaced.
        WebhookSecretRotate = "webhook_secret_rotate",
        /// The secret of the callbacks of the document service was replaced.
        DocumentServiceSecretRotate = "document_service_secret_rotate",
        /// The key that signs callbacks was replaced.
        CallbackKeyRotate = "callback_key_rotate",
        /// A token for IM was created.
        TokenCreate = "token_create",
        /// A token for IM was revoked.
        TokenRevoke = "token_revoke",
        /// Words were added to those that are masked.
        FilterAdd = "filter_add",
        /// Words were removed from those that are masked.
        FilterRemove = "filter_remove",
        /// A channel was created.
        ChannelCreate = "channel_create",
        /// The password of a channel was set.
        ChannelPassword = "channel_password",
        /// The key of the tokens of channels was replaced.
        ChannelKeyRotate = "channel_key_rotate",
        /// The secret of an organization's callbacks was replaced.
        OrganizationSecretRotate = "organization_secret_rotate",
        /// Deliveries were scheduled again.
        DeliveriesReplay = "deliveries_replay",
        /// Deliveries were paused.
        DeliveriesPause = "deliveries_pause",
        /// Deliveries were resumed.
        DeliveriesResume = "deliveries_resume",
        /// A test event was sent.
        DeliveriesTest = "deliveries_test",
        /// A class was ended.
        ClassEnd = "class_end",
        /// The password of a user was set.
        UserPassword = "user_password",
        /// A user was deleted.
        UserDelete = "user_delete",
        /// The token of a user was renewed.
        UserToken = "user_token",
        /// A document is converted again.
        DocumentConvert = "document_convert",
        /// A document was deleted.
        DocumentDelete = "document_delete",
        /// The video of a recording is made again.
        RecordingCompose = "recording_compose",
        /// A call was made in the console.
        CallMade = "call_made",
    }
}

impl AuditAction {
    /// All actions.
    pub const ALL: [Self; 35] = [
        Self::SignIn,
        Self::LinkSignIn,
        Self::ConsoleLink,
        Self::OperatorCreate,
        Self::OperatorPassword,
        Self::OperatorTotp,
        Self::OperatorDisable,
        Self::OperatorEnable,
        Self::EnterpriseCreate,
        Self::EnterpriseSet,
        Self::EnterpriseDelete,
        Self::KeyRotate,
        Self::WebhookSecretRotate,
        Self::DocumentServiceSecretRotate,
        Self::CallbackKeyRotate,
        Self::TokenCreate,
        Self::TokenRevoke,
        Self::FilterAdd,
        Self::FilterRemove,
        Self::ChannelCreate,
        Self::ChannelPassword,
        Self::ChannelKeyRotate,
        Self::OrganizationSecretRotate,
        Self::DeliveriesReplay,
        Self::DeliveriesPause,
        Self::DeliveriesResume,
        Self::DeliveriesTest,
        Self::ClassEnd,
        Self::UserPassword,
        Self::UserDelete,
        Self::UserToken,
        Self::DocumentConvert,
        Self::DocumentDelete,
        Self::RecordingCompose,
        Self::CallMade,
    ];
}

/// An entry.
#[derive(Clone, Debug, Queryable)]
pub struct AuditEntry {
    /// The id. Ids ascend.
    pub id: i64,
    /// The enterprise; `None` for what is about the whole service.
    pub enterprise_id: Option<EnterpriseId>,
    /// Who did it.
    pub actor: String,
    /// How.
    pub origin: Origin,
    /// The address of the client; empty for the command line.
    pub address: String,
    /// What was done.
    pub action: AuditAction,
    /// To what.
    pub target: String,
    /// More about it, as JSON without secrets.
    pub details: String,
    /// When.
    pub create_time: Millis,
}

/// An entry to insert.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = audit_entries, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the fields of AuditEntry")]
pub struct NewAuditEntry {
    pub enterprise_id: Option<EnterpriseId>,
    pub actor: String,
    pub origin: Origin,
    pub address: String,
    pub action: AuditAction,
    pub target: String,
    pub details: String,
    pub create_time: Millis,
}

/// Appends an entry.
pub fn append(conn: &mut Conn, new: &NewAuditEntry) -> Result<()> {
    diesel::insert_into(dsl::audit_entries).values(new).execute(conn).map(drop)
}

/// Filters for a list of entries.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The enterprise; `None` for all entries.
    pub enterprise_id: Option<EnterpriseId>,
    /// How the change was made.
    pub origin: Option<Origin>,
    /// What was done; `None` for everything.
    pub action: Option<AuditAction>,
    /// Who did it; empty for all.
    pub actor: String,
}

/// Returns entries, the newest first. Pages start before the id in `page`.
pub fn list(conn: &mut Conn, filter: &Filter, page: Page) -> Result<Vec<AuditEntry>> {
    let mut query = dsl::audit_entries.order(dsl::id.desc()).limit(page.limit()).into_boxed();
    if let Some(before) = page.after() {
        query = query.filter(dsl::id.lt(before));
    }
    if let Some(enterprise_id) = filter.enterprise_id {
        query = query.filter(dsl::enterprise_id.eq(enterprise_id));
    }
    if let Some(origin) = filter.origin {
        query = query.filter(dsl::origin.eq(origin));
    }
    if let Some(action) = filter.action {
        query = query.filter(dsl::action.eq(action));
    }
    if !filter.actor.is_empty() {
        query = query.filter(dsl::actor.eq(&filter.actor));
    }
    query.load_boxed(conn)
}
