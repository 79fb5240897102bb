//! Voices and pictures with a content that is known: `ffmpeg` makes them, and robots send them.

use std::process::Command;
use std::time::Duration;

/// A voice in packets of 20 ms (Opus), and pictures (VP8) with a key frame each second.
#[derive(Debug, Default)]
pub struct Film {
    pub voice: Vec<Vec<u8>>,
    pub pictures: Vec<Vec<u8>>,
    /// How long a picture is shown.
    pub every: Duration,
}

/// How many pictures a second has.
const RATE: u64 = 25;

impl Film {
    /// A film of this sound and this picture, as sources of `ffmpeg` without a length, such as `sine=440` and `color=red`.
    pub fn of(sound: &str, picture: &str, seconds: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (sound_file, picture_file) = (folder.path().join("sound.ogg"), folder.path().join("picture.ivf"));
        let length = seconds.to_string();
        let run = |arguments: &[&str], out: &std::path::Path| {
            let mut command = Command::new("ffmpeg");
            command.args(["-hide_banner", "-loglevel", "error", "-f", "lavfi"]).args(arguments).arg(out);
            assert!(
                command.status().is_ok_and(|status| status.success()),
                "ffmpeg is needed: run these tests by tests/with-converter"
            );
        };
        run(&["-i", sound, "-t", &length, "-ac", "2", "-c:a", "libopus", "-b:a", "48k"], &sound_file);
        let picture = format!("{picture},scale=320:180,fps={RATE}");
        let key = RATE.to_string();
        run(
            &[
                "-i",
                &picture,
                "-t",
                &length,
                "-c:v",
                "libvpx",
                "-b:v",
                "600k",
                "-deadline",
                "realtime",
                "-cpu-used",
                "8",
                "-g",
                &key,
            ],
            &picture_file,
        );
        Self {
            voice: packets_of_ogg(&std::fs::read(sound_file).unwrap()).split_off(2),
            pictures: frames_of_ivf(&std::fs::read(picture_file).unwrap()),
            every: Duration::from_millis(1_000 / RATE),
        }
    }
}

/// The packets of an Ogg file: RFC 3533, 6.
fn packets_of_ogg(mut file: &[u8]) -> Vec<Vec<u8>> {
    let mut packets = vec![Vec::new()];
    while file.len() > 27 {
        let segments = usize::from(file[26]);
        let (table, mut body) = file[27..].split_at(segments);
        for length in table {
            let (part, rest) = body.split_at(usize::from(*length));
            packets.last_mut().unwrap().extend(part);
            if *length < 255 {
                packets.push(Vec::new());
            }
            body = rest;
        }
        file = body;
    }
    packets.pop();
    packets
}

/// The frames of an IVF file.
fn frames_of_ivf(file: &[u8]) -> Vec<Vec<u8>> {
    let mut rest = &file[32..];
    let mut frames = Vec::new();
    while rest.len() > 12 {
        let length = u32::from_le_bytes(rest[..4].try_into().unwrap()) as usize;
        frames.push(rest[12..12 + length].to_vec());
        rest = &rest[12 + length..];
    }
    frames
}
