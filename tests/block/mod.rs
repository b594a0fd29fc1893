//! What JavaScript makes of a block: its events.

use openresponses_wasm::event::{Block, JSON, SAMPLE};
use openresponses_wasm::json::{Value, quoted};
use serde_json::value::RawValue;

/// Reads the blocks of one stream, in order.
#[derive(Debug, Default)]
pub(crate) struct BlockReader {
    samples: Vec<String>,
    /// How many events were told without their JSON.
    pub(crate) recognised: usize,
}

impl BlockReader {
    /// The events of the next block, as JSON.
    pub(crate) fn read(&mut self, block: &mut Block) -> Vec<String> {
        let elements = if block.json().is_empty() { "[]" } else { block.json() };
        let elements: Vec<Box<RawValue>> = serde_json::from_str(elements).expect("an array");
        let mut elements = elements.iter().map(|element| element.get().to_owned());
        assert!(!block.is_ascii() || block.text().is_ascii());
        let mut text: Vec<u16> = core::str::from_utf8(block.text()).expect("UTF-8").encode_utf16().collect();
        let columns = block.columns().to_vec();
        let mut columns = columns.into_iter();
        let mut at = 0;
        let mut take = |units: u32| {
            let units = units as usize;
            let rest = text.split_off(units);
            let taken = String::from_utf16(&std::mem::replace(&mut text, rest)).expect("a whole text");
            assert_eq!(block.part(at, at + units), taken.as_bytes(), "the part that lies there");
            at += units;
            quoted(&taken)
        };
        let mut events: Vec<String> = Vec::new();
        while let Some(column) = columns.next() {
            match column {
                JSON => events.push(elements.next().expect("an element")),
                SAMPLE.. => {
                    let at = (column - SAMPLE) as usize;
                    self.samples.resize(self.samples.len().max(at + 1), String::new());
                    self.samples[at] = events.last().expect("an event").clone();
                }
                template => {
                    let mut next = || columns.next().expect("a row of four");
                    let (delta, obfuscation, number) = (next(), next(), next());
                    let slots = [
                        ("delta", take(delta)),
                        ("obfuscation", take(obfuscation)),
                        ("sequence_number", number.to_string()),
                    ];
                    events.push(filled(&self.samples[template as usize], &slots));
                    self.recognised += 1;
                }
            }
        }
        assert!(elements.next().is_none() && text.is_empty(), "nothing is left over");
        assert_eq!(events.len(), block.events());
        events
    }
}

/// The sample with other values in its slots, where it has them.
fn filled(sample: &str, slots: &[(&str, String)]) -> String {
    let (mut event, mut from) = (String::new(), 0);
    for (name, value) in Value::known(sample).members() {
        if let Some((_, slot)) = slots.iter().find(|(slot, _)| *slot == name) {
            let at = value.text().as_ptr().addr() - sample.as_ptr().addr();
            event.push_str(&sample[from..at]);
            event.push_str(slot);
            from = at + value.text().len();
        }
    }
    event + &sample[from..]
}
