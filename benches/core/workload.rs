use std::fmt::Write as _;

/// A stream as a server sends it, of the same kind as the one of its name in `bench/workloads`.
pub(crate) struct Workload {
    pub(crate) name: &'static str,
    pub(crate) stream: Vec<u8>,
}

/// A long answer in short deltas.
pub(crate) fn text() -> Workload {
    let deltas: Vec<String> = (0..10_000).map(|at| format!(" word{}", at % 97)).collect();
    let item = r#"{"id":"msg_68af","type":"message","status":"in_progress","content":[],"role":"assistant"}"#;
    Workload { name: "W1 text", stream: stream("{}", item, "response.output_text.delta", &deltas) }
}

/// A short answer between response objects of some 35 KB.
pub(crate) fn objects() -> Workload {
    let deltas: Vec<String> = (0..200).map(|at| format!(" word{}", at % 97)).collect();
    let item = r#"{"id":"msg_68af","type":"message","status":"in_progress","content":[],"role":"assistant"}"#;
    let tool =
        format!(r#"{{"type":"function","name":"tool","description":"{}","strict":true}}"#, "what it does ".repeat(26));
    let response = format!(r#"{{"tools":[{}]}}"#, vec![tool; 90].join(","));
    Workload { name: "W2 objects", stream: stream(&response, item, "response.output_text.delta", &deltas) }
}

/// Function arguments of some 200 KB, full of escapes.
pub(crate) fn arguments() -> Workload {
    let deltas: Vec<String> =
        (0..5_000).map(|at| format!(r#"\"path\":\"src\\\\file{at}.js\",\"line\":\"\\tok\\n\","#)).collect();
    let item = r#"{"id":"fc_68af","type":"function_call","status":"in_progress","arguments":"","call_id":"call_1","name":"write"}"#;
    Workload { name: "W3 arguments", stream: stream("{}", item, "response.function_call_arguments.delta", &deltas) }
}

/// `deltas` are the insides of JSON strings.
fn stream(response: &str, item: &str, kind: &str, deltas: &[String]) -> Vec<u8> {
    let mut text = String::new();
    let mut number = 0;
    let mut event = |kind: &str, fields: &str| {
        // Writing to a string cannot fail.
        let _ = write!(text, "event: {kind}\ndata: {{\"type\":\"{kind}\",{fields},\"sequence_number\":{number}}}\n\n");
        number += 1;
    };
    let with_status = |status: &str| {
        let rest = response.trim_start_matches('{');
        let comma = if rest == "}" { "" } else { "," };
        format!(r#""response":{{"id":"resp_68af","object":"response","status":"{status}","output":[]{comma}{rest}"#)
    };
    event("response.created", &with_status("in_progress"));
    event("response.in_progress", &with_status("in_progress"));
    event("response.output_item.added", &format!(r#""item":{item},"output_index":0"#));
    for delta in deltas {
        event(
            kind,
            &format!(
                r#""content_index":0,"delta":"{delta}","item_id":"msg_68af","logprobs":[],"obfuscation":"aZ9kQ2","output_index":0"#
            ),
        );
    }
    event("response.completed", &with_status("completed"));
    text.into_bytes()
}
