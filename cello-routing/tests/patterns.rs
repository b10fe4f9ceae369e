//! The grammar of patterns: what is refused, where, and with which help; and what is taken apart into which
//! segments.
#![allow(clippy::panic, reason = "these are tests")]

use cello_routing::{Pattern, PatternErrorKind as Kind, QueryParam, Segment};

/// Refused for that reason, with the carets under `fault` and a line of help that says `help`.
#[track_caller]
fn refused(pattern: &str, kind: Kind, fault: &str, help: &str) {
    check(Pattern::parse(pattern).err(), pattern, kind, fault, help);
}

#[track_caller]
fn check(error: Option<cello_routing::PatternError<'_>>, pattern: &str, kind: Kind, fault: &str, help: &str) {
    let Some(error) = error else { panic!("`{pattern}` was accepted") };
    assert_eq!(error.kind, kind, "\n{error}");
    assert_eq!(&pattern[error.at..error.at + error.len], fault, "\n{error}");
    let text = error.to_string();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[0], kind.sentence());
    assert_eq!(lines[1], format!("    {pattern}"));
    let before = pattern[..error.at].chars().count();
    assert_eq!(lines[2], format!("    {}{}", " ".repeat(before), "^".repeat(fault.chars().count().max(1))));
    assert_eq!(lines.get(3).copied().unwrap_or_default(), help);
}

#[track_caller]
fn accepted(pattern: &str) {
    if let Err(error) = Pattern::parse(pattern) {
        panic!("{error}");
    }
}

#[test]
fn a_slash_starts_it() {
    refused("", Kind::MissingSlash, "", "help: write `/`");
    refused("users", Kind::MissingSlash, "", "help: write `/users`");
    refused("<id>", Kind::MissingSlash, "", "help: write `/<id>`");
    refused("?<id>", Kind::MissingSlash, "", "help: write `/?<id>`");
    let method = "help: write no method, which is the attribute's name: `/users`";
    refused("GET /users", Kind::MissingSlash, "", method);
    refused("https://host.example:80/users", Kind::MissingSlash, "", "help: write the path alone: `/users`");
    refused("http://host", Kind::MissingSlash, "", "help: write the path alone: `/`");
    let expression =
        "help: a pattern is no regular expression: write `/` first, and `<name>` for a part that varies";
    refused("^/users$", Kind::MissingSlash, "", expression);
}

#[test]
fn no_segment_is_empty_or_a_dot() {
    refused("//", Kind::EmptySegment, "//", "help: write one `/`");
    refused("/a//b", Kind::EmptySegment, "//", "help: write one `/`");
    refused("/<a>//", Kind::EmptySegment, "//", "help: write one `/`");
    refused("/a/./b", Kind::DotSegment, ".", "help: leave it out, or write the path that it leads to");
    refused("/..", Kind::DotSegment, "..", "help: leave it out, or write the path that it leads to");
    accepted("/.well-known/...");
    accepted("/.<x>");
}

#[test]
fn spellings_of_other_frameworks() {
    refused("/users/{id}", Kind::Braces, "{id}", "help: write `<id>`");
    refused("/users/{id:int}", Kind::Braces, "{id:int}", "help: write `<id>` and give the argument its type");
    refused("/users/[id]", Kind::Braces, "[id]", "help: write `<id>`");
    refused("/files/[...path]", Kind::Braces, "[...path]", "help: write `<path..>`");
    refused("/files/{*path}", Kind::Braces, "{*path}", "help: write `<path..>`");
    refused("/files/{path..}/x", Kind::Braces, "{path..}", "help: write `<path..>`");
    refused("/{", Kind::Braces, "{", "help: write `<name>` with the argument's name");
    refused("/a}", Kind::Braces, "}", "help: write `<name>` with the argument's name");
    refused("/users/:id", Kind::ColonName, ":id", "help: write `<id>`");
    refused("/:id/x", Kind::ColonName, ":id", "help: write `<id>`");
    refused("/files/*path", Kind::StarName, "*path", "help: write `<path..>`");
    refused("/files/*", Kind::StarName, "*", "help: write `<name>` with the argument's name");
    refused("/<id:u64>", Kind::TypedName, "<id:u64>", "help: write `<id>` and give the argument its type");
    refused("/<int:id>", Kind::TypedName, "<int:id>", "help: write `<id>` and give the argument its type");
    refused(
        "/<path:file>",
        Kind::TypedName,
        "<path:file>",
        "help: write `<file..>` and give the argument its type",
    );
    accepted("/users/a:b*c");
}

