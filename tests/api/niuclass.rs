//! NiuClass: channels and what they manage.

mod callbacks;
mod command;
mod examples;
mod lessons;
mod login;
mod members;
mod organizations;
pub mod partner;
mod schedule;
mod tenancy;
mod walk;
