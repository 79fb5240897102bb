//! Draws the items of a board: strokes, shapes and texts.

use resvg::tiny_skia::{Color, LineCap, LineJoin, Paint, Path, PathBuilder, PixmapMut, Rect, Stroke, Transform};

use super::text;
use crate::domain::classroom::board::{Item, ItemKind};

/// How wide a page is, in the unit of the board.
pub(super) const PAGE_WIDTH: f32 = 10_000.0;
/// What a marker covers.
const MARKER: f32 = 0.4;
/// How long the head of an arrow is, in widths of its line, and at least.
const HEAD: (f32, f32) = (4.0, 120.0);

/// Draws an item. The transform maps the unit of the board to pixels.
pub(super) fn draw(to: &mut PixmapMut<'_>, item: &Item, transform: Transform) {
    let points: Vec<f32> = item.points.iter().map(|number| length(*number)).collect();
    match (item.kind, points.as_slice()) {
        (ItemKind::Text, [x, y]) => {
            let size = length(item.size);
            let widest = f64::from((PAGE_WIDTH - x).max(size) / size.max(1.0));
            let lines = text::wrapped(&item.text, widest);
            text::draw(to, &lines, size, &item.color, transform.pre_translate(*x, *y));
        }
        (ItemKind::Pen | ItemKind::Marker, points) => {
            let alpha = if item.kind == ItemKind::Marker { MARKER } else { 1.0 };
            if let Some(path) = polyline(points) {
                let width = length(item.width) * if item.kind == ItemKind::Pen { thickness(points) } else { 1.0 };
                stroke(to, &path, (&item.color, alpha), width, transform);
            }
        }
        (kind, [a, b, c, d]) => {
            if let Some(path) = shape(kind, [*a, *b, *c, *d], length(item.width)) {
                stroke(to, &path, (&item.color, 1.0), length(item.width), transform);
            }
        }
        _ => {}
    }
}

fn stroke(to: &mut PixmapMut<'_>, path: &Path, (color, alpha): (&str, f32), width: f32, transform: Transform) {
    let mut paint = Paint { anti_alias: true, ..Paint::default() };
    paint.set_color(parsed(color, alpha));
    let stroke =
        Stroke { width: width.max(1.0), line_cap: LineCap::Round, line_join: LineJoin::Round, ..Stroke::default() };
    to.stroke_path(path, &paint, &stroke, transform, None);
}

/// The line through points with a pressure each. A single point is a dot.
fn polyline(points: &[f32]) -> Option<Path> {
    let mut path = PathBuilder::new();
    let mut places = points.chunks_exact(3).filter_map(|point| Some((*point.first()?, *point.get(1)?)));
    let first = places.next()?;
    path.move_to(first.0, first.1);
    path.line_to(first.0 + 0.1, first.1);
    places.for_each(|(x, y)| path.line_to(x, y));
    path.finish()
}

/// How thick a pen draws, by its mean pressure in percent.
fn thickness(points: &[f32]) -> f32 {
    let pressures: Vec<f32> = points.chunks_exact(3).filter_map(|point| point.get(2).copied()).collect();
    let mean = pressures.iter().sum::<f32>() / length(i64::try_from(pressures.len().max(1)).unwrap_or(1));
    0.5 + mean / 100.0
}

fn shape(kind: ItemKind, [a, b, c, d]: [f32; 4], width: f32) -> Option<Path> {
    let mut path = PathBuilder::new();
    let frame = Rect::from_ltrb(a.min(c), b.min(d), a.max(c), b.max(d));
    match kind {
        ItemKind::Rectangle => path.push_rect(frame?),
        ItemKind::Ellipse => path.push_oval(frame?),
        _ => {
            path.move_to(a, b);
            path.line_to(c, d);
            if kind == ItemKind::Arrow {
                let (angle, long) = ((d - b).atan2(c - a), (c - a).hypot(d - b));
                let head = (width * HEAD.0).max(HEAD.1).min(long);
                for side in [-0.5, 0.5] {
                    path.move_to(c, d);
                    path.line_to(c - head * (angle + side).cos(), d - head * (angle + side).sin());
                }
            }
        }
    }
    path.finish()
}

/// A colour such as `#1a2b3c`; black for anything else.
fn parsed(color: &str, alpha: f32) -> Color {
    let number = color.strip_prefix('#').and_then(|digits| u32::from_str_radix(digits, 16).ok()).unwrap_or_default();
    let [_, r, g, b] = number.to_be_bytes().map(|part| f32::from(part) / 255.0);
    Color::from_rgba(r, g, b, alpha).unwrap_or(Color::BLACK)
}

/// A length of the board as a number to draw with. Lengths are far below what loses digits.
#[expect(clippy::cast_precision_loss, reason = "a length of the board has at most seven digits")]
pub(super) fn length(number: i64) -> f32 {
    number.clamp(-1_000_000, 1_000_000) as f32
}
