//! Streams that look like those of servers, and break in the ways that streams break: every choice is a byte, so that a
//! fuzzer can make them as well as chance.

/// Makes the stream that the choices stand for.
pub(crate) fn stream(choices: &[u8]) -> Vec<u8> {
    let mut stream = Stream { choices: Choices(choices), number: 0, bytes: Vec::new() };
    let texts: Vec<Text> =
        (0..=stream.choices.below(5)).map(|index| Text::choose(&mut stream.choices, index)).collect();
    stream.prologue(&texts);
    let mut at = 0;
    while !stream.choices.0.is_empty() {
        if stream.choices.one_in(3) {
            at = stream.choices.below(texts.len());
        }
        let Some(text) = texts.get(at) else { continue };
        match stream.choices.below(40) {
            0 => stream.event(text, &text.end("output_item.done")),
            1 => stream.event(text, &text.end("content_part.done")),
            2 => stream.event(text, &text.done()),
            3 => stream.event(text, &text.begin("output_item.added")),
            4 => stream.event(text, r#"{"type":"response.in_progress","response":{"id":"r","output":[]}}"#),
            5 => stream.event(text, r#"{"type":"acme:event","delta":"x"}"#),
            6 => stream.bytes.extend_from_slice(b": ping\n\n"),
            _ => stream.delta(text),
        }
    }
    stream.event(&texts[0], r#"{"type":"response.completed","sequence_number":99999,"response":{"id":"r"}}"#);
    stream.bytes
}

/// Cuts a stream into pieces whose lengths come from `lengths`, in turns.
pub(crate) fn cut<'a>(stream: &'a [u8], lengths: &[u8]) -> Vec<&'a [u8]> {
    let mut rest = stream;
    let mut lengths = lengths.iter().cycle();
    let mut chunks = Vec::new();
    while !rest.is_empty() {
        let length = usize::from(*lengths.next().unwrap_or(&u8::MAX)).clamp(1, rest.len());
        let (chunk, behind) = rest.split_at(length);
        chunks.push(chunk);
        rest = behind;
    }
    chunks
}

/// Bytes to decide by; at their end everything is ordinary.
pub(crate) struct Choices<'a>(pub(crate) &'a [u8]);

impl Choices<'_> {
    pub(crate) fn byte(&mut self) -> u8 {
        let Some((byte, rest)) = self.0.split_first() else { return u8::MAX };
        self.0 = rest;
        *byte
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        usize::from(self.byte()) % bound
    }

    fn one_in(&mut self, bound: usize) -> bool {
        self.below(bound) == 0
    }

    fn of<'b>(&mut self, list: &[&'b str]) -> &'b str {
        list[self.below(list.len())]
    }
}

/// A text that is streamed, and how its server writes about it.
struct Text {
    kind: &'static str,
    index: usize,
    id: String,
    order: usize,
    extra: &'static str,
    space: &'static str,
    has_obfuscation: bool,
    has_number: bool,
}

const KINDS: [&str; 9] = [
    "output_text",
    "refusal",
    "reasoning",
    "reasoning_text",
    "reasoning_summary_text",
    "function_call_arguments",
    "mcp_call_arguments",
    "custom_tool_call_input",
    "text",
];

const EXTRAS: [&str; 12] = [
    "",
    "",
    r#","logprobs":[]"#,
    r#","logprobs":[{"token":"a"}]"#,
    r#","__proto__":{}"#,
    r#","7":[ ],"2":null"#,
    r#","agent":{"name":"x"}"#,
    r#","obfuscation":5"#,
    r#","text":"x","usage":null"#,
    r#","response_id":"resp_1","a":-0,"b":1e400"#,
    r#","\ud800":1"#,
    r#","constructor":"","then":[]"#,
];

impl Text {
    fn choose(choices: &mut Choices<'_>, index: usize) -> Self {
        Self {
            kind: if choices.one_in(2) { "output_text" } else { choices.of(&KINDS) },
            index,
            id: if choices.one_in(64) { "x".repeat(3_500) } else { format!("item_{index}") },
            order: choices.below(6),
            extra: choices.of(&EXTRAS),
            space: choices.of(&["", "", "", " ", "\t "]),
            has_obfuscation: choices.one_in(2),
            has_number: !choices.one_in(4),
        }
    }

