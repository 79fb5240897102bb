//! Converts generated documents with LibreOffice and poppler, and shows them in a browser. `tests/with-converter` installs the
//! programs.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where it fails"
)]
#![allow(clippy::format_collect, reason = "documents are made of small parts, and read best as they are")]

#[allow(dead_code, reason = "the tests of the classroom use the rest")]
#[path = "../support/browser.rs"]
mod browser;
mod documents;
mod hostile;
mod pages;
mod pictures;
mod viewer;
mod workshop;
