//! From the bytes of a file to a data URL, against an implementation that is trusted.
#![cfg(not(target_arch = "wasm32"))]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openresponses_wasm::error::{Class, Error};
use openresponses_wasm::media::{
    Address, Base64, DataUrl, HEAD_BYTES, Kind, Source, address, default_name, encoded_len, is_text, sniff,
};
use proptest::prelude::*;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

fn encoded(pieces: &[&[u8]]) -> String {
    let mut encoder = Base64::behind("", 0);
    for piece in pieces {
        encoder.push(piece);
    }
    encoder.finish()
}

fn source<'a>(kind: Kind, bytes: &'a [u8]) -> Source<'a> {
    let head = bytes.get(..HEAD_BYTES).unwrap_or(bytes);
    Source { kind, size: bytes.len() as u64, head, media_type: None, declared: None, name: None }
}

fn assert_refused<T: std::fmt::Debug>(result: Result<T, Error>, code: &str, said: &[&str]) {
    let error = result.expect_err(code);
    assert_eq!((error.class, error.code.clone()), (Class::OpenResponsesError, Some(format!("\"{code}\""))));
    for words in said {
        assert!(error.message.contains(words), "{words}: {}", error.message);
    }
}

#[test]
fn the_vectors_of_rfc_4648_come_out() {
    let vectors = [
        ("", ""),
        ("f", "Zg=="),
        ("fo", "Zm8="),
        ("foo", "Zm9v"),
        ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ];
    for (bytes, expected) in vectors {
        assert_eq!(encoded(&[bytes.as_bytes()]), expected, "{bytes}");
        assert_eq!(encoded_len(bytes.len() as u64), expected.len() as u64, "{bytes}");
        let each: Vec<&[u8]> = bytes.as_bytes().chunks(1).collect();
        assert_eq!(encoded(&each), expected, "{bytes} byte by byte");
    }
}

#[test]
fn every_byte_and_every_letter_is_right() {
    let bytes: Vec<u8> = (0..=255).chain((0..=255).rev()).collect();
    assert_eq!(encoded(&[&bytes]), STANDARD.encode(&bytes));
}

proptest! {
    #[test]
    fn any_bytes_in_any_pieces_are_encoded_as_trusted(pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..9), 0..20)) {
        let pieces: Vec<&[u8]> = pieces.iter().map(Vec::as_slice).collect();
        let whole = pieces.concat();
        let text = encoded(&pieces);
        prop_assert_eq!(&text, &STANDARD.encode(&whole));
        prop_assert_eq!(text.len() as u64, encoded_len(whole.len() as u64));
    }

    #[test]
    fn a_data_url_takes_exactly_the_room_it_asked_for(bytes in prop::collection::vec(any::<u8>(), 0..2000), cut in 0_usize..2000) {
        let mut url = DataUrl::new(&Source { media_type: Some("a/b"), ..source(Kind::File, &bytes) }).expect("a URL");
        let (before, after) = bytes.split_at(cut.min(bytes.len()));
        url.push(before).expect("in room");
        url.push(after).expect("in room");
        let text = url.finish();
        prop_assert_eq!(text.capacity(), text.len());
        prop_assert_eq!(text, format!("data:a/b;base64,{}", STANDARD.encode(&bytes)));
    }

    #[test]
    fn no_bytes_make_the_detection_panic(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        let _any = (sniff(&bytes), is_text(&bytes));
    }
}

