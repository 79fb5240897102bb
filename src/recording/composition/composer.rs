//! Makes the video of a recording: reads what was recorded, mixes the voices, and draws picture after picture.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures_util::TryStreamExt;
use futures_util::future::{BoxFuture, FutureExt};
use tokio::io::AsyncWriteExt;

use super::board::Board;
use super::pages::Pages;
use super::picture::Picture;
use super::scene::{Scene, VIDEO};
use super::script::{Change, Script};
use crate::clock::Millis;
use crate::conversion::{Work, WorkFolder, store};
use crate::domain::classroom::online_recording;
use crate::domain::classroom::online_recording::{OnlineRecording, Part, Timetable};
use crate::domain::content::conversion::{ComposedVideo, Composition, Conversion, ConversionFailure, Outcome, Queue};
use crate::domain::content::file::Kind;
use crate::domain::tenancy::settings::Product;
use crate::integrations::converter::Progress;
use crate::integrations::ffmpeg;
use crate::integrations::ffmpeg::{Ffmpeg, Studio, Voice};
use crate::jobs::Context;
use crate::media::{Source, TrackCodec};
use crate::recording::storing::PART;
use crate::recording::tracks::{Clip, read_log};
use crate::storage::Storage;

/// The names of the results.
const VIDEO_NAME: &str = "recording.mp4";
const SOUND_NAME: &str = "recording.m4a";
/// The progress after each part of the work, in percent.
const FETCHED: u8 = 5;
const READ: u8 = 10;
const MIXED: u8 = 20;
const DRAWN: u8 = 95;
/// The kinds of videos, as protocols count them.
const OF_CAMERA: i64 = 0;
const OF_SCREEN: i64 = 1;
const OF_CLASS: i64 = 2;

/// The work of recordings.
pub struct Composer {
    storage: Storage,
    ffmpeg: Arc<Ffmpeg>,
    folder: Arc<WorkFolder>,
}

type Result<T> = std::result::Result<T, ConversionFailure>;

impl Composer {
    /// Makes videos with these programs.
    #[must_use]
    pub fn new(folder: Arc<WorkFolder>, storage: Storage, ffmpeg: Arc<Ffmpeg>) -> Self {
        Self { storage, ffmpeg, folder }
    }

    async fn compose(&self, context: &Context, held: &Conversion, progress: Progress<'_>) -> Result<Outcome> {
        if let Some(missing) = self.ffmpeg.missing() {
            return Err(ConversionFailure::NoComposer { missing });
        }
        let (enterprise_id, recording_id) = (held.enterprise_id, held.recording_id.unwrap_or_default());
        let read = move |conn: &mut _| {
            let recording = online_recording::get(conn, enterprise_id, recording_id)?;
            Ok::<_, crate::domain::Error>((recording, online_recording::parts(conn, enterprise_id, recording_id)?))
        };
        let (recording, parts) = context.db.read(read).await.map_err(|e| unreadable(&e))?;
        let recording = recording.ok_or_else(|| unreadable(&"it is gone"))?;
        let folder = self.folder.for_one().map_err(|e| unreadable(&e))?;
        let out = folder.path().join("out");
        std::fs::create_dir(&out).map_err(|e| unreadable(&e))?;
        let logs = self.fetch(&parts, folder.path()).await?;
        progress(FETCHED);
        let studio = self.ffmpeg.open().map_err(|e| not_composed(&e))?;
        let clips = read_logs(logs, studio.input()).await?;
        progress(READ);
        let work = Making { context, storage: &self.storage, studio: &studio, recording: &recording, out: &out };
        let videos = match recording.product {
            Product::Composed => work.video(&clips, progress).await?,
            Product::Tracks => work.tracks(&clips).await?,
            Product::Audio => work.sound(&clips).await?,
        };
        let (key, bytes) = store(context, &self.storage, held, Kind::Recording, &out).await?;
        Ok(Outcome::Composed(Composition { key, bytes, videos }))
    }

