//! Generated route sets and paths: the table answers as the oracle does. Generated text: the parser never
//! panics.

mod support;

use cello_routing::{
    Code, Draft, Entry, Methods, Origin, Pattern, Place, Prefix, QueryParam, Route, Segment, TableBuf,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use support::{agree, oracle};

const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "OPTIONS", "BREW", "UNKNOWN"];

/// A pattern and the methods of its route.
#[derive(Clone, Debug)]
struct Row {
    pattern: String,
    methods: Methods,
    extensions: &'static [&'static str],
}

/// Few different texts, so that rows share much of their patterns, and some in which one is a part of
/// another.
fn literal() -> impl Strategy<Value = &'static str> {
    select(vec!["a", "b", "ab", "aba", "a.b", "%2F", "a%2Fb", "%C3%A9", "abcdefgh", "abcdefghi"])
}

fn affix() -> impl Strategy<Value = &'static str> {
    select(vec!["", "", "a", "b", "ab", "ba", ".", "%2F"])
}

fn segment(index: usize) -> impl Strategy<Value = String> {
    prop_oneof![
        3 => literal().prop_map(str::to_owned),
        2 => Just(format!("<p{index}>")),
        2 => (affix(), affix()).prop_map(move |(prefix, suffix)| format!("{prefix}<q{index}>{suffix}")),
    ]
}

fn pattern() -> impl Strategy<Value = String> {
    let segments = (0..5usize).prop_flat_map(|len| (0..len).map(segment).collect::<Vec<_>>());
    (segments, select(vec!["", "", "", "/", "/<rest..>"])).prop_map(|(segments, end)| {
        let path: String = segments.iter().map(|segment| format!("/{segment}")).collect();
        match (path + end).as_str() {
            "" => "/".to_owned(),
            path => path.to_owned(),
        }
    })
}

fn row() -> impl Strategy<Value = Row> {
    let all = vec![Methods::GET, Methods::HEAD, Methods::POST, Methods::OPTIONS, Methods::ANY];
    let extensions = select(vec![&[] as &[&str], &[], &["BREW"], &["WHEN", "BREW"]]);
    (pattern(), subsequence(all, 1..3), extensions).prop_map(|(pattern, methods, extensions)| {
        let methods = methods.into_iter().fold(Methods::NONE, Methods::with);
        Row { pattern, methods, extensions }
    })
}

/// A row behind several literals, long ones among them: nearly all begin with two or three of few.
fn deep_row() -> impl Strategy<Value = Row> {
    let literal = select(vec![
        "/a",
        "/a",
        "/a",
        "/ab",
        "/abcdefgh",
        "/abcdefghijklmnop",
        "/abcdefghijklmnopqrstuvwx",
        "/abcdefghijklmnopqrstuvwxy",
    ]);
    (vec(literal, 1..5), row()).prop_map(|(start, row)| {
        let pattern = if row.pattern == "/" { start.concat() } else { start.concat() + &row.pattern };
        Row { pattern, ..row }
    })
}

/// A path that is made of the same texts, spelt in several ways, whole and broken.
fn path() -> impl Strategy<Value = String> {
    let part = select(vec![
        "/",
        "/",
        "/",
        "/",
        "a",
        "b",
        "ab",
        "aba",
        ".",
        "a.b",
        "%61",
        "%62",
        "%2f",
        "%2F",
        "%2E",
        "%C3%A9",
        "%c3%a9",
        "é",
        "p",
        "abcdefgh",
        "abcdefghi",
        "abcdefgha",
        "i",
    ]);
    let broken = select(vec!["%", "%4", "%g0", "%C3", "%A9", "%FF"]);
    let parts = prop_oneof![40 => part, 1 => broken];
    (select(vec!["/", "/", "/", "/", ""]), vec(parts, 0..12))
        .prop_map(|(start, parts)| start.to_owned() + &parts.concat())
}

