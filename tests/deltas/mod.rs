//! Ordinary streams: what comes before their deltas, the deltas, and the end.

/// Each event in a `data` line of its own.
pub(crate) fn framed(events: &[String]) -> String {
    events.iter().map(|event| format!("data: {event}\n\n")).collect()
}

/// The events before the first delta of so many messages, and the numbers below 100.
pub(crate) fn opening(messages: usize) -> Vec<String> {
    let mut events = vec![r#"{"type":"response.created","response":{"id":"r","output":[]}}"#.to_owned()];
    for index in 0..messages {
        let item = format!(r#"{{"id":"m{index}","type":"message","role":"assistant","content":[]}}"#);
        events.push(format!(r#"{{"type":"response.output_item.added","output_index":{index},"item":{item}}}"#));
        let part = r#"{"type":"output_text","text":"","annotations":[]}"#;
        let place = format!(r#""output_index":{index},"item_id":"m{index}","content_index":0"#);
        events.push(format!(r#"{{"type":"response.content_part.added",{place},"part":{part}}}"#));
    }
    let numbered = events.iter().enumerate();
    numbered.map(|(at, event)| event.replacen('{', &format!(r#"{{"sequence_number":{at},"#), 1)).collect()
}

pub(crate) const CLOSING: &str = r#"{"type":"response.completed","sequence_number":999,"response":{"id":"r"}}"#;

/// A delta of the message, written as most servers do; `delta` as it stands between its quotes.
pub(crate) fn delta(message: usize, at: usize, delta: &str) -> String {
    let number = 100 + at;
    format!(
        r#"{{"type":"response.output_text.delta","item_id":"m{message}","output_index":{message},"content_index":0,"delta":"{delta}","logprobs":[],"obfuscation":"kG{at}","sequence_number":{number}}}"#
    )
}
