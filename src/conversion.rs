//! Converts documents, one job after the other: claims a conversion that was requested, fetches the original, has it
//! converted, stores the result and settles the job.
//!
//! A job is a row. Its worker holds it under a lease that is renewed, so that another worker takes it over when the process
//! dies. Settling requires the token of the lease. The converting itself is behind `integrations::converter::Converter`.

mod job;
mod original;
mod settings;
mod shares;
mod work_folder;
mod worker;

pub use settings::Settings;
pub use work_folder::WorkFolder;
pub use worker::Conversions;
