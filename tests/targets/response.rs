//! Any events make a response that is JSON at any time.

use openresponses_wasm::event::Payload;
use openresponses_wasm::json::Value;
use openresponses_wasm::response::Response;

/// Each line is an event.
pub(crate) fn check(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let mut response = Response::new();
    for line in text.lines().take(50) {
        let Ok(Payload::Event(event)) = Payload::read("", line) else { continue };
        response.apply(&event);
        let snapshot = response.to_json();
        assert!(Value::parse(&event.told()).is_ok_and(Value::is_object), "an event is told as an object");
        // A snapshot puts what is nested in what is not, so that it may be deeper than an event.
        let parsed = Value::parse(&snapshot);
        assert!(parsed.is_ok_and(Value::is_object) || parsed.is_err_and(|invalid| invalid.too_deep), "{snapshot}");
        assert_eq!(response.to_json(), snapshot, "to be asked changes nothing");
        assert!(Value::parse(&response.deviations().to_json()).is_ok_and(Value::is_array));
        for account in [response.usage(), response.cost()].into_iter().flatten() {
            assert!(Value::parse(account).is_ok(), "{account}");
        }
    }
    let snapshot = response.to_json();
    let again = Response::from_snapshot(Value::known(&snapshot)).to_json();
    assert_eq!(Response::from_snapshot(Value::known(&again)).to_json(), again, "a snapshot of a snapshot is the same");
}
