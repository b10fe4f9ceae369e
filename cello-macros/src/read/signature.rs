//! A function's signature, read up to its body.

use super::attributes::{attributes, string_value};
use super::cursor::{Cursor, closes_angles, ends, find_outside_angles, flatten, is_punct, split_commas};
use crate::diagnostics::{Diagnostics, Fault};
use crate::model::{Argument, Attr, Generics, Name, PatternLiteral, Signature, Tokens};
use crate::token::{Delimiter, Group, Named, Spacing, Span, TokenTree};

/// A signature, and the function's tokens without our own attributes on its arguments.
pub(crate) struct ReadFunction {
    pub(crate) signature: Signature,
    pub(crate) item: Vec<TokenTree>,
    /// Whether all of it is there. If not, rustc says what is missing, and this crate says nothing.
    pub(crate) complete: bool,
}

/// Reads a function (after these attributes, and its visibility); leaves the cursor behind its body. `None` if it has no name.
///
/// One that is still being typed ends where the next item starts, or at its `;`: what follows it must not be taken for a part of it.
pub(crate) fn function(
    attrs: &[Attr],
    cursor: &mut Cursor<'_>,
    errors: &mut Diagnostics,
) -> Option<ReadFunction> {
    let start = *cursor;
    let (mut constness, mut asyncness, mut unsafety, mut abi) = (None, None, None, None);
    let name = loop {
        match cursor.next()? {
            TokenTree::Ident(word) => match word.to_string().as_str() {
                "const" => constness = Some(word.span()),
                "async" => asyncness = Some(word.span()),
                "unsafe" => unsafety = Some(word.span()),
                "extern" => abi = Some(word.span()),
                "fn" => break Name::of(cursor.any_ident()?),
                _ => return None,
            },
            TokenTree::Literal(_) => {}
            _ => return None,
        }
    };
    let generics_at = start.rest().len() - cursor.rest().len();
    let generics = generics(cursor);
    let mut complete = generics.is_some();
    let inputs_at = start.rest().len() - cursor.rest().len();
    let inputs = if let Some(group) = cursor.group(Delimiter::Parenthesis) {
        inputs(group, attrs.iter().all(|attr| attr.is_one_of(OF_RUSTC)), errors)
    } else {
        complete = false;
        Inputs::default()
    };
    let output = output(cursor);
    if cursor.group(Delimiter::Brace).is_none() {
        complete = false;
        cursor.punct(';');
    }
    complete &= inputs.args.iter().map(|arg| &arg.ty).chain(&output).all(|ty| is_whole(&ty.0));
    complete &= !inputs.unfinished;

    let mut item = start.rest()[..start.rest().len() - cursor.rest().len()].to_vec();
    if let Some(stripped) = inputs.stripped {
        item[inputs_at] = TokenTree::Group(stripped);
    }
    let Inputs { args, receiver, variadic, .. } = inputs;
    let generics = generics.unwrap_or_default();
    let signature = Signature {
        name,
        constness,
        asyncness,
        unsafety,
        abi,
        generics_at,
        generics,
        args,
        receiver,
        variadic,
        output,
    };
    Some(ReadFunction { signature, item, complete })
}

/// `None` if the list is not closed.
fn generics(cursor: &mut Cursor<'_>) -> Option<Generics> {
    let mut found = Generics::default();
    if !cursor.punct('<') {
        return Some(found);
    }
    let close = find_outside_angles(cursor.rest(), |token, _| is_punct(token, '>'))?;
    let list = cursor.take(close);
    for parameter in split_commas(list) {
        let mut inside = Cursor::new(parameter);
        attributes(&mut inside);
        if let Some(lifetime) = inside.lifetime() {
            found.lifetimes.push(lifetime.clone());
            continue;
        }
        inside.keyword("const");
        found.others.extend(inside.any_ident().cloned());
    }
    cursor.punct('>');
    Some(found)
}

