//! The closed list of conversion failures: typed, each with a sentence for the user who added the document.

use std::time::Duration;

pub use crate::store::content::conversion::FailureKind;

/// Why a conversion failed. The sentence says what the user can do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each variant is explained by its sentence")]
pub enum ConversionFailure {
    // This server can't convert.
    #[error("{missing}")]
    NoConverter { missing: String },
    #[error("Documents can't be converted on this server yet: {missing}")]
    ConverterIncomplete { missing: String },
    #[error("The document could not be converted because of a fault of the server. Try it again later.")]
    ServerFault,

    // The document is at fault.
    #[error(
        "The document can't be opened: it is damaged or protected by a password. Open it where it was made, save it anew \
         without a password, and add it again."
    )]
    Damaged,
    #[error("The image can't be read: it is damaged. Save it anew and add it again.")]
    DamagedImage,
    #[error(
        "Page {page} of the document can't be drawn: it is damaged or far too complex. Save the document anew without it."
    )]
    DamagedPage { page: u32 },
    #[error("The document is protected by a password. Save it without one and add it again.")]
    Encrypted,
    #[error("The file is empty. Add it again with its content.")]
    Empty,
    #[error("Web pages can't be converted. Print the page into a PDF file and add that.")]
    WebPage,
    #[error(
        "Files of this kind can't be converted, or the file is damaged. Save it as PPTX, DOCX, XLSX, ODF, PDF, an image or plain \
         text and add it again."
    )]
    UnknownKind,
    #[error(
        "The document would grow too large when it is unpacked. Make it smaller, with fewer or smaller pictures, and add it \
         again."
    )]
    UnpacksTooLarge,
    #[error("The image is too large. Make it smaller, at most 8,000 pixels wide and high, and add it again.")]
    ImageTooLarge,
    #[error("What comes of the document is too large. Split it, or make its pictures smaller, and add it again.")]
    ResultTooLarge,
    #[error("The document has more than {limit} pages. Split it and add the parts.")]
    TooManyPages { limit: u32 },
    #[error(
        "Converting the document took longer than {}. Split it or make it simpler and add it again.",
        humantime::format_duration(*.limit)
    )]
    TooSlow { limit: Duration },
    #[error(
        "the conversion broke off {tries} times; see whether the document opens in an office program, save it anew and \
         add it again"
    )]
    BrokeOff { tries: i64 },

    // A recording can't become a video.
    #[error("no video is made on this server yet: {missing} What was recorded is kept.")]
    NoComposer { missing: String },
    #[error("nobody spoke or showed anything in this class, so there is no video")]
    NothingRecorded,
    #[error("what was recorded can't be read: {cause}; it is kept, have the video made again")]
    RecordingUnreadable { cause: String },
    #[error("the video could not be made: {cause}; what was recorded is kept, have the video made again")]
    NotComposed { cause: String },
    #[error(
        "making the video took longer than {}; what was recorded is kept, have the video made again on a faster machine",
        humantime::format_duration(*.limit)
    )]
    VideoTooSlow { limit: Duration },
    #[error("making the video broke off {tries} times; what was recorded is kept, have the video made again")]
    VideoBrokeOff { tries: i64 },

    // Fetching the original failed.
    #[error("the address of the document is not right: {cause}")]
    BadAddress { cause: String },
    #[error("the address of the document answers HTTP {status}; see whether anybody can download it")]
    HttpStatus { status: u16 },
    #[error("the document is not fetched: {cause}; give an address of the public internet")]
    AddressRefused { cause: String },
    #[error("the document can't be fetched: {cause}; give the address that it leads to")]
    Redirected { cause: String },
    #[error("the upload could not be read; send it again")]
    UploadUnreadable,
    #[error("the document can't be fetched: {cause}; see whether its address can be reached")]
    Interrupted { cause: String },
    #[error("the document did not come within {} s; give an address on a faster server", .limit.as_secs_f64())]
    NotInTime { limit: Duration },
    #[error("the document is larger than {limit} bytes; divide it, or make its pictures smaller")]
    OriginalTooLarge { limit: u64 },
    #[error("the document has {found} bytes and not {announced}")]
    OtherSize { found: u64, announced: i64 },
    #[error("the content of the document has the MD5 {found}")]
    OtherDigest { found: String },

    // Storing failed.
    #[error("the document could not be kept; try again later")]
    NotKept,
    #[error("the pages could not be stored; try again later")]
    NotStored,
}

impl ConversionFailure {
    /// The kind that is stored beside the sentence.
    #[must_use]
    pub fn kind(&self) -> FailureKind {
        match self {
            Self::NoConverter { .. } | Self::ConverterIncomplete { .. } | Self::NoComposer { .. } => {
                FailureKind::NoConverter
            }
            Self::ServerFault | Self::NotComposed { .. } => FailureKind::ServerFault,
            Self::Damaged | Self::DamagedImage | Self::DamagedPage { .. } => FailureKind::Damaged,
            Self::Encrypted => FailureKind::Encrypted,
            Self::Empty | Self::NothingRecorded => FailureKind::Empty,
            Self::WebPage | Self::UnknownKind => FailureKind::Unsupported,
            Self::UnpacksTooLarge | Self::ImageTooLarge | Self::ResultTooLarge => FailureKind::TooLarge,
            Self::TooManyPages { .. } => FailureKind::TooManyPages,
            Self::TooSlow { .. } | Self::VideoTooSlow { .. } => FailureKind::TooSlow,
            Self::BrokeOff { .. } | Self::VideoBrokeOff { .. } => FailureKind::BrokeOff,
            Self::BadAddress { .. }
            | Self::HttpStatus { .. }
            | Self::AddressRefused { .. }
            | Self::Redirected { .. }
            | Self::RecordingUnreadable { .. }
            | Self::UploadUnreadable => FailureKind::NotOpened,
            Self::Interrupted { .. } => FailureKind::NotWhole,
            Self::NotInTime { .. } => FailureKind::NotInTime,
            Self::OriginalTooLarge { .. } => FailureKind::OriginalTooLarge,
            Self::OtherSize { .. } => FailureKind::OtherSize,
            Self::OtherDigest { .. } => FailureKind::OtherDigest,
            Self::NotKept => FailureKind::NotKept,
            Self::NotStored => FailureKind::NotStored,
        }
    }

    /// Whether another attempt may succeed. It can't when the document itself is at fault.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        match self {
            Self::ServerFault
            | Self::UploadUnreadable
            | Self::RecordingUnreadable { .. }
            | Self::NotComposed { .. }
            | Self::Interrupted { .. }
            | Self::NotKept
            | Self::NotStored => true,
            Self::HttpStatus { status } => *status == 429 || *status >= 500,
            Self::NoConverter { .. }
            | Self::NoComposer { .. }
            | Self::NothingRecorded
            | Self::VideoTooSlow { .. }
            | Self::VideoBrokeOff { .. }
            | Self::ConverterIncomplete { .. }
            | Self::Damaged
            | Self::DamagedImage
            | Self::DamagedPage { .. }
            | Self::Encrypted
            | Self::Empty
            | Self::WebPage
            | Self::UnknownKind
            | Self::UnpacksTooLarge
            | Self::ImageTooLarge
            | Self::ResultTooLarge
            | Self::TooManyPages { .. }
            | Self::TooSlow { .. }
            | Self::BrokeOff { .. }
            | Self::BadAddress { .. }
            | Self::AddressRefused { .. }
            | Self::Redirected { .. }
            | Self::NotInTime { .. }
            | Self::OriginalTooLarge { .. }
            | Self::OtherSize { .. }
            | Self::OtherDigest { .. } => false,
        }
    }
}
