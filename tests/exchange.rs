//! A call from its first request to its end, told as scripts.
#![cfg(not(target_arch = "wasm32"))]

mod block;
mod script;

use openresponses_wasm::error::Class;
use openresponses_wasm::exchange::{Config, Expect, Head, Input, Next, Timeouts};
use openresponses_wasm::json::MAX_DEPTH;
use openresponses_wasm::response::Status;
use openresponses_wasm::retry::Advice;
use proptest::prelude::*;
use script::{Call, bytes, fatal, once, played, reading, stream, timed, whole};
use serde_json::{Value as Tree, json};

#[test]
fn a_response_is_taken_whole() {
    let mut call = reading(
        whole(),
        "json",
        r#"raw {"id":"r","output":[{"type":"message","content":[{"type":"output_text", > read
           raw "text":"Hi"}]}]} > read
           end > finish
           pull > finish"#,
    );
    assert!(call.exchange.is_over() && call.exchange.is_complete());
    assert_eq!(call.snapshot()["output_text"], json!("Hi"));
    assert!(call.exchange.body().starts_with(r#"{"id":"r","output":["#));
    call.play("deadline > none");
}

#[test]
fn other_json_is_taken_as_it_is() {
    for body in [
        r#"{"data":[{"id":"a/b"}],"success":true}"#,
        "[]",
        r#" {"error":null} "#,
        r#"{"output":[],"error":{}}"#,
        r#"{"id":"m","message":"words"}"#,
        r#"{"code":0,"message":"ok","data":[]}"#,
    ] {
        let mut call = reading(Config { expect: Expect::Json, ..stream() }, "json", "");
        call.play(&format!("raw {body} > read"));
        call.play("end > finish");
        assert_eq!(call.exchange.body().trim(), body.trim());
    }
}

#[test]
fn a_character_cut_by_two_chunks_of_a_body_is_whole() {
    let mut call = reading(whole(), "json", "");
    for byte in r#"{"output":[],"x":"é🦀"}"#.bytes() {
        assert_eq!(call.give(Input::Chunk(&[byte])), "read");
    }
    call.play("end > finish");
    assert_eq!(call.snapshot()["x"], json!("é🦀"));
}

#[test]
fn events_are_delivered_as_their_chunks_complete_them() {
    let call = reading(
        stream(),
        "sse",
        "chunk created text:H > deliver created text:H
         pull > read
         chunk text:i/1 > read
         chunk text:i/2 : text:!/1 > deliver text:i ♥
         pull > read
         chunk text:!/2 acme:x completed/1 > deliver text:! acme:x
         pull > read
         chunk > read
         chunk completed/2 > deliver completed
         pull > finish",
    );
    assert!(call.exchange.is_complete());
    assert_eq!(call.exchange.response().status(), Status::Completed);
    assert_eq!(call.exchange.response().last_sequence_number(), Some(7));
    assert_eq!(call.snapshot()["output_text"], json!("Hi"));
}

#[test]
fn without_deadlines_a_chunk_may_follow_a_delivery_without_a_pull() {
    let begun = "chunk created text:a@1 > deliver created text:a";
    let ends = [
        "chunk text:b@2 > deliver text:b
         chunk : > deliver ♥
         chunk completed/1 > read
         chunk completed/2 > deliver completed
         pull > finish",
        "end > throw StreamTruncatedError stream_truncated",
        "broken reset > throw StreamTruncatedError stream_truncated",
        "chunk text:b@2 completed… > deliver text:b
         end > deliver completed
         pull > finish",
    ];
    for end in ends {
        let mut call = reading(once(), "sse", begun);
        assert!(!call.exchange.awaits_pull());
        call.play(end);
    }
}

#[test]
fn with_a_deadline_or_behind_a_break_a_delivery_awaits_a_pull() {
    for timeouts in [
        Timeouts { idle: 1.0, ..Timeouts::NONE },
        Timeouts { total: 1.0, ..Timeouts::NONE },
        Timeouts { first_event: 1.0, ..Timeouts::NONE },
    ] {
        let call = reading(timed(timeouts), "sse", "chunk created > deliver created");
        assert!(call.exchange.awaits_pull(), "{timeouts:?}");
    }
    let event = format!("data: {}1{}", "[".repeat(MAX_DEPTH + 1), "]".repeat(MAX_DEPTH + 1));
    let mut call = reading(once(), "sse", "");
    assert!(!call.exchange.awaits_pull());
    call.play(&format!("raw data: {{\"type\":\"acme:x\"}}\\n\\n{event}\\n\\n > deliver acme:x"));
    assert!(call.exchange.awaits_pull());
}

#[test]
fn a_whole_stream_in_one_chunk_is_one_delivery() {
    for last in ["completed", "failed", "incomplete"] {
        let mut call = reading(stream(), "sse", "");
        call.play(&format!("chunk created : text:Hi {last} [DONE] > deliver created text:Hi {last} ♥"));
        assert!(call.exchange.is_complete(), "a failed response is no failed call: {last}");
        call.play("pull > finish");
        assert_eq!(call.exchange.response().failure().is_some(), last == "failed");
    }
}

