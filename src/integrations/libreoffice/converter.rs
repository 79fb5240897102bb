//! The steps of a conversion: document to PDF, PDF to pages, pages to the H5 page that shows them.

use super::failure::fault;
use crate::domain::content::conversion::{ConversionFailure, PageFiles};
use std::path::{Path, PathBuf};

use futures_util::future::{BoxFuture, FutureExt};
use image::ImageFormat;

use super::blocking::blocking;
use super::format::{CSV, Format, Kind, Office, Program, TXT};
use super::page::Page;
use super::settings::Settings;
use super::{animation, avif, kind, office, package, page, pdf, picture, text};
use crate::integrations::converter::{Converted, Converter, Progress, Source};
use crate::integrations::sandbox::{Sandbox, Scratch, find};

/// How to install the required programs on Debian.
const INSTALL: &str = "apt-get install --no-install-recommends libreoffice-impress libreoffice-writer libreoffice-calc \
                       poppler-utils fonts-noto-cjk bubblewrap util-linux";

/// Converts documents with LibreOffice and poppler.
pub struct LibreOffice {
    settings: Settings,
    soffice: Option<PathBuf>,
    sandbox: Sandbox,
    missing: Option<String>,
}

/// The progress after each part of a conversion, in percent.
const STARTED: u8 = 1;
const READ: u8 = 30;
const ANIMATED: u8 = 45;
const DRAWN: u8 = 95;

impl LibreOffice {
    /// Searches for all required programs. [`Converter::missing`] returns those that were not found.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let soffice = find(&settings.soffice).and_then(|path| path.canonicalize().ok());
        let sandbox = Sandbox::new(settings.limits(), soffice.as_deref());
        let missing = missing(soffice.as_deref(), &sandbox);
        Self { settings, soffice, sandbox, missing }
    }

    async fn within_limits(
        &self,
        source: &Source,
        out: &Path,
        progress: Progress<'_>,
    ) -> Result<Converted, ConversionFailure> {
        if let Some(missing) = &self.missing {
            return Err(ConversionFailure::ConverterIncomplete { missing: missing.clone() });
        }
        let limit = self.settings.time_limit;
        tokio::time::timeout(limit, self.steps(source, out, progress))
            .await
            .unwrap_or(Err(ConversionFailure::TooSlow { limit }))
    }

    async fn steps(&self, source: &Source, out: &Path, progress: Progress<'_>) -> Result<Converted, ConversionFailure> {
        progress(STARTED);
        let scratch = Scratch::new(&self.settings.work).map_err(fault)?;
        let (path, extension, limit) =
            (source.path.clone(), source.extension.clone(), self.settings.unpacked_limit_bytes);
        let (pages, title, slides) = match blocking(move || kind::of(&path, &extension, limit)).await? {
            Kind::Picture(format) => {
                let (path, result) = (source.path.clone(), scratch.result());
                (vec![blocking(move || picture::draw(&path, format, &result)).await?], String::new(), None)
            }
            Kind::Avif => {
                stage(&source.path, &scratch, avif::NAME).await?;
                let decoded = avif::decode(&self.sandbox, &scratch).await?;
                let result = scratch.result();
                let format = Format::Raster(ImageFormat::Png);
                (vec![blocking(move || picture::draw(&decoded, format, &result)).await?], String::new(), None)
            }
            Kind::Pdf => {
                stage(&source.path, &scratch, pdf::NAME).await?;
                let (pages, title) = self.draw(&scratch, READ, progress).await?;
                (pages, title, None)
            }
            Kind::Office(office) => self.office(source, office, &scratch, progress).await?,
        };
        let title = title_of(&title, &source.name);
        let converted = converted(&pages, &title, slides.is_some())?;
        let out = out.to_owned();
        blocking(move || {
            let written = page::write(&scratch.result(), &title, &pages, slides.as_ref());
            written.and_then(|()| move_into(&scratch.result(), &out)).map_err(fault)
        })
        .await?;
        progress(100);
        Ok(converted)
    }

    async fn office(
        &self,
        source: &Source,
        office: Office,
        scratch: &Scratch,
        progress: Progress<'_>,
    ) -> Result<(Vec<Page>, String, Option<animation::Slides>), ConversionFailure> {
        let soffice = self
            .soffice
            .as_deref()
            .ok_or_else(|| ConversionFailure::ConverterIncomplete { missing: "LibreOffice".into() })?;
        let name = format!("document.{}", office.extension);
        stage(&source.path, scratch, &name).await?;
        if office == TXT || office == CSV {
            let path = scratch.input().join(name);
            blocking(move || text::recode(&path).map_err(fault)).await?;
        }
        let document = office::to_pdf(&self.sandbox, scratch, soffice, office, self.settings.pages_limit).await?;
        std::fs::rename(document, scratch.input().join(pdf::NAME)).map_err(fault)?;
        progress(READ);
        let info = self.look(scratch).await?;
        let mut slides = None;
        // LibreOffice reads the document a second time for this, which costs as much as the first.
        let path = source.path.clone();
        let may_move = move || package::may_be_animated(&path, office);
        if office.program == Program::Impress && !source.is_static && blocking(may_move).await? {
            slides = self.animations(scratch, soffice, office, info.pages).await;
            progress(ANIMATED);
        }
        let (pages, title) = self.draw_known(scratch, info, ANIMATED, progress).await?;
        Ok((pages, title, slides))
    }

    /// The slides with their animations; `None` on failure, when the pages are shown without animations.
    async fn animations(
        &self,
        scratch: &Scratch,
        soffice: &Path,
        office: Office,
        pages: u32,
    ) -> Option<animation::Slides> {
        let svg = office::to_svg(&self.sandbox, scratch, soffice, office).await.ok()?;
        let small = std::fs::metadata(&svg).is_ok_and(|found| found.len() <= animation::SIZE_LIMIT);
        let read = blocking(move || {
            let bytes = if small { std::fs::read(&svg).map_err(fault)? } else { Vec::new() };
            std::fs::remove_file(&svg).map_err(fault)?;
            Ok(animation::take_apart(&bytes, pages))
        });
        read.await.ok().flatten()
    }

    async fn look(&self, scratch: &Scratch) -> Result<pdf::Info, ConversionFailure> {
        let info = pdf::info(&self.sandbox, scratch).await?;
        let limit = self.settings.pages_limit;
        if info.pages > limit { Err(ConversionFailure::TooManyPages { limit }) } else { Ok(info) }
    }

    async fn draw(
        &self,
        scratch: &Scratch,
        from: u8,
        progress: Progress<'_>,
    ) -> Result<(Vec<Page>, String), ConversionFailure> {
        let info = self.look(scratch).await?;
        self.draw_known(scratch, info, from, progress).await
    }

    async fn draw_known(
        &self,
        scratch: &Scratch,
        info: pdf::Info,
        from: u8,
        progress: Progress<'_>,
    ) -> Result<(Vec<Page>, String), ConversionFailure> {
        let part = |done: u32| u32::from(DRAWN - from) * done / info.pages;
        let report = |done: u32| progress(from + u8::try_from(part(done)).unwrap_or(0));
        let pages = pdf::draw(&self.sandbox, scratch, info.pages, report).await?;
        Ok((pages, info.title))
    }
}

