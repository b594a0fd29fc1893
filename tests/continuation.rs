//! Calls that go on after something broke, told as scripts.
#![cfg(not(target_arch = "wasm32"))]

mod block;
mod script;

use openresponses_wasm::exchange::{Config, Exchange, Expect, Head, Input, Moment, Next, Resumed, Timeouts};
use openresponses_wasm::response::missing_texts;
use proptest::prelude::*;
use script::{Call, bytes, once, played, reading, stream, timed, whole};
use serde_json::json;

/// A stream of a response in the background, asked for once, of which two texts have come.
fn begun(config: Config) -> Call {
    reading(config, "sse", "chunk background text:A@1 text:B@2 > deliver created text:A text:B \n pull > read")
}

fn text(call: &Call) -> String {
    call.snapshot()["output_text"].as_str().unwrap_or_default().to_owned()
}

const BREAKS: [&str; 3] = ["end", "broken reset", "chunk [DONE]"];

#[test]
fn until_the_first_event_a_broken_stream_is_asked_for_again() {
    for comment in ["", "chunk : > deliver ♥ \n pull > read"] {
        for broken in BREAKS {
            let mut call = reading(stream(), "sse", comment);
            call.play(&format!(
                "{broken} > back 250
                 +250 timer > send
                 head 200 sse > read
                 {broken} > back 500
                 +500 timer > send
                 head 200 sse > read
                 chunk created text:Hi > deliver created text:Hi
                 pull > read
                 {broken} > throw StreamTruncatedError stream_truncated"
            ));
            assert_eq!(text(&call), "Hi");
        }
    }
}

#[test]
fn attempts_for_the_head_and_for_the_first_event_are_counted_together() {
    played(
        stream(),
        "start > send
         broken refused > back 250
         +250 timer > send
         head 503 json > read
         end > back 500
         +500 timer > send
         head 200 sse > ready
         pull > read
         end > throw StreamTruncatedError stream_truncated",
    );
}

