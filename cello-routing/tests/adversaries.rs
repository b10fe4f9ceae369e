//! What a lookup takes at worst, in steps: for paths that are made to cost much.
#![allow(clippy::unwrap_used, reason = "these are tests")]

mod support;

use cello_routing::{Lookup, Methods, Origin, Route, TableBuf};

fn routes(patterns: Vec<String>) -> Vec<Route<'static>> {
    let origin = Origin { module: "", handler: "handler", file: "file", line: 1, column: 1 };
    let route = |pattern: String| Route {
        prefix: None,
        pattern: pattern.leak(),
        methods: Methods::GET,
        extension_methods: &[],
        origin,
    };
    patterns.into_iter().map(route).collect()
}

/// The most steps that any of these paths takes, and the bound, be what is alike shared or not.
#[track_caller]
fn most(patterns: Vec<String>, paths: &[String]) -> (usize, usize) {
    let routes = routes(patterns);
    let buffers = [TableBuf::freeze, TableBuf::freeze_sharing].map(|freeze| freeze(&routes).unwrap());
    let (mut most, mut bound) = (0, 0);
    for table in buffers.iter().map(TableBuf::table) {
        for path in paths {
            for method in ["GET", "POST", "NONE"] {
                let (_, steps) = table.lookup_counting(table.method(method), path.as_bytes());
                assert!(steps <= table.bound(), "{steps} steps, bound {}", table.bound());
                most = most.max(steps);
            }
        }
        bound = bound.max(table.bound());
    }
    (most, bound)
}

/// Neither the length of a path nor the number of its slashes counts: the tree is only as deep as the longest pattern.
#[test]
#[cfg_attr(miri, ignore = "too much for an interpreter")]
fn long_paths_and_many_slashes() {
    let patterns = ["/a/<x>/b/<y>/c", "/<w>/a/<x>/b", "/a/<x..>", "/<w>.json/a"].map(str::to_owned).to_vec();
    let (short, bound) = most(patterns.clone(), &["/a/a/a/a/a/a".to_owned(), "/a.json/a/a/a".to_owned()]);
    let paths = [
        "/".repeat(65_536),
        "/a".repeat(32_768),
        format!("/{}", "a".repeat(65_535)),
        format!("/a/{}/b/a/c", "%61".repeat(20_000)),
        "/%61".repeat(16_000),
        format!("/{}.json/a", "a".repeat(65_536)),
    ];
    let (long, _) = most(patterns, &paths);
    assert!(long <= bound && short <= bound && bound < 40, "{short} and {long} steps, bound {bound}");
}

/// Many children of one node cost a visit to a few places, whatever is asked, if their first and last words tell them apart.
#[test]
#[cfg_attr(miri, ignore = "too much for an interpreter")]
fn many_siblings_with_shared_prefixes() {
    let sibling = |number: usize| format!("/{}-{number:05}/x", "shared-prefix-of-many-bytes");
    let patterns: Vec<_> = (0..4_000).map(sibling).collect();
    let paths: Vec<_> = (0..20_000).map(sibling).collect();
    let (steps, bound) = most(patterns, &paths);
    assert!(bound <= 32, "{steps} steps, bound {bound}");
}

/// Literals are looked for by how they end and how long they are, unless too many of one node are alike in that.
#[test]
#[cfg_attr(miri, ignore = "too much for an interpreter")]
fn siblings_that_end_alike() {
    let letters = || ('a'..='z').map(String::from);
    for end in ["settings", "-and-its-settings"] {
        let siblings: Vec<_> = letters().map(|letter| format!("/{letter}{end}")).collect();
        let (steps, bound) = most(siblings.clone(), &siblings);
        assert!(bound < 8, "{steps} steps, bound {bound}");
        let others = letters().map(|letter| format!("/{letter}/<x>")).chain(siblings.clone()).collect();
        let (steps, bound) = most(others, &siblings);
        assert!(bound < 8, "{steps} steps, bound {bound}");
    }
}

/// A start is looked for first, then its literals one by one, and neither need be there.
#[test]
#[cfg_attr(miri, ignore = "too much for an interpreter")]
fn starts_that_miss_twice() {
    let starts = ["vud", "yfy", "occ", "vmb", "neg", "uax"].map(|start| format!("/v1/{start}/<x>"));
    let patterns: Vec<_> = starts.into_iter().chain(["/j/<a>/<b>/<c>/<d>/<e>".to_owned()]).collect();
    let letters = ('a'..='z').map(String::from).collect::<Vec<_>>();
    let paths: Vec<_> = (0..26_usize.pow(3))
        .map(|number| {
            let letter = |digit: u32| letters[number / 26_usize.pow(digit) % 26].as_str();
            format!("/j/{}{}/1/{}/y/b", letter(0), letter(1), letter(2))
        })
        .chain(["/j/zq/1/z/y/b".to_owned()])
        .collect();
    let (steps, bound) = most(patterns, &paths);
    assert!(bound <= 24, "{steps} steps, bound {bound}");
}

