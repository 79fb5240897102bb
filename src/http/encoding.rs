//! Answers with a `Content-Encoding`. Requests ask for none (`Accept-Encoding: identity`), but some servers compress all the same.
//! A body is decompressed in small pieces, so that its reader can stop at a limit before much memory is used.

use std::io::Write;

use actix_web::web::{Buf, Bytes};
use flate2::write::MultiGzDecoder;
use flate2::{Decompress, FlushDecompress, Status};
use reqwest::Response;
use reqwest::header::CONTENT_ENCODING;

/// How many compressed bytes are taken at a time. They expand to about a thousand times as many at most.
const PIECE: usize = 256;
/// How much room is made at a time for what a piece expands to.
const OUT: usize = 4 * 1024;

/// Why a body can't be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    /// The exchange failed.
    #[error("broke off: {0}")]
    Exchange(reqwest::Error),
    /// The body is not what its `Content-Encoding` says.
    #[error("is not compressed as its Content-Encoding says")]
    Damaged,
    /// Its `Content-Encoding` is unknown.
    #[error("has the Content-Encoding {0:?}, which was not asked for")]
    Unknown(String),
}

/// The body of a response, decompressed.
pub(super) struct Body {
    response: Response,
    decoder: Option<Decoder>,
    /// What has arrived and is not decompressed yet.
    pending: Bytes,
    is_over: bool,
}

impl Body {
    /// The body of a response.
    pub(super) fn of(response: Response) -> Result<Self, Error> {
        let decoder = Decoder::of(&response)?;
        Ok(Self { response, decoder, pending: Bytes::new(), is_over: false })
    }

    /// The length of the body in bytes, if the response says it.
    pub(super) fn length(&self) -> Option<u64> {
        if self.decoder.is_some() { None } else { self.response.content_length() }
    }

    /// The next bytes, or `None` at the end.
    pub(super) async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        let Some(decoder) = &mut self.decoder else {
            return self.response.chunk().await.map_err(Error::Exchange);
        };
        while !self.is_over {
            if self.pending.is_empty() {
                let Some(chunk) = self.response.chunk().await.map_err(Error::Exchange)? else {
                    self.is_over = true;
                    let last = decoder.finish().map_err(|_| Error::Damaged)?;
                    return Ok(Some(last).filter(|last| !last.is_empty()).map(Bytes::from));
                };
                self.pending = chunk;
            }
            let piece = self.pending.split_to(self.pending.remaining().min(PIECE));
            let bytes = decoder.take(&piece).map_err(|_| Error::Damaged)?;
            if !bytes.is_empty() {
                return Ok(Some(bytes.into()));
            }
        }
        Ok(None)
    }
}

/// Decompresses one body.
enum Decoder {
    /// Nothing has arrived yet.
    Gzip,
    /// Less than two bytes have arrived. They show which of the two formats it is that servers use for `deflate`.
    Deflate(Vec<u8>),
    OfGzip(MultiGzDecoder<Vec<u8>>),
    OfDeflate(Inflating),
}

/// A `deflate` body on its way.
struct Inflating {
    state: Decompress,
    is_whole: bool,
}

impl Inflating {
    fn take(&mut self, mut piece: &[u8]) -> std::io::Result<Vec<u8>> {
        let mut out = Vec::new();
        while !piece.is_empty() || out.len() == out.capacity() {
            if self.is_whole {
                // Nothing may follow the end.
                return if piece.is_empty() { Ok(out) } else { Err(std::io::ErrorKind::InvalidData.into()) };
            }
            out.reserve(OUT);
            let (read, written) = (self.state.total_in(), self.state.total_out());
            let status = self.state.decompress_vec(piece, &mut out, FlushDecompress::None)?;
            let read = usize::try_from(self.state.total_in() - read).unwrap_or(usize::MAX);
            piece = piece.get(read..).unwrap_or_default();
            self.is_whole = status == Status::StreamEnd;
            if read == 0 && self.state.total_out() == written && !self.is_whole {
                break;
            }
        }
        Ok(out)
    }
}

impl Decoder {
    fn of(response: &Response) -> Result<Option<Self>, Error> {
        let mut decoder = None;
        let values = response.headers().get_all(CONTENT_ENCODING).iter();
        let names = values.flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
        for name in names.map(|name| String::from_utf8_lossy(name).trim().to_ascii_lowercase()) {
            decoder = match (name.as_str(), decoder) {
                ("" | "identity", decoder) => decoder,
                ("gzip" | "x-gzip", None) => Some(Self::Gzip),
                ("deflate", None) => Some(Self::Deflate(Vec::new())),
                _ => return Err(Error::Unknown(name)),
            };
        }
        Ok(decoder)
    }

