//! The classroom page in real browsers: what a teacher and pupils do in a lesson, and what the others then see.

mod lesson;
mod screens;

/// The canvas that takes the pen.
const CANVAS: &str = "canvas.surface";
