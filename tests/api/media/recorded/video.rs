//! A video: what is seen and heard in it at its times.
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "times and sounds are small numbers"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

use image::RgbImage;
use serde_json::Value;

/// A video on this disk.
pub struct Video {
    pub path: PathBuf,
    _folder: tempfile::TempDir,
}

impl Video {
    pub async fn fetch(http: &reqwest::Client, url: &str) -> Self {
        let answer = http.get(url).header("Range", "bytes=0-").send().await.unwrap();
        assert_eq!(answer.status(), 206);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("recording.mp4");
        std::fs::write(&path, answer.bytes().await.unwrap()).unwrap();
        // Kept among the artifacts of the tests.
        let _ = std::fs::copy(&path, Path::new(env!("CARGO_TARGET_TMPDIR")).join("recording.mp4"));
        Self { path, _folder: folder }
    }

    /// Plays a live picture for some seconds, and keeps what was seen.
    pub fn of_live(url: &str, seconds: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("live.mkv");
        let output = Command::new("ffmpeg")
            .args(["-y", "-loglevel", "error", "-i", url, "-t", &seconds.to_string(), "-c", "copy"])
            .arg(&path)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        let _ = std::fs::copy(&path, Path::new(env!("CARGO_TARGET_TMPDIR")).join("live.mkv"));
        Self { path, _folder: folder }
    }

    /// What `ffprobe` says.
    pub fn probe(&self) -> Value {
        let output = Command::new("ffprobe")
            .args(["-v", "error", "-print_format", "json", "-show_format", "-show_streams"])
            .arg(&self.path)
            .output()
            .unwrap();
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// The picture at a time, in seconds.
    pub fn picture(&self, at: f64) -> RgbImage {
        let out = self.path.with_extension("png");
        let status = Command::new("ffmpeg")
            .args(["-y", "-loglevel", "error", "-ss", &at.to_string(), "-i"])
            .arg(&self.path)
            .args(["-frames:v", "1", "-update", "1"])
            .arg(&out)
            .status()
            .unwrap();
        assert!(status.success());
        image::open(out).unwrap().into_rgb8()
    }

    /// The sound: 48,000 numbers a second.
    pub fn sound(&self) -> Vec<f32> {
        let output = Command::new("ffmpeg")
            .args(["-loglevel", "error", "-i"])
            .arg(&self.path)
            .args(["-f", "f32le", "-ac", "1", "-ar", "48000", "pipe:1"])
            .output()
            .unwrap();
        output.stdout.chunks_exact(4).map(|bytes| f32::from_le_bytes(bytes.try_into().unwrap())).collect()
    }
}

/// How strong a tone is in a piece of sound, by the algorithm of Goertzel.
pub fn strength(sound: &[f32], tone: f32) -> f32 {
    let step = 2.0 * std::f32::consts::PI * tone / 48_000.0;
    let (mut before, mut last) = (0.0_f32, 0.0_f32);
    for value in sound {
        (before, last) = (last, value + 2.0 * step.cos() * last - before);
    }
    let power = last * last + before * before - 2.0 * step.cos() * last * before;
    power.max(0.0).sqrt() * 2.0 / sound.len() as f32
}

/// Whether two colours look the same.
pub fn alike(image: &RgbImage, (x, y): (u32, u32), wanted: [u8; 3]) -> bool {
    image.get_pixel(x, y).0.iter().zip(wanted).all(|(found, wanted)| found.abs_diff(wanted) < 40)
}
