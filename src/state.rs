//! The state that all requests share, and the caches and limits in it.

mod app_state;
mod class_reads;
mod enterprise_cache;
mod freshness;
mod login_throttle;
mod passwords;
mod quotas;
mod rates;
mod read_cache;
mod readiness;
mod room_lists;
mod word_filters;

pub use app_state::AppState;
pub use class_reads::ClassReads;
pub use enterprise_cache::Enterprises;
pub use freshness::Freshness;
pub use login_throttle::{Attempt, LoginKey, LoginThrottle};
pub use passwords::Passwords;
pub use quotas::Quotas;
pub use rates::{Rates, Who};
pub use read_cache::{CacheKey, Kept, ReadCache, ResponseCache};
pub use readiness::Readiness;
pub use room_lists::RoomLists;
pub use word_filters::WordFilters;
