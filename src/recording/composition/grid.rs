//! Where people are seen beside the board: one below the other, and in a grid of smaller pictures when there are more.

use crate::integrations::ffmpeg::Size;

/// The picture of somebody at its full size.
pub(super) const TILE: Size = Size { width: 320, height: 180 };
/// The height of the place beside the board. It is as wide as a picture.
const HEIGHT: u32 = 720;

/// How many columns a grid may have, and its letters.
const GRIDS: [Grid; 3] = [
    Grid { columns: 1, label: Some(Letters { height: 26, size: 16.0 }) },
    Grid { columns: 2, label: Some(Letters { height: 18, size: 11.0 }) },
    Grid { columns: 4, label: None },
];

/// A grid of pictures of one size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Grid {
    /// How many pictures are beside each other; each is that much smaller than [`TILE`].
    pub columns: u32,
    /// How names are written; `None` where there is no room.
    pub label: Option<Letters>,
}

/// How a name is written, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Letters {
    pub height: u32,
    pub size: f32,
}

impl Grid {
    /// The grid with the largest pictures that has a place for this many people, else the one with the most places.
    pub fn for_people(people: usize) -> Self {
        let [.., most] = GRIDS;
        GRIDS.into_iter().find(|grid| grid.places() >= people).unwrap_or(most)
    }

    /// How many places it has.
    pub fn places(self) -> usize {
        (self.columns * (HEIGHT / self.tile().height)) as usize
    }

    /// The size of a picture in it. It is even.
    pub fn tile(self) -> Size {
        Size { width: TILE.width / self.columns, height: (TILE.height / self.columns) & !1 }
    }

    /// The corner of a place, from that of the grid.
    pub fn corner(self, place: usize) -> (u32, u32) {
        let place = u32::try_from(place).unwrap_or_default();
        let Size { width, height } = self.tile();
        (place % self.columns * width, place / self.columns * height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_shrink_as_people_come_and_all_have_a_place() {
        for (people, columns) in [(0, 1), (1, 1), (4, 1), (5, 2), (16, 2), (17, 4), (64, 4), (500, 4)] {
            let grid = Grid::for_people(people);
            assert_eq!(grid.columns, columns, "{people}");
            assert!(grid.places() >= people.min(64), "{people}");
        }
    }

    #[test]
    fn no_picture_covers_another_or_leaves_the_video() {
        for grid in GRIDS {
            let Size { width, height } = grid.tile();
            let corners: Vec<(u32, u32)> = (0..grid.places()).map(|place| grid.corner(place)).collect();
            for (x, y) in &corners {
                assert!(x + width <= TILE.width && y + height <= HEIGHT, "{grid:?}");
                assert!(x % 2 == 0 && y % 2 == 0 && width % 2 == 0 && height % 2 == 0, "{grid:?}");
                let is_covered =
                    |(other_x, other_y): &&(u32, u32)| x.abs_diff(*other_x) < width && y.abs_diff(*other_y) < height;
                assert_eq!(corners.iter().filter(is_covered).count(), 1, "{grid:?}");
            }
        }
    }
}