#[test]
fn names() {
    refused("/<>", Kind::EmptyName, "<>", "help: write a name between the brackets, as in `<id>`");
    refused("/<..>", Kind::EmptyName, "<..>", "help: write a name before the dots, as in `<path..>`");
    refused("/<user id>", Kind::NotIdentifier, "<user id>", "help: write `<user_id>`");
    refused("/<user-id>/x", Kind::NotIdentifier, "<user-id>", "help: write `<user_id>`");
    refused("/<user-path..>", Kind::NotIdentifier, "<user-path..>", "help: write `<user_path..>`");
    refused("/<1st>", Kind::NotIdentifier, "<1st>", "help: write `<_1st>`");
    refused("/<22nd-user>", Kind::NotIdentifier, "<22nd-user>", "help: write `<_22nd_user>`");
    refused("/<_>", Kind::NotIdentifier, "<_>", "help: write `<name>` with the argument's name");
    refused("/<größe>", Kind::NotIdentifier, "<größe>", "help: write `<gr_e>`");
    refused("/<type>", Kind::KeywordName, "<type>", "help: write `<type_>`");
    refused("/<self..>", Kind::KeywordName, "<self..>", "help: write `<self_..>`");
    refused("/?<Self>", Kind::KeywordName, "<Self>", "help: write `<Self_>`");
    accepted("/<_id>/<x1>/<types>/<r>");
}

#[test]
fn every_keyword_is_refused() {
    const KEYWORDS: &str = "as break const continue crate else enum extern false fn for if impl in let loop match mod move \
        mut pub ref return self Self static struct super trait true type unsafe use where while async await dyn abstract \
        become box do final macro override priv typeof unsized virtual yield try gen";
    for keyword in KEYWORDS.split_whitespace() {
        let pattern = format!("/<{keyword}>");
        assert_eq!(Pattern::parse(&pattern).map_err(|error| error.kind), Err(Kind::KeywordName), "{keyword}");
        for more in [format!("/<{keyword}x>"), format!("/<x{keyword}>"), format!("/<xxxxxxxxx{keyword}>")] {
            accepted(&more);
        }
    }
}

#[test]
fn a_name_comes_once() {
    let help = "help: give one of the two another name";
    refused("/<a>/<b>/<a>", Kind::RepeatedName, "a", help);
    refused("/<a>?<b>&<a>", Kind::RepeatedName, "a", help);
    refused("/?<b>&<b..>", Kind::RepeatedName, "b", help);
    refused("/<long_name_of_one>/<long_name_of_one..>", Kind::RepeatedName, "long_name_of_one", help);
    accepted("/<long_name_of_one>/<other_name_of_one>/<name_of_one>");
}

#[test]
fn brackets() {
    refused("/<id", Kind::Unclosed, "<id", "help: write `<id>`");
    refused("/<id/x>", Kind::Unclosed, "<id", "help: write `<id>`");
    refused("/<a<b>", Kind::Unclosed, "<a", "help: write `<a>`");
    refused("/<", Kind::Unclosed, "<", "help: close it, or write the character as `%3C`");
    refused(
        "/id>",
        Kind::StrayClose,
        ">",
        "help: write the character as `%3E`, or put a `<` before the name",
    );
    refused(
        "/<a>>",
        Kind::StrayClose,
        ">",
        "help: write the character as `%3E`, or put a `<` before the name",
    );
    let split = "help: take the whole segment as one parameter and split it in the handler";
    refused("/x/<a>-<b>/y", Kind::TwoParams, "<a>-<b>", split);
    refused("/<a><b..>", Kind::TwoParams, "<a><b..>", split);
}

