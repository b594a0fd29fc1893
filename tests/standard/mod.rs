//! Event streams by the standard's algorithm, and by the parser.

use openresponses_wasm::sse::{Event, Frame, Parser, TooLarge};

/// What a stream says, in words: `name|data|id` for an event, `:text` for a comment, `retry n`, `stray line`.
pub(crate) type Seen = Vec<String>;

fn shown(event: &Event<'_>) -> String {
    let [name, data, id] = [event.name, event.data, event.id].map(String::from_utf8_lossy);
    format!("{name}|{data}|{id}")
}

/// The standard's algorithm, word for word, on the decoded whole; and the event that is left when the stream ends.
pub(crate) fn oracle(stream: &[u8]) -> (Seen, Option<String>) {
    let decoded = String::from_utf8_lossy(stream);
    let text = decoded.strip_prefix('\u{FEFF}').unwrap_or(&decoded).replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = text.split('\n').collect();
    let (mut seen, mut data, mut name, mut id) = (Seen::new(), String::new(), String::new(), String::new());
    for (number, line) in lines.iter().enumerate() {
        let is_terminated = number + 1 < lines.len();
        if line.is_empty() {
            if is_terminated && !data.is_empty() {
                data.pop();
                seen.push(format!("{name}|{data}|{id}"));
            }
            if is_terminated {
                data.clear();
                name.clear();
            }
            continue;
        }
        // Not of the standard, which knows nothing of JSON: the last words of a server that breaks.
        if line.trim_ascii_start().starts_with('{') {
            if is_terminated && data == "\n" {
                data.clear();
                seen.push(format!("stray data {line}"));
            } else if is_terminated {
                seen.push(format!("stray {line}"));
            } else {
                data.push_str(line);
                data.push('\n');
            }
            continue;
        }
        if let Some(comment) = line.strip_prefix(':') {
            if is_terminated {
                seen.push(format!(":{comment}"));
            }
            continue;
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => name = value.to_owned(),
            "data" => {
                data.push_str(value);
                data.push('\n');
            }
            "id" if !value.contains('\0') => id = value.to_owned(),
            "retry" if is_terminated && value.chars().all(|c| c.is_ascii_digit()) => {
                seen.extend(value.parse::<u64>().ok().map(|milliseconds| format!("retry {milliseconds}")));
            }
            _ => (),
        }
    }
    let left = data.pop().map(|_| format!("{name}|{data}|{id}"));
    (seen, left)
}

pub(crate) fn parsed<'a>(
    chunks: impl IntoIterator<Item = &'a [u8]>,
    limit: usize,
) -> (Seen, Result<Option<String>, TooLarge>) {
    let mut parser = Parser::new(limit);
    let mut seen = Seen::new();
    for chunk in chunks {
        let pushed = parser.push(chunk, |frame| {
            seen.push(match frame {
                Frame::Event(event) => shown(&event),
                Frame::Comment(text) => format!(":{}", String::from_utf8_lossy(text)),
                Frame::Retry(milliseconds) => format!("retry {milliseconds}"),
                Frame::Stray { line, is_data } => {
                    format!("stray {}{}", if is_data { "data " } else { "" }, String::from_utf8_lossy(line))
                }
            });
        });
        if let Err(too_large) = pushed {
            return (seen, Err(too_large));
        }
    }
    let left = parser.finish().map(|event| shown(&event));
    (seen, Ok(left))
}

/// The stream whole, cut in two at every place (with an empty chunk between), and byte by byte.
pub(crate) fn every_cut(stream: &[u8]) -> Vec<Vec<&[u8]>> {
    let in_two = (0..=stream.len()).map(|at| {
        let (before, behind) = stream.split_at(at);
        vec![before, &[], behind]
    });
    [vec![stream], stream.chunks(1).collect()].into_iter().chain(in_two).collect()
}
