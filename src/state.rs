//! What each request shares.

mod enterprise_cache;
mod files;
mod login_throttle;
mod passwords;
mod response_cache;

pub use enterprise_cache::Enterprises;
pub use files::{StoreError, upload};
pub use login_throttle::{LoginKey, LoginThrottle};
pub use passwords::Passwords;
pub use response_cache::{CacheKey, ResponseCache};

use std::sync::Arc;

use crate::clock::{Clock, Millis};
use crate::config::Config;
use crate::db::Db;
use crate::domain::chat::group::{Message, Notice};
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
    /// The time.
    pub clock: Clock,
    /// The rows.
    pub db: Db,
    /// The enterprises that call, from memory.
    pub enterprises: Enterprises,
    /// Where the groups of new classes are.
    pub chat: Arc<dyn GroupChat>,
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
    /// What a pull of messages shows of a notice: a protocol has the words.
    pub show_notice: fn(&Notice, &Message) -> String,
}

impl AppState {
    /// The time now.
    #[must_use]
    pub fn now(&self) -> Millis {
        self.clock.now()
    }
}
