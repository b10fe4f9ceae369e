//! What a server says when it starts: [`print`], and [`route_table`].

use std::fmt;
use std::io::Write;

use crate::{Limits, RouteMeta};

/// The routes as a table for people: method, path, handler and source position, a line for each.
///
/// ```
/// # use cello::prelude::*;
/// #[get("/users/<id>")]
/// async fn get_user(id: u64) -> String {
///     id.to_string()
/// }
///
/// let table = cello::route_table(App::new(routes![get_user]).routes()).to_string();
/// assert!(table.starts_with("GET  /users/<id>  "));
/// ```
pub fn route_table(routes: &[RouteMeta]) -> impl fmt::Display + '_ {
    Table(routes)
}

struct Table<'a>(&'a [RouteMeta]);

impl fmt::Display for Table<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows: Vec<[String; 4]> = self.0.iter().map(row).collect();
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let (method, path, handler) = (width(0), width(1), width(2));
        for [a, b, c, d] in &rows {
            writeln!(f, "{a:method$}  {b:path$}  {c:handler$}  {d}")?;
        }
        Ok(())
    }
}

fn row(route: &RouteMeta) -> [String; 4] {
    let methods = if route.is_any() { "ANY".to_owned() } else { route.methods().join(",") };
    [
        methods,
        route.pattern().to_owned(),
        route.handler().to_owned(),
        format!("{}:{}", route.file(), route.line()),
    ]
}

/// Says on standard error where the server listens, the routes, and the limits in force. Standard output is left to the
/// program, which may log there for other programs to read.
pub(super) fn print(places: &[String], routes: &[RouteMeta], base_path: &str, limits: &Limits) {
    let text = text(places, routes, base_path, limits);
    // Nobody may be there to read it, which is no reason not to serve.
    let _ = std::io::stderr().write_all(text.as_bytes());
}

fn text(places: &[String], routes: &[RouteMeta], base_path: &str, limits: &Limits) -> String {
    let mut text: String = places.iter().map(|place| format!("Listening on {place}{base_path}\n")).collect();
    if !base_path.is_empty() {
        text.push_str(&format!("Below {base_path}:\n"));
    }
    for line in route_table(routes).to_string().lines() {
        text.push_str("  ");
        text.push_str(line);
        text.push('\n');
    }
    text.push_str(&format!("Limits: {limits}\n"));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_path_is_told() {
        let text = |base_path| text(&["http://127.0.0.1:80".to_owned()], &[], base_path, &Limits::default());
        assert!(text("").starts_with("Listening on http://127.0.0.1:80\nLimits: "));
        assert!(text("/svc").starts_with("Listening on http://127.0.0.1:80/svc\nBelow /svc:\nLimits: "));
    }
}
