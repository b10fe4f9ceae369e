//! Who looks at all connections of one worker: [`Roster`].

use std::sync::{Arc, Mutex};

use tokio::sync::Notify;
use tokio::task::JoinHandle;

use super::life::{Life, race};
use super::pulse::Pulse;
use super::tick::Pauses;
use super::watch::Watch;
use crate::lock::lock;

/// Room for so many connections is kept while there are any.
const SPARE: usize = 128;

/// All connections of one worker.
#[derive(Debug, Default)]
pub(super) struct Roster {
    entries: Mutex<Vec<Entry>>,
    first: Notify,
}

#[derive(Debug)]
struct Entry {
    watch: Arc<Watch>,
    task: JoinHandle<()>,
}

impl Roster {
    pub(super) fn add(&self, watch: Arc<Watch>, task: JoinHandle<()>) {
        let mut entries = lock(&self.entries);
        if entries.is_empty() {
            self.first.notify_one();
        }
        entries.push(Entry { watch, task });
    }

    /// Ends all of them at once.
    pub(super) fn abort(&self) {
        for entry in lock(&self.entries).drain(..) {
            entry.task.abort();
        }
    }

    /// Moves the clock and wakes those whose time has run out, for ever. It sleeps while there is no connection.
    pub(super) async fn sweep(&self, pulse: &Pulse, life: &Life) {
        let mut draining = false;
        let pauses = Pauses::default();
        loop {
            if !draining && life.is_draining() {
                draining = true;
                pulse.begin_draining();
            }
            pulse.move_on();
            let pause = async {
                if self.wake_overdue() {
                    pauses.pause(pulse.tick(draining)).await;
                } else {
                    self.first.notified().await;
                }
            };
            if draining {
                pause.await;
            } else {
                race(pause, life.draining()).await;
            }
        }
    }

    /// Says whether there is any connection left.
    fn wake_overdue(&self) -> bool {
        let mut entries = lock(&self.entries);
        entries.retain(|entry| !entry.task.is_finished());
        // What a flood has taken is given back.
        if entries.is_empty() || entries.capacity() > 4 * entries.len() + SPARE {
            let wanted = 2 * entries.len();
            entries.shrink_to(wanted);
        }
        for entry in entries.iter() {
            #[cfg(feature = "http2")]
            entry.watch.wake_late_streams();
            if entry.watch.is_stuck() {
                entry.task.abort();
            } else {
                entry.watch.wake_if_overdue();
            }
        }
        !entries.is_empty()
    }
}
