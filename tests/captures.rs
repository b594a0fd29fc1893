//! Streams that real servers sent, when there are any beside the repository: however they are cut and framed, the snapshot
//! is the response the server ended with, and the deviations are the server's.
#![cfg(not(target_arch = "wasm32"))]

mod block;
mod told;

use openresponses_wasm::exchange::{Config, Exchange, Expect, Head, Input, Moment, Next, Timeouts};
use serde_json::Value as Tree;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// By the beginning of a file's name: the codes that its server gets.
const DEVIATIONS: &[(&str, &str)] = &[
    ("azure", ""),
    ("deepseek", "synonym"),
    ("github-copilot", "changed_id"),
    ("lmstudio-tool", "synonym"),
    ("openai-2025-03", "missing_sequence_number"),
    ("openai-custom-tool", "missing_sequence_number"),
    ("openrouter-gpt-oss", "synonym"),
];

struct Capture {
    name: String,
    /// Each event's text.
    events: Vec<String>,
}

impl Capture {
    fn event(&self, at: usize) -> Tree {
        serde_json::from_str(&self.events[at]).expect("JSON")
    }

    /// The response of the last event, if that is a terminal one.
    fn end(&self) -> Option<Tree> {
        let last = self.event(self.events.len() - 1);
        let kind = last["type"].as_str()?;
        let is_terminal = ["completed", "failed", "incomplete"].iter().any(|end| kind == format!("response.{end}"));
        is_terminal.then(|| last["response"].clone())
    }

    fn deviations(&self) -> &'static str {
        DEVIATIONS.iter().find(|(name, _)| self.name.starts_with(name)).map_or("", |(_, codes)| *codes)
    }

    fn framed(&self, frame: impl Fn(&str, &str) -> String) -> String {
        let name = |at| self.event(at)["type"].as_str().unwrap_or_default().to_owned();
        self.events.iter().enumerate().map(|(at, text)| frame(&name(at), text)).collect()
    }
}

fn captures() -> Vec<Capture> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/captures");
    let mut files: Vec<PathBuf> = Vec::new();
    for inner in fs::read_dir(&folder).into_iter().flatten().flatten() {
        files.extend(fs::read_dir(inner.path()).into_iter().flatten().flatten().map(|file| file.path()));
    }
    if files.is_empty() {
        // Not by `eprintln!`, which the test harness keeps to itself.
        let skipped = format!("\n*** SKIPPED: no captures at {}: nothing was replayed ***\n\n", folder.display());
        std::io::stderr().write_all(skipped.as_bytes()).expect("stderr");
    }
    files.sort();
    let mut captures = Vec::new();
    for file in files {
        let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        let text = fs::read_to_string(&file).expect("text");
        let lines: Vec<&str> = if name.ends_with(".sse") {
            let data = text.lines().filter_map(|line| line.strip_prefix("data:")).map(str::trim);
            data.filter(|data| *data != "[DONE]").collect()
        } else if name.ends_with(".chunks.txt") {
            text.lines().filter(|line| !line.is_empty()).collect()
        } else {
            continue;
        };
        let is_first = |line: &str| line.contains("\"type\":\"response.created\"");
        for line in lines {
            if is_first(line) || captures.last().is_none_or(|last: &Capture| last.name != name) {
                captures.push(Capture { name: name.clone(), events: Vec::new() });
            }
            captures.last_mut().expect("one").events.push(line.to_owned());
        }
    }
    // A stream with an error in it has no end to compare with.
    captures.retain(|capture| {
        capture.end().is_some() && !capture.events.iter().any(|event| event.contains("\"type\":\"error\""))
    });
    captures
}

/// What came of a stream that arrived in these chunks: the snapshot, the codes, whether all was well.
fn told<'a>(capture: &Capture, chunks: impl Iterator<Item = &'a [u8]>) -> (Tree, String, bool) {
    let timeouts = Timeouts { head: 1.0, ..Timeouts::NONE };
    let mut exchange = Exchange::new(Config {
        resumes: capture.name.contains("resume.1"),
        timeouts,
        goes_on: false,
        ..Config::new(Expect::Stream)
    });
    let mut give = |input: Input<'_>| exchange.handle(Moment { now: 0.0, entropy: 0.5 }, input);
    give(Input::Start);
    give(Input::Head(Head { status: 200, content_type: Some("text/event-stream".into()), ..Head::default() }));
    give(Input::Pull);
    for chunk in chunks {
        if give(Input::Chunk(chunk)) == Next::Deliver {
            give(Input::Pull);
        }
    }
    give(Input::End);
    let is_well = give(Input::Pull) == Next::Finish(Ok(()));
    let codes: Vec<&str> = exchange.response().deviations().iter().map(|(code, _, _)| code).collect();
    (serde_json::from_str(&exchange.response().to_json()).expect("JSON"), codes.join(" "), is_well)
}

