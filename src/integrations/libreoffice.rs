//! The converter that runs LibreOffice and poppler, each in a sandbox.

mod animation;
mod avif;
mod blocking;
mod converter;
mod failure;
mod format;
mod kind;
mod office;
mod package;
mod page;
mod pdf;
mod picture;
mod settings;
mod text;

pub use converter::LibreOffice;
pub use settings::Settings;