/// Who knows the hash can ask for what falls into a place that is taken; a place of few edges has few neighbours.
#[test]
#[cfg_attr(miri, ignore = "too much for an interpreter")]
fn segments_that_collide() {
    let patterns: Vec<_> = (0..1_000).map(|number| format!("/{number}")).collect();
    // All segments of four letters: each place of the table is met some hundred times.
    let letters = ('a'..='z').map(String::from).collect::<Vec<_>>();
    let paths: Vec<_> = (0..26_usize.pow(4))
        .map(|number| {
            let letter = |digit: u32| letters[number / 26_usize.pow(digit) % 26].as_str();
            format!("/{}{}{}{}", letter(0), letter(1), letter(2), letter(3))
        })
        .collect();
    let (steps, bound) = most(patterns, &paths);
    assert!(steps < bound && bound <= 32, "{steps} steps, bound {bound}");
}

/// A dead end at the end of every way: each node is entered once, however many ways lead past it.
#[test]
fn deep_backtracking_enters_each_node_once() {
    let mut patterns = Vec::new();
    for ways in 0..1 << 8 {
        let segments =
            (0..8).map(|depth| if ways >> depth & 1 == 0 { "a".to_owned() } else { format!("<p{depth}>") });
        patterns.push(format!("/{}/end", segments.collect::<Vec<_>>().join("/")));
    }
    let (steps, bound) = most(patterns.clone(), &[format!("{}/x", "/a".repeat(8)), "/a".repeat(8)]);
    // A binary tree with 8 levels below the root, and no more than the search for a literal at each node.
    assert!(steps > 2_usize.pow(8) && bound < 40 * 2_usize.pow(9), "{steps} steps, bound {bound}");

    let routes = routes(patterns);
    let buffer = TableBuf::freeze(&routes).unwrap();
    assert_eq!(buffer.table().lookup("GET", format!("{}/x", "/a".repeat(8)).as_bytes()), Lookup::NotFound);
}

/// What is alike below many resources is one, and a lookup goes through it as if each had its own: with dead ends in it, and with literals that are not
/// found at their first place.
#[test]
#[cfg_attr(miri, ignore = "too much for an interpreter")]
fn dead_ends_below_each_of_many_resources() {
    let below = |resource: String| {
        ["/a/b/a/end", "/<p>/b/<q>/end", "/a<p>/b/a/other", "/a/<p>/a/none", "/x/<p..>", "/x/b/a/end"]
            .map(|below| format!("/api/{resource}{below}"))
    };
    let patterns =
        |resources: usize| (0..resources).flat_map(|number| below(format!("{number}"))).collect::<Vec<_>>();
    // Half of them are there.
    let paths: Vec<_> = (0..1_000)
        .flat_map(|number| {
            ["/a/b/a/x", "/aa/b/a/x", "/x/b/a/x", "/%61/b/a/x", "/aa/%62/a/end", "/a/b/a/end/"]
                .map(|below| format!("/api/{number}{below}"))
        })
        .collect();
    let (few_steps, _) = most(patterns(2), &paths);
    let (steps, bound) = most(patterns(500), &paths);
    // There are no more nodes on any way; a literal may be looked for at more places.
    assert!(few_steps > 12 && steps < few_steps + 16, "{steps} steps, {few_steps} of two resources");
    assert!(bound < 100, "bound {bound}");
    let (routes, large) = (routes(patterns(500)), |routes| TableBuf::freeze(routes).unwrap().table().bytes());
    let own = routes.iter().map(|route| route.pattern.len()).sum::<usize>();
    assert!(large(&routes) < 4 * own, "it is not shared");
}

/// A dead end leads back to nothing that has another number of segments than the path.
#[test]
fn what_has_another_length_is_not_tried() {
    let other =
        |segments| format!("/a/{}/z", (0..segments).map(|i| format!("<p{i}>")).collect::<Vec<_>>().join("/"));
    let patterns = || vec!["/a/b/c/d".to_owned(), other(2), other(6)];
    let steps = |path: &str| most(patterns(), &[path.to_owned()]).0;
    assert!(steps("/a/b/c/e") > 6, "the way of the second pattern was not tried");
    for path in ["/a/b/c/d/e", "/a/b/c/d/e/", "/a/b/c/d/e/f/g/h/i", "/a/b/x", "/a/%62/c/d/e"] {
        assert!(steps(path) < 6, "{} steps for {path}", steps(path));
    }
    // With a rest parameter it may be any.
    let with_rest = || patterns().into_iter().chain(["/a/<rest..>".to_owned()]).collect();
    assert!(most(with_rest(), &["/a/b/c/d/e".to_owned()]).0 > 6);
}
