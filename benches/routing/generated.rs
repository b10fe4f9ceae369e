//! Route sets of any size, such as large applications have: areas with resources, each of which has the routes below.

/// What each resource has: `A` and `B` are its collections, `C` is a word of its own.
const TEMPLATES: [&str; 25] = [
    "GET ",
    "POST ",
    "GET /search",
    "GET /statistics",
    "POST /import",
    "GET /<id>",
    "PUT /<id>",
    "PATCH /<id>",
    "DELETE /<id>",
    "GET /<id>/history",
    "POST /<id>/C",
    "GET /<id>/A",
    "POST /<id>/A",
    "GET /<id>/A/<item>",
    "PUT /<id>/A/<item>",
    "DELETE /<id>/A/<item>",
    "GET /<id>/B/<entry>/C",
    "POST /<id>/B/<entry>/C",
    "GET /<id>/A/<item>/B/<entry>",
    "DELETE /<id>/A/<item>/B/<entry>",
    "GET /exports/<file>.csv",
    "GET /exports/<file>.json",
    "GET /reports/v<version>",
    "GET /files/<path..>",
    "PUT /files/<path..>",
];

const WORDS: [&str; 48] = [
    "accounts",
    "addresses",
    "agents",
    "alerts",
    "assets",
    "audits",
    "batches",
    "bookings",
    "branches",
    "budgets",
    "campaigns",
    "carriers",
    "catalogs",
    "channels",
    "claims",
    "clients",
    "comments",
    "contacts",
    "contracts",
    "coupons",
    "customers",
    "deliveries",
    "devices",
    "discounts",
    "documents",
    "events",
    "groups",
    "invoices",
    "items",
    "keys",
    "ledgers",
    "licenses",
    "members",
    "messages",
    "notes",
    "offers",
    "orders",
    "parts",
    "payments",
    "permissions",
    "plans",
    "products",
    "profiles",
    "projects",
    "quotes",
    "refunds",
    "regions",
    "shipments",
];

/// `count` routes, always the same.
pub(crate) fn routes(count: usize) -> Vec<(String, String)> {
    let resources = count / TEMPLATES.len();
    let areas = resources.isqrt();
    let mut routes = Vec::with_capacity(count);
    for resource in 0..resources {
        // Numbers without a factor in common with 48 walk through all words.
        let word = |step: usize, start: usize| WORDS[(resource * step + start) % WORDS.len()];
        let area = resource % areas;
        let area = format!("{}-{}", WORDS[area * 7 % WORDS.len()], WORDS[area / 4]);
        let name = match resource / areas {
            place if place % 2 == 0 => word(5, place).to_owned(),
            place => format!("{}-{}", word(5, place), word(11, place)),
        };
        for template in TEMPLATES {
            let (method, rest) = template.split_once(' ').unwrap_or((template, ""));
            let rest = rest.replace('A', word(13, 3)).replace('B', word(17, 8)).replace('C', word(19, 1));
            routes.push((method.to_owned(), format!("/api/v{}/{area}/{name}{rest}", 1 + resource % 2)));
        }
    }
    // Two resources of one name are one too many.
    let mut seen = std::collections::HashSet::new();
    assert!(routes.iter().all(|route| seen.insert(route.clone())), "two routes are the same");
    routes
}
