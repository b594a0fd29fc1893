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

    /// The index behind the last one.
    pub(super) fn next_index(&self) -> u64 {
        self.last_index().map_or(0, |last| last.saturating_add(1))
    }

    pub(super) fn last_index(&self) -> Option<u64> {
        self.places.before_last(0).map(|(index, _)| index)
    }

    /// The place of the latest thing that fits, among so many: of those at an index, or of all.
    pub(super) fn latest(&self, index: Option<u64>, among: usize, fits: &dyn Fn(&T) -> bool) -> Option<usize> {
        self.places.latest(index, among, &|place| self.things.get(place).is_some_and(fits))
    }

    /// The place of the last thing.
    pub(super) fn last(&self) -> Option<usize> {
        self.places.before_last(0).map(|(_, place)| place)
    }

    /// Whether several things have one index.
    pub(super) fn is_shared(&self) -> bool {
        self.places.is_shared()
    }

    pub(super) fn place(&self, index: u64) -> Option<usize> {
        self.places.get(index)
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

    /// Puts a thing at an index, behind those that stand there; says its place.
    pub(super) fn put(&mut self, index: u64, thing: T) -> usize {
        let place = self.places.get_or_insert(index, self.things.len());
        let before = match self.things.get_mut(place) {
            Some(known) => core::mem::replace(known, thing),
            None => return self.push(thing),
        };
        let before = self.push(before);
        self.places.push_earlier(index, before);
        place
    }

    /// Forgets what stands at `from` and behind it.
    pub(super) fn truncate(&mut self, from: u64) {
        self.places.truncate(from);
    }

    /// The places of the things, in the order of their indexes.
    pub(super) fn places(&self) -> impl Iterator<Item = usize> {
        self.places.iter().map(|(_, place)| place)
    }

    pub(super) fn get(&self, place: usize) -> Option<&T> {
        self.things.get(place)
    }

    /// The thing at a place.
    pub(super) fn thing(&mut self, place: usize) -> &mut T {
        &mut self.things[place]
    }

    /// Adds a thing that has no index; says its place.
    pub(super) fn push(&mut self, thing: T) -> usize {
        self.things.push(thing);
        self.things.len() - 1
    }

    /// Has the things of these places stand one behind the other, and forgets the others.
    pub(super) fn arrange(&mut self, places: &[usize]) {
        self.places = Places::of(places);
    }

    /// The size of all things, those that are forgotten among them.
    pub(super) fn bytes(&self, of: impl Fn(&T) -> usize) -> usize {
        self.things.iter().map(|thing| of(thing) + THING).sum()
    }

    /// The things in the order of their indexes.
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.places().filter_map(|place| self.things.get(place))
    }
}
