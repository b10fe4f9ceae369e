//! What is printed, to be looked at.
#![allow(dead_code, reason = "each test program asks for its own part")]

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tracing_subscriber::fmt::MakeWriter;

/// What a subscriber has printed as JSON, an event in each line.
#[derive(Clone, Default)]
pub(crate) struct Printed(Arc<Mutex<Vec<u8>>>);

impl Write for Printed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Printed {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl Printed {
    /// All text so far.
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    /// Forgets all of it.
    pub(crate) fn clear(&self) {
        self.0.lock().unwrap().clear();
    }

    /// All events so far.
    pub(crate) fn events(&self) -> Vec<Value> {
        self.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The events of one kind.
    pub(crate) fn of(&self, target: &str) -> Vec<Value> {
        self.events().into_iter().filter(|event| event["target"] == target).collect()
    }

    /// The events of requests so far.
    pub(crate) fn accesses(&self) -> Vec<Value> {
        self.of("cello::access")
    }

    #[track_caller]
    pub(crate) fn access(&self) -> Value {
        let [access] = <[Value; 1]>::try_from(self.accesses()).unwrap();
        access
    }
}
