//! The arguments of our attributes: `("/users/<id>", blocking, with(RateLimit::new(10)), params(org))`.

use super::attributes::{read, string_value};
use super::cursor::{Cursor, ends, flatten, is_punct, plain_name, split_commas};
use super::entries::{entries, is_path};
use super::members::{is_several, layer, type_alone};
use crate::diagnostics::{Diagnostics, Fault, METHODS};
use crate::model::{Arguments, MacroKind, PatternLiteral, Tokens};
use crate::token::{Delimiter, Group, Ident, Literal, Named, Span, TokenStream, TokenTree};

/// Reads the arguments of the macro that is called `on` in messages and stands at `at`.
pub(crate) fn arguments(
    kind: MacroKind,
    on: &str,
    at: Span,
    input: TokenStream,
    errors: &mut Diagnostics,
) -> Arguments {
    let tokens = flatten(input);
    let mut reader = Reader { kind, on, given: Vec::new(), arguments: Arguments::default(), errors };
    let mut parts = split_commas(&tokens).into_iter().peekable();

    // `#[route(GET, "/path")]`, as in Rocket
    let mut methods = Vec::new();
    while let Some(method) = parts.next_if(|part| reader.is_method(part)) {
        methods.push(method);
    }
    let mut listed = None;
    match parts.peek().copied() {
        Some([TokenTree::Literal(literal), rest @ ..]) => {
            parts.next();
            if let [first, ..] = rest {
                reader.errors.push(first.span(), Fault::MissingComma { on: on.into() });
            }
            // A list is one all the same.
            if let ([TokenTree::Group(list)], MacroKind::BlueprintMacro) = (rest, kind) {
                listed = is_list(list).then(|| list.stream());
            }
            match string_value(literal) {
                Some(text) => {
                    reader.arguments.pattern = Some(PatternLiteral { text, span: literal.span() });
                }
                None => reader.not_text(literal.span(), literal.to_string()),
            }
        }
        Some([TokenTree::Group(list)]) if kind == MacroKind::BlueprintMacro && is_list(list) => {
            reader.errors.push(list.span(), Fault::MissingPattern { on: on.into() });
        }
        Some(part) if !is_named(part) || reader.is_stray_word(part) => {
            parts.next();
            let given = spaced(part);
            reader.errors.push_between(ends(part), Fault::PatternNotText { on: on.into(), given });
        }
        // A pattern with a name is reported where its name stands.
        _ if parts.clone().any(is_named_pattern) => {}
        _ => reader.errors.push(at, Fault::MissingPattern { on: on.into() }),
    }
    if kind == MacroKind::BlueprintMacro {
        match parts.peek().copied() {
            _ if listed.is_some() => {
                reader.arguments.entries = entries(listed.unwrap_or_default(), reader.errors);
            }
            Some([TokenTree::Group(list)]) if is_list(list) => {
                parts.next();
                reader.arguments.entries = entries(list.stream(), reader.errors);
            }
            // `routes![index]`, or `vec![index]`
            Some(part @ [TokenTree::Ident(_), bang, TokenTree::Group(list)]) if is_punct(bang, '!') => {
                parts.next();
                reader.arguments.entries = entries(list.stream(), reader.errors);
                let names = vec![list.stream().to_string()];
                let prefix =
                    reader.arguments.pattern.as_ref().map_or("/prefix", |pattern| &pattern.text).to_owned();
                reader.errors.push_between(ends(part), Fault::MissingEntries { prefix, names });
            }
            // Whoever has written nothing at all is told the whole of it by the pattern that is missing.
            None if reader.arguments.pattern.is_none() => {}
            _ => {
                let mut names = Vec::new();
                while let Some(part) = parts.next_if(|part| reader.is_entry(part)) {
                    names.push(spaced(part));
                }
                let pattern = reader.arguments.pattern.as_ref();
                let at = pattern.map_or(at, |pattern| pattern.span);
                let prefix = pattern.map_or_else(|| "/prefix".to_owned(), |pattern| pattern.text.clone());
                reader.errors.push(at, Fault::MissingEntries { prefix, names });
            }
        }
    }
    if !methods.is_empty() {
        // Together with a pattern that has a name it is one mistake.
        let pattern = parts.next_if(|part| is_named_pattern(part));
        reader.methods_alone(&methods, pattern);
    }
    for part in parts {
        reader.argument(part);
    }
    let names_methods = ["methods", "method"].iter().any(|name| reader.was_given(name));
    if kind == MacroKind::Route && !names_methods {
        reader.errors.push(at, Fault::MissingMethods);
    }
    reader.arguments
}

