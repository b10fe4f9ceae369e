//! What a server says when it starts: [`print`], and [`route_table`].

use std::fmt;
use std::io::Write;

use crate::{Application, Limits, RouteMeta};

/// The routes of an application as a table for people: above it the application's middleware, outermost first; then for each
/// route its method, path, handler and source position, and what it passes besides: the middleware of its blueprints and its own, and its
/// guards, in the order in which a request meets them.
///
/// The command `routes` of a program with `Config` (feature `cli`) prints it, and so does a server when it starts.
///
/// ```
/// # use cello::prelude::*;
/// # use std::time::Duration;
/// #[get("/users/<id>", with(Timeout::new(Duration::from_secs(2))))]
/// async fn get_user(id: u64) -> String {
///     id.to_string()
/// }
///
/// let table = cello::route_table(&App::new(routes![get_user]).enable_logging().enable_cors()).to_string();
/// let (first, second) = table.split_once('\n').unwrap();
/// assert_eq!(first, "Middleware: Logging, Cors");
/// assert!(second.starts_with("GET  /users/<id>  ") && second.ends_with("  through Timeout\n"));
/// ```
pub fn route_table(app: &impl Application) -> RouteTable {
    RouteTable { middleware: app.middleware_names(), routes: app.route_metas() }
}

/// What [`route_table`] gives: print it.
#[derive(Debug, Clone)]
pub struct RouteTable {
    middleware: Vec<String>,
    routes: &'static [RouteMeta],
}

impl fmt::Display for RouteTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.middleware.is_empty() {
            writeln!(f, "Middleware: {}", self.middleware.join(", "))?;
        }
        let rows: Vec<[String; 5]> = self.routes.iter().map(row).collect();
        let mut widths = [0; 5];
        for (column, width) in widths.iter_mut().enumerate() {
            *width = rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        }
        for row in &rows {
            let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
            writeln!(f, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
        }
        Ok(())
    }
}

fn row(route: &RouteMeta) -> [String; 5] {
    let methods = if route.is_any() { "ANY".to_owned() } else { route.methods().join(",") };
    [
        methods,
        route.pattern().to_owned(),
        route.handler().to_owned(),
        format!("{}:{}", route.file(), route.line()),
        route.through(),
    ]
}

/// Says on standard error where the server listens, the routes, and the limits in force. Standard output is left to the
/// program, which may log there for other programs to read.
pub(super) fn print(places: &[String], routes: &RouteTable, base_path: &str, limits: &Limits) {
    say(&text(places, routes, base_path, limits));
}

/// Says there that it stops, and how long that may take.
pub(super) fn print_stop(limits: &Limits) {
    let Limits { drain_delay, grace, .. } = limits;
    let first = if drain_delay.is_zero() {
        String::new()
    } else {
        format!("serves as before for {drain_delay:?}, then ")
    };
    say(&format!(
        "Stopping: {first}takes no more connections, and finishes what is in flight within {grace:?}; a second signal cuts it off\n"
    ));
}

fn say(text: &str) {
    // Nobody may be there to read it, which is no reason not to serve.
    let _ = std::io::stderr().write_all(text.as_bytes());
}

fn text(places: &[String], routes: &RouteTable, base_path: &str, limits: &Limits) -> String {
    let mut text: String = places.iter().map(|place| format!("Listening on {place}{base_path}\n")).collect();
    if !base_path.is_empty() {
        text.push_str(&format!("Below {base_path}:\n"));
    }
    for line in routes.to_string().lines() {
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

    fn table(middleware: &[&str]) -> RouteTable {
        RouteTable { middleware: middleware.iter().map(ToString::to_string).collect(), routes: &[] }
    }

    fn text_below(base_path: &str, routes: &RouteTable) -> String {
        text(&["http://127.0.0.1:80".to_owned()], routes, base_path, &Limits::default())
    }

    #[test]
    fn the_base_path_is_told() {
        let text = |base_path| text_below(base_path, &table(&[]));
        assert!(text("").starts_with("Listening on http://127.0.0.1:80\nLimits: "));
        assert!(text("/svc").starts_with("Listening on http://127.0.0.1:80/svc\nBelow /svc:\nLimits: "));
    }

    #[test]
    fn the_middleware_of_the_application_is_told_once() {
        let text = text_below("", &table(&["Logging", "Cors"]));
        assert!(
            text.starts_with("Listening on http://127.0.0.1:80\n  Middleware: Logging, Cors\nLimits: "),
            "{text}"
        );
    }
}
