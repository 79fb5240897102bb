//! Lectern: one classroom core with the hosted classroom APIs in front of it, self-hosted.
//!
//! - [`protocol`] parses a request, calls one use case, and formats the answer. [`http`] has what all protocols share.
//! - [`domain`] has the rules and use cases. They run inside a transaction of [`db`], on the rows and queries of [`store`], at a
//!   time of the [`clock`].
//! - [`service`] has the use cases that touch several districts of the domain or something outside the database.
//! - [`console`] renders the pages for operators and for the people of an enterprise.
//! - [`webhook`] delivers events to endpoints.
//! - [`presence`] receives the heartbeats of classroom components, and ends sessions and classes.
//! - [`realtime`] sends what happens in a class to those who follow it.
//! - [`media`] forwards voice, cameras and screens between those who are in a class.
//! - [`recording`] writes down what is recorded of classes, and makes videos of it.
//! - [`conversion`] turns documents into pages.
//! - [`storage`] keeps the bytes of files, and [`files`] serves them.
//! - [`integrations`] calls outside programs and services.
//! - [`jobs`] has what background workers share: leases, back-off, supervision.
//! - [`metrics`] says what operators watch.
//! - [`server`] assembles everything from a [`config`]. [`state`] is what all requests share.
//!
//! `docs/architecture.md` is the longer tour. `tests/layers` checks which module may import which.

pub mod build;
pub mod clock;
pub mod config;
pub mod console;
pub mod conversion;
pub mod db;
pub mod domain;
pub mod files;
pub mod http;
pub mod integrations;
pub mod jobs;
pub mod media;
pub mod metrics;
pub mod presence;
pub mod protocol;
pub mod realtime;
pub mod recording;
pub mod server;
pub mod service;
pub mod state;
pub mod storage;
pub mod store;
pub mod webhook;
