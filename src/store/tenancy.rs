//! Rows of the tenants: enterprises, channels, organizations, users and tokens.

pub mod audit;
pub mod callback_key;
pub mod channel;
pub mod console_link;
pub mod console_session;
pub mod enterprise;
pub mod enterprise_token;
pub mod former_user;
pub mod kept;
pub mod operator;
pub mod organization;
pub mod settings;
pub mod signing_key;
pub mod token;
pub mod user;
pub mod webhook_secret;
