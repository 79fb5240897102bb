//! The state that all requests share.

use std::sync::Arc;

use super::enterprise_cache::Enterprises;
use super::login_throttle::LoginThrottle;
use super::passwords::Passwords;
use super::response_cache::ResponseCache;
use crate::clock::{Clock, Millis};
use crate::config::Config;
use crate::db::Db;
use crate::integrations::chat::GroupChat;
use crate::integrations::converter::Converter;
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
    /// Where the groups of new classes are.
    pub chat: Arc<dyn GroupChat>,
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
}

impl AppState {
    /// The time now.
    #[must_use]
    pub fn now(&self) -> Millis {
        self.clock.now()
    }
}