    /// Copies the parts of all logs to this machine. Returns the files of each log, in their order.
    async fn fetch(&self, parts: &[Part], folder: &Path) -> Result<Vec<Vec<PathBuf>>> {
        let mut logs: BTreeMap<&str, Vec<PathBuf>> = BTreeMap::new();
        for (number, part) in parts.iter().enumerate() {
            let path = folder.join(format!("part-{number}"));
            self.fetch_one(&format!("{}/{PART}", part.file_key), &path).await?;
            logs.entry(&part.log).or_default().push(path);
        }
        Ok(logs.into_values().collect())
    }

    async fn fetch_one(&self, from: &str, to: &Path) -> Result<()> {
        let size = self.storage.stat(from).await.map_err(|e| unreadable(&e))?.size;
        let mut content = self.storage.read(from, 0..size).await.map_err(|e| unreadable(&e))?;
        let mut file = tokio::fs::File::create(to).await.map_err(|e| unreadable(&e))?;
        while let Some(chunk) = content.try_next().await.map_err(|e| unreadable(&e))? {
            file.write_all(&chunk).await.map_err(|e| unreadable(&e))?;
        }
        file.flush().await.map_err(|e| unreadable(&e))
    }
}

/// Reads packet logs into clips, in the order in which these begin.
async fn read_logs(logs: Vec<Vec<PathBuf>>, folder: PathBuf) -> Result<Vec<Clip>> {
    let read = move || {
        let mut clips = Vec::new();
        for (number, parts) in logs.into_iter().enumerate() {
            clips.extend(read_log(&parts, &folder, &format!("clip-{number}"))?);
            for part in parts {
                std::fs::remove_file(part)?;
            }
        }
        clips.sort_by(|a, b| (a.begin, &a.path).cmp(&(b.begin, &b.path)));
        Ok::<_, std::io::Error>(clips)
    };
    tokio::task::spawn_blocking(read).await.map_err(|e| unreadable(&e))?.map_err(|e| unreadable(&e))
}

/// What is made of one recording.
struct Making<'a> {
    context: &'a Context,
    storage: &'a Storage,
    studio: &'a Studio<'a>,
    recording: &'a OnlineRecording,
    out: &'a Path,
}

impl Making<'_> {
    async fn video(&self, clips: &[Clip], progress: Progress<'_>) -> Result<Vec<ComposedVideo>> {
        let times = Timetable::of(self.recording);
        let sound = self.mix(clips, &times).await?;
        progress(MIXED);
        let script = Script::read(&self.context.db, self.recording).await.map_err(|e| unreadable(&e))?;
        let mut encoding = self.studio.encode(&sound, VIDEO, VIDEO_NAME).map_err(|e| not_composed(&e))?;
        let mut drawing = Drawing::new(self.studio, clips, script, self.storage);
        let total = times.pictures(Studio::RATE);
        for (number, at) in times.each(Studio::RATE).enumerate() {
            let picture = drawing.at(at).await.map_err(|e| not_composed(&e))?;
            encoding.write(&picture.data).await.map_err(|e| not_composed(&e))?;
            let done = u64::try_from(number).unwrap_or_default() * u64::from(DRAWN - MIXED) / total.max(1);
            progress(MIXED + u8::try_from(done).unwrap_or_default());
        }
        encoding.finish().await.map_err(|e| not_composed(&e))?;
        self.whole(VIDEO_NAME, "mp4", times.length()).await
    }

    async fn sound(&self, clips: &[Clip]) -> Result<Vec<ComposedVideo>> {
        let times = Timetable::of(self.recording);
        let sound = self.mix(clips, &times).await?;
        let from = self.studio.input().join(sound);
        tokio::fs::copy(from, self.out.join(SOUND_NAME)).await.map_err(|e| unreadable(&e))?;
        let size = tokio::fs::metadata(self.out.join(SOUND_NAME)).await.map_err(|e| unreadable(&e))?.len();
        Ok(vec![of_class(SOUND_NAME, "m4a", times.length(), size)])
    }

    async fn tracks(&self, clips: &[Clip]) -> Result<Vec<ComposedVideo>> {
        let mut videos = Vec::new();
        for (number, clip) in clips.iter().enumerate() {
            let format = if clip.codec == TrackCodec::H264 { "mp4" } else { "webm" };
            let (kind, video_type) = match clip.source {
                Source::Mic => ("voice", OF_CAMERA),
                Source::Camera => ("camera", OF_CAMERA),
                Source::Screen => ("screen", OF_SCREEN),
            };
            let name = format!("{kind}-{}.{format}", number + 1);
            let from = clip.path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            self.studio.rewrap(from, &name).await.map_err(|e| not_composed(&e))?;
            let bytes = self.studio.take(&name, self.out).await.map_err(|e| not_composed(&e))?;
            videos.push(ComposedVideo {
                name,
                user_id: clip.user_id.clone(),
                video_type,
                format: format.to_owned(),
                begin: clip.begin.saturating_sub(self.recording.begin_time),
                duration: clip.end.saturating_sub(clip.begin),
                bytes: i64::try_from(bytes).unwrap_or(i64::MAX),
            });
        }
        if videos.is_empty() { Err(ConversionFailure::NothingRecorded) } else { Ok(videos) }
    }

    async fn mix(&self, clips: &[Clip], times: &Timetable) -> Result<String> {
        let voice = |clip: &Clip| {
            let name = clip.path.file_name()?.to_str()?.to_owned();
            Some(Voice { name, begin: times.in_video(clip.begin) })
        };
        let voices: Vec<Voice> = clips.iter().filter(|clip| clip.source == Source::Mic).filter_map(voice).collect();
        self.studio.mix(&voices, times.length()).await.map_err(|e| not_composed(&e))
    }

    async fn whole(&self, name: &str, format: &str, length: Millis) -> Result<Vec<ComposedVideo>> {
        let bytes = self.studio.take(name, self.out).await.map_err(|e| not_composed(&e))?;
        Ok(vec![of_class(name, format, length, bytes)])
    }
}

