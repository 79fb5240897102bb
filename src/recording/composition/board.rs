//! The board of a class as it changed: which page is shown, and what is drawn on it.

use std::collections::HashMap;
use std::sync::Arc;

use image::RgbaImage;
use resvg::tiny_skia::{Color, IntSize, Pixmap, PixmapPaint, Transform};

use super::picture::Picture;
use super::strokes;
use super::strokes::PAGE_WIDTH;
use crate::domain::classroom::board::{FIRST_PAGE, Item, Operation};
use crate::integrations::ffmpeg::Size;

/// The height of a whiteboard page, for a width of 16.
const WHITEBOARD: (u32, u32) = (16, 9);

/// The board.
pub(super) struct Board {
    size: Size,
    shown: String,
    pages: HashMap<String, Vec<Drawn>>,
    /// The image of the shown page, if it is a page of a document.
    background: Option<Arc<RgbaImage>>,
    canvas: Option<Pixmap>,
    is_changed: bool,
}

/// An item on a page. A removed one may come back.
struct Drawn {
    item: Item,
    is_removed: bool,
}

impl Board {
    /// A board that is shown in this size.
    pub fn new(size: Size) -> Self {
        let mut board = Self {
            size,
            shown: FIRST_PAGE.to_owned(),
            pages: HashMap::new(),
            background: None,
            canvas: None,
            is_changed: true,
        };
        board.redraw();
        board
    }

    /// The page that is shown.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// Shows a page; `background` is the image of a page of a document.
    pub fn show(&mut self, page: &str, background: Option<Arc<RgbaImage>>) {
        page.clone_into(&mut self.shown);
        self.background = background;
        self.redraw();
    }

    /// Draws on a page.
    pub fn draw(&mut self, page: &str, operations: &[Operation]) {
        let is_shown = page == self.shown;
        let mut is_damaged = false;
        for operation in operations {
            let items = self.pages.entry(page.to_owned()).or_default();
            match operation {
                Operation::Add(item) => {
                    items.push(Drawn { item: item.clone(), is_removed: false });
                    if is_shown && !is_damaged {
                        self.add(item);
                    }
                }
                Operation::Remove(ids) | Operation::Restore(ids) => {
                    let is_removed = matches!(operation, Operation::Remove(_));
                    for drawn in items.iter_mut().filter(|drawn| ids.contains(&drawn.item.id)) {
                        drawn.is_removed = is_removed;
                    }
                    is_damaged = true;
                }
                Operation::Clear => {
                    for drawn in items.iter_mut() {
                        drawn.is_removed = true;
                    }
                    is_damaged = true;
                }
            }
        }
        if is_shown && is_damaged {
            self.redraw();
        }
    }

    /// The board as a picture, if it has changed since the last call.
    pub fn take_changed(&mut self) -> Option<Picture> {
        if !std::mem::take(&mut self.is_changed) {
            return None;
        }
        let canvas = self.canvas.as_ref()?;
        Some(Picture::of_rgba(self.size, canvas.data()))
    }

    fn add(&mut self, item: &Item) {
        let transform = self.place().1;
        if let Some(canvas) = &mut self.canvas {
            strokes::draw(&mut canvas.as_mut(), item, transform);
            self.is_changed = true;
        }
    }

    fn redraw(&mut self) {
        self.is_changed = true;
        let Size { width, height } = self.size;
        let (frame, transform) = self.place();
        let Some(mut canvas) = Pixmap::new(width, height) else { return };
        // Beside the page it is as dark as in the classroom.
        canvas.fill(Color::from_rgba8(38, 40, 46, 255));
        if let Some(mut page) = Pixmap::new(frame.width, frame.height) {
            page.fill(Color::WHITE);
            if let Some(image) = &self.background
                && let Some(image) = scaled(image, frame)
            {
                page.draw_pixmap(0, 0, image.as_ref(), &PixmapPaint::default(), Transform::identity(), None);
            }
            let (x, y) = corner(self.size, frame);
            let (x, y) = (i32::try_from(x).unwrap_or_default(), i32::try_from(y).unwrap_or_default());
            canvas.draw_pixmap(x, y, page.as_ref(), &PixmapPaint::default(), Transform::identity(), None);
        }
        for drawn in self.pages.get(&self.shown).into_iter().flatten().filter(|drawn| !drawn.is_removed) {
            strokes::draw(&mut canvas.as_mut(), &drawn.item, transform);
        }
        self.canvas = Some(canvas);
    }

