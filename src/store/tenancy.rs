//! Rows of the tenants: enterprises, channels, organizations, users and tokens.

pub mod channel;
pub mod enterprise;
pub mod enterprise_token;
pub mod former_user;
pub mod organization;
pub mod settings;
pub mod signing_key;
pub mod token;
pub mod user;