impl Converter for LibreOffice {
    fn convert<'a>(
        &'a self,
        source: &'a Source,
        out: &'a Path,
        progress: Progress<'a>,
    ) -> BoxFuture<'a, Result<Converted, ConversionFailure>> {
        self.within_limits(source, out, progress).boxed()
    }

    fn missing(&self) -> Option<String> {
        self.missing.clone()
    }
}

fn missing(soffice: Option<&Path>, sandbox: &Sandbox) -> Option<String> {
    let programs = ["bwrap", "prlimit", "pdfinfo", "pdftocairo"];
    let mut absent: Vec<_> = programs.into_iter().filter(|program| find(Path::new(program)).is_none()).collect();
    match soffice {
        None => absent.push("soffice"),
        // Each part of LibreOffice is a library; Debian has a package for each.
        Some(soffice) if soffice.with_file_name("soffice.bin").exists() => {
            let parts = [("libswlo.so", "LibreOffice Writer"), ("libsclo.so", "Calc"), ("libsdlo.so", "Impress")];
            absent.extend(
                parts.iter().filter(|(library, _)| !soffice.with_file_name(library).exists()).map(|part| part.1),
            );
        }
        Some(_) => {}
    }
    if !absent.is_empty() {
        return Some(format!("missing: {}. On Debian and Ubuntu: {INSTALL}", absent.join(", ")));
    }
    let problem = sandbox.try_out().err()?;
    Some(format!(
        "bwrap can't make a sandbox here ({problem}). It needs user namespaces: in a container, allow them (for Docker \
         --security-opt seccomp=unconfined --security-opt apparmor=unconfined); on the machine, sysctl kernel.unprivileged_userns_clone=1"
    ))
}

/// Copies the document into the sandbox under a neutral name.
async fn stage(path: &Path, scratch: &Scratch, name: &str) -> Result<(), ConversionFailure> {
    tokio::fs::copy(path, scratch.input().join(name)).await.map(drop).map_err(fault)
}

/// The title of the document in one line, or its name.
fn title_of(title: &str, name: &str) -> String {
    let title: String = title.split_whitespace().collect::<Vec<_>>().join(" ");
    if title.is_empty() { name.to_owned() } else { title.chars().take(255).collect() }
}

fn converted(pages: &[Page], title: &str, is_animated: bool) -> Result<Converted, ConversionFailure> {
    let first = pages.first().ok_or(ConversionFailure::Damaged)?;
    let number = i64::try_from(pages.len()).map_err(fault)?;
    let files = PageFiles {
        images: pages.iter().map(|page| page.image.clone()).collect(),
        thumbnails: pages.iter().map(|page| page.thumbnail.clone()).collect(),
        is_animated,
    };
    let (width, height) = (first.width.into(), first.height.into());
    Ok(Converted { pages: number, width, height, title: title.to_owned(), files })
}

/// Moves the result to `to`, which may be on another disk.
fn move_into(from: &Path, to: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            std::fs::create_dir_all(&target)?;
            move_into(&entry.path(), &target)?;
        } else if std::fs::rename(entry.path(), &target).is_err() {
            std::fs::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}