/// Tokens as a person would write them in a message.
pub(crate) fn spaced(tokens: &[TokenTree]) -> String {
    super::types::written(tokens)
}

fn is_list(group: &Group) -> bool {
    group.delimiter() == Delimiter::Bracket
}

fn is_named(part: &[TokenTree]) -> bool {
    match part {
        [TokenTree::Ident(_)] => true,
        [TokenTree::Ident(_), TokenTree::Group(group)] => group.delimiter() == Delimiter::Parenthesis,
        [TokenTree::Ident(_), TokenTree::Punct(equals), ..] => equals.as_char() == '=',
        _ => false,
    }
}

/// `path = "/users"`, as other frameworks have it.
fn is_named_pattern(part: &[TokenTree]) -> bool {
    let [TokenTree::Ident(name), TokenTree::Punct(equals), TokenTree::Literal(_)] = part else {
        return false;
    };
    equals.as_char() == '=' && name.is_one_of(PATTERN_NAMES)
}

/// What other frameworks call a pattern that has a name.
pub(crate) const PATTERN_NAMES: &[&str] = &["path", "uri", "url", "pattern", "prefix", "url_prefix"];

struct Reader<'a> {
    kind: MacroKind,
    on: &'a str,
    given: Vec<String>,
    arguments: Arguments,
    errors: &'a mut Diagnostics,
}

/// What an argument looks like after its name.
enum Value<'a> {
    Flag,
    List(TokenStream),
    Assigned(&'a [TokenTree]),
}

