//! The programs that make pages of documents and videos of recordings.

use std::path::PathBuf;

use lectern::config::Config;
use lectern::integrations::converter::Converter;
use lectern::integrations::ffmpeg;
use lectern::integrations::ffmpeg::Ffmpeg;
use lectern::integrations::libreoffice;
use lectern::integrations::libreoffice::LibreOffice;

use super::finding::Finding;

pub(super) fn check(config: &Config) -> Vec<Finding> {
    let work: PathBuf = std::env::temp_dir();
    let converter = LibreOffice::new(libreoffice::Settings { work: work.clone(), ..libreoffice::Settings::default() });
    let program = config.recording.ffmpeg.clone();
    let ffmpeg = Ffmpeg::new(ffmpeg::Settings { program, work, ..ffmpeg::Settings::default() });
    vec![
        of_program("converter", "documents are not converted", converter.missing()),
        of_program("ffmpeg", "no videos are made of recordings", ffmpeg.missing()),
    ]
}

fn of_program(check: &'static str, without: &str, missing: Option<String>) -> Finding {
    match missing {
        None => Finding::ok(check, "ready"),
        Some(missing) => Finding::warning(check, without, missing),
    }
}
