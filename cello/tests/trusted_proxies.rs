//! Requests that proxies bring: whom the application believes about them.
#![allow(clippy::unwrap_used, reason = "these are tests")]

use cello::extract::{Host, Scheme};
use cello::prelude::*;
use cello::testing::TestClient;

/// Whose request it is, as every part of the framework tells it.
#[get("/")]
async fn index(client: Option<ClientAddr>, scheme: Scheme, host: Option<Header<Host>>, uri: Uri) -> String {
    let client = client.map_or("-".to_owned(), |client| client.0.to_string());
    let host = host.map_or("-".to_owned(), |host| host.0.0);
    let authority = uri.authority().map_or("-", |authority| authority.as_str());
    format!("{client} {scheme} {host} {authority}")
}

const PROXY: &str = "10.0.0.1:4711";

struct Asked(TestClient);

impl Asked {
    fn of(proxies: TrustedProxies) -> Self {
        Self(TestClient::new(App::new(routes![index]).with(proxies)))
    }

    #[track_caller]
    fn by(&self, peer: &str, fields: &[(&str, &str)]) -> String {
        let request = self.0.get("/").peer(peer.parse().unwrap()).header("host", "inner");
        let request = fields.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        request.send().text().trim_end_matches(" -").to_owned()
    }

    /// The client, of a request that the proxy brings with this field.
    #[track_caller]
    fn client(&self, name: &str, fields: &[&str]) -> String {
        let fields: Vec<_> = fields.iter().map(|value| (name, *value)).collect();
        let all = self.by(PROXY, &fields);
        all.split(' ').next().unwrap().to_owned()
    }
}

fn private() -> TrustedProxies {
    TrustedProxies::new().network("10.0.0.0/8").network("fd00::/8")
}

const ALL: [(&str, &str); 3] =
    [("x-forwarded-for", "192.0.2.7"), ("x-forwarded-proto", "https"), ("x-forwarded-host", "example.com")];

#[test]
fn client_scheme_and_host_follow() {
    let asked = Asked::of(private());
    assert_eq!(asked.by(PROXY, &ALL), "192.0.2.7:0 https example.com");
    assert_eq!(asked.by(PROXY, &[]), "10.0.0.1:4711 http inner");
    assert_eq!(asked.by("[::ffff:10.0.0.1]:1", &ALL), "192.0.2.7:0 https example.com", "IPv4 inside IPv6");
    assert_eq!(asked.by("[fd00::1]:1", &ALL), "192.0.2.7:0 https example.com");
    let deaf = Asked::of(private().ignore_scheme().ignore_host());
    assert_eq!(deaf.by(PROXY, &ALL), "192.0.2.7:0 http inner");
}

#[test]
fn nobody_else_is_believed() {
    let asked = Asked::of(private());
    assert_eq!(asked.by("192.0.2.1:80", &ALL), "192.0.2.1:80 http inner");
    assert_eq!(asked.by("[::ffff:192.0.2.1]:80", &ALL), "[::ffff:192.0.2.1]:80 http inner");
    let without = TestClient::new(App::new(routes![index]));
    let request = without.get("/").peer(PROXY.parse().unwrap()).header("x-forwarded-for", "192.0.2.7");
    assert_eq!(request.send().text(), "10.0.0.1:4711 http - -");
}

#[test]
fn a_proxy_on_the_same_machine_is_what_enable_gives() {
    let client = TestClient::new(App::new(routes![index]).enable_trusted_proxies());
    let ask = |peer: &str| {
        let request = client.get("/").peer(peer.parse().unwrap()).header("x-forwarded-for", "192.0.2.7");
        request.send().text().to_owned()
    };
    assert_eq!(ask("127.0.0.1:1"), "192.0.2.7:0 http - -");
    assert_eq!(ask("[::1]:1"), "192.0.2.7:0 http - -");
    assert_eq!(ask("10.0.0.1:1"), "10.0.0.1:1 http - -");
}

