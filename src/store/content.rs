//! Rows of content: documents, files and conversions.

pub mod conversion;
pub mod document;
pub mod file;
