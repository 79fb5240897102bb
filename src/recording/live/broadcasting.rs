//! Broadcasts one class: packets come in, and segments are stored.

use std::time::{Duration, Instant};

use tokio::sync::mpsc::Receiver;
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::desk::Job;
use super::publishing::Publisher;
use super::sink::LivePacket;
use super::view::{PICTURE, View};
use super::voices::{VOICES, Voices};
use crate::integrations::ffmpeg::{Broadcast, Failure, Ffmpeg, Studio};
use crate::media::Source;
use crate::recording::tracks::Matroska;

/// How long the last segment may take when the class is over.
const END: Duration = Duration::from_secs(10);
/// How many bytes the work folder may have: some segments of a few hundred KiB each.
const LARGEST: u64 = 64 << 20;

/// Broadcasts until the class is over, or until something fails.
///
/// # Errors
/// See [`Failure`].
pub(super) async fn broadcast(ffmpeg: &Ffmpeg, publisher: &Publisher, job: &mut Job) -> Result<(), Failure> {
    let studio = ffmpeg.open()?;
    let (out, segments) = studio.broadcast(VOICES.into())?;
    let class = job.class.clone();
    let publishing = publisher.publish(&class, segments);
    tokio::pin!(publishing);
    let shown = tokio::select! {
        shown = show(&studio, out, job) => shown,
        ended = &mut publishing => {
            ended?;
            return Err(Failure::Program("it ended before the class".to_owned()));
        }
    };
    // What the program says of its end says more than that nothing could be written.
    timeout(END, publishing).await.map_err(|_| Failure::Hanging(END))??;
    shown
}

/// Writes pictures and voices as time passes, until the class is over. The stream ends with it.
async fn show(studio: &Studio<'_>, mut out: Broadcast, job: &mut Job) -> Result<(), Failure> {
    let begin = Instant::now();
    let mut view = View::new(studio, &job.class.teacher_id, &job.class.name);
    let mut voices = Voices::new(&job.class.teacher_id);
    let mut stream = Matroska::of_pictures_and_voices(PICTURE, VOICES)?;
    let mut ticks = interval(Duration::from_secs(1) / Studio::RATE);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    job.tap();
    loop {
        tokio::select! {
            biased;
            () = job.stop.over() => return Ok(()),
            _ = ticks.tick() => {}
        }
        take(&mut job.packets, begin, &mut view, &mut voices)?;
        let now = micros(begin.elapsed());
        if view.update(now) {
            // Given once more, it begins with key frames.
            job.tap();
        }
        voices.write(now, &mut stream)?;
        stream.write_to(1, now / 1_000, true, view.picture())?;
        out.write(&stream.take()).await?;
        if studio.bytes() > LARGEST {
            return Err(Failure::TooLarge);
        }
    }
}

/// Takes the packets that have come.
fn take(
    packets: &mut Receiver<LivePacket>,
    begin: Instant,
    view: &mut View<'_>,
    voices: &mut Voices,
) -> Result<(), Failure> {
    while let Ok(packet) = packets.try_recv() {
        // What came before is of a broadcast that failed.
        let Some(at) = packet.arrived.checked_duration_since(begin).map(micros) else { continue };
        if packet.key.1 == Source::Mic {
            voices.take(&packet, at);
        } else {
            view.take(&packet, at)?;
        }
    }
    Ok(())
}

fn micros(time: Duration) -> i64 {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX)
}
