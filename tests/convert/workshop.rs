//! A converter with its own work folder, and the results of its conversions.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use image::GrayImage;
use lectern::domain::content::conversion::ConversionFailure;
use lectern::integrations::converter::{Converted, Converter, Source};
use lectern::integrations::libreoffice::{LibreOffice, Settings};
use tempfile::TempDir;

pub struct Workshop {
    folder: TempDir,
    pub converter: LibreOffice,
}

/// The result of a conversion.
#[derive(Debug)]
pub struct Made {
    pub folder: TempDir,
    pub converted: Converted,
    pub progress: Vec<u8>,
}

impl Workshop {
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    /// A converter with other settings.
    pub fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings { work: folder.path().join("work"), ..Settings::default() };
        change(&mut settings);
        let converter = LibreOffice::new(settings);
        if let Some(missing) = converter.missing() {
            panic!("these tests need the converter; run them by tests/with-converter. {missing}");
        }
        Self { folder, converter }
    }

    /// Writes the document to a file and converts it.
    pub async fn convert(&self, file: &str, content: &[u8]) -> Result<Made, ConversionFailure> {
        self.convert_as(file, content, false).await
    }

    /// As [`Workshop::convert`], with the choice whether slides become images without animations.
    pub async fn convert_as(&self, file: &str, content: &[u8], is_static: bool) -> Result<Made, ConversionFailure> {
        let source = self.source(file, content, is_static);
        let out = tempfile::tempdir().unwrap();
        let progress = Mutex::new(Vec::new());
        let published = |percent| progress.lock().unwrap().push(percent);
        let converted = self.converter.convert(&source, out.path(), &published).await?;
        Ok(Made { folder: out, converted, progress: progress.into_inner().unwrap() })
    }

    pub fn source(&self, file: &str, content: &[u8], is_static: bool) -> Source {
        let path = self.folder.path().join(format!("{:032x}", rand::random::<u128>()));
        std::fs::write(&path, content).unwrap();
        let (name, extension) = file.rsplit_once('.').unwrap_or((file, ""));
        Source { path, name: name.into(), extension: extension.into(), is_static }
    }

    /// The files that are left in the work folder.
    pub fn left(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.folder.path().join("work"));
        entries.map(|entries| entries.map(|entry| entry.unwrap().path()).collect()).unwrap_or_default()
    }
}

impl Made {
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A page in grayscale.
    pub fn page(&self, number: usize) -> GrayImage {
        let names = ["png", "jpg"].map(|extension| self.path(&format!("pages/{number}.{extension}")));
        let path = names.iter().find(|path| path.exists()).unwrap();
        image::open(path).unwrap().to_luma8()
    }

    /// All files, relative to the folder.
    pub fn files(&self) -> Vec<String> {
        let mut found = Vec::new();
        list(self.folder.path(), self.folder.path(), &mut found);
        found.sort();
        found
    }
}

/// How many pixels are darker than medium gray.
pub fn dark(image: &GrayImage) -> usize {
    image.pixels().filter(|pixel| pixel.0[0] < 128).count()
}

fn list(root: &Path, folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            list(root, &path, found);
        } else {
            found.push(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
        }
    }
}
