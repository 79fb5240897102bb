//! Voice and pictures of classes: connects the people inside with the media server, and keeps both in step.
//!
//! A [`Stage`] takes offers. For each class with media sessions at this instance, a task follows the log of the class: the
//! media server lets through what the states of the people allow, and sessions end with the stay of their owner. What the
//! media server notices goes back into the states.
//!
//! With several instances, each class is on the media server of one. Offers that come to another instance go there as rows.

mod desk;
mod exchange;
mod follower;
mod host;
mod hosted;
mod ice;
mod offer;
mod outlets;
mod placement;
mod serving;
mod worker;

pub use desk::Stage;
pub use host::Outlets;
pub use ice::{IceServer, Turn};
pub use offer::{Offer, OfferError};
pub use worker::workers;
