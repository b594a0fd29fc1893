//! Whether and when a request is sent again.
#![cfg(not(target_arch = "wasm32"))]

use openresponses_wasm::error::{Class, Error, api_error};
use openresponses_wasm::retry::{Advice, MAX_RETRY_AFTER_MS, delay};
use proptest::prelude::*;

/// Sun, 06 Nov 1994 08:49:37 GMT
const NOW: f64 = 784_111_777_000.0;

fn status(status: u16) -> Error {
    api_error(Some(status), r#"{"error":{"message":"m"}}"#, None, None)
}

fn connection() -> Error {
    Error::local(Class::APIConnectionError, "connection_failed", "m")
}

fn should(retry: bool) -> Advice {
    Advice { should_retry: Some(retry), after_ms: None }
}

fn after(ms: f64) -> Advice {
    Advice { should_retry: None, after_ms: Some(ms) }
}

#[test]
fn passing_errors_are_retried_and_lasting_ones_are_not() {
    let table = [
        (302, false),
        (400, false),
        (401, false),
        (402, false),
        (403, false),
        (404, false),
        (405, false),
        (408, true),
        (409, true),
        (410, false),
        (413, false),
        (418, false),
        (422, false),
        (424, false),
        (425, false),
        (429, true),
        (499, false),
        (500, true),
        (501, true),
        (502, true),
        (503, true),
        (504, true),
        (524, true),
        (529, true),
        (599, true),
    ];
    for (code, is_retried) in table {
        for attempt in 0..2 {
            let waits = delay(&status(code), Advice::default(), attempt, 2, 0.5);
            assert_eq!(waits.is_some(), is_retried, "{code}, attempt {attempt}");
            assert_eq!(delay(&status(code), should(false), attempt, 2, 0.5), None, "{code}, told not to");
            assert!(delay(&status(code), should(true), attempt, 2, 0.5).is_some(), "{code}, told to");
        }
    }
    assert!(delay(&connection(), Advice::default(), 0, 2, 0.5).is_some());
    let ours = Error::local(Class::ProtocolError, "invalid_json", "m");
    assert_eq!(delay(&ours, Advice::default(), 0, 2, 0.5), None);
}

#[test]
fn no_more_retries_than_allowed_whatever_the_server_says() {
    for advice in
        [Advice::default(), should(true), after(0.0), Advice { should_retry: Some(true), after_ms: Some(1.0) }]
    {
        for (attempt, max, is_retried) in
            [(0, 0, false), (0, 1, true), (1, 1, false), (1, 2, true), (2, 2, false), (9, 2, false)]
        {
            let waits = delay(&status(500), advice, attempt, max, 0.5);
            assert_eq!(waits.is_some(), is_retried, "{advice:?}: attempt {attempt} of {max}");
        }
    }
}

#[test]
fn the_backoff_doubles_up_to_its_ceiling() {
    let ceilings = [500.0, 1_000.0, 2_000.0, 4_000.0, 8_000.0, 8_000.0, 8_000.0];
    for (attempt, ceiling) in (0..).zip(ceilings) {
        let at = |entropy| delay(&status(500), Advice::default(), attempt, u32::MAX, entropy).expect("retried");
        assert!((at(0.0) - 0.0).abs() < 1e-9, "attempt {attempt}");
        assert!((at(0.5) - ceiling / 2.0).abs() < 1e-9, "attempt {attempt}");
        assert!(at(0.999_999) < ceiling && at(0.999_999) > ceiling * 0.999, "attempt {attempt}");
    }
    for attempt in [31, 32, 1_023, 1_024, 5_000, u32::MAX - 1] {
        let waits = delay(&status(500), Advice::default(), attempt, u32::MAX, 0.5);
        assert_eq!(waits, Some(4_000.0), "attempt {attempt}");
    }
}

#[test]
fn the_servers_wish_is_granted_up_to_the_cap_and_beyond_it_the_error_is_thrown() {
    for attempt in 0..2 {
        for (wish, waits) in [
            (0.0, Some(0.0)),
            (1.0, Some(1.0)),
            (12_345.0, Some(12_345.0)),
            (MAX_RETRY_AFTER_MS, Some(MAX_RETRY_AFTER_MS)),
            (MAX_RETRY_AFTER_MS + 1.0, None),
            (86_400_000.0, None),
        ] {
            for entropy in [0.0, 0.999] {
                assert_eq!(delay(&status(429), after(wish), attempt, 2, entropy), waits, "{wish} ms");
                let told = Advice { should_retry: Some(true), ..after(wish) };
                assert_eq!(delay(&status(400), told, attempt, 2, entropy), waits, "{wish} ms, told to");
            }
            assert_eq!(delay(&status(400), after(wish), attempt, 2, 0.5), None, "a wish makes no error passing");
        }
    }
    assert_eq!(MAX_RETRY_AFTER_MS, 60_000.0);
}

#[test]
fn the_headers_are_read() {
    #[rustfmt::skip]
    let cases = [
        (None, None, None, Advice::default()),
        (Some("true"), None, None, should(true)),
        (Some("false"), None, None, should(false)),
        (Some("TRUE"), None, None, Advice::default()),
        (Some("1"), None, None, Advice::default()),
        (Some(""), None, None, Advice::default()),
        (None, Some("250"), None, after(250.0)),
        (None, Some(" 250.5 "), None, after(250.5)),
        (None, Some("0"), Some("9"), after(0.0)),
        (None, Some("250"), Some("9"), after(250.0)),
        (None, Some("soon"), Some("9"), after(9_000.0)),
        (None, Some("-1"), Some("9"), after(9_000.0)),
        (None, Some("NaN"), Some("9"), after(9_000.0)),
        (None, Some("inf"), Some("9"), after(9_000.0)),
        (None, Some(""), Some("9"), after(9_000.0)),
        (None, None, Some("0"), after(0.0)),
        (None, None, Some("1.5"), after(1_500.0)),
        (None, None, Some(" 120 "), after(120_000.0)),
        (None, None, Some("-1"), Advice::default()),
        (None, None, Some("soon"), Advice::default()),
        (None, None, Some(""), Advice::default()),
        (None, None, Some("NaN"), Advice::default()),
        (None, None, Some("infinity"), Advice::default()),
        (None, None, Some("1e308"), Advice::default()),
        (None, None, Some("Sun, 06 Nov 1994 08:49:37 GMT"), after(0.0)),
        (None, None, Some("Sun, 06 Nov 1994 08:49:47 GMT"), after(10_000.0)),
        (None, None, Some(" Mon, 07 Nov 1994 08:49:37 GMT "), after(86_400_000.0)),
        (None, None, Some("Sun, 06 Nov 1994 08:49:36 GMT"), after(0.0)),
        (None, None, Some("Thu, 01 Jan 1970 00:00:00 GMT"), after(0.0)),
        (None, None, Some("Sun, 06 Nov 1994 08:49:47 CET"), Advice::default()),
        (None, None, Some("Sunday, 06-Nov-94 08:49:47 GMT"), Advice::default()),
        (None, None, Some("Sun, 06 Nov 1994 24:00:00 GMT"), Advice::default()),
        (None, None, Some("Sun, 06 Nov 1994 08:60:00 GMT"), Advice::default()),
        (None, None, Some("Sun, 06 Nov 1994 08:49:61 GMT"), Advice::default()),
        (None, None, Some("Sun, 06 Nov 1994 -1:49:37 GMT"), Advice::default()),
        (None, None, Some("Sun, 06 Nov 1994 9223372036854775807:00:00 GMT"), Advice::default()),
        (None, None, Some("Sun, 06 Nov 9223372036854775807 00:00:00 GMT"), Advice::default()),
        (None, None, Some("Sun, 06 Nov 1994 08:49 GMT"), Advice::default()),
        (None, None, Some("Sun, 06 Foo 1994 08:49:37 GMT"), Advice::default()),
        (Some("false"), Some("5"), Some("9"), Advice { should_retry: Some(false), after_ms: Some(5.0) }),
    ];
    for (should_retry, retry_after_ms, retry_after, expected) in cases {
        let advice = Advice::read(should_retry, retry_after_ms, retry_after, NOW);
        assert_eq!(advice, expected, "{should_retry:?} {retry_after_ms:?} {retry_after:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_delay_is_a_time_whatever_the_headers_hold(
        retry_after_ms in proptest::option::of("[ -+0-9.eEinfNa]{0,8}"),
        retry_after in proptest::option::of("([ -+0-9.eE]{0,6})|(Sun, [0-9]{1,3} Jan [0-9]{1,5} [0-9:]{0,9} GMT)"),
        attempt in any::<u32>(),
        entropy in 0.0..1.0_f64,
    ) {
        let advice = Advice::read(None, retry_after_ms.as_deref(), retry_after.as_deref(), NOW);
        prop_assert!(advice.after_ms.is_none_or(|ms| ms.is_finite() && ms >= 0.0));
        let delay = delay(&connection(), advice, attempt, u32::MAX, entropy);
        prop_assert!(delay.is_none_or(|ms| (0.0..=MAX_RETRY_AFTER_MS).contains(&ms)));
    }
}