fn routes(rows: &[Row]) -> Vec<Route<'_>> {
    rows.iter()
        .zip(1..)
        .map(|(row, line)| Route {
            prefix: None,
            pattern: &row.pattern,
            methods: row.methods,
            extension_methods: row.extensions,
            origin: Origin { module: "", handler: "handler", file: "file", line, column: 1 },
        })
        .collect()
}

/// Keeps of the rows in conflict the first ones.
fn without_conflicts(rows: &mut Vec<Row>) {
    let conflicts = oracle::conflicts(&routes(rows));
    let mut index = 0;
    rows.retain(|_| {
        index += 1;
        !conflicts.iter().any(|(_, second)| *second == index - 1)
    });
}

/// A path that the pattern matches, or nearly: parameters become `value`, and `change` bends it.
fn instance(pattern: &str, value: &str, change: usize) -> String {
    let Ok(pattern) = Pattern::parse(pattern) else { return String::new() };
    let mut path = String::new();
    for (segment, index) in pattern.segments().zip(0..) {
        let text = match segment {
            Segment::Literal(text) => text.to_owned(),
            Segment::Param { prefix, suffix, .. } => format!("{prefix}{value}{suffix}"),
            Segment::Rest { .. } => value.to_owned(),
        };
        match change.wrapping_sub(index) {
            0 => path += &format!("/{}", escaped(&text)),
            10 => path += &format!("//{text}"),
            20 => path += &format!("/{text}/"),
            _ => path += &format!("/{text}"),
        }
    }
    if path.is_empty() { "/".to_owned() } else { path }
}

/// The same text with each letter and dot as an escape.
fn escaped(text: &str) -> String {
    let mut result = String::new();
    let mut plain = 0;
    for character in text.chars() {
        match character {
            '%' => plain = 3,
            'a'..='z' | '.' if plain == 0 => {
                result += &format!("%{:02x}", u32::from(character));
                continue;
            }
            _ => {}
        }
        plain = usize::saturating_sub(plain, 1);
        result.push(character);
    }
    result
}

