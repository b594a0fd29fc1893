//! What JavaScript makes of a block: its events.

use openresponses_wasm::event::{Block, JSON, REPETITIONS, SAMPLE};
use openresponses_wasm::json::{Value, quoted};
use serde_json::value::RawValue;

/// Reads the blocks of one stream, in order.
#[derive(Debug, Default)]
pub(crate) struct BlockReader {
    samples: Vec<String>,
    /// As they are written.
    strings: Vec<String>,
    /// How many events were told without their JSON.
    pub(crate) recognised: usize,
    /// How many strings were told by those before them.
    pub(crate) repeated: usize,
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
                REPETITIONS => {
                    let repetitions = elements.next().expect("a list");
                    assert_eq!(columns.next(), Some(JSON), "the event that they are in");
                    let mut event = elements.next().expect("an element");
                    for repetition in Value::known(&repetitions).elements() {
                        self.repeat(repetition, &mut event);
                    }
                    events.push(event);
                }
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

impl BlockReader {
    /// Puts a string that was told before into an event, or takes it from there.
    fn repeat(&mut self, repetition: Value<'_>, event: &mut String) {
        let mut path = repetition.elements();
        let string: isize = path.next().expect("a number").text().parse().expect("a number");
        let mut place = Value::known(event);
        for step in path {
            place = match step.as_u64() {
                Some(index) => place.elements().nth(index as usize),
                None => place.get(&step.as_str().expect("a name")),
            }
            .expect("a place in the event");
        }
        let text = place.text();
        if let Ok(at) = usize::try_from(string) {
            assert_eq!(text, "\"\"", "left out");
            let from = text.as_ptr().addr() - event.as_ptr().addr();
            event.replace_range(from..from + 2, &self.strings[at]);
            self.repeated += 1;
        } else {
            let at = !string as usize;
            self.strings.resize(self.strings.len().max(at + 1), String::new());
            self.strings[at] = text.to_owned();
        }
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
