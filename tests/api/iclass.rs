//! iClass: back ends that sign their calls, the components in classrooms, and what both hear of by webhook.

pub mod attendance;
pub mod callbacks;
pub mod chat;
pub mod classes;
pub mod component_fields;
pub mod components;
pub mod conversions;
pub mod courseware;
pub mod deliveries;
pub mod document_service;
pub mod documents;
pub mod enterprises;
pub mod entry;
pub mod feed;
pub mod joining;
pub mod lists;
pub mod presence;
pub mod presence_model;
pub mod questions;
pub mod recorded;
pub mod remembered;
pub mod reports;
pub mod signature;
pub mod uploads;
pub mod users;
pub mod walk;
