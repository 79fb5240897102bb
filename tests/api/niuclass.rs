//! NiuClass: channels and their resources.

mod callbacks;
mod chat;
mod class_log;
mod command;
mod examples;
mod leaving;
mod lessons;
mod login;
mod members;
mod organizations;
pub mod partner;
mod schedule;
mod tenancy;
mod walk;