fn check(capture: &Capture, body: &str, chunks: &[&[u8]], how: &str) {
    let (mut snapshot, codes, is_well) = told(capture, chunks.iter().copied());
    let mut end = capture.end().expect("an end");
    for response in [&mut snapshot, &mut end] {
        response.as_object_mut().expect("an object").remove("output_text");
    }
    assert!(is_well, "{} {how} {}", capture.name, body.len());
    assert_eq!(snapshot, end, "{} {how}", capture.name);
    assert_eq!(codes, capture.deviations(), "{} {how}", capture.name);
}

fn framings(capture: &Capture) -> [(&'static str, String); 5] {
    let named = capture.framed(|name, data| format!("event: {name}\ndata: {data}\n\n"));
    let bare = capture.framed(|_, data| format!("data: {data}\n\n"));
    [
        ("crlf", named.replace('\n', "\r\n")),
        ("comments", capture.framed(|_, data| format!(": PROCESSING\n\ndata:{data}\n\n"))),
        ("comments as data", capture.framed(|_, data| format!("data: : PROCESSING\n\ndata: {data}\n\n"))),
        ("[DONE]", bare + "data: [DONE]\n\n"),
        ("named", named),
    ]
}

#[test]
fn the_snapshot_of_a_real_stream_is_its_response_however_it_is_framed() {
    for capture in captures() {
        for (how, body) in framings(&capture) {
            check(&capture, &body, &[body.as_bytes()], how);
            check(&capture, &body, &body.as_bytes().chunks(1).collect::<Vec<_>>(), how);
        }
    }
}

#[test]
fn the_snapshot_of_a_real_stream_is_its_response_wherever_it_is_cut() {
    // Any sequence will do, as long as it is the same every time.
    let mut random = 0x2545_F491_4F6C_DD1D_u64;
    for capture in captures() {
        for (how, body) in framings(&capture) {
            let bytes = body.as_bytes();
            let beginning = &bytes[..bytes.len().min(4096)];
            let whole = told(&capture, std::iter::once(beginning));
            for at in 0..beginning.len() {
                let (front, back) = beginning.split_at(at);
                assert_eq!(told(&capture, [front, back].into_iter()), whole, "{} {how} {at}", capture.name);
            }
            for _ in 0..4 {
                let mut chunks = Vec::new();
                let mut rest = bytes;
                while !rest.is_empty() {
                    random ^= random << 13;
                    random ^= random >> 7;
                    random ^= random << 17;
                    let length = usize::try_from(random % 700).expect("small").clamp(1, rest.len());
                    let (chunk, behind) = rest.split_at(length);
                    chunks.push(chunk);
                    rest = behind;
                }
                check(&capture, &body, &chunks, how);
            }
        }
    }
}

/// By the beginning of a file's name: the servers of whose deltas no two look alike, for another id or for log probabilities.
const UNLIKE: [&str; 2] = ["github-copilot", "openai-logprobs"];

#[test]
fn the_deltas_of_a_real_stream_are_recognised_and_told_as_json_tells_them() {
    for capture in captures() {
        let is_delta = |event: &&String| event.contains(r#".delta""#);
        let deltas = capture.events.iter().filter(is_delta).count();
        let is_alike = !UNLIKE.iter().any(|name| capture.name.starts_with(name));
        let config = Config { resumes: capture.name.contains("resume.1"), ..told::CONFIG };
        for (how, body) in framings(&capture) {
            let how = format!("{} {how}", capture.name);
            let (_, recognised) = told::alike(config, &[body.as_bytes()], &how);
            told::alike(config, &body.as_bytes().chunks(100).collect::<Vec<_>>(), &how);
            // Of each text the first is none, and some streams have many short texts.
            assert!(!is_alike || recognised * 2 >= deltas.saturating_sub(6), "{how}: {recognised} of {deltas}");
            assert!(is_alike || recognised == 0, "{how}: {recognised} of {deltas}");
        }
    }
}

#[test]
fn a_real_stream_without_its_end_is_truncated_with_all_that_came() {
    for capture in captures() {
        let body = capture.framed(|_, data| format!("data: {data}\n\n"));
        let last = capture.events.last().expect("events").len() + "data: \n\n".len();
        let (snapshot, _, is_well) = told(&capture, std::iter::once(&body.as_bytes()[..body.len() - last]));
        assert!(!is_well, "{}", capture.name);
        let types = |response: &Tree| -> Vec<String> {
            let items = response["output"].as_array().into_iter().flatten();
            items.map(|item| item["type"].to_string()).collect()
        };
        assert_eq!(types(&snapshot), types(&capture.end().expect("an end")), "{}", capture.name);
    }
}
