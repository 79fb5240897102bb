//! Does the jobs that turn something stored into something to look at, one after the other: claims a job that was requested,
//! has its work done, stores the result and settles the job. Documents become pages here, and recordings videos.
//!
//! A job is a row. Its worker holds it under a lease that is renewed, so that another worker takes it over when the process
//! dies. Settling requires the token of the lease. The converting itself is behind `integrations::converter::Converter`.

mod documents;
mod job;
mod original;
mod settings;
mod shares;
mod work;
mod work_folder;
mod worker;

pub use documents::Documents;
pub use settings::Settings;
pub use work::{Work, store};
pub use work_folder::WorkFolder;
pub use worker::Conversions;