#[test]
fn a_first_answer_that_may_pass_is_awaited_again() {
    played(
        stream(),
        "start > send
         deadline > 1000
         +10 head 503 json > read
         raw {\"error\":{\"message\":\"overloaded\"}} > read
         end > back 250
         +249 timer > wait
         +1 timer > send
         deadline > 1000
         broken > back 500
         +500 timer > send
         head 200 sse > ready
         pull > read
         chunk created completed > deliver created completed
         pull > finish",
    );
}

#[test]
fn the_last_error_is_thrown_when_the_retries_are_used_up() {
    let call = played(
        stream(),
        "start > send
         broken > back 250
         +250 timer > send
         head 429 - > read
         end > back 500
         +500 timer > send
         head 500 json id=q > read
         raw {\"error\":{\"message\":\"m\",\"code\":\"c\"}} > read
         end > throw InternalServerError c
         pull > throw InternalServerError c
         start > throw InternalServerError c",
    );
    let error = call.error();
    assert_eq!((error.message.as_str(), error.retryable), ("m", true));
    assert_eq!(error.api.as_ref().and_then(|api| api.request_id.as_deref()), Some("q"));
    assert!(call.exchange.is_over() && !call.exchange.is_complete());

    played(
        Config { max_retries: 0, ..stream() },
        "start > send \n broken > throw APIConnectionError connection_failed",
    );
}

#[test]
fn what_only_a_page_is_subject_to_is_named_in_a_page_only() {
    for (input, is_hidden) in [("broken", false), ("hidden", true)] {
        let call =
            played(once(), &format!("start > send \n {input} gone > throw APIConnectionError connection_failed"));
        let message = &call.error().message;
        assert!(message.contains("(gone)") && message.contains("baseURL"), "{message}");
        assert_eq!((message.contains("CORS"), message.contains("Policy")), (is_hidden, is_hidden), "{message}");
    }
}

#[test]
fn an_error_that_lasts_is_thrown_at_once() {
    for (head, body, thrown) in [
        ("400 json", r#"{"error":{"message":"m","code":"c"}}"#, "BadRequestError c"),
        ("401 json", r#"{"error":{"message":"m","code":401}}"#, "AuthenticationError 401"),
        ("402 json", r#"{"error":{"message":"m","code":null}}"#, "InsufficientCreditsError null"),
        ("429 json", r#"{"error":{"message":"Team balance is low"}}"#, "InsufficientCreditsError -"),
        ("503 json", r#"{"error":{"message":"No available providers for model x"}}"#, "NotFoundError -"),
        ("403 html", "<title>Blocked</title>", "PermissionDeniedError -"),
        ("404 sse", "data: {}", "NotFoundError -"),
        ("301 -", "", "APIError -"),
        ("500 - should=false", "", "InternalServerError -"),
        ("429 - after=60001", "", "RateLimitError -"),
    ] {
        let mut call = played(stream(), "start > send");
        call.play(&format!("head {head} > read"));
        call.play(&format!("raw {body} > read"));
        call.play(&format!("end > throw {thrown}"));
        call.play("deadline > none");
    }
}

#[test]
fn the_servers_advice_comes_before_our_rules() {
    let call = played(
        stream(),
        "start > send
         head 400 - should=true after=7 > read
         end > back 7
         +7 timer > send
         head 429 - after=60000 > read
         end > back 60000
         +60000 timer > send
         head 429 - after=1500 > read
         end > throw RateLimitError -",
    );
    assert_eq!(call.error().api.as_ref().and_then(|api| api.retry_after_ms), Some(1_500.0));
}

#[test]
fn an_errors_body_is_read_in_pieces() {
    let call = played(
        stream(),
        "start > send
         head 400 json > read
         raw {\"error\":{\"mess > read
         raw age\":\"é > read
         raw \"}} > read
         end > throw BadRequestError -",
    );
    assert_eq!(call.error().message, "é");
}

#[test]
fn an_errors_body_that_breaks_off_or_never_ends_does_not_hide_the_error() {
    let mut call = played(stream(), "start > send \n head 401 json > read \n raw half of > read");
    call.play("broken reset > throw AuthenticationError -");
    assert_eq!(call.error().message, "The server answered with status 401: half of");

    let mut call = played(stream(), "start > send \n +900 head 401 - > read \n deadline > 1000");
    call.play("+999 raw drip > read \n timer > wait \n +1 timer > throw AuthenticationError -");
    assert_eq!(call.error().message, "The server answered with status 401: drip");

    let mut call = played(stream(), "start > send \n head 500 - > read \n broken > back 250 \n +250 timer > send");
    call.play("head 500 - > read \n +1000 timer > back 500");

    let mut call = played(stream(), "start > send \n head 401 - > read");
    let piece = [b'x'; 100_000];
    assert_eq!(call.give(Input::Chunk(&piece)), "read");
    assert_eq!(call.give(Input::Chunk(&piece)), "read");
    assert_eq!(call.give(Input::Chunk(&piece)), "throw AuthenticationError -");
}

#[test]
fn a_head_that_does_not_come_in_time_is_asked_for_again() {
    let call = played(
        stream(),
        "start > send
         +999 timer > wait
         +1 timer > back 250
         head 200 sse > wait
         chunk completed > wait
         end > wait
         broken aborted > wait
         pull > wait
         +250 timer > send
         deadline > 1000
         +1000 timer > back 500
         +500 timer > send
         +1000 timer > throw APIConnectionTimeoutError timeout_head",
    );
    assert!(call.error().retryable);
    assert!(call.error().message.contains("1000 ms"), "{}", call.error().message);
    played(
        stream(),
        "start > send \n +999 head 200 sse > ready \n deadline > none \n +5000 timer > wait \n pull > read",
    );
}

#[test]
fn the_first_event_must_come_in_time_and_comments_are_none() {
    let config = Config { max_retries: 0, ..timed(Timeouts { first_event: 100.0, ..Timeouts::NONE }) };
    let call = played(
        config,
        "start > send
         +5000 head 200 sse > ready
         deadline > none
         +5000 pull > read
         deadline > 100
         +50 chunk : > deliver ♥
         deadline > none
         +5000 pull > read
         chunk created/1 > read
         deadline > 50
         +49 timer > wait
         +1 timer > throw APIConnectionTimeoutError timeout_first_event
         pull > throw APIConnectionTimeoutError timeout_first_event",
    );
    assert!(call.error().retryable, "nothing would arrive twice");
    reading(
        config,
        "sse",
        "+99 chunk created > deliver created
         deadline > none
         pull > read
         deadline > none
         +5000 timer > wait
         chunk completed > deliver completed
         pull > finish",
    );
}

#[test]
fn the_first_event_is_awaited_in_streams_only() {
    let timeouts = Timeouts { first_event: 100.0, ..Timeouts::NONE };
    for expect in [Expect::Response, Expect::Json] {
        let config = Config { expect, ..timed(timeouts) };
        reading(config, "json", "deadline > none \n +5000 timer > wait \n raw {\"output\":[]} > read \n end > finish");
    }
    let config = Config { expect: Expect::Response, ..timed(timeouts) };
    reading(config, "sse", "chunk created > read \n deadline > none \n chunk completed > finish");
}

#[test]
fn a_silence_is_a_time_out_only_while_bytes_are_awaited() {
    let config = timed(Timeouts { idle: 100.0, ..Timeouts::NONE });
    let call = played(
        config,
        "start > send
         +5000 head 200 sse > ready
         +5000 timer > wait
         pull > read
         deadline > 100
         +90 chunk created/1 > read
         deadline > 100
         +90 chunk created/2 > deliver created
         deadline > none
         +5000 timer > wait
         pull > read
         +90 chunk : > deliver ♥
         +5000 pull > read
         +99 timer > wait
         +1 timer > throw APIConnectionTimeoutError timeout_idle",
    );
    assert!(!call.error().retryable, "what was delivered is not asked for again");
    assert_eq!(call.snapshot()["id"], json!("r"));

    let config = Config { expect: Expect::Response, ..config };
    reading(
        config,
        "json",
        "+90 raw {\"output\": > read
         +90 raw [] > read
         deadline > 100
         +100 timer > throw APIConnectionTimeoutError timeout_idle",
    );
    reading(config, "sse", "+90 chunk : > read \n deadline > 100");
}

#[test]
fn the_whole_call_must_end_in_time_whatever_it_is_at() {
    let config = timed(Timeouts { total: 1_000.0, ..Timeouts::NONE });
    let thrown = "throw APIConnectionTimeoutError timeout_total";
    for (script, rest) in [
        ("start > send", 1_000),
        ("start > send \n +100 broken > back 250 \n +250 timer > send \n +100 head 200 sse > ready", 550),
        ("start > send \n +100 head 200 sse > ready \n pull > read \n +100 chunk created > deliver created", 800),
        ("start > send \n +100 head 200 json > ready \n pull > read \n +100 raw {\"id\": > read", 800),
    ] {
        let mut call = played(config, script);
        call.play(&format!("deadline > {rest}"));
        call.play("timer > wait");
        call.play(&format!("+{rest} timer > {thrown}"));
        call.play(&format!("pull > {thrown}"));
        call.play("deadline > none");
        assert!(!call.error().retryable);
    }
    played(config, "start > send \n head 500 - > read \n +1000 timer > throw InternalServerError -");
}

#[test]
fn an_error_is_thrown_at_once_when_waiting_would_exceed_the_total() {
    let config = timed(Timeouts { total: 1_000.0, ..Timeouts::NONE });
    played(config, "start > send \n +900 broken > throw APIConnectionError connection_failed");
}

#[test]
fn the_earliest_of_several_deadlines_counts() {
    let all = Timeouts { head: 500.0, first_event: 300.0, idle: 200.0, total: 1_000.0 };
    played(
        Config { max_retries: 0, ..timed(all) },
        "start > send
         deadline > 500
         +400 head 200 sse > ready
         deadline > 600
         pull > read
         deadline > 200
         +150 chunk : > deliver ♥
         deadline > 450
         +100 pull > read
         deadline > 150
         +100 chunk created > deliver created
         deadline > 250
         pull > read
         deadline > 200
         +200 timer > throw APIConnectionTimeoutError timeout_idle",
    );
}

#[test]
fn a_timer_that_comes_with_nothing_due_changes_nothing() {
    played(
        timed(Timeouts::NONE),
        "timer > wait \n start > send \n deadline > none \n +1000000 timer > wait \n head 200 sse > ready",
    );
}

#[test]
fn what_follows_a_terminal_event_is_ignored() {
    for behind in ["completed", "failed", "[DONE]", "text:x", ":", "created/1"] {
        let mut call = reading(stream(), "sse", "");
        call.play(&format!("chunk created completed {behind} > deliver created completed"));
        call.play(&format!("chunk {behind} > wait"));
        call.play("end > wait \n broken > wait \n pull > finish");
        assert_eq!(call.exchange.response().status(), Status::Completed);
    }
    let mut call = reading(stream(), "sse", "");
    call.play("raw data: {\"type\":\"response.completed\"}\\n\\ndata: {broken\\n\\n > deliver completed");
    call.play("pull > finish");
    let mut call = reading(stream(), "sse", "");
    let behind = "x".repeat(2_000);
    call.play(&format!("raw data: {{\"type\":\"response.completed\"}}\\n\\ndata: {behind} > deliver completed"));
    call.play("pull > finish");
}

#[test]
fn a_stream_that_ends_without_a_terminal_event_is_truncated() {
    let truncated = "throw StreamTruncatedError stream_truncated";
    for (script, last) in [
        ("", truncated),
        ("chunk : > deliver ♥ \n pull > read", truncated),
        ("chunk created text:Hi > deliver created text:Hi \n pull > read", truncated),
        ("chunk created text:Hi completed/1 > deliver created text:Hi \n pull > read", truncated),
    ] {
        for end in ["end", "broken reset"] {
            let mut call = reading(once(), "sse", script);
            call.play(&format!("{end} > {last}"));
            call.play(&format!("pull > {last}"));
            assert!(!call.exchange.is_complete());
            assert_eq!(call.error().retryable, !script.contains("created"), "nothing would arrive twice");
            assert_eq!(call.error().message.contains("(reset)"), end != "end", "{}", call.error().message);
            let text = if script.contains("text:Hi") { "Hi" } else { "" };
            assert_eq!(call.snapshot()["output_text"], json!(text), "what arrived is kept");
            assert_eq!(call.error().message.contains("after sequence number 0"), text == "Hi");
        }
    }
}

#[test]
fn an_unterminated_last_block_counts_only_when_it_ends_the_response() {
    let truncated = "throw StreamTruncatedError stream_truncated";
    for (script, came) in [
        ("chunk completed… > read", "deliver completed"),
        ("chunk failed… > read", "deliver failed"),
        ("raw data: {\"type\":\"response.incomplete\"}\\n > read", "deliver incomplete"),
        ("raw event: response.completed\\ndata: {} > read", "deliver completed"),
        ("chunk text:Hi… > read", truncated),
        ("chunk acme:x… > read", truncated),
        ("chunk completed/1 > read", truncated),
        ("raw data: {\"type\":\"response.completed\" > read", truncated),
        ("chunk [DONE]… > read", truncated),
        ("raw : comment > read", truncated),
        ("raw event: response.completed > read", truncated),
        ("raw data: {\"error\":{\"message\":\"m\",\"code\":\"c\"}} > read", "throw APIError c"),
    ] {
        let mut call = reading(stream(), "sse", "chunk created > deliver created \n pull > read");
        call.play(script);
        call.play(&format!("end > {came}"));
        if came.starts_with("deliver") {
            call.play("pull > finish");
        }
        assert_eq!(
            call.snapshot()["output_text"],
            if script.contains("{}") || !came.starts_with("deliver") || came == "deliver incomplete" {
                json!("")
            } else {
                json!("Hi")
            }
        );
    }
}

#[test]
fn done_ends_a_stream_only_after_a_terminal_event() {
    reading(once(), "sse", "chunk [DONE] > throw StreamTruncatedError stream_truncated");
    let mut call = reading(once(), "sse", "chunk created text:Hi [DONE] completed > deliver created text:Hi");
    call.play("pull > throw StreamTruncatedError stream_truncated");
    assert!(call.error().message.contains("[DONE]"));
    reading(once(), "sse", "chunk : [DONE] > deliver ♥ \n pull > throw StreamTruncatedError stream_truncated");
    assert_eq!(call.snapshot()["output_text"], json!("Hi"));
    reading(
        once(),
        "sse",
        "chunk created completed/1 > deliver created \n pull > read \n chunk completed/2 [DONE] > deliver completed",
    );
}

#[test]
fn an_error_inside_the_stream_is_thrown_after_what_came_before() {
    for data in [
        r#"{"type":"error","sequence_number":1,"error":{"type":"t","code":"c","message":"m","param":null}}"#,
        r#"{"type":"error","code":"c","message":"m","param":null,"sequence_number":1}"#,
        r#"{"type":"response.error","code":"c","message":"m"}"#,
        r#"{"error":{"code":"c","message":"m"}}"#,
    ] {
        let mut call = reading(once(), "sse", "chunk created > deliver created \n pull > read");
        let text = String::from_utf8(bytes("text:Hi")).expect("text").replace('\n', "\\n");
        call.play(&format!("raw {text}data: {data}\\n\\ndata: {{}}\\n\\n > deliver text:Hi"));
        call.play("pull > throw APIError c \n pull > throw APIError c");
        let error = call.error();
        assert_eq!((error.message.as_str(), error.retryable), ("m", false), "{data}");
        assert_eq!(error.api.as_ref().and_then(|api| api.status), None, "{data}");
        assert_eq!(call.snapshot()["output_text"], json!("Hi"), "{data}");

        let mut call = reading(once(), "sse", "");
        call.play(&format!("raw event: error\\ndata: {data}\\n\\n > throw APIError c"));
    }
    let mut call = reading(once(), "sse", "");
    call.play("raw event: error\\ndata: {\"message\":\"m\",\"code\":429}\\n\\n > throw RateLimitError 429");
    assert!(call.error().retryable, "the caller may ask again");
}

#[test]
fn comments_and_comments_as_data_are_signs_of_life() {
    reading(
        stream(),
        "sse",
        "chunk : : > deliver ♥ ♥
         pull > read
         raw data: : PROCESSING\\n\\ndata:\\n\\n > deliver ♥ ♥
         pull > read
         raw event: keepalive\\n\\nretry: 100\\n\\nid: 7\\n\\n > read
         chunk completed : > deliver completed",
    );
}

#[test]
fn a_keep_alive_event_is_a_sign_of_life_and_no_progress_but_has_its_number() {
    for event in [
        r#"event: keepalive\ndata: {"type":"keepalive","sequence_number":5}"#,
        r#"data: {"type":"ping","sequence_number":5}"#,
        r#"event: ping\ndata: {"sequence_number":5}"#,
        r#"event: ping\ndata: {"type":"keepalive","sequence_number":5}"#,
    ] {
        let timeouts = Timeouts { first_event: 100.0, ..Timeouts::NONE };
        let mut call = reading(Config { strict: true, ..timed(timeouts) }, "sse", "");
        call.play(&format!("+60 raw {event}\\n\\n > deliver ♥ \n pull > read \n deadline > 40"));
        assert_eq!(call.exchange.response().last_sequence_number(), Some(5), "{event}");
        assert_eq!(deviations(&call), "", "{event}");
        reading(whole(), "sse", &format!("raw {event}\\n\\n > read"));
    }
}

#[test]
fn json_in_place_of_a_stream_is_the_event_that_would_have_ended_it() {
    for (status, kind) in [
        (r#""completed""#, "completed"),
        (r#""failed""#, "failed"),
        (r#""cancelled""#, "failed"),
        (r#""incomplete""#, "incomplete"),
        ("null", "completed"),
    ] {
        for content_type in ["json", "application/json;charset=utf-8", "application/problem+json"] {
            let mut call = reading(stream(), content_type, "");
            call.play(&format!("raw {{\"id\":\"r\",\"status\":{status}, > read"));
            call.play(r#"raw "output":[{"type":"message","content":[{"type":"output_text","text":"Hi"}]}]} > read"#);
            call.play(&format!("end > deliver {kind}"));
            call.play("pull > finish");
            assert!(call.exchange.is_complete());
            assert_eq!(call.snapshot()["output_text"], json!("Hi"));
            let events: Tree = serde_json::from_str(call.exchange.block().json()).expect("an array");
            assert_eq!(events[0]["response"]["id"], json!("r"));
        }
    }
}

#[test]
fn json_in_place_of_a_stream_that_is_too_deep_for_an_event_is_refused() {
    let deep = format!(r#"{{"output":{}{}}}"#, "[".repeat(MAX_DEPTH - 1), "]".repeat(MAX_DEPTH - 1));
    let mut call = reading(Config { max_response_bytes: 10_000, ..stream() }, "json", "");
    call.play(&format!("raw {deep} > read"));
    call.play("end > throw ProtocolError nested_too_deep");
}

#[test]
fn a_stream_in_place_of_json_is_folded_into_the_response() {
    let mut call = reading(
        whole(),
        "sse",
        "chunk created : text:H > read
         chunk text:i empty/1 > read
         chunk empty/2 > finish
         pull > finish",
    );
    assert!(call.exchange.block().is_empty());
    assert_eq!(call.snapshot()["output_text"], json!("Hi"));
    let mut call = reading(
        whole(),
        "sse",
        "chunk created > read \n raw data: {\"error\":{\"message\":\"m\"}}\\n\\n > throw APIError -",
    );
    call.play("pull > throw APIError -");
    reading(whole(), "sse", "chunk created > read \n end > throw StreamTruncatedError stream_truncated");
}

#[test]
fn without_a_content_type_the_answer_is_what_was_asked_for() {
    for content_type in ["-", "text/plain", "application/octet-stream"] {
        reading(stream(), content_type, "chunk completed > deliver completed");
        reading(whole(), content_type, "raw {\"output\":[]} > read \n end > finish");
    }
}

#[test]
fn an_error_inside_http_200_is_an_error() {
    for config in [once(), whole(), Config { expect: Expect::Json, ..once() }] {
        let config = Config { max_retries: 0, ..config };
        for (body, thrown) in [
            (r#"{"error":{"message":"m","code":429}}"#, "RateLimitError 429"),
            (r#"{"error":{"message":"m","code":"c"}}"#, "APIError c"),
            (r#"{"error":"m"}"#, "APIError -"),
            (r#"{"success":false,"error":"m"}"#, "APIError -"),
        ] {
            let mut call = played(config, "start > send \n head 200 json id=q after=5 > ready \n pull > read");
            call.play(&format!("raw {body} > read"));
            call.play(&format!("end > throw {thrown}"));
            let api = call.error().api.clone().expect("from the server");
            assert_eq!((api.status, api.request_id.as_deref(), api.retry_after_ms), (Some(200), Some("q"), Some(5.0)));
            assert_eq!(call.error().message, "m");
        }
    }
}

#[test]
fn json_that_is_no_response_is_an_error_in_the_servers_words() {
    for (body, thrown, words) in [
        (r#"{"success":false,"message":"Unauthorized, invalid access token"}"#, "APIError -", "invalid access token"),
        (r#"{"code":401,"msg":"bad key","data":null}"#, "AuthenticationError 401", "bad key"),
        (r#"{"detail":"Not Found"}"#, "APIError -", "Not Found"),
        (r#"{"object":"error","message":"m","code":"c"}"#, "APIError c", "m"),
        (r#"{"success":false}"#, "APIError -", "see `error`"),
        ("{}", "ProtocolError unexpected_answer", "see `error`"),
        (r#"{"id":"c","object":"chat.completion","choices":[]}"#, "ProtocolError unexpected_answer", "chat.completion"),
        (r#"{"id":"b","object":"batch","status":"completed"}"#, "ProtocolError unexpected_answer", "batch"),
        (r#"{"output":"text"}"#, "ProtocolError unexpected_answer", "baseURL"),
        (r#"[{"id":"r"}]"#, "ProtocolError invalid_json", r#"[{"id":"r"}]"#),
        (r#""text""#, "ProtocolError invalid_json", r#""text""#),
        ("null", "ProtocolError invalid_json", "null"),
    ] {
        for config in [stream(), whole()] {
            let mut call = reading(config, "json", "");
            call.play(&format!("raw {body} > read"));
            call.play(&format!("end > throw {thrown}"));
            let error = call.error();
            assert!(error.message.contains(words), "{body}: {}", error.message);
            let api = error.api.as_ref().expect("the answer");
            assert_eq!((api.status, api.body.as_deref()), (Some(200), Some(body)));
        }
    }
    reading(stream(), "json", "raw {\"success\":false,\"code\":429} > read \n end > back 250");
}

#[test]
fn json_that_is_not_what_was_asked_for_is_an_error_where_no_response_is_expected_too() {
    let json = Config { expect: Expect::Json, ..once() };
    for (body, thrown) in [
        (r#"{"success":false}"#, "APIError -"),
        (r#"{"success":false,"message":"m","data":[]}"#, "APIError -"),
        (r#"{"object":"error","message":"m","code":404}"#, "NotFoundError 404"),
        (r#"{"code":401,"msg":"bad key","data":null}"#, "AuthenticationError 401"),
        (r#"{"detail":"Not Found"}"#, "APIError -"),
        ("{}", "ProtocolError unexpected_answer"),
        ("null", "ProtocolError invalid_json"),
        ("7", "ProtocolError invalid_json"),
    ] {
        let mut call = reading(json, "json", "");
        call.play(&format!("raw {body} > read"));
        call.play(&format!("end > throw {thrown}"));
        assert_eq!(call.error().api.as_ref().and_then(|api| api.body.as_deref()), Some(body));
    }
    let model = Config { member: "id", ..json };
    for (body, thrown) in [
        (r#"{"object":"model"}"#, "ProtocolError unexpected_answer"),
        (r#"{"id":null,"message":"m"}"#, "APIError -"),
        (r#"{"id":"m","error":{"message":"m","code":404}}"#, "NotFoundError 404"),
        (r#"[{"id":"m"}]"#, "ProtocolError invalid_json"),
        (r#""id""#, "ProtocolError invalid_json"),
    ] {
        reading(model, "json", &format!("raw {body} > read \n end > throw {thrown}"));
    }
    for body in [r#"{"id":"m"}"#, r#"{"id":"m","error":null,"message":"m"}"#] {
        reading(model, "json", &format!("raw {body} > read \n end > finish"));
    }
    let any = Config { expect: Expect::Any, ..once() };
    reading(any, "json", "raw {\"success\":false} > read \n end > throw APIError -");
    for silence in ["{}", "null", r#"{"message":"deleted"}"#, r#"{"success":true}"#] {
        reading(any, "json", &format!("raw {silence} > read \n end > finish"));
    }
}

#[test]
fn servers_are_not_held_to_all_fields_of_a_response() {
    for body in [
        r#"{"output":[]}"#,
        r#"{"object":"response"}"#,
        r#"{"id":"r","status":"completed"}"#,
        r#"{"id":"r","object":null,"status":"completed","error":null}"#,
        r#"{"object":"acme.response","output":[]}"#,
    ] {
        reading(whole(), "json", &format!("raw {body} > read \n end > finish"));
        reading(stream(), "json", &format!("raw {body} > read \n end > deliver completed \n pull > finish"));
    }
}

#[test]
fn a_response_with_an_error_and_without_a_status_has_failed() {
    let body = r#"{"object":"response","output":[],"error":{"code":"server_error","message":"boom"}}"#;
    for (config, came) in [(whole(), "finish"), (stream(), "deliver failed")] {
        let mut call = reading(config, "json", &format!("raw {body} > read \n end > {came}"));
        assert_eq!(call.exchange.response().failure().map(|error| error.message.clone()), Some("boom".into()));
        assert_eq!(call.snapshot()["status"], json!("failed"));
        call.play("pull > finish");
    }
}

#[test]
fn a_response_that_failed_is_a_response() {
    let body = r#"{"object":"response","status":"failed","error":{"code":"c","message":"m"}}"#;
    let mut call = reading(whole(), "json", "");
    call.play(&format!("raw {body} > read"));
    call.play("end > finish");
    assert_eq!(call.exchange.response().failure().map(|error| error.class), Some(Class::ResponseFailedError));
    let mut call = reading(stream(), "json", "");
    call.play(&format!("raw {body} > read"));
    call.play("end > deliver failed");
    assert_eq!(call.exchange.response().failure().map(|error| error.message.clone()), Some("m".into()));
}

#[test]
fn a_page_in_place_of_an_answer_is_refused_by_its_first_bytes() {
    for config in [stream(), whole(), Config { expect: Expect::Json, ..stream() }] {
        for content_type in ["html", "-", "json"] {
            for page in ["<!doctype html>", "\u{feff}\\n <html>"] {
                let mut call = reading(config, content_type, "");
                call.play(&format!("raw {page} > throw ProtocolError unexpected_content_type"));
                call.play("pull > throw ProtocolError unexpected_content_type");
                assert!(call.error().message.contains("with text/html instead"), "{}", call.error().message);
            }
            let mut call = reading(config, content_type, "raw \\n > read");
            call.take("raw <html>");
            call.play("pull > throw ProtocolError unexpected_content_type");
        }
    }
}

#[test]
fn what_is_called_a_page_is_read_as_what_it_is() {
    let sse = "chunk created text:Hi completed";
    let mut call = reading(stream(), "html", &format!("{sse} > deliver created text:Hi completed \n pull > finish"));
    assert_eq!(call.snapshot()["output_text"], json!("Hi"));
    assert!(deviations(&call).starts_with("wrong_content_type"), "{}", deviations(&call));
    reading(whole(), "html", &format!("{sse} > finish"));
    call = reading(whole(), "html", "raw {\"output\":[]} > read \n end > finish");
    assert_eq!(deviations(&call), "wrong_content_type");
    reading(stream(), "html", "raw {\"output\":[]} > read \n end > deliver completed");
    for config in [once(), whole(), Config { expect: Expect::Json, ..once() }] {
        let error = r#"{"error":{"message":"m","code":"c"}}"#;
        reading(config, "html", &format!("raw {error} > read \n end > throw APIError c"));
        reading(config, "html", &format!("raw data: {error}\\n\\n > throw APIError c"));
    }
}

#[test]
fn a_body_that_ends_in_the_middle_is_interrupted_and_one_that_is_no_json_invalid() {
    for (body, thrown) in [
        ("{", "APIConnectionError body_interrupted"),
        (r#"{"id":"r","output":[{"#, "APIConnectionError body_interrupted"),
        (r#"{"id":"r"  "#, "APIConnectionError body_interrupted"),
        (r#"{"id":tru\n\n"#, "APIConnectionError body_interrupted"),
        (r#"{"id":"r"#, "APIConnectionError body_interrupted"),
        (r#"{"id":"r"}}"#, "ProtocolError invalid_json"),
        ("Bad gateway", "ProtocolError invalid_json"),
        (r#"data: {"id":"r"}"#, "StreamTruncatedError stream_truncated"),
        (r#"{"id":'r'}"#, "ProtocolError invalid_json"),
    ] {
        for config in [once(), whole(), Config { expect: Expect::Json, ..once() }] {
            let mut call = reading(Config { max_retries: 0, ..config }, "json", "");
            call.play(&format!("raw {body} > read"));
            call.play(&format!("end > throw {thrown}"));
            assert_eq!(call.error().retryable, body.starts_with("data:"), "the server may have charged for it");
        }
    }
    for body in ["[]", "null", "7", "\"text\""] {
        for config in [once(), whole()] {
            let mut call = reading(config, "json", "");
            call.play(&format!("raw {body} > read"));
            call.play("end > throw ProtocolError invalid_json");
        }
    }
    reading(whole(), "json", "raw {\"output\": > read \n broken reset > throw APIConnectionError body_interrupted");
}

#[test]
fn an_event_or_a_response_beyond_its_limit_is_refused() {
    let many = |count: usize| "x".repeat(count);
    let mut call = reading(stream(), "sse", "");
    call.play(&format!("chunk created text:{} > deliver created text:{}", many(900), many(900)));
    call.play("pull > read");
    call.play(&format!("raw data: {} > read", many(500)));
    call.play(&format!("raw {} > throw ProtocolError event_too_large", many(500)));
    assert!(call.error().message.contains("1000 bytes"));
    call.play("pull > throw ProtocolError event_too_large");
    let mut call = reading(stream(), "sse", "");
    call.play(&format!("chunk created text:Hi text:{} completed > deliver created text:Hi", many(1_000)));
    call.play("pull > throw ProtocolError event_too_large");

    let mut call = reading(whole(), "json", "");
    call.play(&format!("raw {{\"output\":[\"{} > read", many(487)));
    call.play(&format!("raw {}\"]}} > read", many(498)));
    call.play("end > finish");
    assert_eq!(call.exchange.body().len(), 1_000);
    let mut call = reading(whole(), "json", "");
    call.play(&format!("raw {} > read", many(1_000)));
    call.play("raw x > throw ProtocolError response_too_large");
    assert!(call.error().message.contains("1000 bytes"));
}

#[test]
fn a_stream_is_refused_whose_response_grows_beyond_the_limit() {
    for fast_path in [true, false] {
        let config = Config { max_response_bytes: 1_000, fast_path, ..stream() };
        let mut call = reading(config, "sse", "chunk created text:0123456789 > deliver created text:0123456789");
        let mut length = 10;
        let told = loop {
            call.play("pull > read");
            let told = call.take("chunk text:0123456789");
            if told != "deliver text:0123456789" {
                break told;
            }
            length += 10;
        };
        assert_eq!(told, "throw ProtocolError response_too_large");
        assert!(call.error().message.contains("1000 bytes"));
        assert!((500..1_000).contains(&length), "{length}");
        assert_eq!(call.snapshot()["output_text"].as_str().map(str::len), Some(length + 10), "what arrived is there");

        // With so much room, all of it is taken; the same in one chunk.
        let room = length + 10;
        let text = "0123456789".repeat(room / 10);
        let config = Config { max_response_bytes: 1_010, ..config };
        let script = format!("chunk created{} > deliver", " text:0123456789".repeat(room / 10));
        let mut call = reading(config, "sse", "");
        let told = call.take(script.strip_suffix(" > deliver").expect("an input"));
        assert!(told.ends_with("text:0123456789"), "{told}");
        assert_eq!(call.snapshot()["output_text"], text);
        call.play("pull > read \n chunk text:0123456789 > throw ProtocolError response_too_large");
    }
}

#[test]
fn a_chunk_with_more_events_than_may_wait_is_refused_behind_those() {
    for fast_path in [true, false] {
        for (one, told) in [("text:Hi", "text:Hi"), ("acme:x", "acme:x")] {
            let config = Config { max_buffered_events: 3, fast_path, ..stream() };
            let three = |name: &str| format!("{name} {name} {name}");
            let mut call = reading(config, "sse", "");
            for _ in 0..3 {
                call.play(&format!("chunk {} > deliver {} \n pull > read", three(one), three(told)));
            }
            call.play(&format!("chunk {} {one} : > deliver {}", three(one), three(told)));
            call.play("pull > throw ProtocolError too_many_events");
            assert!(call.error().message.contains("(3)"));
        }
    }
    let config = Config { max_buffered_events: 1, ..whole() };
    let call = reading(config, "sse", "chunk created text:Hi text:Hi completed > finish");
    assert_eq!(call.snapshot()["output_text"], "Hi", "none of them waits where no stream was asked for");
}

#[test]
fn events_nested_beyond_the_bound_end_the_stream_wherever_it_is_deep() {
    for depth in [MAX_DEPTH + 1, 100_000] {
        let (open, close) = ("[".repeat(depth), "]".repeat(depth));
        for event in [
            format!(r#"{{"type":"acme:x","a":{open}{close}}}"#),
            format!(r#"{{"type":"response.output_item.added","output_index":0,"item":{open}{close}}}"#),
            format!(r#"{{"type":"response.output_text.delta","delta":{open}{close}}}"#),
            format!("{open}{close}"),
            "{\"a\":".repeat(depth),
        ] {
            let config = Config { max_event_bytes: 1 << 20, max_response_bytes: 1 << 20, ..stream() };
            let mut call = reading(config, "sse", "chunk created > deliver created \n pull > read");
            call.play(&format!("raw data: {event}\\n\\n > throw ProtocolError nested_too_deep"));
            assert!(call.error().message.contains(&MAX_DEPTH.to_string()));
        }
        let config = Config { max_response_bytes: 1 << 20, ..whole() };
        let error = format!(r#"{{"error":{open}{close}}}"#);
        reading(config, "json", &format!("raw {error} > read \n end > throw ProtocolError nested_too_deep"));
    }
}

/// The codes of the deviations, and the sequence numbers.
fn deviations(call: &Call) -> String {
    let list = call.exchange.response().deviations().iter();
    list.map(|(code, _, number)| number.map_or(code.into(), |number| format!("{code}@{number}")))
        .collect::<Vec<_>>()
        .join(" ")
}

fn lines(name: &str) -> String {
    String::from_utf8(bytes(name)).expect("text").replace('\n', "\\n")
}

#[test]
fn an_event_that_is_no_json_is_left_out_and_no_other_is_lost() {
    for broken in ["{broken", "<html>", "[1]", "null", "{\"type\":\"response.output_te", "{}{}"] {
        let mut call = reading(stream(), "sse", "chunk created > deliver created \n pull > read");
        let text = lines("text:Hi");
        call.play(&format!("raw {text}data: {broken}\\n\\n{text} > deliver text:Hi text:Hi"));
        call.play("pull > read \n chunk empty > deliver completed");
        assert_eq!(call.snapshot()["output_text"], json!("HiHi"));
        assert!(deviations(&call).contains("invalid_json"), "{broken}: {}", deviations(&call));
        let strict = Config { strict: true, ..stream() };
        reading(strict, "sse", &format!("raw data: {broken}\\n\\n > throw ProtocolError invalid_json"));
    }
}

#[test]
fn events_that_are_lost_are_listed_one_by_one_to_a_bound() {
    let mut call = reading(stream(), "sse", "");
    call.play("raw data: {1\\n\\ndata: {2\\n\\n > read");
    assert_eq!(deviations(&call), "invalid_json invalid_json");
    for _ in 0..200 {
        call.play("raw data: {\\n\\n > read");
    }
    assert_eq!(call.exchange.response().deviations().len(), 100);
}

#[test]
fn events_without_a_blank_line_between_them_are_taken_apart() {
    let mut call = reading(stream(), "sse", "chunk created > deliver created \n pull > read");
    let line = |name: &str| lines(name).trim_end_matches("\\n").to_owned() + "\\n";
    let (text, last) = (line("text:Hi"), line("completed"));
    call.play(&format!("raw {text}{text}{last}data: [DONE]\\n\\n > deliver text:Hi text:Hi completed"));
    assert!(deviations(&call).contains("joined_events"));
    call.play("pull > finish");
}

#[test]
fn the_last_events_without_blank_lines_are_taken_apart_too() {
    let line = |name: &str| lines(name).trim_end_matches("\\n").to_owned();
    let (text, last) = (line("text:Hi"), line("completed"));
    for (end, came) in [
        (format!("{text}\\n{text}\\n{last}\\n"), "deliver text:Hi text:Hi completed"),
        (format!("{text}\\n{text}\\n{last}"), "deliver text:Hi text:Hi completed"),
        (format!("{text}\\n{last}\\ndata: [DONE]\\n"), "deliver text:Hi completed"),
        (format!("{last}\\ndata: [DONE]"), "deliver completed"),
        (format!("data: {{\\n{text}\\n{last}"), "deliver completed"),
    ] {
        let mut call = reading(once(), "sse", "chunk created > deliver created \n pull > read");
        call.play(&format!("raw {end} > read"));
        call.play(&format!("end > {came} \n pull > finish"));
        let list = deviations(&call);
        assert!(list.contains("joined_events") && list.contains("unterminated_event"), "{list}");
        assert!(!list.contains("invalid_json"), "{list}");
    }
    for cut in [line("text:!"), "data: {\"type\":\"response.output_te".to_owned()] {
        let mut call = reading(once(), "sse", "chunk created > deliver created \n pull > read");
        call.play(&format!("raw {text}\\n{text}\\n{cut} > read"));
        call.play("end > deliver text:Hi text:Hi \n pull > throw StreamTruncatedError stream_truncated");
        assert!(!deviations(&call).contains("invalid_json"), "half an event is none: {cut}");
    }
    for end in [format!("{text}\\ndata: [DONE]\\n"), format!("{text}\\ndata: [DONE]")] {
        let mut call = reading(once(), "sse", "chunk created > deliver created \n pull > read");
        call.play(&format!("raw {end} > read \n end > deliver text:Hi"));
        call.play("pull > throw StreamTruncatedError stream_truncated");
    }
}

#[test]
fn an_error_that_was_appended_to_an_unfinished_event_is_that_error() {
    let errors = [r#"{"type":"error","error":{"code":"c","message":"m"}}"#, r#"{"error":{"code":"c","message":"m"}}"#];
    for error in errors {
        for before in [r#"data: {"type":"response.out"#, "data: {\\n", "data: {\"type\":\"response.out\\ndata: "] {
            for end in ["\\n\\n > throw", " > read \n end > throw"] {
                let mut call =
                    reading(stream(), "sse", "chunk created text:Hi > deliver created text:Hi \n pull > read");
                let prefix = if before.ends_with("{\\n") { "data: " } else { "" };
                call.play(&format!("raw {before}{prefix}{error}{end} APIError c"));
                assert_eq!((call.error().message.as_str(), deviations(&call).contains("invalid_json")), ("m", false));
                assert_eq!(call.snapshot()["output_text"], json!("Hi"));
            }
        }
        let mut call = reading(stream(), "sse", "chunk created > deliver created \n pull > read");
        call.play(&format!(
            "raw {}{error} > deliver text:Hi \n pull > read \n end > throw APIError c",
            lines("text:Hi")
        ));
    }
    let mut call = reading(stream(), "sse", "");
    let whole = lines("text:Hi").trim_end_matches("\\n").to_owned();
    call.play(&format!("raw {whole}\\ndata: {}\\n\\n > deliver text:Hi", errors[0]));
    call.play("pull > throw APIError c");
}

#[test]
fn an_error_event_in_plain_words_is_that_error() {
    for (data, words) in [
        ("data: upstream timed out", "upstream timed out"),
        ("data: upstream\\ndata: timed out", "upstream\ntimed out"),
        ("data: {\"error\":{\"message\":\"bo", "{\"error\":{\"message\":\"bo"),
        ("data: [1]", "[1]"),
    ] {
        for name in ["error", "response.error"] {
            let mut call = reading(stream(), "sse", "chunk created > deliver created \n pull > read");
            call.play(&format!("raw event: {name}\\n{data}\\n\\n > throw APIError -"));
            let error = call.error();
            assert!(error.message.contains(words), "{}", error.message);
            let body = error.api.as_ref().and_then(|api| api.body.as_deref()).expect("a body");
            assert_eq!(serde_json::from_str::<Tree>(body).expect("JSON"), json!(words));
            assert_eq!(deviations(&call), "", "what an error is like does not matter");
        }
    }
    let mut call = reading(stream(), "sse", "raw event: error\\ndata: invalid API key\\n\\n > throw APIError -");
    assert!(!call.error().retryable && call.error().message.contains("invalid API key"));
    call.play("pull > throw APIError -");
    let text = lines("text:Hi").trim_end_matches("\\n").to_owned();
    let mut call = reading(stream(), "sse", "chunk created > deliver created \n pull > read");
    call.play(&format!("raw {text}\\nevent: error\\ndata: upstream timed out > read \n end > deliver text:Hi"));
    call.play("pull > throw APIError -");
    reading(stream(), "sse", "raw event: note\\ndata: upstream timed out\\n\\n > read");
    reading(
        once(),
        "sse",
        "raw event: error\\ndata: {\"error\":{ > read \n end > throw StreamTruncatedError stream_truncated",
    );
}

#[test]
fn an_error_in_a_line_of_its_own_is_that_error_wherever_it_stands() {
    for error in [r#"{"type": "error", "code": "c", "message": "m"}"#, r#"  {"error":{"code":"c","message":"m"}}"#] {
        for end in ["\\n > throw", "\\n\\n > throw", "\\ndata: x\\n\\n > throw", " > read \n end > throw"] {
            let mut call = reading(stream(), "sse", "chunk created > deliver created \n pull > read");
            call.play(&format!("raw {error}{end} APIError c"));
            assert_eq!(call.error().message, "m");
        }
    }
    let mut call = reading(stream(), "sse", "chunk created > deliver created \n pull > read");
    call.play("raw {\"type\":\"acme:x\"}\\n{broken\\n > read");
    assert_eq!(deviations(&call), "", "another line of its own is ignored");
}

#[test]
fn an_event_in_the_line_behind_its_data_is_taken() {
    let misplaced = |name: &str| lines(name).replace("data: {", "data:\\n {");
    let mut call = reading(stream(), "sse", "chunk created > deliver created \n pull > read");
    let (text, last) = (misplaced("text:Hi"), misplaced("completed"));
    call.play(&format!("raw {text}{} > deliver text:Hi ♥ \n pull > read", lines(":")));
    call.play(&format!("raw {last} > deliver completed \n pull > finish"));
    assert!(deviations(&call).contains("misplaced_data"), "{}", deviations(&call));
    for end in ["\\n", ""] {
        let mut call = reading(once(), "sse", "chunk created > deliver created \n pull > read");
        call.play(&format!(
            "raw data:\\n {{\"type\":\"error\",\"message\":\"m\",\"code\":\"c\"}}{end} > {}",
            if end.is_empty() { "read \n end > throw APIError c" } else { "throw APIError c" }
        ));
    }
    let strict = Config { strict: true, ..stream() };
    reading(strict, "sse", &format!("raw {} > throw ProtocolError misplaced_data", misplaced("created")));
}

#[test]
fn json_that_is_not_utf8_is_mended_and_listed() {
    let latin1 = b"{\"output\":[],\"x\":\"caf\xe9\"}";
    for (config, came) in [(whole(), "finish"), (stream(), "deliver completed")] {
        let mut call = reading(config, "json", "");
        assert_eq!(call.give(Input::Chunk(latin1)), "read");
        call.play(&format!("end > {came}"));
        assert_eq!(call.snapshot()["x"], json!("caf\u{fffd}"));
        assert!(deviations(&call).contains("invalid_utf8"), "{}", deviations(&call));
        let mut call = reading(Config { strict: true, ..config }, "json", "");
        call.give(Input::Chunk(latin1));
        call.play("end > throw ProtocolError invalid_utf8");
    }
}

#[test]
fn a_failed_response_may_be_explained_beside_it() {
    for response in ["", r#","response":{"status":"failed"}"#, r#","response":{"status":"failed","error":null}"#] {
        let event = format!(r#"{{"type":"response.failed","code":"server_error","message":"boom"{response}}}"#);
        let mut call = reading(stream(), "sse", "chunk created > deliver created \n pull > read");
        call.play(&format!("raw data: {event}\\n\\n > deliver failed"));
        let failure = call.exchange.response().failure().expect("it failed");
        assert_eq!((failure.message.as_str(), failure.code.as_deref()), ("boom", Some("\"server_error\"")));
        let body = failure.api.as_ref().and_then(|api| api.body.clone());
        assert_eq!(body.as_deref(), Some(event.as_str()));
    }
}

#[test]
fn in_strict_mode_the_first_deviation_ends_the_stream_and_a_clean_one_has_none() {
    let strict = Config { strict: true, ..stream() };
    let mut call = reading(strict, "sse", "chunk created > deliver created \n pull > read");
    call.play("raw data: {\"type\":\"response.output_text.delta\",\"sequence_number\":1,\"item_id\":\"m\",\"delta\":\"a\"}\\n\\n > throw ProtocolError missing_output_index");
    assert!(
        call.error().message.contains("number 1") && call.error().message.contains("strict"),
        "{}",
        call.error().message
    );
    let mut call = reading(strict, "sse", "chunk created > deliver created \n pull > read");
    call.play("raw data: {\"type\":\"error\",\"message\":\"m\",\"code\":\"c\"}\\n\\n > throw APIError c");
    assert_eq!(deviations(&call), "", "what an error is like does not matter");
    let last =
        r#"{"type":"response.completed","sequence_number":1,"response":{"id":"r","status":"completed","output":[]}}"#;
    let mut call = reading(strict, "sse", "chunk created > deliver created \n pull > read");
    call.play(&format!("raw event: response.completed\\ndata: {last}\\n\\n > deliver completed"));
    assert_eq!(deviations(&call), "");
    reading(Config { strict: true, ..whole() }, "json", "raw {\"output\":[]} > read \n end > finish");
    reading(strict, "json", "raw {\"output\":[]} > read \n end > throw ProtocolError json_for_stream");
    reading(Config { strict: true, ..whole() }, "sse", "chunk created > throw ProtocolError stream_for_json");
}

#[test]
fn a_body_is_read_as_what_it_is_whatever_the_server_calls_it() {
    for piece in [1, 7, 1_000] {
        let fed = |config: Config, content_type: &str, body: &str| {
            let mut call = reading(config, content_type, "");
            for chunk in body.as_bytes().chunks(piece) {
                call.give(Input::Chunk(chunk));
                if call.last == Next::Deliver {
                    call.give(Input::Pull);
                }
            }
            call.give(Input::End);
            call.give(Input::Pull);
            (call.last == Next::Finish(Ok(())), call.snapshot()["output_text"].clone(), deviations(&call))
        };
        let sse = String::from_utf8([bytes("created"), bytes("text:Hi"), bytes("completed")].concat()).expect("text");
        let json = r#"{"id":"r","output":[{"type":"message","content":[{"type":"output_text","text":"Hi"}]}]}"#;
        for mark in ["", "\u{feff}", "\n", "\u{feff} \r\n"] {
            for config in [stream(), whole()] {
                let other = if config.expect == Expect::Stream { "json_for_stream" } else { "stream_for_json" };
                let (done, text, list) = fed(config, "json", &format!("{mark}{sse}"));
                assert_eq!((done, text), (true, json!("Hi")), "{mark:?} {piece}");
                assert!(list.starts_with("wrong_content_type"), "{list}");
                assert_eq!(list.contains("stream_for_json"), other == "stream_for_json");
                let (done, text, list) = fed(config, "sse", &format!("{mark}{json}"));
                assert_eq!((done, text), (true, json!("Hi")), "{mark:?} {piece}");
                assert_eq!(
                    list,
                    ["wrong_content_type json_for_stream", "wrong_content_type"]
                        [usize::from(config.expect != Expect::Stream)]
                );
                let (done, text, list) = fed(config, "-", &format!("{mark}{json}"));
                assert_eq!((done, text, list.contains("wrong")), (true, json!("Hi"), false));
                let (done, text, list) = fed(config, "text/plain", &format!("{mark}{sse}"));
                assert_eq!((done, text, list.contains("wrong")), (true, json!("Hi"), false));
            }
        }
    }
}

#[test]
fn an_answer_without_a_body_is_none_but_where_nothing_is_expected() {
    for head in ["204 -", "205 -", "200 json"] {
        for config in [stream(), whole(), Config { expect: Expect::Json, ..stream() }] {
            let mut call = played(config, &format!("start > send \n head {head} > ready \n pull > read"));
            call.play("raw \u{feff}\\n > read \n end > throw ProtocolError empty_answer");
            let message = &call.error().message;
            assert!(message.contains("empty") && message.contains(&head[..3]), "{message}");
        }
    }
}

#[test]
fn a_stream_is_no_answer_where_other_json_is_asked_for() {
    for expect in [Expect::Json, Expect::Any] {
        for content_type in ["sse", "json"] {
            for last in ["completed", "incomplete", "completed…"] {
                let mut call = reading(Config { expect, ..once() }, content_type, "chunk created > read");
                call.take(&format!("chunk {last}"));
                call.take("end");
                call.play("pull > throw ProtocolError unexpected_content_type");
                let message = &call.error().message;
                assert!(message.contains("an event stream instead of JSON."), "{message}");
            }
            let mut call = reading(Config { expect, ..once() }, content_type, "chunk created > read");
            let failed = r#"{"type":"response.failed","response":{"error":{"message":"m","code":"c"}}}"#;
            call.play(&format!("raw data: {failed}\\n\\n > throw ResponseFailedError c"));
            reading(
                Config { expect, ..once() },
                content_type,
                r#"raw data: {"error":{"message":"m","code":"c"}}\n\n > throw APIError c"#,
            );
        }
    }
}

#[test]
fn a_refusal_may_be_a_stream() {
    let error = r#"{"type":"error","error":{"message":"m","code":"c"}}"#;
    let failed = r#"{"type":"response.failed","response":{"status":"failed","error":{"message":"m","code":"c"}}}"#;
    for data in [error, failed, r#"{"error":{"message":"m","code":"c"}}"#] {
        let mut call = played(Config { max_retries: 0, ..stream() }, "start > send \n head 500 sse id=q > read");
        call.play(&format!("raw event: x\\ndata: {data}\\n\\ndata: [DONE]\\n\\n > read"));
        call.play("end > throw InternalServerError c");
        assert_eq!(call.error().message, "m");
        let api = call.error().api.clone().expect("from the server");
        assert_eq!((api.status, api.request_id.as_deref()), (Some(500), Some("q")));
    }
    let mut call = played(Config { max_retries: 0, ..stream() }, "start > send \n head 400 sse > read");
    call.play(&format!("raw \u{feff}data: {error} > read"));
    call.play("end > throw BadRequestError c");
    let mut call = played(Config { max_retries: 0, ..stream() }, "start > send \n head 400 - > read");
    call.play("raw \u{feff}{\"error\":{\"message\":\"m\",\"code\":7}} > read");
    call.play("end > throw BadRequestError 7");
    let mut call = played(Config { max_retries: 0, ..stream() }, "start > send \n head 502 - > read");
    call.play("raw data center on fire > read \n end > throw BadGatewayError -");
    assert!(call.error().message.contains("data center on fire"));
}

#[test]
fn an_error_event_tells_when_to_ask_again() {
    for (headers, milliseconds) in [
        (r#"{"Retry-After":"2"}"#, Some(2_000.0)),
        (r#"{"retry-after":2}"#, Some(2_000.0)),
        (r#"{"retry-after-ms":"250","retry-after":"2","x-request-id":"q"}"#, Some(250.0)),
        (r#"{"retry-after":"Sun, 06 Nov 1994 08:49:37 GMT"}"#, None),
        ("null", None),
        ("[1]", None),
    ] {
        let mut call = reading(once(), "sse", "");
        call.play(&format!(
            "raw data: {{\"type\":\"error\",\"error\":{{\"code\":\"rate_limit_exceeded\",\"message\":\"m\",\"headers\":{headers}}}}}\\n\\n > throw RateLimitError rate_limit_exceeded"
        ));
        let api = call.error().api.clone().expect("from the server");
        assert_eq!((api.retry_after_ms, call.error().retryable), (milliseconds, true), "{headers}");
        assert_eq!(api.request_id.is_some(), headers.contains("x-request-id"));
    }
}

#[test]
fn what_is_wrong_with_the_lines_of_a_stream_is_listed() {
    for (raw, codes) in [
        ("event: response.created\\ndata: {\"type\":\"acme:ping\"}\\n\\n", "event_name_mismatch"),
        ("event: acme:ping\\ndata: {\"type\":\"acme:ping\"}\\n\\n", ""),
        ("data: {\"type\":\"acme:ping\"}\\n\\n", ""),
        ("data: {\"a\":1}\\n\\n", "missing_type"),
    ] {
        let mut call = reading(stream(), "sse", "");
        call.take(&format!("raw {raw}"));
        assert_eq!(deviations(&call), codes, "{raw}");
    }
    let mut call = reading(stream(), "sse", "");
    call.give(Input::Chunk(b"data: {\"type\":\"acme:ping\",\"a\":\"\xF0\x9F\xA6\"}\n\n"));
    assert_eq!(deviations(&call), "invalid_utf8");
}

#[test]
fn an_event_without_a_type_is_told_with_one() {
    let told = |config: Config, raw: &str| {
        let mut call = reading(config, "sse", "");
        call.give(Input::Chunk(raw.replace("\\n", "\n").as_bytes()));
        serde_json::from_str::<Tree>(call.exchange.block().json()).expect("an array")
    };
    for (raw, expected) in [
        (
            r#"event: response.output_text.delta\ndata: {"delta":"a"}"#,
            json!({ "type": "response.output_text.delta", "delta": "a" }),
        ),
        (
            r#"event: response.text.delta\ndata: {"delta":"a"}"#,
            json!({ "type": "response.output_text.delta", "delta": "a" }),
        ),
        (r#"event: acme:ping\ndata: {"type":null,"a":1}"#, json!({ "type": "acme:ping", "a": 1 })),
        (r#"data: {"a":1}"#, json!({ "type": "message", "a": 1 })),
        (
            r#"data: {"object":"response","id":"r"}"#,
            json!({ "type": "response.in_progress", "response": { "object": "response", "id": "r" } }),
        ),
        (r#"data: {"type":"acme:ping"}"#, json!({ "type": "acme:ping" })),
    ] {
        assert_eq!(told(stream(), &format!("{raw}\\n\\n")), json!([expected]), "{raw}");
    }
}

#[test]
fn what_cannot_be_mended_is_thrown_as_it_is_in_every_state() {
    for script in [
        "",
        "start > send",
        "start > send \n head 500 - > read",
        "start > send \n broken > back 250",
        "start > send \n head 200 sse > ready",
        "start > send \n head 200 sse > ready \n pull > read \n chunk created > deliver created",
    ] {
        let mut call = played(stream(), script);
        call.play("fatal > throw OpenResponsesError invalid_fetch \n pull > throw OpenResponsesError invalid_fetch");
        assert_eq!(call.error(), &fatal());
    }
}

/// A script into every state, and what a pull says once it has been aborted there.
const STATES: &[(&str, &str, &str)] = &[
    ("idle", "", "throw APIUserAbortError aborted"),
    ("sending", "start > send", "throw APIUserAbortError aborted"),
    ("refused", "start > send \n head 500 - > read \n raw half > read", "throw APIUserAbortError aborted"),
    ("waiting", "start > send \n broken > back 250", "throw APIUserAbortError aborted"),
    ("sending again", "start > send \n broken > back 250 \n +250 timer > send", "throw APIUserAbortError aborted"),
    ("ready", "start > send \n head 200 sse > ready", "throw APIUserAbortError aborted"),
    (
        "reading a stream",
        "start > send \n head 200 sse > ready \n pull > read \n chunk text:a/1 > read",
        "throw APIUserAbortError aborted",
    ),
    (
        "delivering",
        "start > send \n head 200 sse > ready \n pull > read \n chunk created > deliver created",
        "throw APIUserAbortError aborted",
    ),
    (
        "reading JSON",
        "start > send \n head 200 json > ready \n pull > read \n raw {} > read",
        "throw APIUserAbortError aborted",
    ),
    (
        "complete, but not told",
        "start > send \n head 200 sse > ready \n pull > read \n chunk completed > deliver completed",
        "finish",
    ),
    (
        "complete",
        "start > send \n head 200 sse > ready \n pull > read \n chunk completed > deliver completed \n pull > finish",
        "finish",
    ),
    ("failed", "start > send \n head 400 - > read \n end > throw BadRequestError -", "throw BadRequestError -"),
    (
        "failed, but not told",
        "start > send \n head 200 sse > ready \n pull > read \n chunk created [DONE] > deliver created",
        "throw StreamTruncatedError stream_truncated",
    ),
];

#[test]
fn an_abort_ends_the_call_in_every_state() {
    for (state, script, end) in STATES {
        let mut call = played(stream(), script);
        let was_over = call.exchange.is_over();
        let came = call.give(Input::Abort);
        assert_eq!(came, if was_over { "wait" } else { *end }, "{state}");
        assert!(call.exchange.is_over(), "{state}");
        assert_eq!(call.exchange.is_complete(), *end == "finish", "{state}");
        call.play("deadline > none");
        call.play(&format!("pull > {end} \n start > {end}"));
        if let Next::Finish(Err(error)) = &call.last {
            assert!(!error.retryable, "{state}");
        }
    }
}

#[test]
fn what_comes_after_the_end_changes_nothing() {
    for (state, script, end) in STATES {
        let mut call = played(stream(), script);
        call.give(Input::Abort);
        let before = (call.snapshot(), call.exchange.body().to_owned(), call.block());
        for late in [
            "abort",
            "timer",
            "+1000000 timer",
            "head 200 sse",
            "head 500 -",
            "chunk completed",
            "chunk text:x",
            "end",
            "broken x",
            "fatal",
        ] {
            call.play(&format!("{late} > wait"));
            call.play(&format!("pull > {end} \n start > {end} \n deadline > none"));
        }
        let after = (call.snapshot(), call.exchange.body().to_owned(), call.block());
        assert_eq!(after, before, "{state}");
    }
}

#[test]
fn what_does_not_belong_to_a_state_changes_nothing() {
    for (script, strange) in [
        ("", "pull chunk head end broken timer"),
        ("start > send", "start pull chunk end timer"),
        ("start > send \n head 500 - > read", "start pull head timer"),
        ("start > send \n broken > back 250", "start pull chunk head end broken timer"),
        ("start > send \n head 200 sse > ready", "start head timer"),
    ] {
        for name in strange.split(' ') {
            let input = match name {
                "chunk" => "chunk completed",
                "head" => "head 200 sse",
                "broken" => "broken x",
                name => name,
            };
            played(stream(), &format!("{script} \n {input} > wait"));
        }
    }
}

/// Any input, with the milliseconds that pass before it.
fn input() -> impl Strategy<Value = (u16, String)> {
    let given = prop::sample::select(vec![
        "start",
        "start",
        "pull",
        "pull",
        "pull",
        "pull",
        "end",
        "timer",
        "timer",
        "abort",
        "broken x",
        "fatal",
        "head 200 sse",
        "head 200 sse",
        "head 200 sse",
        "head 200 json",
        "head 200 html",
        "head 204 -",
        "head 429 - after=5",
        "head 500 json",
        "head 401 -",
        "head 400 - should=true",
        "chunk created",
        "chunk text:H",
        "chunk text:i/1",
        "chunk text:i/2",
        "chunk :",
        "chunk completed",
        "chunk failed",
        "chunk completed…",
        "chunk [DONE]",
        "chunk acme:x text:H",
        "chunk",
        "raw {\"output\":[]}",
        "raw {",
        "raw data: {broken\\n\\n",
        "raw \\n\\n",
        "raw data: {\"error\":{\"message\":\"m\"}}\\n\\n",
    ]);
    (prop_oneof![3 => Just(0), 1 => 0..2_000_u16], given.prop_map(String::from))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_inputs_in_any_order_lead_to_one_end(
        inputs in prop::collection::vec(input(), 0..40),
        expect in prop::sample::select(vec![Expect::Stream, Expect::Response, Expect::Json]),
        max_retries in 0..4_u32,
    ) {
        let timeouts = Timeouts { head: 1_000.0, first_event: 3_000.0, idle: 2_000.0, total: 20_000.0 };
        let mut call = Call::new(Config { expect, max_retries, ..timed(timeouts) });
        let (mut sent, mut is_answered, mut is_told, mut end) = (0, false, false, None);
        for (later, input) in inputs {
            call.now += f64::from(later);
            let came = call.take(&input);
            match &call.last {
                Next::Send => {
                    sent += 1;
                    prop_assert!(sent <= max_retries + 1);
                    prop_assert!(!is_told, "what was told is not asked for twice");
                }
                Next::Back => prop_assert!(call.exchange.deadline().is_some_and(|at| at.is_finite())),
                Next::Ready => is_answered = true,
                Next::Deliver => {
                    prop_assert!(is_answered && !call.exchange.block().is_empty());
                    is_told |= call.exchange.block().events() > 0;
                }
                Next::Finish(_) => {
                    prop_assert!(call.exchange.is_over());
                    prop_assert_eq!(end.get_or_insert(came.clone()), &came, "one end, and always the same");
                }
                Next::Read | Next::Wait | Next::Cut => (),
            }
            if call.exchange.is_over() {
                prop_assert_eq!(call.exchange.deadline(), None);
                let before = call.block();
                let came = call.give(Input::Pull);
                prop_assert!(matches!(call.last, Next::Finish(_)), "{}", came);
                prop_assert_eq!(end.get_or_insert(came.clone()), &came);
                prop_assert_eq!(matches!(call.last, Next::Finish(Ok(()))), call.exchange.is_complete());
                prop_assert_eq!(call.block(), before);
            }
            prop_assert!(call.snapshot().is_object());
        }
        call.give(Input::Abort);
        call.give(Input::Pull);
        prop_assert!(matches!(call.last, Next::Finish(_)));
    }

    #[test]
    fn any_bytes_in_any_chunks_lead_to_an_end(
        pieces in prop::collection::vec(
            prop_oneof![
                2 => prop::collection::vec(any::<u8>(), 0..12),
                3 => prop::sample::select(vec![
                    "data:", "event: error", "\n", "\n\n", "\r", "{", "}", "[", "\"", "\\ud83e", "null", "\u{feff}",
                    r#"{"error":"#, r#"{"type":"error""#, r#"{"type":"response.output_text.delta","delta":"a"}"#,
                    r#"{"type":"response.completed","response":{"output":[{"#, "[DONE]", ": :", "\"usage\":{},",
                ]).prop_map(|text| text.as_bytes().to_vec()),
                1 => prop::sample::select(vec!["created", "text:H", "completed", "failed/1"]).prop_map(bytes),
            ],
            0..24,
        ),
        expect in prop::sample::select(vec![Expect::Stream, Expect::Response, Expect::Json]),
        content_type in prop::sample::select(vec!["sse", "json", "-"]),
        status in prop::sample::select(vec![200, 200, 204, 500]),
        strict in any::<bool>(),
    ) {
        let mut call = Call::new(Config { expect, strict, max_retries: 0, max_event_bytes: 200, ..once() });
        call.take("start");
        call.take(&format!("head {status} {content_type}"));
        call.take("pull");
        for piece in &pieces {
            call.give(Input::Chunk(piece));
            if call.last == Next::Deliver {
                let _checked = call.delivered();
                call.give(Input::Pull);
            }
        }
        call.give(Input::End);
        call.give(Input::Pull);
        prop_assert!(matches!(call.last, Next::Finish(_)));
        prop_assert!(call.snapshot().is_object());
        if strict && let Next::Finish(Ok(())) = call.last {
            prop_assert_eq!(deviations(&call), "", "a deviation is an error");
        }
    }

    #[test]
    fn a_stream_without_its_blank_lines_says_the_same(
        names in prop::collection::vec(prop::sample::select(vec!["text:H", "text:é", "acme:x", "text:a@5"]), 0..8),
        last in prop::sample::select(vec!["completed", "failed", "incomplete"]),
        is_done in any::<bool>(),
        is_named in any::<bool>(),
        line_end in prop::sample::select(vec!["\n", "\r\n", "\r"]),
        has_line_end in any::<bool>(),
        places in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
    ) {
        let names = ["created"].into_iter().chain(names).chain([last]).chain(is_done.then_some("[DONE]"));
        let mut stream: String = names.map(|name| String::from_utf8(bytes(name)).expect("text")).collect();
        if is_named {
            stream = stream.replace("data: {\"type\":\"response", "event: response\ndata: {\"type\":\"response");
        }
        let told = |stream: &str| {
            let mut call = reading(Config { max_event_bytes: 10_000, ..once() }, "sse", "");
            let mut places: Vec<usize> = places.iter().map(|place| place.index(stream.len())).collect();
            places.sort_unstable();
            let mut from = 0;
            let mut events = String::new();
            for to in places.into_iter().chain([stream.len()]) {
                let came = call.give(Input::Chunk(&stream.as_bytes()[from..to]));
                events += came.strip_prefix("deliver").unwrap_or_default();
                call.give(Input::Pull);
                from = to;
            }
            let came = call.give(Input::End);
            events += came.strip_prefix("deliver").unwrap_or_default();
            call.give(Input::Pull);
            (events, call.last.clone(), call.snapshot())
        };
        let joined = stream.trim_end().replace("\n\n", "\n") + if has_line_end { "\n" } else { "" };
        prop_assert_eq!(told(&joined.replace('\n', line_end)), told(&stream.replace('\n', line_end)));
    }

    #[test]
    fn a_stream_says_the_same_however_it_is_cut(
        names in prop::collection::vec(
            prop::sample::select(vec![
                "created", "text:H", "text:é", ":", "acme:x", "completed", "failed", "[DONE]", "completed…",
            ]),
            0..8,
        ),
        places in prop::collection::vec(any::<prop::sample::Index>(), 0..8),
    ) {
        let stream_bytes: Vec<u8> = names.iter().flat_map(|name| bytes(name)).collect();
        let told = |places: &[usize]| {
            let mut call = reading(once(), "sse", "");
            let mut delivered = String::new();
            let mut from = 0;
            for to in places.iter().copied().chain([stream_bytes.len()]) {
                let chunk = stream_bytes.get(from..to).expect("in order");
                from = to;
                call.give(Input::Chunk(chunk));
                if call.last == Next::Deliver {
                    delivered += &call.delivered().replace(" ♥", "");
                    call.give(Input::Pull);
                }
            }
            call.give(Input::End);
            if call.last == Next::Deliver {
                delivered += &call.delivered();
            }
            (delivered, call.give(Input::Pull), call.snapshot())
        };
        let mut places: Vec<usize> = places.iter().map(|place| place.index(stream_bytes.len() + 1)).collect();
        places.sort_unstable();
        let everywhere: Vec<usize> = (0..stream_bytes.len()).collect();
        let whole = told(&[]);
        prop_assert_eq!(told(&places), whole.clone());
        prop_assert_eq!(told(&everywhere), whole);
    }
}

#[test]
fn advice_alone_is_no_reason_to_wait_for_an_accepted_answer() {
    let head = Head {
        status: 200,
        content_type: Some("text/event-stream".into()),
        request_id: None,
        advice: Advice { should_retry: Some(true), after_ms: Some(9.0) },
        ..Head::default()
    };
    let mut call = played(once(), "start > send");
    assert_eq!(call.give(Input::Head(head)), "ready");
    call.play("pull > read \n end > throw StreamTruncatedError stream_truncated");
}

#[test]
fn an_answer_that_may_be_missing_may_be_missing() {
    let deletion = Config { expect: Expect::Any, ..stream() };
    for (status, kind) in [(204, "-"), (200, "json"), (200, "-")] {
        let mut call = reading_status(deletion, status, kind);
        call.play("end > finish");
        assert_eq!(call.exchange.body(), "null");
    }
    let mut call = reading_status(deletion, 200, "json");
    call.play("raw {\"deleted\":true} > read\nend > finish");
    assert_eq!(call.exchange.body(), "{\"deleted\":true}");
    let mut call = reading_status(deletion, 200, "json");
    call.play("raw {\"dele > read\nend > throw APIConnectionError body_interrupted");
}

fn reading_status(config: Config, status: u16, kind: &str) -> Call {
    let mut call = Call::new(config);
    call.play(&format!("start > send\nhead {status} {kind} > ready\npull > read"));
    call
}
