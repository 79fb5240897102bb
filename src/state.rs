//! The state that all requests share, and the caches and limits in it.

mod app_state;
mod enterprise_cache;
mod freshness;
mod login_throttle;
mod passwords;
mod quotas;
mod rates;
mod readiness;
mod response_cache;
mod word_filters;

pub use app_state::AppState;
pub use enterprise_cache::Enterprises;
pub use freshness::Freshness;
pub use login_throttle::{Attempt, LoginKey, LoginThrottle};
pub use passwords::Passwords;
pub use quotas::Quotas;
pub use rates::{Rates, Who};
pub use readiness::Readiness;
pub use response_cache::{CacheKey, ResponseCache};
pub use word_filters::WordFilters;
