//! The room on the disks that files are written to.

use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use lectern::config::{Config, MediaSwitch, RecordingSwitch};

use super::finding::Finding;

const CHECK: &str = "disk";

/// With less than this share of a disk left, it is time to make room.
const LOW_PERCENT: u64 = 20;
/// With less than this, writes fail soon.
const LEAST: u64 = 256 << 20;

/// The disks, each once, with what is on them.
pub(super) fn check(config: &Config) -> Vec<Finding> {
    let records = config.recording.switch == RecordingSwitch::On && config.media_server.switch == MediaSwitch::On;
    let places = [
        ("database", config.database.url.strip_prefix("sqlite://").map(PathBuf::from)),
        ("files", config.storage.url.strip_prefix("file://").map(PathBuf::from)),
        ("recordings", records.then(|| config.recording.folder.clone())),
        ("work folder", Some(std::env::temp_dir())),
    ];
    let mut disks: BTreeMap<u64, (PathBuf, Vec<&str>)> = BTreeMap::new();
    for (what, place) in places {
        let Some(place) = place.as_deref().and_then(existing) else { continue };
        let Ok(found) = std::fs::metadata(&place) else { continue };
        disks.entry(found.dev()).or_insert_with(|| (place, Vec::new())).1.push(what);
    }
    disks.into_values().map(|(place, what)| of_disk(&place, &what, config.recording.least_free_bytes)).collect()
}

/// The nearest folder on the way to a place that exists.
fn existing(place: &Path) -> Option<PathBuf> {
    let place = if place.is_absolute() { place.to_owned() } else { std::env::current_dir().ok()?.join(place) };
    place.ancestors().find(|folder| folder.is_dir()).map(Path::to_owned)
}

fn of_disk(place: &Path, what: &[&str], for_recordings: u64) -> Finding {
    let (name, shown) = (what.join(", "), place.display());
    let Ok(found) = rustix::fs::statvfs(place) else {
        return Finding::warning(
            CHECK,
            format!("{name}: nothing is known of the disk of {shown}"),
            "look at it yourself",
        );
    };
    let free = found.f_bavail.saturating_mul(found.f_frsize);
    let size = found.f_blocks.saturating_mul(found.f_frsize);
    let room = format!("{name}: {} of {} free ({shown})", amount(free), amount(size));
    if free < LEAST {
        return Finding::error(CHECK, room, "make room: without it, writes fail");
    }
    if what.contains(&"recordings") && free < for_recordings {
        let advice = format!(
            "make room: with less than LECTERN_RECORDING_LEAST_FREE_BYTES ({}), nothing is recorded",
            amount(for_recordings)
        );
        return Finding::error(CHECK, room, advice);
    }
    if free < size / 100 * LOW_PERCENT {
        return Finding::warning(CHECK, room, format!("make room: less than {LOW_PERCENT} % are left"));
    }
    Finding::ok(CHECK, room)
}

/// A number of bytes for people.
fn amount(bytes: u64) -> String {
    match bytes {
        0..0x4000_0000 => format!("{} MiB", bytes >> 20),
        _ => format!("{} GiB", bytes >> 30),
    }
}