impl Reader<'_> {
    fn argument(&mut self, part: &[TokenTree]) {
        let [TokenTree::Ident(name), rest @ ..] = part else {
            return self.errors.push_between(ends(part), Fault::StrayTokens { on: self.on.into() });
        };
        if self.is_method(part) {
            return self.methods_alone(&[part], None);
        }
        let value = match rest {
            [] => Value::Flag,
            [TokenTree::Group(group)] if group.delimiter() == Delimiter::Parenthesis => {
                Value::List(group.stream())
            }
            [TokenTree::Punct(equals), value @ ..] if equals.as_char() == '=' => Value::Assigned(value),
            [TokenTree::Punct(colon), _, ..] if colon.as_char() == ':' => {
                let word = plain_name(name);
                let expected = if self.known().contains(&word.as_str()) { shape(&word) } else { "" };
                if expected.is_empty() {
                    return self.errors.push_between(ends(part), Fault::StrayTokens { on: self.on.into() });
                }
                return self.errors.push_between(ends(part), Fault::ArgumentShape { name: word, expected });
            }
            _ => return self.errors.push_between(ends(part), Fault::StrayTokens { on: self.on.into() }),
        };
        let word = plain_name(name);
        if !self.known().contains(&word.as_str()) {
            // Said of the first: `method = "GET", method = "POST"`, as in actix-web.
            if self.was_given(&word) {
                return;
            }
            self.given.push(word.clone());
            let on = self.on.to_owned();
            let fault = match word.as_str() {
                "methods" if self.kind == MacroKind::Verb => Fault::MethodsOnVerb { on },
                _ => Fault::UnknownArgument { on, given: word, known: self.known() },
            };
            return self.errors.push(name.span(), fault);
        }
        if self.was_given(&word) {
            return self
                .errors
                .push(name.span(), Fault::DuplicateArgument { on: self.on.into(), name: word });
        }
        self.given.push(word.clone());
        self.set(name, &word, value, ends(part));
    }

    fn set(&mut self, name: &Ident, word: &str, value: Value<'_>, ends: (Span, Span)) {
        let arguments = &mut self.arguments;
        let (fits, expected) = match (word, value) {
            ("blocking", Value::Flag) => (set(&mut arguments.blocking, name.span()), ""),
            ("blocking", _) => (false, "the word alone: `blocking`"),
            ("body", Value::Flag) => (set(&mut arguments.body, name.span()), ""),
            ("body", _) => (false, "the word alone: `body`"),

            ("methods", Value::List(list)) => {
                let methods = idents(list);
                (methods.is_some_and(|methods| set(&mut arguments.methods, methods)), METHODS_SHAPE)
            }
            ("methods", _) => (false, METHODS_SHAPE),
            ("params", Value::List(list)) => {
                let names = idents(list).unwrap_or_default();
                for (_, name) in names.iter().enumerate().filter(|(index, name)| {
                    let name = name.to_string();
                    names[..*index].iter().any(|before| before.is(&name))
                }) {
                    let (on, name, at) = ("`params(...)`".to_owned(), plain_name(name), name.span());
                    self.errors.push(at, Fault::DuplicateArgument { on, name });
                }
                (put(&mut arguments.params, names), PARAMS_SHAPE)
            }
            ("params", _) => (false, PARAMS_SHAPE),
            ("guard", Value::List(list)) => {
                let guards = parts(list);
                (guards.iter().all(may_be_type) && put(&mut arguments.guards, guards), GUARD_SHAPE)
            }
            ("guard", _) => (false, GUARD_SHAPE),
            ("with", Value::List(list)) => {
                let mut members = parts(list);
                if members.iter().any(is_several) {
                    (false, "the middleware side by side: `with(first, second)`")
                } else {
                    let before = members.len();
                    members.retain(|member| {
                        let layer = layer(member);
                        if let Some(layer) = layer {
                            self.errors.push(layer.span(), Fault::UnknownLayer { name: layer.to_string() });
                        }
                        let alone = type_alone(member);
                        if let Some((name, made)) = alone {
                            let name_of = name.to_string();
                            self.errors.push(name.span(), Fault::MiddlewareType { name: name_of, made });
                        }
                        layer.is_none() && alone.is_none()
                    });
                    let reported = members.len() < before;
                    (put(&mut arguments.with, members) || reported, WITH_SHAPE)
                }
            }
            ("with", _) => (false, WITH_SHAPE),
            ("tags", Value::List(list)) => {
                let tags = texts(list);
                (tags.is_some_and(|tags| put(&mut arguments.tags, tags)), TAGS_SHAPE)
            }
            ("tags", _) => (false, TAGS_SHAPE),

            ("body_limit", Value::Assigned([TokenTree::Literal(literal)])) if !is_integer(literal) => {
                (false, LIMIT_SHAPE)
            }
            ("body_limit", Value::Assigned(value)) => (assign(&mut arguments.body_limit, value), LIMIT_SHAPE),
            ("body_limit", _) => (false, LIMIT_SHAPE),
            ("timeout", Value::Assigned([TokenTree::Literal(_)])) => (false, TIMEOUT_SHAPE),
            ("timeout", Value::Assigned(value)) => (assign(&mut arguments.timeout, value), TIMEOUT_SHAPE),
            ("timeout", _) => (false, TIMEOUT_SHAPE),
            ("parent", Value::Assigned([TokenTree::Ident(own)]))
                if own.is("self") && self.kind == MacroKind::BlueprintMacro =>
            {
                (false, "the path of another module, such as `parent = super`: `self` is this blueprint")
            }
            ("parent", Value::Assigned(value)) if is_path(Cursor::new(value)) => {
                (assign(&mut arguments.parent, value), PARENT_SHAPE)
            }
            ("parent", _) => (false, PARENT_SHAPE),
            ("crate", Value::Assigned(value)) if is_path(Cursor::new(value)) => {
                (assign(&mut arguments.krate, value), CRATE_SHAPE)
            }
            ("crate", _) => (false, CRATE_SHAPE),
            ("name", Value::Assigned([TokenTree::Ident(other)])) => {
                (set(&mut arguments.name, other.clone()), "")
            }
            (_, _) => (false, "the other name as `name = get_user_route`"),
        };
        if !fits {
            self.errors.push_between(ends, Fault::ArgumentShape { name: word.to_owned(), expected });
        }
    }

    /// A lone word that is no argument: most likely a constant that holds the pattern.
    fn is_stray_word(&self, part: &[TokenTree]) -> bool {
        matches!(part, [TokenTree::Ident(word)] if !self.known().contains(&plain_name(word).as_str()))
    }

    /// What would be an entry if it stood in a list.
    fn is_entry(&self, part: &[TokenTree]) -> bool {
        is_path(Cursor::new(part)) && (part.len() > 1 || self.is_stray_word(part))
    }

    /// Whether this is a method by itself, where a list of methods is expected.
    fn is_method(&self, part: &[TokenTree]) -> bool {
        let [TokenTree::Ident(word)] = part else { return false };
        self.kind == MacroKind::Route && word.is_one_of(METHODS)
    }

    /// Methods that stand by themselves, behind or before the pattern, which may have a name as well.
    fn methods_alone(&mut self, methods: &[&[TokenTree]], named_pattern: Option<&[TokenTree]>) {
        // Of several, the first says it.
        let [first, ..] = methods else { return };
        if self.was_given("method") {
            return;
        }
        self.given.push("method".to_owned());
        let named = match named_pattern {
            Some([.., TokenTree::Literal(text)]) => string_value(text),
            _ => None,
        };
        let own = self.arguments.pattern.as_ref().map(|pattern| pattern.text.clone());
        let pattern = own.or(named).unwrap_or_else(|| "/path".to_owned());
        let methods = methods.iter().map(|method| spaced(method)).collect();
        self.errors.push_between(ends(first), Fault::MethodsAlone { methods, pattern });
    }

    fn was_given(&self, word: &str) -> bool {
        self.given.iter().any(|given| given == word)
    }

    fn not_text(&mut self, at: Span, given: String) {
        self.errors.push(at, Fault::PatternNotText { on: self.on.into(), given });
    }

    fn known(&self) -> Vec<&'static str> {
        let scope = ["params", "guard", "with", "tags", "body_limit", "timeout", "crate"];
        let own: &[&str] = match self.kind {
            MacroKind::Verb => &["blocking", "body", "name"],
            MacroKind::Route => &["methods", "blocking", "body", "name"],
            MacroKind::BlueprintAttribute | MacroKind::BlueprintMacro => &["parent"],
        };
        own.iter().copied().chain(scope).collect()
    }
}

