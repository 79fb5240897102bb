//! The chat of a class: its groups and their messages, private messages, images, and recalls.

mod draft;
mod groups;
mod history;
pub mod image;
mod logging;
mod private;
mod recall;
mod send;
mod speaking;

pub use crate::store::chat::chat_message::ChatMessage;
pub use crate::store::chat::message_id::MessageId;
pub use crate::store::chat::private_message::PrivateMessage;
pub use draft::{Content, Draft, Sent};
pub(super) use groups::of;
pub use groups::{messages, of_class};
pub use history::{History, history, last};
pub(in crate::domain) use logging::log_in_lessons;
pub use private::list as private_messages;
pub use recall::{Recaller, recall};
pub use send::{send, send_from_inside};
