use super::Event;
use alloc::string::String;

/// The events one chunk of the stream yields, handed to JavaScript in one go.
///
/// A call across the boundary per event would cost more than parsing it; one JSON array per chunk costs one decode and
/// one `JSON.parse`. Every text in it has been checked, so that two broken payloads can never pair up into valid JSON.
#[derive(Debug, Default)]
pub struct Block {
    json: String,
    events: usize,
    heartbeats: usize,
}

impl Block {
    /// Adds an event.
    pub fn push(&mut self, event: &Event<'_>) {
        self.push_json(&event.told());
    }

    /// Adds an event that is JSON text already known to be valid.
    pub fn push_json(&mut self, json: &str) {
        self.json.push(if self.events == 0 { '[' } else { ',' });
        self.json.push_str(json);
        self.events += 1;
    }

    /// Counts a comment: the server is alive.
    pub fn push_heartbeat(&mut self) {
        self.heartbeats += 1;
    }

    /// How many events the block holds.
    #[must_use]
    pub fn events(&self) -> usize {
        self.events
    }

    /// How many comments the server sent.
    #[must_use]
    pub fn heartbeats(&self) -> usize {
        self.heartbeats
    }

    /// Whether there is nothing to hand over.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.events == 0 && self.heartbeats == 0
    }

    /// The events as the text of one JSON array.
    #[must_use]
    pub fn to_json_array(&self) -> String {
        if self.events == 0 {
            String::from("[]")
        } else {
            let mut array = String::with_capacity(self.json.len() + 1);
            array.push_str(&self.json);
            array.push(']');
            array
        }
    }

    /// Empties the block, keeping its memory for the next chunk.
    pub fn clear(&mut self) {
        self.json.clear();
        self.events = 0;
        self.heartbeats = 0;
    }
}
