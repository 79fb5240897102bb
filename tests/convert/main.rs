//! Documents made here, converted by LibreOffice and poppler, and shown by a browser. `tests/with-converter` installs what they need.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where it fails"
)]
#![allow(clippy::format_collect, reason = "documents are made of small parts, and read best as they are")]

mod browser;
mod documents;
mod hostile;
mod pages;
mod viewer;
mod workshop;