    fn place(&self) -> String {
        format!(r#""output_index":{},"item_id":"{}","content_index":0,"summary_index":0"#, self.index, self.id)
    }

    fn item(&self) -> String {
        let kind = match self.kind {
            "function_call_arguments" => r#""type":"function_call","arguments":"""#,
            "reasoning" | "reasoning_text" | "reasoning_summary_text" => r#""type":"reasoning","summary":[]"#,
            _ => r#""type":"message","content":[]"#,
        };
        format!(r#"{{"id":"{}",{kind}}}"#, self.id)
    }

    fn begin(&self, name: &str) -> String {
        format!(r#"{{"type":"response.{name}","output_index":{},"item":{}}}"#, self.index, self.item())
    }

    fn end(&self, name: &str) -> String {
        format!(r#"{{"type":"response.{name}",{},"item":{},"part":{{}}}}"#, self.place(), self.item())
    }

    fn done(&self) -> String {
        format!(r#"{{"type":"response.{}.done",{},"text":"all","arguments":"all"}}"#, self.kind, self.place())
    }
}

/// What stands between the quotes of a delta: most are ordinary.
const DELTAS: [&str; 24] = [
    "Hel",
    "lo ",
    "world",
    "",
    " the",
    "é",
    "🦀",
    "1",
    r"\n",
    r#"\"a\":"#,
    r"\u00e9\/\b\f\r\t",
    r"\ud83e\udd80",
    r"\ud83e",
    r"\udd80",
    r"\u0000",
    r"\\",
    r"\u+123",
    r"\x",
    r"\ud83e\n",
    "\u{1}",
    "\u{7f}",
    "\u{2028}\u{2029}",
    "\u{feff}",
    r#"","delta":""#,
];

const NUMBERS: [&str; 12] = [
    "-1",
    "0",
    "00",
    "1.0",
    "1e3",
    "999999999",
    "1000000000",
    "4294967296",
    "18446744073709551616",
    "null",
    "\"1\"",
    "1E400",
];

struct Stream<'a> {
    choices: Choices<'a>,
    number: u64,
    bytes: Vec<u8>,
}

impl Stream<'_> {
    fn prologue(&mut self, texts: &[Text]) {
        if !self.choices.one_in(16) {
            self.framed("", r#"{"type":"response.created","response":{"id":"r","output":[]}}"#.as_bytes());
        }
        for text in texts {
            if !self.choices.one_in(16) {
                self.framed("", text.begin("output_item.added").as_bytes());
            }
            let is_summary = text.kind == "reasoning_summary_text";
            let name = if is_summary { "reasoning_summary_part.added" } else { "content_part.added" };
            let part = if is_summary { "summary_text" } else { "output_text" };
            if !text.kind.contains("arguments") && !self.choices.one_in(16) {
                let place = text.place();
                let event = format!(r#"{{"type":"response.{name}",{place},"part":{{"type":"{part}","text":""}}}}"#);
                self.framed("", event.as_bytes());
            }
        }
    }

    fn delta(&mut self, text: &Text) {
        let space = text.space;
        let delta = if self.choices.one_in(3) { self.choices.of(&DELTAS) } else { DELTAS[self.choices.below(5)] };
        let mut parts = vec![
            format!(r#""type":{space}"response.{}.delta""#, text.kind),
            text.place(),
            format!(r#""delta":{space}"{delta}""#),
        ];
        if text.has_number {
            self.number += 1;
            let number = self.number.to_string();
            let number = if self.choices.one_in(24) { self.choices.of(&NUMBERS) } else { &number };
            parts.push(format!(r#""sequence_number":{number}"#));
        }
        if text.has_obfuscation {
            let obfuscation = self.choices.of(&["a", "", "kGx", "0123456789", r"\u0061"]);
            parts.push(format!(r#""obfuscation":"{obfuscation}""#));
        }
        let count = parts.len();
        parts.rotate_left(text.order % count);
        let event = format!("{{{}{}{space}}}", parts.join(&format!(",{space}")), text.extra);
        self.event(text, &event);
    }

    fn event(&mut self, text: &Text, event: &str) {
        let mut event = event.as_bytes().to_owned();
        if self.choices.one_in(8) {
            self.mutate(&mut event);
        }
        let name = match self.choices.below(8) {
            0 => "response.other",
            1 => "response.output_text.delta",
            _ if text.order < 2 => text.kind,
            _ => "",
        };
        self.framed(name, &event);
    }

    /// Changes an event in one place.
    fn mutate(&mut self, event: &mut Vec<u8>) {
        let at = (self.choices.below(256) << 8 | self.choices.below(256)) % event.len();
        let text = String::from_utf8_lossy(event).into_owned();
        *event = match self.choices.below(14) {
            0 => {
                event[at] = self.choices.byte();
                return;
            }
            1 => {
                event.insert(at, self.choices.byte());
                return;
            }
            2 => {
                event.remove(at);
                return;
            }
            3 => {
                event.truncate(at);
                return;
            }
            4 => text.replacen('{', r#"{"delta":"first","#, 1),
            5 => text.replacen('}', r#","delta":"last"}"#, 1),
            6 => text.replacen("delta\":", "d\\u0065lta\":", 1),
            7 => text.replacen("\"item_id\":\"", "\"item_id\":\"other", 1),
            8 => text.replacen("\"output_index\":", "\"output_index\":1", 1),
            9 => {
                text.replacen("\"content_index\":", self.choices.of(&["\"content_index\":1", "\"content_index\":-"]), 1)
            }
            10 => text.replacen('{', r#"{"__proto__":[1],"#, 1),
            11 => text.replacen('{', r#"{"usage":{"total_tokens":1},"#, 1),
            12 => text.replacen('{', r#"{"logprobs":[{}],"#, 1),
            _ => text.replacen('{', " {\n ", 1),
        }
        .into_bytes();
    }

    fn framed(&mut self, name: &str, event: &[u8]) {
        let end = match self.choices.below(16) {
            0 => "\r",
            1 => "\r\n",
            _ => "\n",
        };
        if !name.is_empty() {
            self.bytes.extend_from_slice(format!("event: {name}{end}").as_bytes());
        }
        for line in event.split(|byte| *byte == b'\n') {
            self.bytes.extend_from_slice(b"data: ");
            self.bytes.extend_from_slice(line);
            self.bytes.extend_from_slice(end.as_bytes());
        }
        self.bytes.extend_from_slice(end.as_bytes());
    }
}
