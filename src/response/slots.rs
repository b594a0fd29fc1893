use super::places::Places;
use alloc::vec::Vec;

/// Things by their index on the wire, in the order of the indexes, which may have gaps and arrive in any order. What is
/// forgotten is no more to be found, and freed with the rest.
#[derive(Debug)]
pub(super) struct Slots<T> {
    places: Places,
    things: Vec<T>,
}

/// What a thing takes beside its texts, in bytes; about, since it must not depend on the platform.
const THING: usize = 128;

impl<T> Default for Slots<T> {
    fn default() -> Self {
        Self { places: Places::default(), things: Vec::new() }
    }
}

impl<T> Slots<T> {
    pub(super) fn is_empty(&self) -> bool {
        self.last_index().is_none()
    }

    pub(super) fn last_index(&self) -> Option<u64> {
        self.places.before_last(0).map(|(index, _)| index)
    }

    /// The index of the last thing that fits, among so many at the end.
    pub(super) fn latest(&self, among: usize, fits: &dyn Fn(&T) -> bool) -> Option<u64> {
        for many in 0..among {
            let (index, place) = self.places.before_last(many)?;
            if fits(self.things.get(place)?) {
                return Some(index);
            }
        }
        None
    }

    pub(super) fn has(&self, index: u64) -> bool {
        self.places.get(index).is_some()
    }

    pub(super) fn get_mut(&mut self, index: u64) -> Option<&mut T> {
        self.things.get_mut(self.places.get(index)?)
    }

    /// The thing at an index; made, if there is none.
    pub(super) fn at(&mut self, index: u64, make: impl FnOnce() -> T) -> &mut T {
        let place = self.places.get_or_insert(index, self.things.len());
        if place == self.things.len() {
            self.things.push(make());
        }
        &mut self.things[place]
    }

    /// Forgets what stands at `from` and behind it.
    pub(super) fn truncate(&mut self, from: u64) {
        self.places.truncate(from);
    }

    /// The places of the things, in the order of their indexes.
    pub(super) fn places(&self) -> impl Iterator<Item = usize> {
        self.places.iter().map(|(_, place)| place)
    }

    /// The thing at a place.
    pub(super) fn thing(&mut self, place: usize) -> Option<&mut T> {
        self.things.get_mut(place)
    }

    /// Adds a thing that has no index; says its place.
    pub(super) fn push(&mut self, thing: T) -> usize {
        self.things.push(thing);
        self.things.len() - 1
    }

    /// Has the things of these places stand one behind the other, and forgets the others.
    pub(super) fn arrange(&mut self, places: &[usize]) {
        self.places = Places::default();
        for (index, place) in places.iter().enumerate() {
            self.places.get_or_insert(index as u64, *place);
        }
    }

    /// The size of all things, those that are forgotten among them.
    pub(super) fn bytes(&self, of: impl Fn(&T) -> usize) -> usize {
        self.things.iter().map(|thing| of(thing) + THING).sum()
    }

    /// The things in the order of their indexes.
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.places.iter().filter_map(|(_, place)| self.things.get(place))
    }
}
