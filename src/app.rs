//! What each request shares.

mod answers;
mod attempts;
mod enterprises;
mod files;
mod passwords;

pub use answers::{Answers, Question};
pub use attempts::{Attempts, Trier};
pub use enterprises::Enterprises;
pub use files::{StoreError, upload};
pub use passwords::Passwords;

use std::sync::Arc;

use crate::clock::{Clock, Millis};
use crate::config::Config;
use crate::db::Db;
use crate::engine::chat::GroupChat;
use crate::engine::convert::Converter;
use crate::engine::vod::Vod;
use crate::presence::Presence;
use crate::storage::Storage;

/// The service's state.
pub struct App {
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
    pub answers: Answers,
    /// Where files are.
    pub storage: Storage,
    /// Who tries passwords.
    pub attempts: Attempts,
    /// Where passwords are checked.
    pub passwords: Passwords,
    /// The hosted video service.
    pub vod: Vod,
}

impl App {
    /// The time now.
    #[must_use]
    pub fn now(&self) -> Millis {
        self.clock.now()
    }
}
