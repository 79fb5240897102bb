//! Makes videos of recordings: voices are mixed, and the board, the screen and those on stage become one picture.

mod board;
mod composer;
mod grid;
mod pages;
mod picture;
mod scene;
mod script;
mod still;
mod strokes;
mod text;

pub use composer::Composer;
pub(super) use still::still;
