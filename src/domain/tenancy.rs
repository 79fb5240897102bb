//! Tenants: enterprises, channels, organizations, users and tokens.

pub mod audit;
pub mod callback_key;
pub mod channel;
pub mod console;
pub mod enterprise;
pub mod enterprise_token;
pub mod name;
pub mod operator;
pub mod organization;
pub mod patched;
pub mod quota;
pub mod secret;
pub mod settings;
pub mod token;
pub mod totp;
pub mod user;
pub mod webhook_secret;
