//! The state that all requests share.

use std::sync::Arc;

use super::enterprise_cache::Enterprises;
use super::login_throttle::LoginThrottle;
use super::passwords::Passwords;
use super::readiness::Readiness;
use super::response_cache::ResponseCache;
use crate::clock::{Clock, Millis};
use crate::config::Config;
use crate::db::Db;
use crate::domain;
use crate::domain::chat::group::{Message, Notice};
use crate::domain::content::file;
use crate::domain::content::file::Address;
use crate::domain::tenancy::enterprise::Enterprise;
use crate::integrations::converter::Converter;
use crate::integrations::hosted_groups::HostedGroups;
use crate::integrations::tencent::vod::Vod;
use crate::presence::Presence;
use crate::storage::Storage;

/// The state of the service.
pub struct AppState {
    /// The settings.
    pub config: Config,
    /// The base of the URLs that clients get, without a trailing slash.
    pub public_url: String,
    /// The clock.
    pub clock: Clock,
    /// The database.
    pub db: Db,
    /// The cache of enterprises.
    pub enterprises: Enterprises,
    /// The hosted service that keeps the groups of new classes; `None` if Lectern keeps them.
    pub hosted_groups: Option<Arc<dyn HostedGroups>>,
    /// The document converter.
    pub converter: Arc<dyn Converter>,
    /// The sessions that are alive, in memory.
    pub presence: Arc<Presence>,
    /// The cache of responses.
    pub response_cache: ResponseCache,
    /// The storage of files.
    pub storage: Storage,
    /// The limit on wrong passwords.
    pub login_throttle: LoginThrottle,
    /// Whether this instance can serve.
    pub readiness: Readiness,
    /// Hashes and checks passwords.
    pub passwords: Passwords,
    /// The hosted video service.
    pub vod: Vod,
    /// Formats a notice for a client that pulls messages. The text comes from a protocol.
    pub show_notice: fn(&Notice, &Message) -> String,
}

impl AppState {
    /// The current time.
    #[must_use]
    pub fn now(&self) -> Millis {
        self.clock.now()
    }

    /// The address that a client gets: that of a stored file gets the host of this service and, if the file is private, an expiring
    /// signature. Other addresses are unchanged.
    #[must_use]
    pub fn address(&self, enterprise: &Enterprise, stored: &str) -> String {
        match Address::stored(stored) {
            Some(address) => self.link(enterprise, &address),
            None => stored.to_owned(),
        }
    }

    /// The link to a file that a client gets.
    #[must_use]
    pub fn link(&self, enterprise: &Enterprise, address: &Address) -> String {
        let good_for = Millis::from(self.config.storage.link_seconds).saturating_mul(1000);
        format!("{}{}", self.public_url, address.link(enterprise, self.now().saturating_add(good_for)))
    }

    /// The stored file at an address.
    ///
    /// # Errors
    /// Those of [`file::of_url`].
    pub fn file_of(&self, enterprise: &Enterprise, url: &str) -> domain::Result<Option<Address>> {
        file::of_url(enterprise, &self.public_url, url, self.now())
    }
}
