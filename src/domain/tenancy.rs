//! Tenants: enterprises, channels, organizations, users and tokens.

pub mod callback_key;
pub mod channel;
pub mod enterprise;
pub mod enterprise_token;
pub mod name;
pub mod organization;
pub mod quota;
pub mod secret;
pub mod settings;
pub mod token;
pub mod user;
pub mod webhook_secret;
