//! Registering and changing users.
