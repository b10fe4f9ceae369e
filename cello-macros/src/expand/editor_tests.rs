//! What an editor relies on: half-typed code harms no neighbour, and tokens of the user's stay where they stand.

use proc_macro2::{LineColumn, TokenStream, TokenTree};

use super::tests::{expanded, expansion};

/// Handlers while they are typed. The lexer closes brackets and quotes before a macro sees anything, so these are balanced.
const HALF_TYPED: &[&str] = &[
    "#[get(\"/x\")]",
    "#[get(\"/x\")] pub",
    "#[get(\"/x\")] pub async",
    "#[get(\"/x\")] pub async fn",
    "#[get(\"/x\")] pub async fn x",
    "#[get(\"/x\")] pub async fn x<",
    "#[get(\"/x\")] pub async fn x()",
    "#[get(\"/x\")] pub async fn x() ->",
    "#[get(\"/x\")] pub async fn x() -> Result<",
    "#[get(\"/x\")] pub async fn x() -> Result<Json<u8>, {}",
    "#[get(\"/x\")] pub async fn x() -> String;",
    "#[get(\"/<id>\")] pub async fn x(id) {}",
    "#[get(\"/<id>\")] pub async fn x(id: ) {}",
    "#[get(\"/<id>\")] pub async fn x(id: &) {}",
    "#[get(\"/<id>\")] pub async fn x(id: std::) {}",
    "#[get(\"/<id>\")] pub async fn x(id: Option<u8) {}",
    "#[get(\"/x\")] pub async fn x() { let y = ; y. }",
    "#[get(\"/x\")] pub async fn x() { if y { match } else",
    "#[get(\"/x\")] pub async fn x() -> Result<> {}",
    "#[get(\"/x\")] pub async fn x() -> Result<, > {}",
    "#[get(\"/x\")] pub async fn x() -> Result<String, > {}",
    "#[get(\"/x\")] pub async fn x(State(): State<>) {}",
    "#[get(\"/x\")] pub async fn x(State(a): State<Arc<>>) {}",
    "#[get(\"/x\")] pub async fn x(a: Arc<>) {}",
    "#[get(\"/x\")] pub async fn x(Extension(): Extension<>) {}",
    "#[get(\"/x\")] pub async fn x(a: web::Data<>) {}",
    "#[get(\"/x\")] pub async fn x(a: &State<>) {}",
    "#[get] pub async fn x() {}",
    "#[get()] pub async fn x() {}",
    "#[get(\"/<\")] pub async fn x() {}",
    "#[get(\"/<id\")] pub async fn x() {}",
    "#[get(\"/x\",)] pub async fn x() {}",
    "#[get(\"/x\", wi)] pub async fn x() {}",
    "#[get(\"/x\", with)] pub async fn x() {}",
    "#[get(\"/x\", with())] pub async fn x() {}",
    "#[get(\"/x\", timeout =)] pub async fn x() {}",
    "#[get(\"/x\", body_limit = 1024 *)] pub async fn x() {}",
    "#[get(\"/x\", guard(Admin, ))] pub async fn x() {}",
    "#[get(\"/x\", guard())] pub async fn x() {}",
    "#[get(\"/x\" with())] pub async fn x() {}",
    "#[get(\"/x?\")] pub async fn x() {}",
    "#[get(\"/x?<\")] pub async fn x() {}",
    "#[get(\"\")] pub async fn x() {}",
    "#[route(\"/x\", methods())] pub async fn x() {}",
    "#[blueprint(\"/x\")] mod x",
    "#[blueprint(\"/x\")] mod",
    "#[blueprint()] mod x {}",
    "#[blueprint(\"/x\")] mod x { #[get(\"/\")] fn }",
];

/// Closes what is open at the end of a text, as the lexer of an editor does.
fn balanced(text: &str) -> String {
    let open = text.matches('{').count() - text.matches('}').count();
    format!("{text}{}", " }".repeat(open))
}