#[test]
fn the_first_bytes_tell_the_type() {
    let cases: [(&[u8], &str); 17] = [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
        (b"GIF87a...", "image/gif"),
        (b"GIF89a...", "image/gif"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "image/webp"),
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\0\0\0\x20ftypisom\0\0", "video/mp4"),
        (b"\0\0\0\x18ftypmp42", "video/mp4"),
        (b"\0\0\0\x18ftypM4V ", "video/mp4"),
        (b"\0\0\0\x14ftypqt  ", "video/quicktime"),
        (b"\0\0\0\x18ftypM4A ", "audio/mp4"),
        (b"\0\0\0\x18ftypavif", "image/avif"),
        (b"\0\0\0\x18ftypheic", "image/heic"),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm", "video/webm"),
        (b"\x1a\x45\xdf\xa3\xa3\x42\x86\x81\x01\x42\x82\x88matroska", "video/x-matroska"),
        (b"\0\0\0\x18ftyp", "video/mp4"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
    ];
    for (bytes, expected) in cases {
        assert_eq!(sniff(bytes), Some(expected), "{}", bytes.escape_ascii());
    }
    for bytes in
        [&b""[..], b"\x89PNG", b"\xff\xd8", b"GIF88a", b"RIFF\x24\0\0\0WAVEfmt ", b"%PDF", b"PK\x03\x04", b"ftyp"]
    {
        assert_eq!(sniff(bytes), None, "{}", bytes.escape_ascii());
    }
}

#[test]
fn text_is_known_by_its_characters() {
    for text in ["a", "line\r\n\tline\n", "żółć 🦀", "\u{feff}a", "\u{1b}[1m"] {
        assert!(is_text(text.as_bytes()), "{text}");
    }
    assert!(is_text(&"a🦀".as_bytes()[..3]), "a character cut at the end");
    for bytes in [&b""[..], b"\0", b"a\0b", b"\xff\xfe", b"a\x80b", b"\x7f"] {
        assert!(!is_text(bytes), "{}", bytes.escape_ascii());
    }
}

#[test]
fn the_caller_knows_best_then_the_bytes_then_the_declaration_then_the_name_then_the_text() {
    let of = |media_type, head, declared, name| {
        Source { media_type, declared, name, ..source(Kind::File, head) }.media_type().expect("a type")
    };
    assert_eq!(of(Some("a/b"), PNG, Some("image/gif"), Some("x.pdf")), "a/b");
    assert_eq!(of(None, PNG, Some("image/gif"), Some("x.pdf")), "image/png");
    assert_eq!(of(None, b"a,b", Some("text/csv; charset=utf-8"), Some("x.pdf")), "text/csv;charset=utf-8");
    assert_eq!(of(None, b"a,b", Some(""), Some("dir.d/X.Y.CSV")), "text/csv");
    assert_eq!(of(None, b"a,b", Some("no type"), Some("README")), "text/plain");
    assert_eq!(of(None, b"a,b", None, Some("x.unknown")), "text/plain");
    assert_eq!(of(None, b"\0", None, None), "application/octet-stream");
    assert_eq!(of(None, b"", None, None), "application/octet-stream");
}

#[test]
fn a_media_type_that_breaks_out_of_the_url_is_refused_or_ignored() {
    for wrong in ["", "png", "image/", "/png", "image/png,", "image/p\"ng", "a/b;c=,", "a/b\n", "a/ü", "a/b/c"] {
        let given = Source { media_type: Some(wrong), ..source(Kind::File, PNG) };
        assert_refused(given.media_type(), "invalid_media", &["mediaType"]);
        let declared = Source { declared: Some(wrong), ..source(Kind::File, b"a") };
        assert_eq!(declared.media_type().as_deref(), Ok("text/plain"), "{wrong}");
    }
}

#[test]
fn what_a_part_cannot_be_of_is_refused() {
    assert_refused(source(Kind::Image, b"%PDF-1.7").media_type(), "invalid_media", &["application/pdf", "image/"]);
    assert_refused(source(Kind::Video, PNG).media_type(), "invalid_media", &["image/png", "video/"]);
    assert_refused(source(Kind::Image, b"\0\x01").media_type(), "unknown_media_type", &["mediaType"]);
    let insisting = Source { media_type: Some("application/x"), ..source(Kind::Image, PNG) };
    assert_eq!(insisting.media_type().as_deref(), Ok("application/x"));
    assert_refused(DataUrl::new(&source(Kind::Image, b"")), "invalid_media", &["empty"]);
    assert_eq!(
        DataUrl::new(&source(Kind::File, b"")).map(|mut url| url.finish()).as_deref(),
        Ok("data:application/octet-stream;base64,")
    );
}

#[test]
fn the_sizes_of_the_specification_are_kept_to_the_character() {
    let prefix = "data:image/png;base64,".len() as u64;
    for (kind, field, limit) in [
        (Kind::Image, "image_url", 20_971_520),
        (Kind::File, "file_data", 33_554_432),
        (Kind::Video, "video_url", 536_870_888),
    ] {
        assert_eq!(kind.limit(), limit);
        let fits = (limit - prefix) / 4 * 3;
        let at = |size| DataUrl::new(&Source { size, media_type: Some("image/png"), ..source(kind, PNG) });
        // Only the bound is of interest, and half a gigabyte is much to ask for.
        if kind != Kind::Video {
            assert!(at(fits).is_ok(), "{field}");
        }
        let length = (encoded_len(fits + 1) + prefix).to_string();
        assert_refused(at(fits + 1), "media_too_large", &[field, &length, &limit.to_string()]);
        assert_refused(at(u64::MAX), "media_too_large", &[field]);
        assert_eq!(address(kind, "data:image/png;base64,AAAA", limit), Ok(Address::Data));
        assert_refused(address(kind, "data:image/png;base64,AAAA", limit + 1), "media_too_large", &[field]);
        assert_refused(address(kind, "https://a.example", limit + 1), "media_too_large", &[field]);
    }
}

#[test]
fn a_source_that_grows_while_it_is_read_is_refused() {
    let mut url = DataUrl::new(&source(Kind::Image, PNG)).expect("a URL");
    let more = vec![0; 6 << 20];
    assert_eq!(url.push(&more), Ok(()));
    assert_eq!(url.push(&more), Ok(()));
    assert_refused(url.push(&more), "media_too_large", &["image_url"]);
}

#[test]
fn strings_are_web_addresses_or_data_urls() {
    for web in ["https://a.example/x.png", "HTTP://a.example"] {
        assert_eq!(address(Kind::File, web, web.len() as u64), Ok(Address::Web), "{web}");
    }
    assert_eq!(address(Kind::File, "DATA:;base64,", 13), Ok(Address::Data));
    for (wrong, said) in [
        ("", "new Blob"),
        ("report.pdf", "openAsBlob(path)"),
        ("/a.png", "new Blob"),
        ("ftp://a", "new Blob"),
        ("blob:https://a/b", "pass the Blob"),
        ("file:///etc/passwd", "pass the Blob"),
    ] {
        assert_refused(address(Kind::Image, wrong, wrong.len() as u64), "invalid_media", &[said]);
    }
}

#[test]
fn a_file_without_a_name_gets_one_by_its_type() {
    for (url, expected) in [
        ("data:application/pdf;base64,AA", "file.pdf"),
        ("data:text/plain;charset=utf-8;base64,AA", "file.txt"),
        ("data:image/jpeg,x", "file.jpg"),
        ("data:,x", "file.bin"),
        ("data:application/x-never;base64,", "file.bin"),
    ] {
        assert_eq!(default_name(url), expected, "{url}");
    }
}
