use crate::text::{Rows, cut, rfind, split};

/// How many bytes from the start [`sniff`] and [`is_text`] look at.
pub const HEAD_BYTES: usize = 512;

/// The media type by the first bytes of a file, where they leave no doubt.
#[must_use]
pub fn sniff(head: &[u8]) -> Option<&'static str> {
    const MAGIC: [(&[u8], &str); 5] = [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF87a", "image/gif"),
        (b"GIF89a", "image/gif"),
        (b"%PDF-", "application/pdf"),
    ];
    let at = |offset: usize, length: usize| head.get(offset..offset + length).unwrap_or_default();
    if let Some((_, media_type)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Some(media_type);
    }
    match (at(0, 4), at(4, 4), at(8, 4)) {
        (b"RIFF", _, b"WEBP") => Some("image/webp"),
        // ISO base media: the brand tells what is in the container (MP4 registration authority).
        (_, b"ftyp", brand) => Some(match brand {
            b"avif" | b"avis" => "image/avif",
            b"heic" | b"heix" | b"hevc" | b"heim" | b"heis" | b"mif1" | b"msf1" => "image/heic",
            b"qt  " => "video/quicktime",
            b"M4A " | b"M4B " | b"M4P " => "audio/mp4",
            _ => "video/mp4",
        }),
        // EBML: the document type stands in the first element.
        (b"\x1a\x45\xdf\xa3", _, _) => {
            let is_webm = at(0, head.len().min(64)).windows(4).any(|four| four == b"webm");
            Some(if is_webm { "video/webm" } else { "video/x-matroska" })
        }
        _ => None,
    }
}

/// Whether bytes read like text in UTF-8, with a character cut at the end forgiven.
#[must_use]
pub fn is_text(head: &[u8]) -> bool {
    let text = match core::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            let valid = head.get(..error.valid_up_to()).unwrap_or_default();
            core::str::from_utf8(valid).unwrap_or_default()
        }
        Err(_) => return false,
    };
    let is_plain = |byte: u8| byte >= b' ' && byte != 0x7f || matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b);
    !text.is_empty() && text.bytes().all(is_plain)
}

/// Media types by the endings of file names. The first ending of a type is the one to give a file without a name.
const ENDINGS: &str = "\
png image/png
jpg image/jpeg
jpeg image/jpeg
gif image/gif
webp image/webp
avif image/avif
heic image/heic
bmp image/bmp
svg image/svg+xml
pdf application/pdf
mp4 video/mp4
m4v video/mp4
webm video/webm
mov video/quicktime
mkv video/x-matroska
txt text/plain
log text/plain
md text/markdown
csv text/csv
html text/html
htm text/html
css text/css
xml application/xml
json application/json
js text/javascript
ts text/plain
py text/x-python
docx application/vnd.openxmlformats-officedocument.wordprocessingml.document
xlsx application/vnd.openxmlformats-officedocument.spreadsheetml.sheet
pptx application/vnd.openxmlformats-officedocument.presentationml.presentation
";

/// The media type by the ending of a file's name.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static str> {
    let ending = cut(name, rfind(name, ".")? + 1, name.len());
    Rows(ENDINGS).find(|(known, _)| known.eq_ignore_ascii_case(ending)).map(|(_, media_type)| media_type)
}

/// The ending for the name of a file of that type; its parameters, if it has any, do not matter.
#[must_use]
pub fn ending(media_type: &str) -> &'static str {
    let essence = split(media_type, ";").map_or(media_type, |(essence, _)| essence);
    let known = Rows(ENDINGS).find(|(_, known)| known.eq_ignore_ascii_case(essence));
    known.map_or("bin", |(ending, _)| ending)
}
