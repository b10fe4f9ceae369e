//! What browsers are told to guard against.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use cello::middleware::security_headers::{
    Csp, CspNonce, EmbedderPolicy, FrameOptions, Hsts, NONCE, NONE, OpenerPolicy, PermissionsPolicy,
    ReferrerPolicy, ResourcePolicy, SELF, WithNonce,
};
use cello::prelude::*;
use cello::testing::{TestClient, TestResponse};

#[get("/")]
async fn index() -> &'static str {
    "hello"
}

#[get("/page")]
async fn page(nonce: CspNonce, again: CspNonce) -> Html<String> {
    assert_eq!(nonce, again);
    Html(nonce.to_string())
}

#[get("/own")]
async fn own() -> ([(HeaderName, &'static str); 2], &'static str) {
    ([(header::CONTENT_SECURITY_POLICY, "default-src *"), (header::X_FRAME_OPTIONS, "ALLOWALL")], "")
}

#[get("/fails")]
async fn fails() -> StatusCode {
    StatusCode::INTERNAL_SERVER_ERROR
}

/// A client of an application with these fields, of whatever type.
macro_rules! client {
    ($headers:expr) => {
        TestClient::new(App::new(routes![index, own, fails]).enable_trusted_proxies().with($headers))
    };
}

/// The fields that the middleware has set, in the order of their names.
fn fields(response: &TestResponse) -> Vec<String> {
    let ours = |name: &str| !["content-type", "content-length", "allow"].contains(&name);
    let fields = response.headers().iter().filter(|(name, _)| ours(name.as_str()));
    let mut fields: Vec<_> =
        fields.map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
    fields.sort();
    fields
}

const USUAL: [&str; 4] = [
    "cross-origin-resource-policy: same-origin",
    "referrer-policy: no-referrer",
    "x-content-type-options: nosniff",
    "x-frame-options: DENY",
];

#[test]
fn every_answer_has_them() {
    let client = TestClient::new(App::new(routes![index, own, fails]).enable_security_headers());
    for (target, status) in [("/", 200), ("/fails", 500), ("/nowhere", 404), ("/%zz", 400)] {
        let response = client.get(target).send();
        assert_eq!(
            (response.status().as_u16(), fields(&response)),
            (status, USUAL.map(str::to_owned).to_vec())
        );
    }
    assert_eq!(fields(&client.post("/").send()), USUAL);
    assert_eq!(fields(&client.options("/").send()), USUAL);
}

#[test]
fn hsts_is_sent_over_tls_alone() {
    let hsts = |headers: SecurityHeaders, peer: &str, proto: &str| {
        let client = client!(headers);
        let request = client.get("/").peer(peer.parse().unwrap()).header("x-forwarded-proto", proto);
        request.send().header("strict-transport-security").map(str::to_owned)
    };
    let usual = SecurityHeaders::default;
    assert_eq!(hsts(usual(), "127.0.0.1:1", "https").as_deref(), Some("max-age=63072000"));
    assert_eq!(hsts(usual(), "127.0.0.1:1", "http"), None);
    assert_eq!(hsts(usual(), "192.0.2.1:1", "https"), None, "anybody could say so");
    assert_eq!(hsts(usual().hsts(None), "127.0.0.1:1", "https"), None);
    let strict = hsts(SecurityHeaders::strict().csp(None), "127.0.0.1:1", "https");
    assert_eq!(strict.as_deref(), Some("max-age=63072000; includeSubDomains"));
}

#[test]
fn presets_are_as_documented() {
    let api = client!(SecurityHeaders::api()).get("/").send();
    assert_eq!(api.header("content-security-policy"), Some("default-src 'none'; frame-ancestors 'none'"));
    let web = fields(&client!(SecurityHeaders::web()).get("/").send());
    assert_eq!(
        web,
        [
            "content-security-policy: default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'",
            "cross-origin-opener-policy: same-origin",
            "cross-origin-resource-policy: same-origin",
            "permissions-policy: camera=(), microphone=(), geolocation=(), payment=(), usb=()",
            "referrer-policy: strict-origin-when-cross-origin",
            "x-content-type-options: nosniff",
            "x-frame-options: SAMEORIGIN",
        ]
    );
    let strict = client!(SecurityHeaders::strict()).get("/").send();
    assert_eq!(strict.header("cross-origin-embedder-policy"), Some("require-corp"));
    assert!(strict.header("content-security-policy").unwrap().contains("script-src 'strict-dynamic'"));
}

#[test]
fn a_page_has_a_nonce_of_its_own() {
    let headers = SecurityHeaders::web().csp_report_only(Csp::with_nonce().script_src([NONCE]));
    let client = TestClient::new(App::new(routes![index, page]).with(headers));
    let (one, other) = (client.get("/page").send(), client.get("/page").send());
    assert_ne!(one.text(), other.text());
    for response in [one, other] {
        let nonce = format!("'nonce-{}'", response.text());
        let policy = response.header("content-security-policy").unwrap();
        assert_eq!(policy.matches(&nonce).count(), 2, "{policy}");
        let report_only = response.header("content-security-policy-report-only").unwrap();
        assert_eq!(report_only, format!("script-src {nonce}"));
    }
    let response = client.get("/").send();
    assert!(
        !response.header("content-security-policy").unwrap().contains("nonce"),
        "nobody has asked for one"
    );
}

#[test]
fn a_nonce_may_come_from_a_scope_and_from_a_policy_on_trial() {
    #[cello::blueprint("/pages", with(SecurityHeaders::strict() as SecurityHeaders<WithNonce>))]
    mod pages {
        use super::*;

        #[get("/one")]
        async fn one(nonce: CspNonce) -> String {
            nonce.to_string()
        }
    }
    // Where no handler takes the nonce, the type need not be said.
    #[get("/plain", with(SecurityHeaders::web()))]
    async fn plain() -> &'static str {
        "plain"
    }
    let client = TestClient::new(App::new(routes![pages, index, plain]).enable_security_headers());
    assert!(
        client.get("/plain").send().header("content-security-policy").unwrap().starts_with("default-src")
    );
    let response = client.get("/pages/one").send();
    assert!(
        response.header("content-security-policy").unwrap().contains(&format!("'nonce-{}'", response.text()))
    );
    assert_eq!(client.get("/").send().header("content-security-policy"), None);

    let on_trial = SecurityHeaders::api().csp_report_only(Csp::with_nonce().script_src([NONCE]));
    let response = TestClient::new(App::new(routes![page]).with(on_trial)).get("/page").send();
    let policy = response.header("content-security-policy-report-only").unwrap();
    assert_eq!(policy, format!("script-src 'nonce-{}'", response.text()));
}

#[test]
fn a_304_leaves_the_page_the_nonce_that_it_came_with() {
    #[get("/kept")]
    async fn kept(nonce: CspNonce) -> (ETag, Html<String>) {
        (ETag::strong(1), Html(nonce.to_string()))
    }
    let headers = SecurityHeaders::web().csp_report_only(Csp::new().script_src([SELF]));
    let client = TestClient::new(App::new(routes![kept]).with(headers).enable_conditional_requests());
    assert!(client.get("/kept").send().header("content-security-policy").is_some());
    let answer = client.get("/kept").header("if-none-match", "\"1\"").send();
    assert_eq!(answer.status(), 304);
    assert_eq!(answer.header("content-security-policy"), None);
    assert_eq!(answer.header("content-security-policy-report-only"), Some("script-src 'self'"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
}

#[test]
fn what_a_handler_has_set_stays() {
    let response = client!(SecurityHeaders::web()).get("/own").send();
    assert_eq!(response.header("content-security-policy"), Some("default-src *"));
    assert_eq!(response.header("x-frame-options"), Some("ALLOWALL"));
    assert_eq!(response.headers().get_all("x-frame-options").iter().count(), 1);
    assert_eq!(response.header("x-content-type-options"), Some("nosniff"));
}

#[test]
fn each_can_be_another_or_left_out() {
    let headers = SecurityHeaders::web()
        .nosniff(false)
        .csp(None)
        .permissions_policy(PermissionsPolicy::new().allow_self("usb"))
        .frame_options(FrameOptions::Deny)
        .referrer_policy(ReferrerPolicy::Origin)
        .opener_policy(OpenerPolicy::SameOriginAllowPopups)
        .embedder_policy(EmbedderPolicy::Credentialless)
        .resource_policy(ResourcePolicy::CrossOrigin)
        .reporting_endpoint("csp", "https://reports.example/csp")
        .reporting_endpoint("other", "/reports");
    assert_eq!(
        fields(&client!(headers).get("/").send()),
        [
            "cross-origin-embedder-policy: credentialless",
            "cross-origin-opener-policy: same-origin-allow-popups",
            "cross-origin-resource-policy: cross-origin",
            "permissions-policy: usb=(self)",
            "referrer-policy: origin",
            "reporting-endpoints: csp=\"https://reports.example/csp\", other=\"/reports\"",
            "x-frame-options: DENY",
        ]
    );
    let nothing = SecurityHeaders::default()
        .nosniff(false)
        .frame_options(None)
        .referrer_policy(None)
        .permissions_policy(None)
        .opener_policy(None)
        .embedder_policy(None)
        .resource_policy(None);
    assert_eq!(fields(&client!(nothing).get("/").send()), [""; 0]);
}

#[test]
fn what_cannot_be_sent_keeps_the_application_from_starting() {
    macro_rules! error {
        ($headers:expr) => {{
            let app = App::new(routes![index]).with($headers);
            TestClient::builder(app).try_build().unwrap_err().to_string()
        }};
    }
    let usual = SecurityHeaders::default;
    let with = |csp: Csp| error!(usual().csp(csp));
    assert_eq!(
        with(Csp::new().script_src(["self"])),
        "security headers: content security policy: `self` is the name of a host; the keyword is written `'self'`"
    );
    assert!(with(Csp::new().script_src([SELF, NONE])).contains("stands alone"));
    assert!(error!(usual().hsts(Hsts::new().preload())).contains(".include_subdomains()"));
    assert!(
        error!(usual().permissions_policy(PermissionsPolicy::new().deny("Camera"))).contains("no ability")
    );
    assert!(error!(usual().reporting_endpoint("csp", "ftp://a")).contains("no endpoint"));
    // What the type says of the nonce is so.
    assert!(with(Csp::new().script_src([NONCE])).contains("begin with `Csp::with_nonce()`"));
    assert!(error!(usual().csp(Csp::with_nonce().script_src([SELF]))).contains("no source is `NONCE`"));
    let reported = usual().csp_report_only(Csp::with_nonce().script_src([NONCE]));
    assert!(error!(reported.csp(Csp::new().script_src([SELF]))).contains("give the latter last"));
}
