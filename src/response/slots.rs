use std::collections::BTreeMap;
use std::ops::Bound;

/// Things by their index on the wire, in the order of the indexes, which may have gaps and arrive in any order.
///
/// The map holds places in a list and not the things, so that it is compiled once for all kinds of thing: a `BTreeMap` of
/// its own for each costs 5 KB of wasm. A sorted list would be smaller still, and quadratic when indexes arrive backwards.
#[derive(Debug)]
pub(super) struct Slots<T> {
    places: BTreeMap<u64, usize>,
    things: Vec<T>,
}

impl<T> Default for Slots<T> {
    fn default() -> Self {
        Self { places: BTreeMap::new(), things: Vec::new() }
    }
}

impl<T> Slots<T> {
    pub(super) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    pub(super) fn last_index(&self) -> Option<u64> {
        self.places.last_key_value().map(|(index, _)| *index)
    }

    pub(super) fn has(&self, index: u64) -> bool {
        self.places.contains_key(&index)
    }

    /// The thing at an index; made, if there is none.
    pub(super) fn at(&mut self, index: u64, make: impl FnOnce() -> T) -> &mut T {
        let place = *self.places.entry(index).or_insert(self.things.len());
        if place == self.things.len() {
            self.things.push(make());
        }
        &mut self.things[place]
    }

    /// Forgets what stands at `from` and behind it.
    pub(super) fn truncate(&mut self, from: u64) {
        let gone: Vec<u64> =
            self.places.range((Bound::Included(from), Bound::Unbounded)).map(|(index, _)| *index).collect();
        for index in gone {
            self.places.remove(&index);
        }
    }

    /// The things in the order of their indexes.
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.places.values().filter_map(|place| self.things.get(*place))
    }
}
