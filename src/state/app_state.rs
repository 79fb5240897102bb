//! The state that all requests share.

use std::sync::Arc;

use super::enterprise_cache::Enterprises;
use super::login_throttle::LoginThrottle;
use super::passwords::Passwords;
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

/// The service's state.
pub struct AppState {
    /// The settings.
    pub config: Config,
    /// What the addresses given to clients begin with, without a slash at the end.
    pub public_url: String,
    /// The clock.
    pub clock: Clock,
    /// The database.
    pub db: Db,
    /// The cache of enterprises.
    pub enterprises: Enterprises,
    /// The hosted service that keeps the groups of new classes; `None` when Lectern keeps them.
    pub hosted_groups: Option<Arc<dyn HostedGroups>>,
    /// What converts documents.
    pub converter: Arc<dyn Converter>,
    /// The sessions that are alive, in memory.
    pub presence: Arc<Presence>,
    /// The cache of responses.
    pub answers: ResponseCache,
    /// Where files are.
    pub storage: Storage,
    /// The limit on wrong passwords.
    pub attempts: LoginThrottle,
    /// Hashes and checks passwords.
    pub passwords: Passwords,
    /// The hosted video service.
    pub vod: Vod,
    /// What a pull of messages shows of a notice: a protocol has the words.
    pub show_notice: fn(&Notice, &Message) -> String,
}

impl AppState {
    /// The time now.
    #[must_use]
    pub fn now(&self) -> Millis {
        self.clock.now()
    }

    /// An address as a client gets it: a stored file gets the host of this service and, if it is private, a link that expires.
    /// Other addresses stay as they are.
    #[must_use]
    pub fn address(&self, enterprise: &Enterprise, stored: &str) -> String {
        match Address::stored(stored) {
            Some(address) => self.link(enterprise, &address),
            None => stored.to_owned(),
        }
    }

    /// The link to a file as a client gets it.
    #[must_use]
    pub fn link(&self, enterprise: &Enterprise, address: &Address) -> String {
        let good_for = Millis::from(self.config.storage.link_seconds).saturating_mul(1000);
        format!("{}{}", self.public_url, address.link(enterprise, self.now().saturating_add(good_for)))
    }

    /// The stored file that an address names.
    ///
    /// # Errors
    /// Those of [`file::of_url`].
    pub fn file_of(&self, enterprise: &Enterprise, url: &str) -> domain::Result<Option<Address>> {
        file::of_url(enterprise, &self.public_url, url, self.now())
    }
}
