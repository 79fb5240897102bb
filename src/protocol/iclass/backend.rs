//! `/paas/v1`: what the back end of an enterprise calls, signed with its `tic_key`.

pub mod attendance;
pub mod business;
pub mod class;
pub mod courseware;
pub mod document;
pub mod event;
pub mod imstorage;
pub mod member;
pub mod user;
