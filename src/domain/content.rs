//! Content: documents, files and their conversion.

pub mod conversion;
pub mod document;
pub mod file;
