//! Rows of the tenants: enterprises, channels, organizations, users and tokens.

pub mod callback_key;
pub mod channel;
pub mod enterprise;
pub mod enterprise_token;
pub mod former_user;
pub mod kept;
pub mod organization;
pub mod settings;
pub mod signing_key;
pub mod token;
pub mod user;
pub mod webhook_secret;