const METHODS_SHAPE: &str = "the methods in parentheses: `methods(GET, POST)`";
const PARAMS_SHAPE: &str = "the names in parentheses: `params(org, team)`";
const GUARD_SHAPE: &str = "the types in parentheses: `guard(Admin)`";
const WITH_SHAPE: &str = "the middleware in parentheses: `with(Cors::new())`";
const TAGS_SHAPE: &str = "string literals in parentheses: `tags(\"users\")`";
const LIMIT_SHAPE: &str = "a number of bytes: `body_limit = 1024 * 1024`";
const TIMEOUT_SHAPE: &str = "a duration: `timeout = Duration::from_secs(5)`";
const PARENT_SHAPE: &str = "the path of the parent blueprint's module: `parent = crate::api`";
const CRATE_SHAPE: &str = "the path of the re-exported crate: `crate = my_crate::cello`";

/// What an argument looks like, by its name; nothing if it has no value.
fn shape(word: &str) -> &'static str {
    match word {
        "methods" => METHODS_SHAPE,
        "params" => PARAMS_SHAPE,
        "guard" => GUARD_SHAPE,
        "with" => WITH_SHAPE,
        "tags" => TAGS_SHAPE,
        "body_limit" => LIMIT_SHAPE,
        "timeout" => TIMEOUT_SHAPE,
        "parent" => PARENT_SHAPE,
        "crate" => CRATE_SHAPE,
        _ => "",
    }
}

fn set<T>(place: &mut Option<T>, value: T) -> bool {
    *place = Some(value);
    true
}

fn put<T>(place: &mut Vec<T>, values: Vec<T>) -> bool {
    *place = values;
    !place.is_empty()
}

fn assign(place: &mut Option<Tokens>, value: &[TokenTree]) -> bool {
    !value.is_empty() && set(place, Tokens(value.to_vec()))
}

fn parts(list: TokenStream) -> Vec<Tokens> {
    split_commas(&flatten(list)).into_iter().map(|part| Tokens(part.to_vec())).collect()
}

/// `Admin` and `Role<Editor>`, but not `"admin"`, `Admin()` or `|request| ...`.
fn may_be_type(part: &Tokens) -> bool {
    let starts = match part.0.first() {
        Some(TokenTree::Literal(_)) | None => false,
        Some(TokenTree::Punct(punct)) => matches!(punct.as_char(), '<' | ':'),
        Some(_) => true,
    };
    let called = part
        .0
        .iter()
        .skip(1)
        .any(|token| matches!(token, TokenTree::Group(group) if group.delimiter() != Delimiter::Bracket));
    starts && !called
}

/// `1024`, but not `1.5`, `"1mb"` or `1mb`.
fn is_integer(literal: &Literal) -> bool {
    matches!(read(literal), Some(syn::Lit::Int(number)) if matches!(number.suffix(), "" | "usize"))
}

fn idents(list: TokenStream) -> Option<Vec<Ident>> {
    let list = flatten(list);
    let parts = split_commas(&list);
    let idents: Option<Vec<Ident>> = parts
        .iter()
        .map(|part| match part {
            [TokenTree::Ident(ident)] => Some(ident.clone()),
            _ => None,
        })
        .collect();
    idents.filter(|idents| !idents.is_empty())
}

fn texts(list: TokenStream) -> Option<Vec<Literal>> {
    let list = flatten(list);
    split_commas(&list)
        .into_iter()
        .map(|part| match part {
            [TokenTree::Literal(literal)] if string_value(literal).is_some() => Some(literal.clone()),
            _ => None,
        })
        .collect()
}
