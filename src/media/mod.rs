//! From the bytes of a file to the data URL of a content part.
//!
//! Knows media types, base64 and the sizes the specification allows; knows no JavaScript and no request: bytes come in as
//! they are read, one text goes out.

mod base64;
mod sniff;

pub use base64::{Base64, encoded_len};
pub use sniff::{HEAD_BYTES, by_name, ending, is_text, sniff};

use crate::error::{Class, Error};
use crate::text::{append, cut, decimal, fill, split};
use alloc::borrow::ToOwned;
use alloc::string::String;

/// What a part is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `input_image`
    Image,
    /// `input_file`
    File,
    /// `input_video`
    Video,
}

impl Kind {
    /// How many characters the part's URL or data may have.
    ///
    /// Of `image_url` and `file_data` the specification says it. Of `video_url` it says nothing: the bound is what a
    /// string of JavaScript can hold in V8.
    #[must_use]
    pub fn limit(self) -> u64 {
        match self {
            Self::Image => 20_971_520,
            Self::File => 33_554_432,
            Self::Video => (1 << 29) - 24,
        }
    }

    fn field(self) -> &'static str {
        match self {
            Self::Image => "image_url",
            Self::File => "file_data",
            Self::Video => "video_url",
        }
    }

    /// What its media types begin with; a file may be of any.
    fn family(self) -> &'static str {
        match self {
            Self::Image => "image/",
            Self::File => "",
            Self::Video => "video/",
        }
    }
}

/// What is known of a file before it is read.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// What the part is to be.
    pub kind: Kind,
    /// Bytes in all.
    pub size: u64,
    /// The first bytes: [`HEAD_BYTES`], or all of a shorter file.
    pub head: &'a [u8],
    /// The media type that the caller insists on.
    pub media_type: Option<&'a str>,
    /// The media type that came with the file: a `Blob`'s `type`.
    pub declared: Option<&'a str>,
    /// The file's name.
    pub name: Option<&'a str>,
}

impl Source<'_> {
    /// The file's media type: what the caller says, else what the first bytes say, else what came with the file, else what
    /// its name says; else text, where it reads like text.
    ///
    /// # Errors
    /// `invalid_media` when the type is none, or that of something else than the part is of; `unknown_media_type` when an
    /// image or a video does not say what it is. A file of which nothing is known is `application/octet-stream`.
    pub fn media_type(&self) -> Result<String, Error> {
        if let Some(given) = self.media_type {
            return media_type(given)
                .ok_or_else(|| invalid("The option mediaType is no media type: one looks like \"image/png\".", &[]));
        }
        let declared = self.declared.and_then(media_type);
        let found = sniff(self.head)
            .or(declared.as_deref())
            .or_else(|| self.name.and_then(by_name))
            .or_else(|| is_text(self.head).then_some("text/plain"));
        let family = self.kind.family();
        match found {
            Some(found) if found.starts_with(family) => Ok(found.to_owned()),
            Some(found) => Err(invalid(
                "This is {}, and the part must be of a type that begins with {}: inputFile() takes any type, and the \
                 option mediaType has the last word.",
                &[found, family],
            )),
            None if family.is_empty() => Ok("application/octet-stream".to_owned()),
            None => Err(Error::local(
                Class::OpenResponsesError,
                "unknown_media_type",
                "Neither the first bytes nor the name tell the media type: say it in the option mediaType.",
            )),
        }
    }
}

/// The `data:` URL (RFC 2397) of a file, written as its bytes come in.
#[derive(Debug)]
pub struct DataUrl {
    kind: Kind,
    encoder: Base64,
}

impl DataUrl {
    /// Begins the URL of a file of so many bytes.
    ///
    /// # Errors
    /// What [`Source::media_type`] refuses; `media_too_large` when the URL would be longer than the specification allows;
    /// `invalid_media` when there is nothing in an image or a video.
    pub fn new(source: &Source<'_>) -> Result<Self, Error> {
        if source.size == 0 && source.kind != Kind::File {
            return Err(invalid("The source is empty: there is nothing in it.", &[]));
        }
        let prefix = fill("data:{};base64,", &[&source.media_type()?]);
        let length = encoded_len(source.size).saturating_add(prefix.len() as u64);
        check_length(source.kind, length)?;
        let capacity = usize::try_from(length).unwrap_or_default();
        Ok(Self { kind: source.kind, encoder: Base64::behind(&prefix, capacity) })
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// `media_too_large` when the source holds more than it said.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Error> {
        check_length(self.kind, (self.encoder.len() as u64).saturating_add(encoded_len(bytes.len() as u64)))?;
        self.encoder.push(bytes);
        Ok(())
    }

    /// The whole URL; nothing comes behind it.
    #[must_use]
    pub fn finish(&mut self) -> String {
        self.encoder.finish()
    }
}

/// What a string that is given as a source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Address {
    /// A `data:` URL: the thing itself.
    Data,
    /// An address that the server fetches.
    Web,
}

/// Reads a string given as a source, by its first characters and its length: its middle may be large and says nothing.
///
/// # Errors
/// `invalid_media` when it is neither a web address nor a `data:` URL, `media_too_large` when it is too long.
pub fn address(kind: Kind, head: &str, length: u64) -> Result<Address, Error> {
    let head = head.to_ascii_lowercase();
    if head.starts_with("https://") || head.starts_with("http://") {
        check_length(kind, length)?;
        return Ok(Address::Web);
    }
    if head.starts_with("data:") {
        check_length(kind, length)?;
        return Ok(Address::Data);
    }
    let what = if head.starts_with("blob:") || head.starts_with("file:") {
        "A server cannot fetch a blob: or file: URL: pass the Blob or the bytes instead."
    } else {
        "A string must be a URL that begins with https:, http: or data:. To send a text as a file, pass new Blob([text]); a \
         file at a path, await fs.openAsBlob(path)."
    };
    Err(invalid(what, &[]))
}

/// The name for a file that has none.
#[must_use]
pub fn default_name(data_url: &str) -> String {
    let rest = cut(data_url, 5, data_url.len());
    let end = rest.bytes().position(|byte| matches!(byte, b';' | b',')).unwrap_or(rest.len());
    fill("file.{}", &[ending(cut(rest, 0, end))])
}

fn check_length(kind: Kind, length: u64) -> Result<(), Error> {
    let (limit, field) = (kind.limit(), kind.field());
    if length <= limit {
        return Ok(());
    }
    let message = "The source is too large: as {} it has {} characters, and {} are allowed. A web address of it can be passed \
                   instead.";
    let parts = [field, &decimal(length), &decimal(limit)];
    Err(Error::filled(Class::OpenResponsesError, "media_too_large", message, &parts))
}

/// Type, subtype and parameters (RFC 9110, section 8.3.1), without spaces; nothing for what is none, or would break out of
/// a `data:` URL.
fn media_type(text: &str) -> Option<String> {
    let mut rest = text;
    let mut text = String::new();
    while let Some((before, behind)) = split(rest, " ") {
        append(&mut text, before);
        rest = behind;
    }
    append(&mut text, rest);
    let is_token = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&byte))
    };
    let (family, name) = split(split(&text, ";").map_or(text.as_str(), |(essence, _)| essence), "/")?;
    let fits = is_token(family) && is_token(name) && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b',');
    fits.then_some(text)
}

fn invalid(message: &str, parts: &[&str]) -> Error {
    Error::filled(Class::OpenResponsesError, "invalid_media", message, parts)
}
