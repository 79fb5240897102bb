//! The channel of a class: who follows it at this instance, and the updates they receive.
//!
//! What happens in a class is an entry of its log. After the commit the [`Publisher`] reads the new entries, formats each
//! once, and passes it to the followers of the class. Other instances get an announcement, and look by themselves
//! every second. A follower who is too slow is let go: the log has what it missed.

mod announcement;
mod connected;
mod format;
mod hub;
mod pace;
mod publisher;
mod room;
mod update;

pub use connected::ConnectionChange;
pub use format::EntryFormat;
pub use hub::{Follower, Hub, Parting, Place};
pub use publisher::Publisher;
pub use update::{Signal, Update};
