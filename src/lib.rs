//! Lectern: one classroom core with the hosted classroom APIs in front of it, run by yourself.
//!
//! A request comes in through a [`dialect`], which parses it into types, calls one verb of the [`domain`] and answers in its
//! protocol's form. The domain holds the rules; it runs inside a transaction that [`db`] gives it, on the rows and queries
//! of the [`store`], at a time that the [`clock`] tells. [`presence`] keeps who is inside while classroom components tell that
//! they live, documents become pages in [`conversion`], the bytes of files are in a [`storage`] and served by [`files`], what
//! happened is told to the enterprise by [`callback`], and programs and services outside are asked by an [`engine`].
//! [`server`] puts it all together from a [`config`], and [`app`] is
//! what each request shares. `docs/architecture.md` is the longer tour; `tests/layers.rs` holds who may use whom.

pub mod clock;
pub mod config;
pub mod conversion;
pub mod db;
pub mod domain;
pub mod files;
pub mod http;
pub mod integrations;
pub mod jobs;
pub mod presence;
pub mod protocol;
pub mod server;
pub mod service;
pub mod state;
pub mod storage;
pub mod store;
pub mod webhook;