    /// Takes compressed bytes, and returns what they add.
    fn take(&mut self, piece: &[u8]) -> std::io::Result<Vec<u8>> {
        match self {
            Self::Gzip => *self = Self::OfGzip(MultiGzDecoder::new(Vec::new())),
            Self::Deflate(first) => {
                first.extend_from_slice(piece);
                let &[one, two, ..] = first.as_slice() else { return Ok(Vec::new()) };
                // The header of zlib: its method, and a check.
                let is_zlib = one & 0x0f == 8 && (u16::from(one) << 8 | u16::from(two)).is_multiple_of(31);
                let first = std::mem::take(first);
                *self = Self::OfDeflate(Inflating { state: Decompress::new(is_zlib), is_whole: false });
                return self.write(&first);
            }
            Self::OfGzip(_) | Self::OfDeflate(_) => {}
        }
        self.write(piece)
    }

    fn write(&mut self, piece: &[u8]) -> std::io::Result<Vec<u8>> {
        match self {
            Self::Gzip | Self::Deflate(_) => Ok(Vec::new()),
            Self::OfGzip(decoder) => {
                decoder.write_all(piece)?;
                decoder.flush()?;
                Ok(std::mem::take(decoder.get_mut()))
            }
            Self::OfDeflate(inflating) => inflating.take(piece),
        }
    }

    /// Checks that the body is complete, and returns its last bytes.
    fn finish(&mut self) -> std::io::Result<Vec<u8>> {
        match self {
            // An answer without a body, such as 204, has nothing to decompress.
            Self::Gzip => Ok(Vec::new()),
            Self::Deflate(first) if first.is_empty() => Ok(Vec::new()),
            Self::OfGzip(decoder) => {
                decoder.try_finish()?;
                Ok(std::mem::take(decoder.get_mut()))
            }
            Self::OfDeflate(inflating) if inflating.is_whole => Ok(Vec::new()),
            Self::Deflate(_) | Self::OfDeflate(_) => Err(std::io::ErrorKind::UnexpectedEof.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::{Decoder, PIECE};

    fn all(mut decoder: Decoder, body: &[u8], piece: usize) -> std::io::Result<(Vec<u8>, usize)> {
        let (mut whole, mut largest) = (Vec::new(), 0);
        for piece in body.chunks(piece) {
            let bytes = decoder.take(piece)?;
            largest = largest.max(bytes.len());
            whole.extend(bytes);
        }
        whole.extend(decoder.finish()?);
        Ok((whole, largest))
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn deflate(text: &[u8], is_raw: bool) -> Vec<u8> {
        if is_raw {
            let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
            encoder.write_all(text).unwrap();
            encoder.finish().unwrap()
        } else {
            let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
            encoder.write_all(text).unwrap();
            encoder.finish().unwrap()
        }
    }

    #[test]
    fn every_format_is_read_in_pieces_of_any_size_and_only_whole() {
        let text: Vec<u8> = (0..5_000_u32).flat_map(|number| number.to_string().into_bytes()).collect();
        for piece in [1, 2, 3, 100, PIECE, 1 << 20] {
            for body in [gzip(&text), [gzip(&text[..100]), gzip(&text[100..])].concat()] {
                assert_eq!(all(Decoder::Gzip, &body, piece).unwrap().0, text);
                assert!(all(Decoder::Gzip, &body[..body.len() - 1], piece).is_err());
            }
            for is_raw in [false, true] {
                let body = deflate(&text, is_raw);
                assert_eq!(all(Decoder::Deflate(Vec::new()), &body, piece).unwrap().0, text);
                assert!(all(Decoder::Deflate(Vec::new()), &body[..body.len() - 1], piece).is_err());
                assert!(all(Decoder::Deflate(Vec::new()), &[&body[..], b"x"].concat(), piece).is_err());
            }
        }
        all(Decoder::Gzip, b"plain", 5).unwrap_err();
        assert_eq!(all(Decoder::Gzip, b"", 1).unwrap().0, b"");
        assert_eq!(all(Decoder::Deflate(Vec::new()), b"", 1).unwrap().0, b"");
    }

    #[test]
    fn what_expands_a_thousand_times_comes_in_pieces_that_a_limit_can_stop() {
        let bomb = gzip(&vec![0; 64 << 20]);
        let (whole, largest) = all(Decoder::Gzip, &bomb, PIECE).unwrap();
        assert_eq!(whole.len(), 64 << 20);
        assert!(largest <= 512 << 10, "{largest}");
    }
}
