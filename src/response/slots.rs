use super::places::Places;
use alloc::vec::Vec;

/// Things by their index on the wire, in the order of the indexes, which may have gaps and arrive in any order. What is
/// forgotten is no more to be found, and freed with the rest.
#[derive(Debug)]
pub(super) struct Slots<T> {
    places: Places,
    /// Indexes and places of what stood at an index before another thing was put there, in the order of the indexes, the oldest
    /// first.
    earlier: Vec<(u64, usize)>,
    things: Vec<T>,
}

/// What a thing takes beside its texts, in bytes; about, since it must not depend on the platform.
const THING: usize = 128;

impl<T> Default for Slots<T> {
    fn default() -> Self {
        Self { places: Places::default(), earlier: Vec::new(), things: Vec::new() }
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
        let is_fit = |place: &usize| self.things.get(*place).is_some_and(fits);
        let newest = match index {
            Some(index) => self.places.get(index).filter(is_fit),
            None => (0..among).map_while(|many| self.places.before_last(many)).map(|(_, place)| place).find(is_fit),
        };
        newest.or_else(|| {
            let before = index.map_or(&self.earlier[..], |index| self.earlier_at(index));
            before.iter().rev().take(among).map(|(_, place)| *place).find(is_fit)
        })
    }

    /// The place of the last thing.
    pub(super) fn last(&self) -> Option<usize> {
        self.places.before_last(0).map(|(_, place)| place)
    }

    /// Whether several things have one index.
    pub(super) fn is_shared(&self) -> bool {
        !self.earlier.is_empty()
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
        self.earlier.insert(self.earlier_until(index, true), (index, before));
        place
    }

    /// Forgets what stands at `from` and behind it.
    pub(super) fn truncate(&mut self, from: u64) {
        self.places.truncate(from);
        self.earlier.truncate(self.earlier_until(from, false));
    }

    /// The places of the things, in the order of their indexes.
    pub(super) fn places(&self) -> impl Iterator<Item = usize> {
        let (mut earlier, mut newest) = (&self.earlier[..], self.places.iter().peekable());
        core::iter::from_fn(move || {
            let (index, place) = *newest.peek()?;
            if let Some(((_, before), behind)) = earlier.split_first().filter(|((before, _), _)| *before == index) {
                earlier = behind;
                return Some(*before);
            }
            newest.next();
            Some(place)
        })
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
        self.places = Places::default();
        self.earlier.clear();
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
        self.places().filter_map(|place| self.things.get(place))
    }

    fn earlier_at(&self, index: u64) -> &[(u64, usize)] {
        self.earlier.get(self.earlier_until(index, false)..self.earlier_until(index, true)).unwrap_or_default()
    }

    /// How many stand before an index, or up to it.
    fn earlier_until(&self, index: u64, is_included: bool) -> usize {
        self.earlier.partition_point(|(other, _)| *other < index || (is_included && *other == index))
    }
}
