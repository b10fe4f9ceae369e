//! Patterns, by the grammar that const evaluation and the runtime use too.

use cello_routing::{Pattern, QueryParam};

use crate::diagnostics::{Diagnostics, Fault};
use crate::model::PatternLiteral;

/// The names of a pattern, with where they stand in its text.
#[derive(Default)]
pub(crate) struct Names {
    pub(crate) path: Vec<Name>,
    pub(crate) query: Vec<Name>,
    /// The path as the bytes of numbers, so that const evaluation need not read it.
    pub(crate) code: Vec<u8>,
}

/// One name.
pub(crate) struct Name {
    pub(crate) text: String,
    /// The offset of the name itself, without its bracket.
    pub(crate) at: usize,
    /// `<filter..>` in the query.
    pub(crate) whole: bool,
}

impl Names {
    pub(crate) fn path_index(&self, name: &str) -> Option<usize> {
        self.path.iter().position(|known| known.text == name)
    }

    pub(crate) fn query(&self, name: &str) -> Option<&Name> {
        self.query.iter().find(|known| known.text == name)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Name> {
        self.path.iter().chain(&self.query)
    }
}

/// The names of a handler's own pattern; `None` after a report.
pub(crate) fn pattern(literal: &PatternLiteral, errors: &mut Diagnostics) -> Option<Names> {
    match Pattern::parse(&literal.text) {
        Ok(pattern) => Some(names(&pattern)),
        Err(error) => report(literal, &error.to_string(), errors),
    }
}

/// The names of a blueprint's prefix; `None` after a report.
pub(crate) fn prefix(literal: &PatternLiteral, errors: &mut Diagnostics) -> Option<Names> {
    match Pattern::parse_prefix(&literal.text) {
        Ok(pattern) => Some(names(&pattern)),
        Err(error) => report(literal, &error.to_string(), errors),
    }
}

fn code(pattern: &Pattern<'_>) -> Vec<u8> {
    let mut code = Vec::with_capacity(64);
    for word in pattern.code() {
        code.extend_from_slice(&word);
    }
    code
}

fn report(literal: &PatternLiteral, message: &str, errors: &mut Diagnostics) -> Option<Names> {
    errors.push(literal.span, Fault::Pattern { message: message.to_owned() });
    None
}

fn names(pattern: &Pattern<'_>) -> Names {
    let mut names = Names { code: code(pattern), ..Names::default() };
    let mut segments = pattern.segments();
    loop {
        let start = segments.offset();
        let Some(segment) = segments.next() else { break };
        if let (Some(text), Some(offset)) = (segment.name(), segment.name_offset()) {
            names.path.push(Name { text: text.to_owned(), at: start + offset, whole: false });
        }
    }
    let mut query = pattern.query();
    loop {
        let at = query.name_offset();
        let Some(parameter) = query.next() else { break };
        let whole = matches!(parameter, QueryParam::Struct(_));
        names.query.push(Name { text: parameter.name().to_owned(), at, whole });
    }
    names
}
