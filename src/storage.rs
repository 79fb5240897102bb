//! Where the bytes of files are: a folder of this machine, or an S3 bucket that several instances share. Which files there are,
//! and whose they are, the rows of `store::content::file` say.

mod backend;
mod discarded;
mod error;
mod folder;
mod local;
mod opening;
mod place;
mod private;

pub use backend::{Storage, Stored};
pub use discarded::remove_discarded;
pub use error::Error;