#[test]
fn rest_parameters() {
    let end = "help: end the pattern here, or write `<a>` for one segment";
    refused("/<a..>/b", Kind::RestNotLast, "<a..>", end);
    refused("/<a..>/", Kind::RestNotLast, "<a..>", end);
    let alone = "help: put a `/` before `<`, and nothing after `>`";
    refused("/x<a..>", Kind::AffixedRest, "x<a..>", alone);
    refused("/<a..>.txt", Kind::AffixedRest, "<a..>.txt", alone);
    refused("/<a...>", Kind::NotIdentifier, "<a...>", "help: write `<a..>`");
    accepted("/<a..>");
    accepted("/x/<a..>?<b>");
}

#[test]
fn characters_that_a_path_cannot_hold() {
    refused("/a b", Kind::IllegalChar, " ", "help: write it percent-encoded, `%20`");
    refused("/café", Kind::IllegalChar, "é", "help: write it percent-encoded, `%C3%A9`");
    refused("/\"x\"", Kind::IllegalChar, "\"", "help: write it percent-encoded, `%22`");
    refused("/a|b", Kind::IllegalChar, "|", "help: write it percent-encoded, `%7C`");
    refused("/a\\b", Kind::IllegalChar, "\\", "help: write it percent-encoded, `%5C`");
    refused("/a[0]", Kind::IllegalChar, "[", "help: write it percent-encoded, `%5B`");
    refused("/x#top", Kind::Fragment, "#top", "help: leave it out, or write the character as `%23`");
    refused("/x?<a>#top", Kind::Fragment, "#top", "help: leave it out, or write the character as `%23`");
    accepted("/AZaz09-._~!$&'()*+,;=:@");
}

#[test]
fn escapes_are_in_normal_form() {
    refused("/100%", Kind::MalformedEscape, "%", "help: write it percent-encoded, `%25`");
    refused("/%4/x", Kind::MalformedEscape, "%4", "help: write it percent-encoded, `%254`");
    refused("/%zz", Kind::MalformedEscape, "%zz", "help: write it percent-encoded, `%25zz`");
    refused("/%é", Kind::MalformedEscape, "%é", "help: write it percent-encoded, `%25%C3%A9`");
    refused("/%61bc", Kind::EscapedUnreserved, "%61", "help: write `a`");
    refused("/%2E%2E", Kind::EscapedUnreserved, "%2E", "help: write `.`");
    refused("/a%2fb", Kind::LowercaseEscape, "%2f", "help: write `%2F`");
    let text = "help: take the segment as a parameter, if its bytes are not text";
    refused("/a/%C3", Kind::InvalidUtf8, "%C3", text);
    refused("/%C3<x>%A9", Kind::InvalidUtf8, "%C3", text);
    refused("/x/<x>a%A9", Kind::InvalidUtf8, "%A9", text);
    accepted("/caf%C3%A9/%25/a%2Fb/%20<x>%21");
}

#[test]
fn queries() {
    refused("/?", Kind::EmptyQueryParam, "?", "help: write `<name>`, or leave the character before it out");
    refused(
        "/x?<a>&",
        Kind::EmptyQueryParam,
        "&",
        "help: write `<name>`, or leave the character before it out",
    );
    refused(
        "/x?<a>&&<b>",
        Kind::EmptyQueryParam,
        "&",
        "help: write `<name>`, or leave the character before it out",
    );
    refused("/x?a", Kind::NotQueryParam, "a", "help: write `<a>`");
    refused("/x?a=<a>", Kind::NotQueryParam, "a=<a>", "help: write `<a>`");
    refused("/x?<a>=1&<b>", Kind::NotQueryParam, "<a>=1", "help: write `<a>`");
    refused("/x?<page-size>", Kind::NotIdentifier, "<page-size>", "help: write `<page_size>`");
    accepted("/?<a>&<b>&<filter..>");
}

#[test]
fn limits() {
    let path: String = (0..17).map(|i| format!("/<p{i}>")).collect();
    refused(
        &path,
        Kind::TooManyParams,
        "<p16>",
        "help: take the end of the path as one rest parameter, `<rest..>`",
    );
    accepted(&path[..path.len() - "/<p16>".len()]);
    let query: Vec<_> = (0..17).map(|i| format!("<q{i}>")).collect();
    let query = format!("/?{}", query.join("&"));
    refused(&query, Kind::TooManyQueryParams, "<q16>", "help: read the query into a structure, `?<query..>`");
    accepted(&format!("{}{}", &path[..path.len() - "/<p16>".len()], &query[1..query.len() - "&<q16>".len()]));
    let long = format!("/{}", "x".repeat(65_535));
    assert_eq!(Pattern::parse(&long).map_err(|error| error.kind), Err(Kind::TooLong));
    accepted(&long[..65_535]);
}

