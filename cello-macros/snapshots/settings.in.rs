#[cfg(feature = "reports")]
#[route(
    "/reports/<year>",
    methods(GET, PURGE),
    name = report_route,
    guard(Admin),
    with(Compression::default()),
    body_limit = 64 * 1024,
    timeout = Duration::from_secs(30),
    tags("reports"),
    blocking
)]
fn report(year: u16, database: &Database) -> Html<String> {
    database.report(year)
}
