//! Live pictures of classes. While a class goes on, what arrives at the media server is decoded, drawn, encoded and stored in
//! segments of a few seconds: the shared screen, or one camera, and the voices.

mod broadcasting;
mod desk;
mod publishing;
mod sink;
mod view;
mod voices;
mod worker;

pub use desk::{Live, Showing};
pub(super) use worker::{Broadcasting, Outdated};
