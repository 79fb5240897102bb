//! The classroom page in real browsers: what a teacher and pupils do in a lesson, and what the others then see.

#[allow(dead_code, reason = "the tests of conversion use the rest")]
#[allow(clippy::format_collect, reason = "documents are made of small parts, and read best as they are")]
#[path = "../convert/documents.rs"]
mod documents;
mod lesson;
mod screens;

/// The canvas that takes the pen.
const CANVAS: &str = "canvas.surface";
