//! Tenants: enterprises, channels, organizations, users and tokens.

pub mod channel;
pub mod enterprise;
pub mod enterprise_token;
pub mod name;
pub mod organization;
pub mod secret;
pub mod settings;
pub mod token;
pub mod user;