#[test]
fn half_typed_code_leaves_the_rows_around_it() {
    for typed in HALF_TYPED {
        let typed = balanced(typed);
        let text = format!(
            "#[blueprint(\"/all\")] mod all {{ #[get(\"/a\")] pub fn a() {{ one }} {typed} \
             #[get(\"/b\")] pub fn b() {{ two }} }}"
        );
        let expansion = expanded(&text);
        for name in ["a", "b"] {
            assert!(
                expansion.contains(&format!("item pub struct {name} {{ }}")),
                "{name} beside {typed}: {expansion}"
            );
            assert!(
                expansion.contains(&format!("< {name} > ::")),
                "{name} is mounted beside {typed}: {expansion}"
            );
        }
        assert!(expansion.contains("{ one }") && expansion.contains("{ two }"), "{typed}: {expansion}");
    }
}

#[test]
fn half_typed_code_comes_back_as_it_was_typed() {
    for typed in HALF_TYPED.iter().filter(|typed| !typed.contains("mod x { #[")) {
        let typed = balanced(typed);
        let mut expansion = places(expansion(&typed));
        // The attribute itself is what is expanded.
        let attribute = typed.find(']').unwrap_or_default();
        for token in places(typed.parse().unwrap()).into_iter().filter(|(_, at)| at.column > attribute) {
            let found = expansion.iter().position(|other| *other == token);
            let found = found.unwrap_or_else(|| panic!("{token:?} of {typed} is lost: {expansion:?}"));
            expansion.remove(found);
        }
    }
}

#[test]
fn a_handler_that_is_being_typed_keeps_its_name() {
    for typed in HALF_TYPED.iter().filter(|typed| typed.contains("fn x")) {
        let expansion = expanded(&balanced(typed));
        assert!(expansion.contains("pub struct x { }"), "{typed}: {expansion}");
    }
}

/// The tokens that an editor goes by, each with its place.
fn places(tokens: TokenStream) -> Vec<(String, LineColumn)> {
    let mut found = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = (group.span_open().start(), group.span_close().start());
                let delimiter = format!("{:?}", group.delimiter());
                found.push((delimiter.clone(), open));
                found.extend(places(group.stream()));
                found.push((delimiter, close));
            }
            other => found.push((other.to_string(), other.span().start())),
        }
    }
    found
}

const WHOLE: &str = r#"
#[blueprint("/orgs/<org>", guard(Member))]
pub mod orgs {
    #[get("/<id>?<page>", guard(Admin), timeout = LIMIT)]
    /// A user.
    pub(crate) async fn user<'a>(
        id: UserId,
        mut page: Option<u32>,
        store: &'a Store,
        #[query("page-size")]
        size: Size,
        Json(filter): Json<Filter>,
    ) -> Result<Json<User>, Problem> {
        store.find(id)
    }
}
"#;

#[test]
fn every_token_of_a_handler_stays_where_it_stands() {
    let mut expansion = places(expansion(WHOLE));
    for token in places(WHOLE.parse().unwrap()) {
        if matches!(token.1.line, 2 | 4 | 10) {
            continue; // attributes of ours, which are what is expanded
        }
        let found = expansion.iter().position(|other| *other == token);
        let found = found.unwrap_or_else(|| panic!("{token:?} is lost or has moved"));
        expansion.remove(found);
    }
}

#[test]
fn what_is_made_of_a_token_stands_where_it_stands() {
    let expansion = places(expansion(WHOLE));
    let times = |word: &str, line: usize, column: usize| {
        expansion.iter().filter(|token| **token == (word.to_owned(), LineColumn { line, column })).count()
    };
    // The function is one, its route and what mounts it are the others: whoever renames one renames all.
    assert!(times("user", 6, 24) > 2);
    // The argument, and the parameter of the link.
    assert!(times("id", 7, 8) > 1);
    // Types: once in the function, and again where each is asked for.
    for (word, line, column) in
        [("UserId", 7, 12), ("Store", 9, 19), ("Size", 11, 14), ("Filter", 12, 27), ("User", 13, 21)]
    {
        assert!(times(word, line, column) > 1, "{word}");
    }
    // What stands in attributes alone.
    for (word, line, column) in [("Member", 2, 33), ("Admin", 4, 32), ("LIMIT", 4, 50)] {
        assert!(times(word, line, column) > 0, "{word}");
    }
}
