//! The classroom: classes, members, sessions, and what happens during a class.

pub mod actor;
mod answer;
pub mod attendance;
pub mod bind;
pub mod chat;
pub mod check_in;
pub mod class;
mod class_event;
pub mod courseware;
pub mod current;
pub mod deadline;
pub mod demo;
pub mod link;
pub mod log;
pub mod member;
pub mod notice;
pub mod profile;
pub mod push;
pub mod question;
pub mod recording;
pub mod report;
pub(in crate::domain) mod role;
pub mod room;
pub mod session;
pub mod sign_in;
pub mod snapshot;
pub mod visitor;
