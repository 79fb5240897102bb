//! What a video shows at a time: the board or a screen, and beside it those who are on stage, with their names.

use std::collections::{BTreeMap, HashMap};

use futures_util::future::try_join_all;
use resvg::tiny_skia::{Color, Pixmap, Transform};

use super::grid::{Grid, Letters, TILE};
use super::picture::{Picture, shrunk};
use super::text;
use crate::clock::Millis;
use crate::integrations::ffmpeg::{Failure, Fit, Pictures, Size, Studio};
use crate::media::Source;
use crate::recording::tracks::Clip;

/// The size of a video.
pub(super) const VIDEO: Size = Size { width: 1_280, height: 720 };
/// The board or the screen, when there are pictures beside it.
const MAIN: Size = Size { width: 960, height: 720 };
/// The place of those who are on stage.
const SIDE: Size = Size { width: 320, height: 720 };
/// The shade of a place without a picture.
const DARK: u8 = 48;
/// The characters of a name that are shown.
const NAME: usize = 24;

/// Those who are on stage, and what they send.
pub(super) struct Scene<'a> {
    studio: &'a Studio<'a>,
    clips: &'a [Clip],
    playing: BTreeMap<usize, Playing>,
    /// The names of people, by the columns of the grid in which they are.
    labels: HashMap<(String, u32), Picture>,
    /// Who comes first among those who are on stage.
    order: HashMap<&'a str, usize>,
    /// The board or the screen.
    pub main: Size,
    board: Picture,
}

/// A clip that is being decoded.
struct Playing {
    pictures: Pictures,
    shown: i64,
}

impl<'a> Scene<'a> {
    /// `teacher_id` is seen first.
    pub fn new(studio: &'a Studio<'a>, clips: &'a [Clip], teacher_id: &str) -> Self {
        let mut order: HashMap<&str, usize> = HashMap::new();
        for clip in clips.iter().filter(|clip| clip.source != Source::Screen) {
            let next = order.len() + 1;
            order.entry(&clip.user_id).or_insert(if clip.user_id == teacher_id { 0 } else { next });
        }
        let main = if order.is_empty() { VIDEO } else { MAIN };
        let (playing, labels) = (BTreeMap::new(), HashMap::new());
        Self { studio, clips, playing, labels, order, main, board: Picture::grey(main, DARK) }
    }

    /// The board has changed.
    pub fn set_board(&mut self, board: Picture) {
        self.board = board;
    }

    /// Brings all clips to a time.
    pub async fn advance(&mut self, at: Millis) -> Result<(), Failure> {
        for (number, clip) in self.clips.iter().enumerate() {
            let is_on = (clip.begin..clip.end).contains(&at) && clip.source != Source::Mic;
            if !is_on {
                // The program ends with it.
                self.playing.remove(&number);
            } else if !self.playing.contains_key(&number) {
                let (size, fit) =
                    if clip.source == Source::Screen { (self.main, Fit::Inside) } else { (TILE, Fit::Cover) };
                let name = clip.path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
                let pictures = self.studio.decode(name, size, fit)?;
                self.playing.insert(number, Playing { pictures, shown: 0 });
            }
        }
        let clips = self.clips;
        let advancing = self.playing.iter_mut().map(async |(number, playing)| {
            let begin = clips.get(*number).map_or(at, |clip| clip.begin);
            // The nearest picture, not the one before.
            let wanted = ((at - begin) * i64::from(Studio::RATE) + 500) / 1_000 + 1;
            while playing.shown < wanted {
                playing.pictures.advance().await?;
                playing.shown += 1;
            }
            Ok::<_, Failure>(())
        });
        try_join_all(advancing).await?;
        Ok(())
    }

    /// The picture of the video at a time. `name` says the names of people.
    pub fn draw(&mut self, at: Millis, to: &mut Picture, name: impl Fn(&str) -> String) {
        let screen = self.playing_of(at, Source::Screen, None);
        match screen {
            Some(picture) => to.put(self.main, picture, (0, 0)),
            None => to.put(self.main, &self.board.data, (0, 0)),
        }
        if self.main == VIDEO {
            return;
        }
        to.put(SIDE, &Picture::grey(SIDE, 16).data, (MAIN.width, 0));
        let people = self.on_stage(at);
        let grid = Grid::for_people(people.len());
        let tile = grid.tile();
        for (place, user_id) in people.iter().enumerate().take(grid.places()) {
            let (x, y) = grid.corner(place);
            let corner = (MAIN.width + x, y);
            match self.playing_of(at, Source::Camera, Some(user_id)) {
                Some(picture) if grid.columns == 1 => to.put(tile, picture, corner),
                Some(picture) => to.put(tile, &shrunk(TILE, picture, grid.columns).data, corner),
                None => to.put(tile, &Picture::grey(tile, DARK).data, corner),
            }
            let Some(letters) = grid.label else { continue };
            let label = self.labels.entry(((*user_id).to_owned(), grid.columns));
            let label = label.or_insert_with(|| label_of(&name(user_id), tile.width, letters));
            to.put(label.size, &label.data, (corner.0, y + tile.height - letters.height));
        }
    }

    /// Those who are seen: the teacher, then those who came first.
    fn on_stage(&self, at: Millis) -> Vec<&'a str> {
        let active = self.clips.iter().filter(|clip| clip.source != Source::Screen && clip.is_active(at));
        let mut people: Vec<&str> = active.map(|clip| clip.user_id.as_str()).collect();
        people.sort_by_key(|user_id| self.order.get(user_id));
        people.dedup();
        // Without a place for all, those with a camera are seen.
        if people.len() > Grid::for_people(people.len()).places() {
            people.sort_by_key(|user_id| self.playing_of(at, Source::Camera, Some(user_id)).is_none());
        }
        people
    }

    /// The picture of a source now, of this user or of anybody; of several, that of the latest clip.
    fn playing_of(&self, at: Millis, source: Source, user_id: Option<&str>) -> Option<&[u8]> {
        self.playing.iter().rev().find_map(|(number, playing)| {
            let clip = self.clips.get(*number)?;
            let is_it = clip.source == source && user_id.is_none_or(|user_id| user_id == clip.user_id);
            (is_it && clip.is_active(at)).then(|| playing.pictures.picture()).flatten()
        })
    }
}

/// A name, white on dark, not wider than the picture that it is on.
fn label_of(name: &str, widest: u32, letters: Letters) -> Picture {
    let name: String = name.chars().take(NAME).collect();
    let wide: f64 = name.chars().map(text::width).sum();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a name has few characters")]
    let width = ((wide * f64::from(letters.size)) as u32 + letters.height / 2 + 3).min(widest) & !1;
    let size = Size { width, height: letters.height };
    let Some(mut pixels) = Pixmap::new(width, letters.height) else { return Picture::grey(size, DARK) };
    pixels.fill(Color::from_rgba8(32, 34, 40, 255));
    text::draw(&mut pixels.as_mut(), &[name], letters.size, "#ffffff", Transform::from_translate(6.0, 3.0));
    Picture::of_rgba(size, pixels.data())
}