fn of_class(name: &str, format: &str, duration: Millis, bytes: u64) -> ComposedVideo {
    ComposedVideo {
        name: name.to_owned(),
        user_id: String::new(),
        video_type: OF_CLASS,
        format: format.to_owned(),
        begin: 0,
        duration,
        bytes: i64::try_from(bytes).unwrap_or(i64::MAX),
    }
}

/// Draws the pictures of a video.
struct Drawing<'a> {
    scene: Scene<'a>,
    board: Board,
    script: Script,
    pages: Pages,
    picture: Picture,
}

impl<'a> Drawing<'a> {
    fn new(studio: &'a Studio<'a>, clips: &'a [Clip], script: Script, storage: &Storage) -> Self {
        let scene = Scene::new(studio, clips, &script.teacher_id);
        let board = Board::new(scene.main);
        Self { scene, board, script, pages: Pages::new(storage.clone()), picture: Picture::grey(VIDEO, 16) }
    }

    async fn at(&mut self, at: Millis) -> std::result::Result<&Picture, ffmpeg::Failure> {
        let mut shown = None;
        while let Some(change) = self.script.next_until(at) {
            match change {
                Change::Show(page) => shown = Some(page),
                Change::Draw(page, operations) => self.board.draw(&page, &operations),
            }
        }
        if let Some(page) = shown.filter(|page| page != self.board.shown()) {
            let image = self.pages.image(&self.script, &page).await;
            self.board.show(&page, image);
        }
        if let Some(board) = self.board.take_changed() {
            self.scene.set_board(board);
        }
        self.scene.advance(at).await?;
        let script = &self.script;
        self.scene.draw(at, &mut self.picture, |user_id| script.name(user_id));
        Ok(&self.picture)
    }
}

impl Work for Composer {
    fn queue(&self) -> Queue {
        Queue::Recordings
    }

    fn name(&self) -> &'static str {
        "videos of recordings"
    }

    /// Never: a long class takes long.
    fn stalled_after(&self) -> Millis {
        Millis::MAX
    }

    fn run<'a>(
        &'a self,
        context: &'a Context,
        held: &'a Conversion,
        progress: Progress<'a>,
    ) -> BoxFuture<'a, Result<Outcome>> {
        self.compose(context, held, progress).boxed()
    }
}

fn unreadable(cause: &dyn std::fmt::Display) -> ConversionFailure {
    ConversionFailure::RecordingUnreadable { cause: cause.to_string() }
}

fn not_composed(failure: &ffmpeg::Failure) -> ConversionFailure {
    ConversionFailure::NotComposed { cause: failure.to_string() }
}