    /// The size of the shown page in pixels, and what maps the unit of the board to them.
    #[expect(clippy::cast_precision_loss, reason = "pictures have few pixels")]
    fn place(&self) -> (Size, Transform) {
        let (width, height) = self.background.as_ref().map_or(WHITEBOARD, |image| image.dimensions());
        let frame = fitted(Size { width, height }, self.size);
        let (x, y) = corner(self.size, frame);
        let scale = frame.width as f32 / PAGE_WIDTH;
        (frame, Transform::from_scale(scale, scale).post_translate(x as f32, y as f32))
    }
}

/// The largest size with this form that fits inside.
fn fitted(form: Size, inside: Size) -> Size {
    let (width, height) = (u64::from(form.width.max(1)), u64::from(form.height.max(1)));
    let (most_width, most_height) = (u64::from(inside.width), u64::from(inside.height));
    let by_width = (most_width, most_width * height / width);
    let (width, height) =
        if by_width.1 <= most_height { by_width } else { (most_height * width / height, most_height) };
    let even = |length: u64| u32::try_from(length & !1).unwrap_or(2).max(2);
    Size { width: even(width), height: even(height) }
}

/// Where the upper left corner of what is in the middle is.
fn corner(outer: Size, inner: Size) -> (u32, u32) {
    (((outer.width - inner.width) / 2) & !1, ((outer.height - inner.height) / 2) & !1)
}

fn scaled(image: &RgbaImage, Size { width, height }: Size) -> Option<Pixmap> {
    let mut image = image::imageops::resize(image, width, height, image::imageops::FilterType::Triangle);
    // Pixmaps have colours multiplied by their opacity.
    for pixel in image.pixels_mut() {
        let [r, g, b, a] = pixel.0;
        let by = |part: u8| u8::try_from(u16::from(part) * u16::from(a) / 255).unwrap_or(u8::MAX);
        pixel.0 = [by(r), by(g), by(b), a];
    }
    Pixmap::from_vec(image.into_raw(), IntSize::from_wh(width, height)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::classroom::board::ItemKind;

    const SIZE: Size = Size { width: 960, height: 720 };

    fn line(id: &str) -> Operation {
        Operation::Add(Item {
            id: id.into(),
            kind: ItemKind::Line,
            color: "#ff0000".into(),
            width: 200,
            points: vec![0, 2_800, 10_000, 2_800],
            text: String::new(),
            size: 0,
        })
    }

    /// The brightness in the middle of the board.
    fn middle(picture: &Picture) -> u8 {
        picture.data[360 * 960 + 480]
    }

    #[test]
    fn what_is_drawn_is_seen_until_it_is_removed_and_again_when_it_comes_back() {
        let mut board = Board::new(SIZE);
        assert_eq!(middle(&board.take_changed().unwrap()), 235, "a white page");
        assert!(board.take_changed().is_none());
        board.draw("w1", &[line("a")]);
        assert_eq!(middle(&board.take_changed().unwrap()), 82, "a red line");
        board.draw("w1", &[Operation::Remove(vec!["a".into()])]);
        assert_eq!(middle(&board.take_changed().unwrap()), 235);
        board.draw("w1", &[Operation::Restore(vec!["a".into()])]);
        assert_eq!(middle(&board.take_changed().unwrap()), 82);
        board.draw("w1", &[Operation::Clear]);
        assert_eq!(middle(&board.take_changed().unwrap()), 235);
    }

    #[test]
    fn a_page_that_is_not_shown_keeps_what_is_drawn_on_it() {
        let mut board = Board::new(SIZE);
        board.take_changed();
        board.draw("w2", &[line("a")]);
        assert!(board.take_changed().is_none());
        board.show("w2", None);
        assert_eq!(middle(&board.take_changed().unwrap()), 82);
        let blue = RgbaImage::from_pixel(400, 300, image::Rgba([0, 0, 255, 255]));
        board.show("doc/1", Some(Arc::new(blue)));
        let picture = board.take_changed().unwrap();
        assert_eq!((middle(&picture), picture.data[0]), (41, 41), "it fills the whole place");
    }

    #[test]
    fn a_page_keeps_its_form() {
        assert_eq!(fitted(Size { width: 16, height: 9 }, SIZE), Size { width: 960, height: 540 });
        assert_eq!(fitted(Size { width: 210, height: 297 }, SIZE), Size { width: 508, height: 720 });
    }
}
