//! `/paas/v1`: the calls of an enterprise's back end, signed with its `tic_key`.

pub mod attendance;
pub mod business;
pub mod class;
pub mod console;
pub mod courseware;
pub mod document;
pub mod event;
pub mod imstorage;
pub mod local_record;
pub mod member;
pub mod user;
