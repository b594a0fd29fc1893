//! JSON is read in place as a trusted reader has it.

use openresponses_wasm::json::{Object, Strings, Value, quoted};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

pub(crate) fn check(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    assert_eq!(serde_json::from_str::<String>(&quoted(text)).ok().as_deref(), Some(text));
    let trusted = serde_json::from_str::<Box<RawValue>>(text);
    match Value::parse(text) {
        Ok(value) => {
            assert!(trusted.is_ok_and(|trusted| trusted.get() == value.text()), "{text:?} is no JSON");
            compare(value);
            for (place, string) in Strings::of(text) {
                let written = text.get(place).expect("whole characters");
                assert_eq!(Value::parse(written).ok().and_then(Value::as_str).as_deref(), Some(string.as_str()));
            }
        }
        Err(invalid) => assert!(invalid.too_deep || trusted.is_err(), "{text:?} is JSON"),
    }
}

fn compare(value: Value<'_>) {
    let text = value.text();
    if let Ok(elements) = serde_json::from_str::<Vec<Box<RawValue>>>(text) {
        assert!(value.elements().map(Value::text).eq(elements.iter().map(|element| element.get())));
        value.elements().for_each(compare);
    } else if let Ok(members) = serde_json::from_str::<BTreeMap<String, Box<RawValue>>>(text) {
        for (name, member) in &members {
            assert_eq!(value.get(name).map(Value::text), Some(member.get()), "{name}");
        }
        assert!(value.members().all(|(name, _)| members.contains_key(&*name)));
        value.members().for_each(|(_, member)| compare(member));
        let replaced = Object::replaced(value, &[("delta", "7".to_owned())]);
        assert_eq!(Value::parse(&replaced).ok().and_then(|replaced| replaced.get("delta")?.as_u64()), Some(7));
    } else if let Ok(string) = serde_json::from_str::<String>(text) {
        assert_eq!(value.as_str().as_deref(), Some(string.as_str()));
    } else if let Ok(number) = serde_json::from_str::<u64>(text) {
        assert!(value.as_u64() == Some(number) || text == "-0", "{text}");
    }
}
