//! Which fleet server gets the next call.

use std::collections::HashMap;

use crate::FleetUrl;

/// The free capacity of the fleet, as far as one process knows it.
///
/// A report says what a server had free when it was asked. Calls that were given out since count against it until the report
/// of a later poll, so that a burst of calls is spread over the servers.
#[derive(Clone, Debug, Default)]
pub struct FleetPool {
    servers: HashMap<FleetUrl, Server>,
    /// How many calls were given out.
    picks: u64,
}

/// Names the calls that were given out before a poll began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PollStart(u64);

#[derive(Clone, Debug, Default)]
struct Server {
    /// None: not healthy.
    available: Option<u64>,
    /// The numbers of the calls that the last report cannot contain, ascending.
    given: Vec<u64>,
    /// The number of the last call that was given to the server; 0: none.
    last: u64,
}

impl Server {
    fn remaining(&self) -> u64 {
        self.available.unwrap_or_default().saturating_sub(self.given.len() as u64)
    }
}

impl FleetPool {
    /// To be called before a server is asked for a report.
    pub fn start_poll(&self) -> PollStart {
        PollStart(self.picks)
    }

    /// The outcome of a poll: what the server has free, or None where it is not healthy.
    pub fn end_poll(&mut self, url: &FleetUrl, start: PollStart, available: Option<u64>) {
        let server = self.servers.entry(url.clone()).or_default();
        server.available = available;
        server.given.retain(|pick| *pick > start.0);
    }

    /// The server did not accept a connection: it gets no call until a poll finds it healthy.
    pub fn fail(&mut self, url: &FleetUrl) {
        if let Some(server) = self.servers.get_mut(url) {
            server.available = None;
        }
    }

    /// Forgets all other servers.
    pub fn retain(&mut self, urls: &[FleetUrl]) {
        self.servers.retain(|url, _| urls.contains(url));
    }

