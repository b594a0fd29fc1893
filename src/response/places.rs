use alloc::vec::Vec;

/// Places in a list by indexes, in the order of the indexes, which may have gaps and arrive in any order.
///
/// Sorted runs of bounded length: a single sorted list takes quadratic time when indexes arrive backwards, and a `BTreeMap`
/// 5 KB of wasm.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// None of them empty.
    runs: Vec<Vec<(u64, usize)>>,
    /// Indexes and places of what stood at an index before another thing was put there, in the order of the indexes, the oldest
    /// first.
    earlier: Vec<(u64, usize)>,
}

/// How long a run may grow.
const RUN: usize = 512;

impl Places {
    pub(super) fn get(&self, index: u64) -> Option<usize> {
        // Of a list without gaps, as nearly all are, one of the first.
        if let Some((known, place)) = self.runs.first()?.get(index as usize)
            && *known == index
        {
            return Some(*place);
        }
        let run = self.runs.get(self.run_of(index))?;
        let at = run.binary_search_by_key(&index, |(index, _)| *index).ok()?;
        run.get(at).map(|(_, place)| *place)
    }

    /// The place of an index; the one given, if there was none.
    pub(super) fn get_or_insert(&mut self, index: u64, place: usize) -> usize {
        if let Some(known) = self.get(index) {
            return known;
        }
        let at = self.run_of(index);
        let Some(run) = self.runs.get_mut(at) else {
            self.runs.push([(index, place)].into());
            return place;
        };
        run.insert(run.partition_point(|(other, _)| *other < index), (index, place));
        if run.len() > RUN {
            let behind = run.split_off(RUN / 2);
            self.runs.insert(at + 1, behind);
        }
        place
    }

    /// Forgets the indexes from that one on.
    pub(super) fn truncate(&mut self, from: u64) {
        for run in &mut self.runs {
            let kept = run.partition_point(|(index, _)| *index < from);
            run.truncate(kept);
        }
        self.earlier.retain(|(index, _)| *index < from);
        while self.runs.last().is_some_and(Vec::is_empty) {
            self.runs.pop();
        }
    }

    /// Places of the indexes from 0 on.
    pub(super) fn of(places: &[usize]) -> Self {
        let mut all = Self::default();
        for (index, place) in places.iter().enumerate() {
            all.get_or_insert(index as u64, *place);
        }
        all
    }

    /// Notes the place of what stood at an index before.
    pub(super) fn push_earlier(&mut self, index: u64, place: usize) {
        self.earlier.insert(self.earlier.partition_point(|(other, _)| *other <= index), (index, place));
    }

    /// Whether several things have one index.
    pub(super) fn is_shared(&self) -> bool {
        !self.earlier.is_empty()
    }

    /// The latest place that fits, among so many: of those at an index, or of all.
    pub(super) fn latest(&self, index: Option<u64>, among: usize, fits: &dyn Fn(usize) -> bool) -> Option<usize> {
        for many in 0..among {
            let place = match index {
                Some(index) => self.get(index).filter(|_| many == 0),
                None => self.before_last(many).map(|(_, place)| place),
            };
            match place {
                Some(place) if fits(place) => return Some(place),
                Some(_) => (),
                None => break,
            }
        }
        let end = index.map_or(self.earlier.len(), |index| self.earlier.partition_point(|(other, _)| *other <= index));
        for (other, place) in self.earlier.get(..end)?.iter().rev().take(among) {
            if index.is_some_and(|index| index != *other) {
                break;
            }
            if fits(*place) {
                return Some(*place);
            }
        }
        None
    }

    /// In the order of the indexes.
    pub(super) fn iter(&self) -> Iter<'_> {
        Iter { runs: &self.runs, at: 0, earlier: &self.earlier }
    }

    /// The index and place that stand so many before the last.
    pub(super) fn before_last(&self, mut many: usize) -> Option<(u64, usize)> {
        for run in self.runs.iter().rev() {
            if let Some(at) = run.len().checked_sub(many + 1) {
                return run.get(at).copied();
            }
            many -= run.len();
        }
        None
    }

    /// The run that holds the index, or is to hold it.
    fn run_of(&self, index: u64) -> usize {
        let begins_before = |run: &Vec<(u64, usize)>| run.first().is_some_and(|(first, _)| *first <= index);
        self.runs.partition_point(begins_before).saturating_sub(1)
    }
}

/// Indexes and places. By hand: the iterators of the standard library are written anew for whatever is done with them.
pub(super) struct Iter<'a> {
    runs: &'a [Vec<(u64, usize)>],
    /// In the first of the runs.
    at: usize,
    earlier: &'a [(u64, usize)],
}

impl Iterator for Iter<'_> {
    type Item = (u64, usize);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (run, behind) = self.runs.split_first()?;
            if let Some(found) = run.get(self.at) {
                if let Some((before, rest)) = self.earlier.split_first()
                    && before.0 == found.0
                {
                    self.earlier = rest;
                    return Some(*before);
                }
                self.at += 1;
                return Some(*found);
            }
            (self.runs, self.at) = (behind, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Places, RUN};
    use alloc::collections::BTreeMap;
    use alloc::vec::Vec;

    /// Whole runs of indexes, forwards, backwards and from both ends, with gaps.
    fn orders() -> Vec<Vec<u64>> {
        let forwards: Vec<u64> = (0..5 * RUN as u64).map(|index| index * 3).collect();
        let backwards = forwards.iter().rev().copied().collect();
        let inwards = forwards.iter().zip(forwards.iter().rev()).flat_map(|(low, high)| [*low, *high]).collect();
        [forwards, backwards, inwards].into()
    }

    #[test]
    fn indexes_in_any_order_are_kept_like_in_a_map() {
        for order in orders() {
            let (mut places, mut map) = (Places::default(), BTreeMap::new());
            for (place, index) in order.into_iter().enumerate() {
                assert_eq!(places.get(index), map.get(&index).copied());
                assert_eq!(places.get_or_insert(index, place), *map.entry(index).or_insert(place));
                assert_eq!(places.get(index + 1), None);
            }
            assert!(places.iter().eq(map.iter().map(|(index, place)| (*index, *place))));
            let backwards: Vec<_> = (0..).map_while(|many| places.before_last(many)).collect();
            assert!(backwards.into_iter().eq(map.iter().rev().map(|(index, place)| (*index, *place))));
            assert!(places.runs.iter().all(|run| run.len() <= RUN), "no run grows without bound");
        }
    }

    #[test]
    fn what_is_forgotten_is_gone_and_can_come_again() {
        for from in [0, 1, 3, 600, 3 * RUN as u64, u64::MAX] {
            for order in orders() {
                let mut places = Places::default();
                for (place, index) in order.iter().enumerate() {
                    places.get_or_insert(*index, place);
                }
                let kept: Vec<_> = places.iter().filter(|(index, _)| *index < from).collect();
                places.truncate(from);
                assert_eq!(places.iter().collect::<Vec<_>>(), kept);
                assert_eq!(places.get_or_insert(from, 7), places.get(from).expect("just put there"));
            }
        }
    }
}
