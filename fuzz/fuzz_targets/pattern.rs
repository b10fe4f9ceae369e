//! The pattern parser takes or refuses any text: it does not panic, and what it says is about the text.
#![no_main]

use cello_routing::Pattern;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match Pattern::parse(text) {
        Ok(pattern) => {
            let written: usize = pattern.segments().map(|segment| 1 + segment.written_len()).sum();
            let slash = usize::from(pattern.trailing_slash() || pattern.path() == "/");
            assert_eq!(written + slash, pattern.path().len());
            assert!(pattern.query().all(|param| pattern.has_query_param(param.name())));
        }
        Err(error) => {
            assert!(text.get(error.at..error.at + error.len).is_some());
            assert!(error.to_string().contains('^'));
        }
    }
    if let Err(error) = Pattern::parse_prefix(text) {
        assert!(error.to_string().contains('^'));
    }
});