#[test]
fn an_error_event_before_every_other_is_like_an_error_status() {
    let refusal = |code| format!(r#"raw data: {{"type":"error","error":{{"code":"{code}","message":"m"}}}}\n\n"#);
    let call = &mut reading(stream(), "sse", "");
    call.play(&format!("{} > back 250 \n +250 timer > send \n head 200 sse > read", refusal("server_error")));
    call.play(&format!("{} > throw BadRequestError invalid_prompt", refusal("invalid_prompt")));
    let call = &mut reading(stream(), "sse", "chunk created > deliver created \n pull > read");
    call.play(&format!("{} > throw InternalServerError server_error", refusal("server_error")));
}

#[test]
fn a_silence_before_the_first_event_is_broken_by_another_request_and_each_has_all_the_time() {
    for (timeouts, code) in [
        (Timeouts { idle: 100.0, ..Timeouts::NONE }, "timeout_idle"),
        (Timeouts { first_event: 100.0, ..Timeouts::NONE }, "timeout_first_event"),
    ] {
        let mut call = reading(Config { max_retries: 1, ..timed(timeouts) }, "sse", "");
        call.play("+60 chunk completed/1 > read");
        call.play("+100 timer > back 250 \n +250 timer > send \n +5000 head 200 sse > read \n deadline > 100");
        call.play(&format!("+100 timer > throw APIConnectionTimeoutError {code}"));
        assert!(call.error().retryable);
    }
}

#[test]
fn an_answer_that_is_no_stream_is_worked_on_once() {
    reading(whole(), "json", "raw {\"output\": > read \n broken reset > throw APIConnectionError body_interrupted");
    let config = Config { expect: Expect::Response, ..timed(Timeouts { idle: 100.0, ..Timeouts::NONE }) };
    reading(config, "json", "raw {\"output\": > read \n +100 timer > throw APIConnectionTimeoutError timeout_idle");
}

#[test]
fn another_key_is_asked_for_once_and_that_is_no_retry() {
    let config = Config { renews_key: true, ..once() };
    let mut call = played(
        config,
        "start > send
         head 401 json > read
         end > back 0
         timer > send
         head 401 json > read
         end > throw AuthenticationError -",
    );
    assert!(call.exchange.again().is_renewal && call.exchange.again().to_json().contains(r#""kind":"renewal""#));
    call =
        played(config, "start > send \n head 401 json > read \n end > back 0 \n timer > send \n head 200 sse > ready");
    call.play("pull > read \n chunk created completed > deliver created completed \n pull > finish");
    played(once(), "start > send \n head 401 json > read \n end > throw AuthenticationError -");
    played(config, "start > send \n head 403 json > read \n end > throw PermissionDeniedError -");
}

#[test]
fn a_stream_that_the_server_keeps_goes_on_where_it_broke() {
    for broken in BREAKS {
        let mut call = begun(once());
        call.play(&format!(
            "{broken} > back 250
             +250 timer > resume 2
             head 200 sse > read
             chunk text:C@3 > deliver text:C
             pull > read
             chunk completed@4 > deliver completed
             pull > finish"
        ));
        assert_eq!(call.exchange.resumed(), (1, Resumed { starting_after: Some(2), is_polled: false }));
        assert_eq!(text(&call), "Hi", "the terminal event has the last word");
        assert_eq!(call.exchange.response().deviations().len(), call.exchange.response().deviations().iter().count());
    }
}

#[test]
fn what_came_before_the_break_is_delivered_before_anything_else_happens() {
    let mut call = reading(once(), "sse", "");
    call.play(
        "chunk background text:A@1 [DONE] > deliver created text:A
         deadline > none
         timer > wait
         pull > back 250
         +250 timer > resume 1",
    );
    assert!(!call.exchange.is_over());
}

#[test]
fn what_a_server_repeats_is_told_once() {
    for repeated in
        ["", "text:B@2 ", "text:A@1 text:B@2 ", "background text:A@1 text:B@2 ", "background : text:B@2 acme:x@1 "]
    {
        let mut call = begun(once());
        call.play("end > back 250 \n +250 timer > resume 2 \n head 200 sse > read");
        let hearts = if repeated.contains(':') && repeated.contains(" : ") { " ♥" } else { "" };
        call.play(&format!("chunk {repeated}text:C@3 > deliver text:C{hearts}"));
        assert_eq!(text(&call), "ABC", "after {repeated}");
        call.play("pull > read \n chunk text:D@4 completed@5 > deliver text:D completed \n pull > finish");
    }
}

#[test]
fn a_stream_goes_on_as_often_as_it_breaks_as_long_as_it_comes_on() {
    let mut call = begun(once());
    for number in 3..40 {
        call.play(&format!(
            "broken reset > back 250
             +250 timer > resume {}
             head 200 sse > read
             chunk text:x@{number} > deliver text:x
             pull > read",
            number - 1
        ));
    }
    let (times, how) = call.exchange.resumed();
    assert_eq!((times, how.starting_after), (37, Some(38)));
    call.play("chunk completed@40 > deliver completed \n pull > finish");
}

#[test]
fn attempts_without_progress_end_in_asking_for_the_response_as_it_is() {
    let mut call = begun(stream());
    call.play(
        "end > back 250
         +250 timer > resume 2
         broken refused > back 250
         +250 timer > resume 2
         head 200 sse > read
         chunk text:A@1 text:B@2 > read
         end > back 500
         +500 timer > resume 2
         head 503 json > read
         end > back 250
         +250 timer > poll
         head 503 json > read
         end > back 250
         +250 timer > poll
         +1000 timer > back 500
         +500 timer > poll
         broken refused > throw StreamTruncatedError stream_truncated",
    );
    let message = &call.error().message;
    assert!(message.contains("sequence number 2") && message.contains("could not be reached"), "{message}");
    assert_eq!((text(&call).as_str(), call.error().last_sequence_number), ("AB", Some(2)));
}

#[test]
fn a_server_that_has_no_stream_any_more_is_asked_for_the_response_until_it_is_done() {
    let done = r#"{"id":"r","status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"ABCD"}]}]}"#;
    for refusal in ["head 404 json", "head 400 json", "head 405 json", "head 501 json should=false"] {
        let mut call = begun(once());
        call.play(&format!("end > back 250 \n +250 timer > resume 2 \n {refusal} > read \n end > back 250"));
        for delay in [375, 750, 1500, 3000, 6000, 6000] {
            call.play("+9000 timer > poll \n head 200 json > read");
            call.play("raw {\"id\":\"r\",\"status\":\"in_progress\",\"output\":[]} > read");
            call.play(&format!("end > back {delay}"));
            assert_eq!(call.exchange.again().error, None);
        }
        call.play(&format!("+6000 timer > poll \n head 200 json > read \n raw {done} > read"));
        call.play("end > deliver text:CD completed \n pull > finish");
        assert_eq!(call.exchange.resumed(), (1, Resumed { starting_after: Some(2), is_polled: true }));
        assert_eq!((text(&call).as_str(), call.exchange.body()), ("ABCD", ""));
        assert!(call.exchange.is_complete());
    }
}

#[test]
fn a_server_that_wants_to_be_left_alone_for_too_long_is_asked_for_nothing_more() {
    let truncated = "throw StreamTruncatedError stream_truncated";
    for (config, refusal) in [
        (once(), "429 - after=60001"),
        (stream(), "429 - after=3600000"),
        (stream(), "503 - after=60001 should=true"),
        (stream(), "404 - after=60001"),
    ] {
        let mut call = begun(config);
        call.play(&format!("end > back 250 \n +250 timer > resume 2 \n head {refusal} > read \n end > {truncated}"));
        call.play("deadline > none");
        let api = call.error().api.clone().unwrap_or_default();
        assert!(api.retry_after_ms >= Some(60_001.0) && api.status.is_none(), "{refusal}: {api:?}");
        assert!(call.error().message.contains("Going on with it failed"), "{}", call.error().message);
        assert_eq!((text(&call).as_str(), call.error().last_sequence_number), ("AB", Some(2)));
    }
    let mut polled = begun(once());
    polled.play("end > back 250 \n +250 timer > resume 2 \n head 404 - > read \n end > back 250 \n +250 timer > poll");
    polled.play(&format!("head 429 - after=60001 > read \n end > {truncated}"));
    assert_eq!(polled.error().api.as_ref().and_then(|api| api.retry_after_ms), Some(60_001.0));
}

#[test]
fn a_server_that_refuses_the_stream_is_not_asked_for_the_response_before_it_wants_to_be() {
    let mut call = begun(once());
    call.play("end > back 250 \n +250 timer > resume 2 \n head 429 - after=60000 > read \n end > back 60000");
    call.play("+60000 timer > poll");
}

#[test]
fn a_server_that_answers_with_the_response_instead_of_its_stream_is_asked_on() {
    let mut call = begun(once());
    call.play("end > back 250 \n +250 timer > resume 2 \n head 200 json > read");
    call.play("raw {\"id\":\"r\",\"status\":\"queued\",\"output\":[]} > read \n end > back 375 \n +375 timer > poll");
    call.play("head 200 json > read \n raw {\"id\":\"r\",\"status\":\"failed\",\"error\":{\"message\":\"no\"}} > read");
    call.play("end > deliver failed \n pull > finish");
    assert_eq!(call.exchange.failure().expect("failed").message, "no");
}

#[test]
fn events_that_are_not_the_next_ones_are_not_told() {
    for other in ["text:X@4", "text:X", "text:B@2 text:X@9"] {
        let mut call = begun(once());
        call.play("end > back 250 \n +250 timer > resume 2 \n head 200 sse > read");
        call.play(&format!("chunk {other} > back 250 \n +250 timer > poll"));
        assert_eq!(text(&call), "AB", "{other}");
    }
}

#[test]
fn a_stream_without_numbers_is_not_resumed_but_asked_for_as_a_whole() {
    let response = r#"{"type":"response.created","response":{"id":"r","background":true,"output":[]}}"#;
    let call = &mut reading(once(), "sse", "");
    call.play(&format!(
        "raw data: {response}\\n\\n > deliver created \n pull > read \n end > back 250 \n +250 timer > poll"
    ));
}

#[test]
fn a_stream_that_the_server_does_not_keep_is_truncated() {
    let truncated = "throw StreamTruncatedError stream_truncated";
    let created = "chunk created text:A@1 > deliver created text:A \n pull > read";
    reading(once(), "sse", &format!("{created} \n end > {truncated}"));
    let off = Config { goes_on: false, ..once() };
    begun(off).play(&format!("end > {truncated}"));
    // The response says that it does not work in the background, whatever was asked for.
    let asked = Config { background: true, ..once() };
    reading(asked, "sse", &format!("{created} \n end > back 250"));
    let refused = r#"raw data: {"type":"response.created","sequence_number":0,"response":{"id":"r","background":false}}\n\n > deliver created"#;
    reading(asked, "sse", &format!("{refused} \n pull > read \n end > {truncated}"));
    let nameless = r#"raw data: {"type":"response.created","sequence_number":0,"response":{"background":true}}\n\n > deliver created"#;
    reading(asked, "sse", &format!("{nameless} \n pull > read \n end > {truncated}"));
    let mut kept = played(once(), "start > send \n head 200 sse kept=true > ready \n pull > read");
    kept.play(&format!("{created} \n end > back 250 \n +250 timer > resume 1"));
}

#[test]
fn a_silence_breaks_a_stream_that_goes_on_and_the_time_for_all_of_it_ends_it() {
    let mut call =
        begun(Config { max_retries: 0, ..timed(Timeouts { idle: 100.0, total: 1_000.0, ..Timeouts::NONE }) });
    call.play(
        "+100 timer > back 250
         +250 timer > resume 2
         head 200 sse > read
         deadline > 100
         +50 chunk text:C@3 > deliver text:C
         deadline > 600
         pull > read
         +100 timer > back 250
         +250 timer > resume 3
         +250 timer > throw APIConnectionTimeoutError timeout_total",
    );
    assert_eq!(text(&call), "ABC");
    let mut call = begun(timed(Timeouts { total: 100.0, ..Timeouts::NONE }));
    call.play("end > throw StreamTruncatedError stream_truncated");
}

#[test]
fn a_response_that_was_asked_for_by_its_id_goes_on_and_what_was_known_is_not_told() {
    let config = Config { resumes: true, starting_after: Some(2), ..once() };
    let mut call =
        reading(config, "sse", "chunk background text:A@1 text:B@2 text:C@3 > deliver text:C \n pull > read");
    call.play("end > back 250 \n +250 timer > resume 3 \n head 404 json > read \n end > back 250 \n +250 timer > poll");
    let done = r#"{"id":"r","status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"ABCD"}]}]}"#;
    call.play(&format!("head 200 json > read \n raw {done} > read \n end > deliver text:D completed \n pull > finish"));
    // A server without numbers, or one that has dropped events: what it tells is all there is.
    reading(config, "sse", "chunk text:C > deliver text:C");
    reading(config, "sse", "chunk text:C@9 > deliver text:C");
    played(config, "start > send \n head 404 json > read \n end > throw NotFoundError -");
    // Its stream is gone, as servers say after some minutes; the response is not.
    let mut gone = played(config, "start > send \n head 400 json > read \n end > back 250 \n +250 timer > poll");
    gone.play(&format!("head 200 json > ready \n pull > read \n raw {done} > read \n end > deliver completed"));
    let mut lost = played(config, "start > send \n head 400 json > read \n end > back 250 \n +250 timer > poll");
    lost.play("head 404 json > read \n end > throw BadRequestError -");
}

#[test]
fn where_a_stream_that_was_asked_for_by_its_id_has_no_event_left_the_response_is_asked_for() {
    let done = r#"{"id":"r","status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"ABCD"}]}]}"#;
    let config = |starting_after| Config { resumes: true, starting_after, max_retries: 1, ..once() };
    let whole = "background text:A@1 text:B@2 completed@3";
    for (starting_after, empty, told) in [
        (Some(3), "end", "completed"),
        (Some(3), "chunk [DONE]", "completed"),
        (Some(3), "broken reset", "completed"),
        (None, "end", "text:ABCD completed"),
        // A server that repeats all of it.
        (Some(3), &format!("chunk {whole} > read \n end"), "completed"),
    ] {
        let mut call = reading(config(starting_after), "sse", &format!("{empty} > back 250"));
        call.play(&format!("+250 timer > send \n head 200 sse > read \n {empty} > back 250 \n +250 timer > poll"));
        call.play(&format!("head 200 json > read \n raw {done} > read \n end > deliver {told} \n pull > finish"));
        assert_eq!(text(&call), "ABCD");
        let mut lost = reading(config(starting_after), "sse", &format!("{empty} > back 250 \n +250 timer > send"));
        lost.play(&format!("head 200 sse > read \n {empty} > back 250 \n +250 timer > poll"));
        lost.play("head 404 json > read \n end > throw StreamTruncatedError stream_truncated");
    }
    // An answer without a body says the same.
    let mut none = played(config(Some(3)), "start > send \n head 204 - > ready \n pull > read \n end > back 250");
    none.play(&format!("+250 timer > poll \n head 200 json > read \n raw {done} > read \n end > deliver completed"));
    let off = Config { goes_on: false, max_retries: 0, ..config(Some(3)) };
    reading(off, "sse", "end > throw StreamTruncatedError stream_truncated");
    // What is not kept is not asked for.
    reading(once(), "sse", "end > throw StreamTruncatedError stream_truncated");
}

#[test]
fn a_wait_is_one_though_nothing_else_depends_on_the_time() {
    // As the driver does: the clock is asked only where something depends on it.
    let mut exchange = Exchange::new(Config { max_retries: 1, ..Config::new(Expect::Stream) });
    let mut give = |input: Input<'_>| {
        let moment = Moment { now: 9_000.0, entropy: 0.5 };
        let at = if exchange.is_timed(&input) { moment } else { Moment::default() };
        let next = exchange.handle(at, input);
        (next, exchange.deadline())
    };
    give(Input::Start);
    give(Input::Head(Head { status: 200, content_type: Some("text/event-stream".into()), ..Head::default() }));
    give(Input::Pull);
    let refusal = b"data: {\"type\":\"error\",\"error\":{\"code\":\"server_error\",\"message\":\"m\"}}\n\n";
    assert_eq!(give(Input::Chunk(refusal)), (Next::Cut, None));
    assert_eq!(give(Input::Pull), (Next::Back, Some(9_250.0)));
}

#[test]
fn a_response_in_the_place_of_a_stream_is_asked_for_until_it_is_done() {
    let mut call = reading(once(), "json", r#"raw {"id":"r","status":"queued","output":[]} > read"#);
    let done = r#"{"id":"r","status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"Hi"}]}]}"#;
    call.play("end > back 375 \n +375 timer > poll \n head 200 json > read");
    call.play(&format!("raw {done} > read \n end > deliver text:Hi completed \n pull > finish"));
    let off = Config { goes_on: false, ..once() };
    reading(off, "json", "raw {\"id\":\"r\",\"status\":\"queued\",\"output\":[]} > read \n end > deliver queued");
}

#[test]
fn what_the_server_says_of_the_response_is_not_hidden_by_what_it_says_later() {
    let mut call = begun(once());
    call.play("end > back 250 \n +250 timer > resume 2 \n head 200 sse > read");
    call.play(r#"raw data: {"type":"error","sequence_number":3,"error":{"code":"invalid_prompt","message":"m"}}\n\n > back 250"#);
    call.play("+250 timer > poll \n head 404 json > read \n end > throw BadRequestError invalid_prompt");
}

#[test]
fn a_stream_of_another_response_is_not_gone_on_with() {
    let mut call = begun(once());
    call.play("end > back 250 \n +250 timer > resume 2 \n head 200 sse > read");
    call.play(r#"raw data: {"type":"response.created","sequence_number":0,"response":{"id":"other"}}\n\n > back 250"#);
    call.play("+250 timer > poll");
    assert_eq!(call.snapshot()["id"], json!("r"));
}

/// Breaks the stream of a call that has begun, and refuses the rest of it: the response is asked for.
fn polling(mut call: Call) -> Call {
    let resumes = call.exchange.response().last_sequence_number().is_some();
    call.play("end > back 250");
    call.play(if resumes { "+250 timer > resume 2 \n head 404 - > read \n end > back 250" } else { "" });
    call.play("+250 timer > poll");
    call
}

#[test]
fn a_stream_in_the_place_of_the_response_goes_on_by_its_numbers() {
    for (head, repeated) in
        [("sse", ""), ("sse", "background text:A@1 text:B@2 "), ("json", "background "), ("-", ": ")]
    {
        let mut call = polling(begun(once()));
        call.play(&format!("head 200 {head} > read"));
        let told = call.take(&format!("chunk {repeated}text:C@3"));
        assert_eq!(told.replace(" ♥", ""), "deliver text:C", "{head} {repeated}");
        call.play("pull > read \n end > back 250 \n +250 timer > resume 3 \n head 404 - > read \n end > back 250");
        call.play("+250 timer > poll \n head 200 sse > read");
        call.play("chunk background text:C@3 text:D@4 completed@5 > deliver text:D completed \n pull > finish");
        assert_eq!(call.exchange.resumed(), (2, Resumed { starting_after: Some(3), is_polled: false }));
        assert!(call.exchange.is_complete());
    }
}

#[test]
fn a_stream_in_the_place_of_the_response_is_not_told_where_it_may_not_be_what_follows() {
    let followed = "the server goes on with events that are not known to be the next ones";
    let numberless = || {
        let response = r#"{"type":"response.created","response":{"id":"r","background":true,"output":[]}}"#;
        let script = format!(
            "raw data: {response}\\n\\n > deliver created \n pull > read \n chunk text:A text:B > deliver text:A text:B \n pull > read"
        );
        reading(once(), "sse", &script)
    };
    let cases = [
        (begun(once()), "text:X"),
        (begun(once()), "background text:A@1 text:X text:B@2"),
        (begun(once()), "text:X@4"),
        (begun(once()), "completed"),
        (numberless(), "text:X"),
        (numberless(), "background text:A@1 text:B@2 text:C@3"),
        (numberless(), "completed@9"),
    ];
    for (call, other) in cases {
        let mut call = polling(call);
        call.play("head 200 sse > read");
        call.play(&format!("chunk {other} > throw StreamTruncatedError stream_truncated"));
        assert!(call.error().message.contains(followed), "{other}: {}", call.error().message);
        assert_eq!((text(&call).as_str(), call.exchange.resumed().0), ("AB", 0), "{other}");
    }
}

#[test]
fn before_the_first_event_a_stream_in_the_place_of_the_response_is_told_as_it_is() {
    let stored = Config { resumes: true, ..once() };
    let refused = "start > send \n head 400 json > read \n end > back 250 \n +250 timer > poll \n head 200 sse > ready";
    played(stored, &format!("{refused} \n pull > read \n chunk created@0 text:A@1 > deliver created text:A"));
    let behind = Config { starting_after: Some(1), ..stored };
    played(behind, &format!("{refused} \n pull > read \n chunk created@0 text:A@1 text:B@2 > deliver text:B"));
    let working = r#"raw {"id":"r","status":"in_progress","background":true,"output":[]} > read"#;
    let mut call = played(once(), &format!("start > send \n head 200 json > ready \n pull > read \n {working}"));
    call.play("end > back 375 \n +375 timer > poll \n head 200 sse > read");
    call.play("chunk background text:A completed > deliver created text:A completed \n pull > finish");
}

#[test]
fn a_stream_whose_numbers_fall_goes_on_behind_the_highest() {
    let mut call =
        reading(once(), "sse", "chunk background text:A@3 text:B@1 > deliver created text:A text:B \n pull > read");
    call.play("end > back 250 \n +250 timer > resume 3 \n head 200 sse > read");
    call.play("chunk background text:A@3 text:B@1 text:C@4 > deliver text:C");
    assert_eq!(text(&call), "ABC");
}

#[test]
fn behind_the_highest_number_there_is_nothing_follows() {
    let last = u64::MAX;
    let created = format!("chunk background text:A@{last} > deliver created text:A \n pull > read");
    let mut call = reading(once(), "sse", &created);
    call.play(&format!("end > back 250 \n +250 timer > resume {last} \n head 200 sse > read"));
    call.play("chunk text:X > back 250 \n +250 timer > poll");
}

#[test]
fn an_id_that_names_nothing_is_not_asked_for() {
    for id in ["", ".", ".."] {
        let created = format!(r#"{{"type":"response.created","response":{{"id":"{id}","background":true}}}}"#);
        let script = format!(r"raw data: {created}\n\n > deliver created");
        let mut call = reading(once(), "sse", &script);
        call.play("pull > read \n end > throw StreamTruncatedError stream_truncated");
    }
}

#[test]
fn the_advice_of_an_answer_that_breaks_counts() {
    let told = |advice: &str| {
        let mut call = Call::new(stream());
        call.play(&format!("start > send \n head 200 sse {advice} > ready \n pull > read"));
        call.take("end")
    };
    assert_eq!(told("should=false"), "throw StreamTruncatedError stream_truncated");
    assert_eq!(told("after=3000"), "back 3000");
    let config = Config { renews_key: true, ..stream() };
    played(config, "start > send \n head 401 json should=false > read \n end > throw AuthenticationError -");
}

#[test]
fn a_text_that_was_rewritten_is_told_of() {
    let mut call = begun(once());
    call.play("end > back 250 \n +250 timer > resume 2 \n head 404 json > read \n end > back 250 \n +250 timer > poll");
    let done = r#"{"id":"r","status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"XY"}]}]}"#;
    call.play(&format!("head 200 json > read \n raw {done} > read \n end > deliver completed"));
    assert!(call.exchange.response().deviations().iter().any(|(code, ..)| code == "text_differs"));
}

#[test]
fn an_abort_ends_a_call_that_waits_to_go_on() {
    let mut call = begun(once());
    call.play("end > back 250 \n abort > throw APIUserAbortError aborted \n deadline > none \n timer > wait");
    let mut call = begun(once());
    call.play(
        "end > back 250 \n +250 timer > resume 2 \n abort > throw APIUserAbortError aborted \n head 200 sse > wait",
    );
}

#[test]
fn somebody_waits_for_requests_and_chunks_and_for_nothing_else() {
    let mut call = Call::new(stream());
    for (input, is_awaited) in [
        ("start > send", true),
        ("broken refused > back 250", true),
        ("+250 timer > send", true),
        ("head 200 sse > ready", false),
        ("pull > read", true),
        ("chunk created > deliver created", false),
        ("pull > read", true),
        ("end > throw StreamTruncatedError stream_truncated", false),
    ] {
        call.play(input);
        assert_eq!(call.exchange.is_awaited(), is_awaited, "after {input}");
    }
}

#[test]
fn what_a_whole_response_has_beyond_the_known_texts_is_a_delta_for_each() {
    let part = |text: &str| json!({ "type": "output_text", "text": text });
    let item = |id: &str, parts: &[&str]| json!({ "type": "message", "id": id, "content": parts.iter().map(|text| part(text)).collect::<Vec<_>>() });
    let known = json!({ "output": [{ "type": "reasoning" }, item("m", &["same", "sta", "other"])] }).to_string();
    let whole = json!({ "output": [{ "type": "reasoning", "content": [{ "type": "reasoning_text", "text": "t" }] }, item("m", &["same", "start", "rewritten", "new\n"]), item("n", &["é"])] }).to_string();
    let known = openresponses_wasm::json::Value::parse(&known).expect("JSON");
    let whole = openresponses_wasm::json::Value::parse(&whole).expect("JSON");
    let told: Vec<serde_json::Value> = missing_texts(known, whole, true)
        .deltas
        .iter()
        .map(|event| serde_json::from_str(event).expect("JSON"))
        .collect();
    let expected = [("m", 1, 1, "rt"), ("m", 1, 3, "new\n"), ("n", 2, 0, "é")].map(|(id, item, part, delta)| {
        json!({ "type": "response.output_text.delta", "item_id": id, "output_index": item, "content_index": part, "delta": delta })
    });
    assert_eq!(told, expected);
}

#[test]
fn a_text_is_known_by_its_item_where_others_stand_before_it() {
    let message = |id: &str, text: &str| json!({ "type": "message", "id": id, "content": [{ "type": "output_text", "text": text }] });
    let missing = |known: serde_json::Value, whole: serde_json::Value| {
        let [known, whole] = [known, whole].map(|output| json!({ "output": output }).to_string());
        let [known, whole] = [&known, &whole].map(|text| openresponses_wasm::json::Value::parse(text).expect("JSON"));
        let missing = missing_texts(known, whole, true);
        assert!(!missing.differs);
        missing
            .deltas
            .iter()
            .map(|event| serde_json::from_str::<serde_json::Value>(event).expect("JSON")["delta"].clone())
            .collect::<Vec<_>>()
    };
    let reasoning = json!({ "type": "reasoning", "id": "rs" });
    assert_eq!(missing(json!([message("m", "al")]), json!([reasoning, message("m", "all")])), ["l"]);
    assert_eq!(missing(json!([message("m", "al")]), json!([message("other", "all")])), ["l"], "an id that changes");
    let two = |first: &str, second: &str| json!([message("m", first), message("m", second)]);
    assert_eq!(missing(two("a", "b"), two("a", "bc")), ["c"], "an id that all have");
    let nameless = |first: &str, second: &str| json!([message("", first), message("", second)]);
    assert_eq!(missing(nameless("a", "b"), nameless("a", "bc")), ["c"]);
}

#[test]
fn a_status_that_nobody_knows_is_no_success() {
    let polled = |status: &str| {
        format!("head 200 json > read \n raw {{\"id\":\"r\",\"status\":\"{status}\",\"output\":[]}} > read")
    };
    let mut call = polling(begun(once()));
    call.play(&polled("acme:paused"));
    call.play("end > deliver incomplete \n pull > finish");
    let mut call = polling(begun(once()));
    call.play(&polled("cancelling"));
    call.play("end > back 375 \n +375 timer > poll");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_stream_that_breaks_anywhere_any_number_of_times_tells_every_event_once(
        cuts in prop::collection::vec(
            (any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..2_usize, any::<bool>()),
            0..12,
        ),
    ) {
        let names: Vec<String> = std::iter::once("background".to_owned())
            .chain((1..12).map(|number| format!("text:{number}@{number}")))
            .chain(["completed@12".to_owned()])
            .collect();
        let mut call = reading(Config { max_retries: 1_000, ..stream() }, "sse", "");
        let mut told = String::new();
        let mut cuts = cuts.into_iter();
        let mut from = 0;
        loop {
            let stream: Vec<u8> = names[from..].iter().flat_map(|name| bytes(name)).collect();
            let cut = cuts.next();
            let end = cut.map_or(stream.len(), |(at, ..)| at.index(stream.len() + 1));
            for input in [Input::Chunk(&stream[..end]), Input::Pull] {
                let came = call.give(input);
                told += came.strip_prefix("deliver").unwrap_or_default();
            }
            if call.exchange.is_over() {
                break;
            }
            let (_, overlap, how, is_refused) = cut.expect("the whole stream ends the call");
            told += call.take(BREAKS[how]).strip_prefix("deliver").unwrap_or_default();
            call.now += 10_000.0;
            if call.take("timer").starts_with("resume") && is_refused {
                call.take("head 404 -");
                call.take("end");
                call.now += 10_000.0;
                prop_assert_eq!(call.take("timer"), "poll");
            }
            call.take("head 200 sse");
            let last = call.exchange.response().last_sequence_number();
            from = last.map_or(0, |last| overlap.index(usize::try_from(last).expect("few") + 2));
        }
        prop_assert!(call.exchange.is_complete());
        let texts: String = (1..12).map(|number| format!(" text:{number}")).collect();
        prop_assert_eq!(told, format!(" created{texts} completed"));
    }

    #[test]
    fn a_server_that_repeats_itself_for_ever_is_told_of_once_and_left(
        numbers in prop::collection::vec(prop::option::of(prop_oneof![0..6_u64, u64::MAX - 2..=u64::MAX]), 0..8),
        max_retries in 0..3_u32,
        broken in 0..BREAKS.len(),
    ) {
        let names = numbers.iter().enumerate().map(|(at, number)| match number {
            Some(number) => format!("text:{at}@{number}"),
            None => format!("text:{at}"),
        });
        let repeated: Vec<u8> = bytes("background").into_iter().chain(names.flat_map(|name| bytes(&name))).collect();
        let mut call = reading(Config { max_retries, ..once() }, "sse", "");
        let mut told = String::new();
        let mut requests = 1;
        while !call.exchange.is_over() {
            prop_assert!(requests <= 2 * (1 + max_retries) + 1, "{requests} requests");
            for input in [Input::Chunk(&repeated), Input::Pull] {
                told += call.give(input).strip_prefix("deliver").unwrap_or_default();
            }
            call.take(BREAKS[broken]);
            call.take("pull");
            call.now += 10_000.0;
            call.take("timer");
            call.take("head 200 sse");
            requests += 1;
        }
        let texts: String = (0..numbers.len()).map(|at| format!(" text:{at}")).collect();
        prop_assert_eq!(told, format!(" created{texts}"));
        prop_assert_eq!(call.exchange.resumed().0, 0);
    }
}
