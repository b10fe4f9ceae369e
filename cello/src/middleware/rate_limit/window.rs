//! The requests of one client within a sliding window: [`Window`].

use std::time::Duration;

use super::Standing;

/// The most groups that are kept apart: with a quota up to it, each request is one.
pub(super) const GROUPS: u64 = 32;

/// What has been admitted, oldest first. Requests that come close together are one group, which is forgotten when the first
/// of them does not count any more.
#[derive(Debug, Default)]
pub(super) struct Window {
    groups: Vec<Group>,
}

#[derive(Debug)]
struct Group {
    first: u64,
    count: u32,
}

impl Window {
    pub(super) fn standing(&self, now: u64, quota: u32, window: u64) -> Standing {
        let counting = || self.groups.iter().filter(|group| group.first + window > now);
        let used: u64 = counting().map(|group| u64::from(group.count)).sum();
        let remaining = u64::from(quota).saturating_sub(used);
        let next = counting().next().map_or(0, |oldest| oldest.first + window - now);
        Standing {
            refuses: remaining == 0,
            remaining: u32::try_from(remaining).unwrap_or(u32::MAX),
            next: Duration::from_nanos(next),
        }
    }

    pub(super) fn add(&mut self, now: u64, quota: u32, window: u64) {
        let over = self.groups.iter().take_while(|group| group.first + window <= now).count();
        self.groups.drain(..over);
        let together = step(quota, window);
        match self.groups.last_mut() {
            Some(last) if now.saturating_sub(last.first) < together => last.count += 1,
            _ => {
                if self.groups.len() == self.groups.capacity() {
                    self.groups.reserve_exact(self.groups.len().clamp(2, GROUPS as usize));
                }
                self.groups.push(Group { first: now, count: 1 });
            }
        }
    }
}

/// How close together requests are one group: so that there are never more groups than are kept apart.
pub(super) fn step(quota: u32, window: u64) -> u64 {
    if u64::from(quota) <= GROUPS { 0 } else { window.div_ceil(GROUPS - 1) }
}
