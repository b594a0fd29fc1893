//! Any inputs in any order lead to one end.

use crate::block::BlockReader;
use crate::streams::{Choices, stream};
use openresponses_wasm::exchange::{Config, Errand, Exchange, Expect, Failure, Head, Input, Moment, Next, Timeouts};
use openresponses_wasm::json::Value;
use openresponses_wasm::retry::Advice;

pub(crate) fn check(bytes: &[u8]) {
    let mut choices = Choices(bytes);
    let config = config(&mut choices);
    let mut exchange = Exchange::new(config);
    let mut blocks = BlockReader::default();
    let mut at = Moment { now: 1_000.0, entropy: f64::from(choices.byte()) / 256.0 };
    // How often the same was asked for, and how often it was tried to go on since something new came.
    let (mut asked, mut tried, mut end) = (0, 0, None);
    let attempts = config.max_retries + 1 + u32::from(config.renews_key);
    while !choices.0.is_empty() {
        let made;
        let input = match choices.below(16) {
            0 => Input::Start,
            1 => Input::Head(head(&mut choices)),
            2 => Input::Pull,
            3 => Input::End,
            4 => Input::Timer,
            5 if choices.below(8) == 0 => Input::Abort,
            6 => Input::Failed(Failure::Connection("reset".to_owned())),
            7 => {
                at.now = exchange.deadline().map_or(at.now, |due| due.max(at.now));
                Input::Timer
            }
            8 => {
                made = stream(&take(&mut choices, 64));
                Input::Chunk(&made)
            }
            _ => {
                made = take(&mut choices, 40);
                Input::Chunk(&made)
            }
        };
        let mut next = exchange.handle(at, input);
        if next == Next::Cut {
            next = exchange.handle(at, Input::Pull);
        }
        match &next {
            Next::Send => {
                match exchange.errand() {
                    Errand::Ask => asked += 1,
                    Errand::Resume | Errand::Poll => tried += 1,
                }
                assert!(asked <= attempts, "asked {asked} times");
                assert!(tried <= 2 * attempts, "tried {tried} times to go on, for the stream and for the response");
            }
            Next::Back => {
                assert!(exchange.deadline().is_some_and(f64::is_finite), "a wait has an end");
                // The server is still at work.
                if exchange.again().error.is_none() {
                    tried = 0;
                }
            }
            Next::Deliver => {
                assert!(!exchange.block().is_empty());
                if exchange.block().events() > 0 {
                    tried = 0;
                }
                for event in blocks.read(exchange.block()) {
                    assert!(Value::parse(&event).is_ok_and(Value::is_object), "{event}");
                }
                if exchange.awaits_pull() || choices.below(2) == 0 {
                    exchange.handle(at, Input::Pull);
                }
            }
            Next::Finish(_) => {
                assert!(exchange.is_over());
                assert_eq!(end.get_or_insert(next.clone()), &next, "one end, and always the same");
            }
            Next::Ready | Next::Read | Next::Wait | Next::Cut => (),
        }
        assert!(!exchange.is_over() || exchange.deadline().is_none(), "nothing is due when all is over");
    }
    exchange.handle(at, Input::Abort);
    let next = exchange.handle(at, Input::Pull);
    assert!(matches!(next, Next::Finish(_)));
    assert_eq!(end.get_or_insert(next.clone()), &next, "one end, and always the same");
    assert_eq!(matches!(next, Next::Finish(Ok(()))), exchange.is_complete());
    assert!(Value::parse(&exchange.response().to_json()).is_ok_and(Value::is_object));
}

fn config(choices: &mut Choices<'_>) -> Config {
    let some = |choice: usize| if choice == 0 { f64::INFINITY } else { 100.0 * f64::from(1 << choice) };
    let expect = [Expect::Stream, Expect::Stream, Expect::Response, Expect::Json, Expect::Any][choices.below(5)];
    Config {
        strict: choices.below(8) == 0,
        fast_path: choices.below(4) != 0,
        resumes: choices.below(8) == 0,
        max_retries: 2,
        timeouts: Timeouts {
            head: some(choices.below(4)),
            first_event: some(choices.below(4)),
            idle: some(choices.below(4)),
            total: some(choices.below(8)),
        },
        max_event_bytes: 1 << (4 + choices.below(16)),
        max_response_bytes: 1 << (4 + choices.below(16)),
        max_buffered_events: 1 << choices.below(16),
        starting_after: (choices.below(8) == 0).then_some(3),
        goes_on: choices.below(4) != 0,
        background: choices.below(2) == 0,
        renews_key: choices.below(4) == 0,
        ..Config::new(expect)
    }
}

fn head(choices: &mut Choices<'_>) -> Head {
    let types = [None, Some("text/event-stream"), Some("application/json"), Some("text/html"), Some("text/plain")];
    Head {
        status: [200, 200, 200, 201, 204, 302, 400, 401, 429, 500, 503][choices.below(11)],
        content_type: types[choices.below(5)].map(str::to_owned),
        request_id: (choices.below(2) == 0).then(|| "req".to_owned()),
        advice: Advice { after_ms: (choices.below(4) == 0).then_some(50.0), ..Advice::default() },
        is_kept: choices.below(4) == 0,
    }
}

fn take(choices: &mut Choices<'_>, most: usize) -> Vec<u8> {
    let length = choices.below(most).min(choices.0.len());
    let (taken, rest) = choices.0.split_at(length);
    choices.0 = rest;
    taken.to_owned()
}