/// The return type; leaves the cursor at the body, a `where` clause skipped.
fn output(cursor: &mut Cursor<'_>) -> Option<Tokens> {
    let mut output = None;
    if let [TokenTree::Punct(dash), TokenTree::Punct(angle), ..] = cursor.rest()
        && dash.as_char() == '-'
        && angle.as_char() == '>'
    {
        cursor.take(2);
        let end = find_outside_angles(cursor.rest(), |token, after| ends_signature(token, after, true));
        let end = end.unwrap_or_else(|| before_next_item(cursor.rest()));
        output = Some(Tokens(cursor.take(end).to_vec()));
    }
    let end = find_outside_angles(cursor.rest(), |token, after| ends_signature(token, after, false));
    cursor.take(end.unwrap_or_else(|| before_next_item(cursor.rest())));
    output
}

/// Where a signature ends, angle brackets or not, that has no end outside of them.
fn before_next_item(tokens: &[TokenTree]) -> usize {
    let ends = |index: &usize| ends_signature(&tokens[*index], &tokens[*index + 1..], false);
    (0..tokens.len()).find(ends).unwrap_or(tokens.len())
}

/// The body, or what can stand in no signature: a `;`, an attribute, the first word of another item. A `where` ends a type.
fn ends_signature(token: &TokenTree, after: &[TokenTree], of_type: bool) -> bool {
    match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(punct) => matches!(punct.as_char(), ';' | '#'),
        // `fn(u8)` and `use<'a>` stand in types; `fn name` and `use name` are other items.
        TokenTree::Ident(word) => match word.to_string().as_str() {
            "fn" | "use" => matches!(after.first(), Some(TokenTree::Ident(_))),
            "where" => of_type,
            word => ITEM_WORDS.contains(&word),
        },
        TokenTree::Literal(_) => false,
    }
}

/// Keywords that start an item and stand in no type, as `static` does in `'static`, and `use` in `use<'a>`.
const ITEM_WORDS: &[&str] = &["pub", "async", "mod", "struct", "enum", "type", "trait", "let"];

/// Whether tokens can be a whole type: there are some, every `<` is closed, and nothing is missing at the end.
fn is_whole(tokens: &[TokenTree]) -> bool {
    let ended = match tokens.last() {
        Some(TokenTree::Punct(punct)) => matches!(punct.as_char(), '>' | '!' | '+'),
        last => last.is_some(),
    };
    ended && closes_angles(tokens)
}

#[derive(Default)]
struct Inputs {
    args: Vec<Argument>,
    receiver: Option<Span>,
    variadic: Option<Span>,
    /// Whether an argument has no type yet.
    unfinished: bool,
    /// The group without our attributes, if it had any.
    stripped: Option<Group>,
}

/// `alone`: no other macro comes after this one, which could read attributes of arguments.
fn inputs(group: &Group, alone: bool, errors: &mut Diagnostics) -> Inputs {
    let tokens = flatten(group.stream());
    let mut found = Inputs::default();
    let mut kept = Tokens::default();
    let mut any_ours = false;
    let mut cursor = Cursor::new(&tokens);
    while !cursor.is_empty() {
        let start = cursor;
        let part = cursor.until_comma();
        let with_comma = &start.rest()[..start.rest().len() - cursor.rest().len()];
        let mut inside = Cursor::new(part);
        let attrs = attributes(&mut inside);
        let is_elsewhere = |attr: &&Attr| alone && attr.is_one_of(ELSEWHERE);
        // What is reported goes too: rustc would not know it.
        let is_ours = |attr: &&Attr| attr.is("query") || is_elsewhere(attr);
        for attr in attrs.iter().filter(is_elsewhere) {
            errors.push(name_of(attr), Fault::ArgumentAttribute { name: attr.word.clone() });
        }
        if attrs.iter().any(|attr| is_ours(&attr)) {
            any_ours = true;
            for attr in attrs.iter().filter(|attr| !is_ours(attr)) {
                kept.value(attr);
            }
            let after_attributes = part.len() - inside.rest().len();
            kept.value(&with_comma[after_attributes..]);
        } else {
            kept.value(with_comma);
        }
        argument(&attrs, inside, &mut found, errors);
    }
    if any_ours {
        let mut stripped = Group::new(Delimiter::Parenthesis, kept.into_stream());
        stripped.set_span(group.span());
        found.stripped = Some(stripped);
    }
    found
}

