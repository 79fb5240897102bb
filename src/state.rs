//! What each request shares.

mod enterprise_cache;
mod login_throttle;
mod passwords;
mod response_cache;

pub use enterprise_cache::Enterprises;
pub use login_throttle::{LoginKey, LoginThrottle};
pub use passwords::Passwords;
pub use response_cache::{CacheKey, ResponseCache};

use std::sync::Arc;

use crate::clock::{Clock, Millis};
use crate::config::Config;
use crate::db::Db;
use crate::domain;
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
    /// The time.
    pub clock: Clock,
    /// The rows.
    pub db: Db,
    /// The enterprises that call, from memory.
    pub enterprises: Enterprises,
    /// Who keeps the groups of new classes; nobody when they are our own.
    pub hosted_groups: Option<Arc<dyn HostedGroups>>,
    /// What converts documents.
    pub converter: Arc<dyn Converter>,
    /// Who lives, from memory.
    pub presence: Arc<Presence>,
    /// Answers that are asked for often, from memory.
    pub answers: ResponseCache,
    /// Where files are.
    pub storage: Storage,
    /// Who tries passwords.
    pub attempts: LoginThrottle,
    /// Where passwords are checked.
    pub passwords: Passwords,
    /// The hosted video service.
    pub vod: Vod,
}

impl AppState {
    /// The time now.
    #[must_use]
    pub fn now(&self) -> Millis {
        self.clock.now()
    }

    /// An address as a client gets it: one of a file here with its host and, to a private one, as a link that ends. Another one
    /// stays as it is.
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
        let good_for = Millis::from(self.config.file_link_seconds).saturating_mul(1000);
        format!("{}{}", self.public_url, address.link(enterprise, self.now().saturating_add(good_for)))
    }

    /// The file that an address names, as [`file::of_url`] has it.
    ///
    /// # Errors
    /// As there.
    pub fn file_of(&self, enterprise: &Enterprise, url: &str) -> domain::Result<Option<Address>> {
        file::of_url(enterprise, &self.public_url, url, self.now())
    }
}
