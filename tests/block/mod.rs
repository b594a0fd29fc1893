//! What JavaScript makes of a block: its events.

use openresponses_wasm::event::{Block, JSON, SAMPLE};
use serde_json::Value as Tree;

/// Reads the blocks of one stream, in order.
#[derive(Debug, Default)]
pub(crate) struct BlockReader {
    samples: Vec<Tree>,
}

impl BlockReader {
    /// The events of the next block.
    pub(crate) fn read(&mut self, block: &mut Block) -> Vec<Tree> {
        let elements = if block.json().is_empty() { "[]" } else { block.json() };
        let mut elements = serde_json::from_str::<Vec<Tree>>(elements).expect("an array").into_iter();
        let mut text: Vec<u16> = block.text().encode_utf16().collect();
        let mut take = |units: u32| {
            let rest = text.split_off(units as usize);
            String::from_utf16(&std::mem::replace(&mut text, rest)).expect("a whole text")
        };
        let mut events: Vec<Tree> = Vec::new();
        let mut columns = block.columns().iter().copied();
        while let Some(column) = columns.next() {
            match column {
                JSON => events.push(elements.next().expect("an element")),
                SAMPLE.. => {
                    let at = (column - SAMPLE) as usize;
                    self.samples.resize(self.samples.len().max(at + 1), Tree::Null);
                    self.samples[at] = events.last().expect("an event").clone();
                }
                template => {
                    let mut event = self.samples[template as usize].clone();
                    let mut next = || columns.next().expect("a row of four");
                    let (delta, obfuscation, number) = (next(), next(), next());
                    event["delta"] = take(delta).into();
                    let obfuscation = take(obfuscation);
                    for (name, value) in [("obfuscation", obfuscation.into()), ("sequence_number", number.into())] {
                        if let Some(member) = event.get_mut(name) {
                            *member = value;
                        }
                    }
                    events.push(event);
                }
            }
        }
        assert!(elements.next().is_none() && text.is_empty(), "nothing is left over");
        assert_eq!(events.len(), block.events());
        events
    }
}