/// Attributes of a function that rustc reads itself.
const OF_RUSTC: &[&str] = &[
    "doc",
    "allow",
    "expect",
    "warn",
    "deny",
    "forbid",
    "cfg",
    "must_use",
    "inline",
    "cold",
    "deprecated",
    "track_caller",
];

/// What other frameworks, in Rust and elsewhere, write before an argument.
const ELSEWHERE: &[&str] =
    &["path", "param", "header", "cookie", "body", "json", "form", "data", "state", "extension", "inject"];

fn argument(attrs: &[Attr], cursor: Cursor<'_>, found: &mut Inputs, errors: &mut Diagnostics) {
    let colon =
        cursor.rest().iter().enumerate().position(|(index, token)| lone_colon(cursor.rest(), index, token));
    let pattern = &cursor.rest()[..colon.unwrap_or(cursor.rest().len())];
    let whole = ends(cursor.rest()).0;
    if attrs.iter().any(|attr| attr.is("cfg") || attr.is("cfg_attr")) {
        errors.push(whole, Fault::CfgArgument);
    }
    let name = binding(pattern);
    if name.as_ref().map_or_else(|| is_receiver(pattern), |name| name.text == "self") {
        found.receiver = Some(whole);
        return;
    }
    if cursor.rest().len() >= 3
        && cursor.rest()[cursor.rest().len() - 3..].iter().all(|token| is_punct(token, '.'))
    {
        found.variadic = Some(whole);
        return;
    }
    let Some(colon) = colon else {
        found.unfinished = true;
        return;
    };
    let ty = &cursor.rest()[colon + 1..];
    // Python's default value: rustc says that there are none.
    let end = find_outside_angles(ty, |token, _| is_punct(token, '=')).unwrap_or(ty.len());
    let ty = Tokens(ty[..end].to_vec());
    let query = query_key(attrs, errors);
    found.args.push(Argument { name, pattern: Tokens(pattern.to_vec()), ty, query });
}

/// A `:` that is not half of a `::`.
fn lone_colon(tokens: &[TokenTree], index: usize, token: &TokenTree) -> bool {
    let joint = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ':' && punct.spacing() == Spacing::Joint);
    is_punct(token, ':')
        && !(joint(token) && tokens.get(index + 1).is_some_and(|next| is_punct(next, ':')))
        && !(index > 0 && joint(&tokens[index - 1]))
}

/// `&self`, `&'a mut self`; one without a reference is a name.
fn is_receiver(pattern: &[TokenTree]) -> bool {
    let mut cursor = Cursor::new(pattern);
    if !cursor.punct('&') {
        return false;
    }
    cursor.lifetime();
    cursor.keyword("mut");
    cursor.keyword("self").is_some() && cursor.is_empty()
}

/// The name of `x` and of `mut x`.
fn binding(pattern: &[TokenTree]) -> Option<Name> {
    let name = match pattern {
        [TokenTree::Ident(name)] => Name::of(name),
        [TokenTree::Ident(word), TokenTree::Ident(name)] if word.is("mut") => Name::of(name),
        _ => return None,
    };
    (name.text != "_").then_some(name)
}

/// Where the name of an attribute stands.
fn name_of(attr: &Attr) -> Span {
    ends(attr.path.first().map(|name| TokenTree::Ident(name.clone())).as_slice()).0
}

fn query_key(attrs: &[Attr], errors: &mut Diagnostics) -> Option<PatternLiteral> {
    let mut found: Option<PatternLiteral> = None;
    for attr in attrs.iter().filter(|attr| attr.is("query")) {
        let at = name_of(attr);
        if found.is_some() {
            errors.push(at, Fault::QueryTwice);
            continue;
        }
        let content = flatten(attr.arguments());
        let [TokenTree::Literal(literal)] = content.as_slice() else {
            errors.push(at, Fault::QueryAttribute);
            continue;
        };
        let Some(text) = string_value(literal) else {
            errors.push(literal.span(), Fault::QueryAttribute);
            continue;
        };
        if text.is_empty() || text.contains(|c: char| c.is_control() || matches!(c, '&' | '=' | '#')) {
            errors.push(literal.span(), Fault::QueryKey { key: text });
            continue;
        }
        found = Some(PatternLiteral { text, span: literal.span() });
    }
    found
}