#[test]
fn a_long_pattern_is_shown_in_part() {
    let pattern = format!("/{}/{{id}}/{}", "x".repeat(500), "y".repeat(500));
    let text = Pattern::parse(&pattern).map_err(|error| error.to_string()).unwrap_err();
    let lines: Vec<_> = text.lines().collect();
    assert!(lines[1].starts_with("    ...x") && lines[1].ends_with("y..."), "{text}");
    let at = lines[2].find('^').unwrap_or_default();
    assert_eq!(&lines[1][at..at + 4], "{id}");
    assert_eq!(lines[3], "help: write `<id>`");
}

#[test]
fn prefixes() {
    let refused =
        |pattern, kind, fault, help| check(Pattern::parse_prefix(pattern).err(), pattern, kind, fault, help);
    refused("/x?<a>", Kind::QueryInPrefix, "?<a>", "help: write it in the patterns that take it");
    refused("/x/<a..>", Kind::RestInPrefix, "<a..>", "help: write `<name>` for one segment");
    refused("x", Kind::MissingSlash, "", "help: write `/x`");
    for prefix in ["/", "/api", "/api/", "/orgs/<org>/v<version>"] {
        assert!(Pattern::parse_prefix(prefix).is_ok(), "{prefix}");
    }
}

#[test]
fn the_parts_of_a_pattern() {
    const TEXT: &str = "/api/v<version>/<file>.tar/<id>/<path..>?<page>&<filter..>";
    const PATTERN: Pattern<'static> = match Pattern::parse(TEXT) {
        Ok(pattern) => pattern,
        Err(error) => error.panic(),
    };
    const FILE: Option<usize> = PATTERN.param_index("file");
    assert_eq!(FILE, Some(1));
    assert_eq!(PATTERN.param_index("path"), Some(3));
    assert_eq!(PATTERN.param_index("page"), None);
    assert!(
        PATTERN.has_query_param("page")
            && PATTERN.has_query_param("filter")
            && !PATTERN.has_query_param("id")
    );
    assert_eq!((PATTERN.param_count(), PATTERN.trailing_slash()), (4, false));
    assert_eq!(PATTERN.path(), "/api/v<version>/<file>.tar/<id>/<path..>");
    assert_eq!(PATTERN.as_str(), TEXT);

    let segments = [
        ("api", Segment::Literal("api")),
        ("v<version>", Segment::Param { prefix: "v", name: "version", suffix: "" }),
        ("<file>.tar", Segment::Param { prefix: "", name: "file", suffix: ".tar" }),
        ("<id>", Segment::Param { prefix: "", name: "id", suffix: "" }),
        ("<path..>", Segment::Rest { name: "path" }),
    ];
    let mut rest = PATTERN.segments();
    for (text, segment) in segments {
        let at = rest.offset();
        assert_eq!(rest.next(), Some(segment));
        assert_eq!(&TEXT[at..at + segment.written_len()], text);
        if let (Some(name), Some(offset)) = (segment.name(), segment.name_offset()) {
            assert!(TEXT[at + offset..].starts_with(name));
        }
    }
    assert_eq!(rest.next(), None);

    let mut query = PATTERN.query();
    for param in [QueryParam::Value("page"), QueryParam::Struct("filter")] {
        let at = query.name_offset();
        assert_eq!(query.next(), Some(param));
        assert!(TEXT[at..].starts_with(param.name()));
    }
    assert_eq!(query.next(), None);
}

#[test]
fn slashes_at_the_end() {
    let trailing =
        |pattern| Pattern::parse(pattern).map(|pattern| (pattern.trailing_slash(), pattern.path()));
    assert_eq!(trailing("/"), Ok((false, "/")));
    assert_eq!(trailing("/?<a>"), Ok((false, "/")));
    assert_eq!(trailing("/x"), Ok((false, "/x")));
    assert_eq!(trailing("/x/"), Ok((true, "/x/")));
    assert_eq!(trailing("/x/?<a>"), Ok((true, "/x/")));
}
