//! Writes the route sets as Rust: rows for const evaluation to freeze, and a `match` as one would write it by
//! hand.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a build script stops at what it cannot do")]

mod generated;

use std::fmt::Write;
use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=routing");
    let read = |name: &str| {
        let text = std::fs::read_to_string(Path::new("routing").join(name)).expect("the list of routes");
        let row =
            |line: &str| line.split_once(' ').map(|(method, path)| (method.to_owned(), path.to_owned()));
        text.lines().map(|line| row(line).expect("`METHOD pattern`")).collect::<Vec<_>>()
    };
    let (microservices, github) = (read("microservices.txt"), read("github.txt"));
    let mut code = String::new();
    rows_of(&mut code, "MICROSERVICES", &microservices);
    rows_of(&mut code, "GITHUB", &github);
    rows_of(&mut code, "THOUSAND", &generated::routes(1_000));
    rows_of(&mut code, "TEN_THOUSAND", &generated::routes(10_000));
    by_hand(&mut code, "microservices", &microservices);
    by_hand(&mut code, "github", &github);
    let out = std::env::var_os("OUT_DIR").expect("cargo sets it");
    std::fs::write(Path::new(&out).join("sets.rs"), code).expect("the directory for output");
}

fn rows_of(code: &mut String, name: &str, rows: &[(String, String)]) {
    writeln!(code, "pub static {name}: [Route<'static>; {}] = [", rows.len()).unwrap();
    for (method, pattern) in rows {
        writeln!(code, "    row(Methods::{method}, {pattern:?}),").unwrap();
    }
    writeln!(code, "];").unwrap();
}

/// One `match` on the segments; the literals of its arms come before the parameters.
fn by_hand(code: &mut String, name: &str, rows: &[(String, String)]) {
    let mut arms: Vec<(String, Vec<(&str, usize)>)> = Vec::new();
    for (index, (method, pattern)) in rows.iter().enumerate() {
        let shape = pattern
            .split('/')
            .skip(1)
            .map(|segment| match segment.strip_prefix('<') {
                Some(name) if name.ends_with("..>") => "<..>",
                Some(_) => "<>",
                None => segment,
            })
            .collect::<Vec<_>>()
            .join("/");
        match arms.iter_mut().find(|arm| arm.0 == shape) {
            Some(arm) => arm.1.push((method, index)),
            None => arms.push((shape, vec![(method, index)])),
        }
    }
    arms.sort_by_key(|arm| arm.0.replace("<..>", "\u{7F}").replace("<>", "\u{7E}"));
    writeln!(
        code,
        "#[allow(unused_variables, reason = \"not every set has rest parameters\")]\n\
         pub fn {name}<'p>(method: &str, path: &'p str, segments: &[&'p str], mut take: impl FnMut(&'p str)) \
         -> Option<usize> {{\n    match *segments {{"
    )
    .unwrap();
    for (shape, methods) in arms {
        let (mut pattern, mut takes, mut params) = (Vec::new(), String::new(), 0);
        for (at, segment) in shape.split('/').enumerate() {
            match segment {
                "<..>" => {
                    pattern.push("..".to_owned());
                    write!(takes, "take(rest(path, {at})); ").unwrap();
                }
                "<>" => {
                    pattern.push(format!("p{params}"));
                    write!(takes, "take(p{params}); ").unwrap();
                    params += 1;
                }
                literal => pattern.push(format!("{literal:?}")),
            }
        }
        writeln!(code, "        [{}] => match method {{", pattern.join(", ")).unwrap();
        for (method, index) in methods {
            writeln!(code, "            {method:?} => {{ {takes}Some({index}) }}").unwrap();
        }
        writeln!(code, "            _ => None,\n        }},").unwrap();
    }
    writeln!(code, "        _ => None,\n    }}\n}}").unwrap();
}