/// Table and oracle answer the same to these paths, and to some that patterns match or nearly match, also with segments missing at
/// the end.
fn all_agree(
    rows: &[Row],
    paths: Vec<String>,
    near: Vec<(prop::sample::Index, &str, usize)>,
) -> Result<(), TestCaseError> {
    let routes = routes(rows);
    let (Ok(table), Ok(sharing)) = (TableBuf::freeze(&routes), TableBuf::freeze_sharing(&routes)) else {
        return Err(TestCaseError::fail("refused"));
    };
    let (table, sharing) = (table.table(), sharing.table());
    let near = near.into_iter().filter(|_| !rows.is_empty());
    let near = near.flat_map(|(row, value, change)| {
        let path = instance(&row.get(rows).pattern, value, change);
        let cut = path.rfind('/').map_or(0, |slash| if change % 2 == 0 { slash } else { slash + 1 });
        [path[..cut].to_owned(), path]
    });
    for path in paths.into_iter().chain(near) {
        for method in METHODS {
            agree(&table, &routes, method, path.as_bytes());
            agree(&sharing, &routes, method, path.as_bytes());
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_table_answers_as_the_oracle_does(
        mut rows in vec(row(), 0..14),
        paths in vec(path(), 1..8),
        near in vec((any::<prop::sample::Index>(), select(vec!["a", "%61", "x", "ab", "é", "a.b", ""]), 0..25usize), 1..8),
    ) {
        let conflicts = oracle::conflicts(&routes(&rows));
        {
            let routes = routes(&rows);
            let found = TableBuf::freeze(&routes).err().map(|error| (error.count(), error.conflicts().collect::<Vec<_>>()));
            let (count, pairs) = found.unwrap_or_default();
            prop_assert!(pairs.iter().all(|pair| conflicts.contains(pair)), "{pairs:?} of {conflicts:?}");
            prop_assert_eq!(count == 0, conflicts.is_empty());
        }
        without_conflicts(&mut rows);
        all_agree(&rows, paths, near)?;
    }

    #[test]
    fn starts_of_several_literals_are_found_as_the_oracle_does(
        mut rows in vec(prop_oneof![4 => deep_row(), 1 => row()], 1..14),
        near in vec((any::<prop::sample::Index>(), select(vec!["a", "%61", "x", "ab", "abcdefghijklmnopqrstuvwxyz0123456789", ""]), 0..25usize), 1..16),
    ) {
        without_conflicts(&mut rows);
        all_agree(&rows, Vec::new(), near)?;
    }

    #[test]
    fn the_order_of_the_routes_does_not_matter(mut rows in vec(row(), 0..10), paths in vec(path(), 1..8)) {
        without_conflicts(&mut rows);
        let forward = routes(&rows);
        let backward: Vec<_> = forward.iter().rev().copied().collect();
        let (Ok(a), Ok(b)) = (TableBuf::freeze(&forward), TableBuf::freeze(&backward)) else {
            return Err(TestCaseError::fail("refused"));
        };
        for path in paths {
            for method in METHODS {
                let route = |lookup, last: usize| match lookup {
                    cello_routing::Lookup::Found(found) => Some(last.abs_diff(found.route)),
                    _ => None,
                };
                let a = route(a.table().lookup(method, path.as_bytes()), 0);
                let b = route(b.table().lookup(method, path.as_bytes()), rows.len().saturating_sub(1));
                prop_assert_eq!(a, b, "{} {}", method, path);
            }
        }
    }

    #[test]
    fn patterns_handed_over_as_numbers_make_the_draft_that_texts_make(
        rows in vec(prop_oneof![row(), deep_row()], 1..6),
        before in select(vec!["/", "/a", "/ab/abcdefghi", "/a<q0>/<p1>", "/<page>", "/<tenant>/v<version>"]),
    ) {
        let prefix = Prefix { text: before, outer: None };
        let queries = ["", "?<page>", "?<version>&<filter..>"];
        let texts: Vec<String> =
            rows.iter().zip(queries.iter().cycle()).map(|(row, query)| row.pattern.clone() + query).collect();
        let mut routes = routes(&rows);
        for (route, text) in routes.iter_mut().zip(&texts) {
            *route = Route { prefix: Some(&prefix), pattern: text, ..*route };
        }
        let from_texts = Draft::<64, 128, 64>::of(&routes);

        let code = |text| Pattern::parse(text).map(|pattern| pattern.code().flatten().collect::<Vec<u8>>()).unwrap_or_default();
        let (prefix_code, codes): (_, Vec<_>) = (code(before), texts.iter().map(|text| code(text)).collect());
        let mut from_numbers = Draft::<64, 128, 64>::nothing();
        let mut builder = from_numbers.builder();
        let place = builder.enter(&Place::ROOT, Code { text: before, bytes: &prefix_code });
        for (index, (route, bytes)) in routes.iter().zip(&codes).enumerate() {
            let code = Code { text: route.pattern, bytes };
            let Route { methods, extension_methods, .. } = *route;
            builder.add(&place, &Entry { code, methods, extension_methods }, index);
        }
        from_numbers.finish();
        let error = |draft: &Draft<'_, 64, 128, 64>| draft.error(&routes).map(|error| error.to_string());
        prop_assert_eq!(error(&from_numbers), error(&from_texts));
        // The nodes of a pattern that is refused stay behind, be it refused early or late.
        if from_texts.is_whole() {
            prop_assert_eq!(format!("{from_numbers:?}"), format!("{from_texts:?}"));
        }
    }

    #[test]
    fn any_bytes_are_answered(rows in vec(row(), 0..6), path in vec(any::<u8>(), 0..40)) {
        let routes = routes(&rows);
        if let Ok(table) = TableBuf::freeze(&routes) {
            agree(&table.table(), &routes, "GET", &path);
        }
    }

    #[test]
    fn the_parser_takes_or_refuses_any_text(text in any::<String>()) {
        whole(&text)?;
    }

    #[test]
    fn the_parser_takes_or_refuses_text_that_looks_like_a_pattern(
        parts in vec(select(vec![
            "/", "/", "/", "<", ">", "<a>", "<b>", "<c..>", "..", "a", "é", "%", "%2F", "%C3", "%A9", "?", "&", "{", "}", ":", "*",
            "#", " ", "_", "0", "type",
        ]), 0..14),
    ) {
        whole(&parts.concat())?;
    }
}

/// What is accepted can be put together again from its parts; what is refused has its fault inside and can be
/// shown.
fn whole(text: &str) -> Result<(), TestCaseError> {
    match Pattern::parse(text) {
        Ok(pattern) => {
            let mut path: String = pattern
                .segments()
                .map(|segment| match segment {
                    Segment::Literal(text) => format!("/{text}"),
                    Segment::Param { prefix, name, suffix } => format!("/{prefix}<{name}>{suffix}"),
                    Segment::Rest { name } => format!("/<{name}..>"),
                })
                .collect();
            if pattern.trailing_slash() || path.is_empty() {
                path.push('/');
            }
            prop_assert_eq!(&path, pattern.path());
            let query = pattern.query().map(|param| match param {
                QueryParam::Value(name) => format!("<{name}>"),
                QueryParam::Struct(name) => format!("<{name}..>"),
            });
            let query = query.collect::<Vec<_>>().join("&");
            prop_assert_eq!(if query.is_empty() { path } else { format!("{path}?{query}") }, text);
        }
        Err(error) => {
            prop_assert!(text.get(error.at..error.at + error.len).is_some(), "{error:?}");
            prop_assert!(error.to_string().contains('^'));
        }
    }
    let _ = Pattern::parse_prefix(text).map_err(|error| error.to_string());
    Ok(())
}

proptest! {
    // The oracle takes its time for so many routes.
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 24, ..ProptestConfig::default() })]

    /// So many nodes that the table shares what is alike.
    #[test]
    #[cfg_attr(miri, ignore = "too much for an interpreter")]
    fn equal_subtrees_are_told_apart_as_the_oracle_does(
        mut alike in vec(prop_oneof![1 => deep_row(), 3 => row()], 2..6),
        mut others in vec(row(), 0..4),
        paths in vec(path(), 1..4),
        near in vec((any::<prop::sample::Index>(), select(vec!["a", "%61", "x", "ab", "abcdefgh", ""]), 0..45usize), 1..8),
        between in select(vec!["", "/<x>", "/<x>.a"]),
        long in any::<bool>(),
        deep in 0..7usize,
    ) {
        without_conflicts(&mut alike);
        // Where most parameters are deep, starts that end before them are long enough to lead among what is alike.
        let behind_literals = |number| Row {
            pattern: format!("/deep/b/{number}/<deep>"),
            methods: Methods::GET,
            extensions: &[],
        };
        alike.extend((0..deep).map(behind_literals));
        without_conflicts(&mut others);
        let below = |resource: usize| {
            // Behind few literals starts end among what is alike, behind many before it.
            let prefix = match long {
                true => format!("/r{resource}/a/resource{between}/with/these/routes"),
                false => format!("/r{resource}"),
            };
            let with_prefix = move |row: &Row| Row {
                pattern: format!("{prefix}{}", row.pattern.trim_end_matches('/')),
                ..row.clone()
            };
            alike.iter().map(with_prefix)
        };
        // Those that come first are like the others, and those that leave something aside are not.
        let mut rows: Vec<Row> = (0..if deep > 2 { 90 } else { 160 }).flat_map(below).collect();
        others.iter_mut().for_each(|row| row.pattern = format!("/r7/elsewhere{}", row.pattern.trim_end_matches('/')));
        rows.append(&mut others);
        all_agree(&rows, paths, near)?;
    }
}