#[test]
fn the_list_is_read_from_the_right() {
    let asked = Asked::of(private());
    let client = |fields: &[&str]| asked.client("x-forwarded-for", fields);
    assert_eq!(client(&["192.0.2.7"]), "192.0.2.7:0");
    assert_eq!(client(&["203.0.113.9, 192.0.2.7"]), "192.0.2.7:0", "the client wrote the first");
    assert_eq!(client(&["203.0.113.9, 192.0.2.7, 10.3.0.1, 10.2.0.1"]), "192.0.2.7:0", "three proxies");
    assert_eq!(client(&["203.0.113.9", "192.0.2.7", "10.2.0.1"]), "192.0.2.7:0", "in several fields");
    assert_eq!(client(&["10.3.0.1, 10.2.0.1"]), "10.3.0.1:0", "all of them are proxies");
    assert_eq!(client(&["192.0.2.7 , ,"]), "192.0.2.7:0");
    assert_eq!(client(&["192.0.2.7:4711"]), "192.0.2.7:4711");
    assert_eq!(client(&["2001:db8::1"]), "[2001:db8::1]:0");
    assert_eq!(client(&["[2001:db8::1]:4711"]), "[2001:db8::1]:4711");
    assert_eq!(client(&["192.0.2.7, ::ffff:10.2.0.1"]), "192.0.2.7:0");
}

#[test]
fn what_is_malformed_or_hidden_is_not_believed_nor_what_is_left_of_it() {
    let asked = Asked::of(private());
    let client = |fields: &[&str]| asked.client("x-forwarded-for", fields);
    for bad in [
        "unknown",
        "_gazonk",
        "localhost",
        "192.0.2",
        "192.0.2.7:99999",
        "192.0.2.7 192.0.2.8",
        "\"192.0.2.7\"",
    ] {
        assert_eq!(client(&[bad]), PROXY, "{bad}");
        assert_eq!(client(&["192.0.2.7", bad]), PROXY, "{bad}");
        assert_eq!(client(&[&format!("192.0.2.7, {bad}, 10.2.0.1")]), "10.2.0.1:0", "{bad}");
        assert_eq!(client(&[&format!("{bad}, 192.0.2.7")]), "192.0.2.7:0", "{bad}");
    }
    for host in ["", "a b", "a/b", "user@a", "a:x"] {
        assert_eq!(asked.by(PROXY, &[("x-forwarded-host", host)]), "10.0.0.1:4711 http inner", "{host}");
    }
    assert_eq!(asked.by(PROXY, &[("x-forwarded-proto", "gopher")]), "10.0.0.1:4711 http inner");
    let last = [("x-forwarded-proto", "https, http"), ("x-forwarded-host", "spoofed, good")];
    assert_eq!(asked.by(PROXY, &last), "10.0.0.1:4711 http good", "the proxy wrote the last");
}