    /// Gives out a call: of `candidates` the healthy server with the most free capacity, and among equals the one that got
    /// none for the longest time. None where no healthy server has free capacity.
    pub fn pick<'a>(&mut self, candidates: impl IntoIterator<Item = &'a FleetUrl>) -> Option<FleetUrl> {
        let known = candidates.into_iter().filter_map(|url| Some((url, self.servers.get(url)?)));
        let free = known.filter(|(_, server)| server.remaining() > 0);
        // `min_by_key` returns the first of equals: the order of the candidates decides before any call was given out.
        let (url, _) = free.min_by_key(|(_, server)| (u64::MAX - server.remaining(), server.last))?;
        let url = url.clone();
        self.picks += 1;
        let server = self.servers.get_mut(&url)?;
        server.given.push(self.picks);
        server.last = self.picks;
        Some(url)
    }

    /// A call that was given out is not placed.
    pub fn give_back(&mut self, url: &FleetUrl) {
        if let Some(server) = self.servers.get_mut(url) {
            server.given.pop();
        }
    }

    /// Whether a healthy server among these has free capacity.
    pub fn has_capacity<'a>(&self, candidates: impl IntoIterator<Item = &'a FleetUrl>) -> bool {
        candidates.into_iter().any(|url| self.servers.get(url).is_some_and(|server| server.remaining() > 0))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn urls(count: usize) -> Vec<FleetUrl> {
        (0..count).map(|index| format!("http://core-{index}").parse().unwrap()).collect()
    }

    fn pool(available: &[Option<u64>]) -> (FleetPool, Vec<FleetUrl>) {
        let (mut pool, urls) = (FleetPool::default(), urls(available.len()));
        for (url, available) in urls.iter().zip(available) {
            let start = pool.start_poll();
            pool.end_poll(url, start, *available);
        }
        (pool, urls)
    }

    fn picks(pool: &mut FleetPool, urls: &[FleetUrl], count: usize) -> Vec<Option<usize>> {
        (0..count).map(|_| pool.pick(urls).map(|url| urls.iter().position(|known| *known == url).unwrap())).collect()
    }

    #[test]
    fn most_available_server_is_picked() {
        let (mut pool, urls) = pool(&[Some(3), Some(9), None, Some(5)]);
        assert_eq!(picks(&mut pool, &urls, 1), [Some(1)]);
    }

    #[test]
    fn burst_is_spread_over_the_servers() {
        let (mut pool, urls) = pool(&[Some(2), Some(4), Some(2)]);
        let picked = picks(&mut pool, &urls, 9);
        assert_eq!(picked[..2], [Some(1), Some(1)]);
        assert_eq!(picked[8], None, "eight are free");
        for (index, free) in [2, 4, 2].into_iter().enumerate() {
            assert_eq!(picked.iter().filter(|pick| **pick == Some(index)).count(), free);
        }
    }

    #[test]
    fn equal_servers_take_turns() {
        let (mut pool, urls) = pool(&[Some(100); 3]);
        assert_eq!(picks(&mut pool, &urls, 6), [0, 1, 2, 0, 1, 2].map(Some));
    }

    #[test]
    fn turns_continue_after_a_report() {
        let (mut pool, urls) = pool(&[Some(5), Some(5)]);
        assert_eq!(picks(&mut pool, &urls, 1), [Some(0)]);
        let start = pool.start_poll();
        urls.iter().for_each(|url| pool.end_poll(url, start, Some(5)));
        assert_eq!(picks(&mut pool, &urls, 1), [Some(1)]);
    }

    #[test]
    fn full_and_failed_servers_get_no_call() {
        let (mut pool, urls) = pool(&[Some(0), None, Some(1)]);
        pool.fail(&urls[2]);
        assert_eq!(picks(&mut pool, &urls, 1), [None]);
        assert!(!pool.has_capacity(&urls));
    }

    #[test]
    fn call_given_out_during_a_poll_still_counts() {
        let (mut pool, urls) = pool(&[Some(1)]);
        let start = pool.start_poll();
        assert_eq!(picks(&mut pool, &urls, 1), [Some(0)]);
        pool.end_poll(&urls[0], start, Some(1));
        assert_eq!(picks(&mut pool, &urls, 1), [None], "the report is older than the call");
        let start = pool.start_poll();
        pool.end_poll(&urls[0], start, Some(1));
        assert_eq!(picks(&mut pool, &urls, 1), [Some(0)]);
    }

    #[test]
    fn call_that_is_given_back_uses_no_capacity() {
        let (mut pool, urls) = pool(&[Some(1)]);
        for _ in 0..3 {
            assert_eq!(picks(&mut pool, &urls, 1), [Some(0)]);
            pool.give_back(&urls[0]);
        }
        assert_eq!(picks(&mut pool, &urls, 2), [Some(0), None]);
    }

    #[test]
    fn forgotten_server_is_not_picked() {
        let (mut pool, urls) = pool(&[Some(1), Some(2)]);
        pool.retain(&urls[..1]);
        assert_eq!(picks(&mut pool, &urls, 1), [Some(0)]);
    }

    proptest! {
        #[test]
        fn no_server_gets_more_than_it_reported(
            available in proptest::collection::vec(proptest::option::of(0u64..20), 1..8), calls in 0usize..200,
        ) {
            let (mut pool, urls) = pool(&available);
            let picked: Vec<usize> = picks(&mut pool, &urls, calls).into_iter().flatten().collect();
            let total: u64 = available.iter().flatten().sum();
            prop_assert_eq!(picked.len() as u64, total.min(calls as u64));
            for (index, available) in available.iter().enumerate() {
                let given = picked.iter().filter(|pick| **pick == index).count() as u64;
                prop_assert!(given <= available.unwrap_or_default());
            }
        }

        #[test]
        fn each_pick_has_the_most_capacity_left(
            available in proptest::collection::vec(0u64..20, 1..8), calls in 1usize..60,
        ) {
            let (mut pool, urls) = pool(&available.iter().copied().map(Some).collect::<Vec<_>>());
            let mut left = available;
            for pick in picks(&mut pool, &urls, calls).into_iter().flatten() {
                prop_assert_eq!(left[pick], *left.iter().max().unwrap());
                left[pick] -= 1;
            }
        }
    }
}