#[test]
fn forwarded_is_read_as_the_rfc_has_it() {
    let asked = Asked::of(private().forwarded());
    let ask = |value: &str| asked.by(PROXY, &[("forwarded", value)]);
    assert_eq!(ask("for=192.0.2.7;proto=https;host=example.com"), "192.0.2.7:0 https example.com");
    assert_eq!(ask(r#"For="[2001:db8::1]:4711"; Proto=HTTPS"#), "[2001:db8::1]:4711 https inner");
    let two = r#"for=1.2.3.4;host=spoofed, for=192.0.2.7;proto=https;host="example.com:8443", for=10.2.0.1;proto=http"#;
    assert_eq!(ask(two), "192.0.2.7:0 https example.com:8443");
    assert_eq!(ask("for=192.0.2.7, for=10.2.0.1;proto=https"), "192.0.2.7:0 https inner");
    // The proxy hides its client, and tells how it came.
    assert_eq!(ask("for=1.2.3.4, for=_secret;proto=https"), "10.0.0.1:4711 https inner");
    assert_eq!(ask("for=1.2.3.4, for=unknown"), "10.0.0.1:4711 http inner");
    assert_eq!(ask("for=1.2.3.4, for=192.0.2.7:80;proto=https"), "10.0.0.1:4711 http inner", "not quoted");
    assert_eq!(
        ask(r#"for="1.2.3.4, for=192.0.2.7"#),
        "192.0.2.7:0 http inner",
        "a quote left open by the client"
    );
    assert_eq!(ask("for=1.2.3.4;host=a/b, for=10.2.0.1"), "10.2.0.1:0 http inner");
    assert_eq!(asked.by("192.0.2.9:1", &[("forwarded", "for=192.0.2.7")]), "192.0.2.9:1 http inner");
}

#[test]
fn only_one_kind_of_field_counts() {
    let both = [("forwarded", "for=192.0.2.1;proto=https;host=one"), ALL[0], ALL[2]];
    assert_eq!(Asked::of(private()).by(PROXY, &both), "192.0.2.7:0 http example.com");
    assert_eq!(Asked::of(private().forwarded()).by(PROXY, &both), "192.0.2.1:0 https one");
}

#[test]
fn the_authority_of_the_target_follows() {
    let client = TestClient::new(App::new(routes![index]).with(private()));
    let request = client.get("http://inner:80/").peer(PROXY.parse().unwrap());
    let request = request.header("x-forwarded-host", "example.com").header("x-forwarded-for", "192.0.2.7");
    assert_eq!(request.send().text(), "192.0.2.7:0 http example.com example.com");
}

/// `Host` and target never name two hosts: of a name with an escape, which no `Uri` holds, neither becomes anything.
#[test]
fn a_host_that_cannot_be_that_of_the_target_is_not_believed() {
    let client = TestClient::new(App::new(routes![index]).with(private()));
    let ask = |host: &str| {
        let request = client.get("http://inner:80/").peer(PROXY.parse().unwrap()).header("host", "inner:80");
        request.header("x-forwarded-host", host).send().text().to_owned()
    };
    assert_eq!(ask("%61.example"), "10.0.0.1:4711 http inner:80 inner:80");
    assert_eq!(ask("a.example"), "10.0.0.1:4711 http a.example a.example");
}

#[test]
fn a_unix_socket_has_no_address() {
    let ask = |proxies: TrustedProxies| {
        let client = TestClient::new(App::new(routes![index]).with(proxies));
        client.get("/").header("x-forwarded-for", "192.0.2.7").send().text().to_owned()
    };
    assert_eq!(ask(TrustedProxies::new().unix_sockets()), "192.0.2.7:0 http - -");
    assert_eq!(ask(TrustedProxies::default()), "- http - -");
}

#[test]
fn middleware_further_in_sees_the_client_and_a_fallback_too() {
    async fn tells(request: Request, next: Next<'_>) -> Response {
        let told = format!("{:?} {} {:?}", next.client_addr(), next.scheme(), next.peer_addr());
        let mut response = next.run(request).await;
        response.headers_mut().insert("x-told", told.parse().unwrap());
        response
    }
    let client = TestClient::new(App::new(routes![index]).with(private()).with(tells));
    let request = client.get("/").peer(PROXY.parse().unwrap());
    let response = ALL.iter().fold(request, |request, (name, value)| request.header(*name, *value)).send();
    assert_eq!(response.header("x-told"), Some("Some(192.0.2.7:0) https Some(10.0.0.1:4711)"));
}

#[test]
fn what_is_no_network_keeps_the_application_from_starting() {
    let error = |proxies| {
        let app = App::new(routes![index]).with(proxies);
        TestClient::builder(app).try_build().unwrap_err().to_string()
    };
    assert!(error(TrustedProxies::new()).contains("no network is named"));
    assert!(error(private().network("10.0.0.1/8")).contains("write 10.0.0.0/8"));
    assert!(error(private().network("proxy.example")).contains("write an IP address"));
    assert!(error(private().network("0.0.0.0/0")).contains("0.0.0.0/0 is everybody"));
    assert!(error(private().network("::/0")).contains("is everybody"));
    let client = TestClient::new(App::new(routes![index]).with(TrustedProxies::new().private_networks()));
    let request =
        client.get("/").peer("172.16.5.5:1".parse().unwrap()).header("x-forwarded-for", "192.0.2.7");
    assert!(request.send().text().starts_with("192.0.2.7"));
}
