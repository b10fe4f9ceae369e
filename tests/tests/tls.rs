//! TLS: what is spoken, how certificates are renewed, and clients that do not get on with it.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests fail the test

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use behaviour::http2::{self, H2};
use behaviour::slow::takes_slowly;
use behaviour::{MODES, Process};
use cello::Tls;
use cello::extract::Scheme;
use cello::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, sleep};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion, version};

#[get("/")]
async fn hello() -> &'static str {
    "hello"
}

#[get("/bytes/<count>")]
async fn bytes(count: usize) -> Bytes {
    vec![b'x'; count].into()
}

#[get("/scheme")]
async fn scheme(scheme: Scheme) -> &'static str {
    scheme.as_str()
}

/// A certificate, and its key, in PEM form.
struct Certificate {
    pem: String,
    key: String,
    der: CertificateDer<'static>,
}

impl Certificate {
    fn new() -> Self {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        Self { pem: made.cert.pem(), key: made.signing_key.serialize_pem(), der: made.cert.der().clone() }
    }

    fn tls(&self) -> Tls {
        Tls::from_pem(self.pem.clone(), self.key.clone())
    }

    /// Writes both to files.
    fn write(&self, name: &str) -> (PathBuf, PathBuf) {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
        let paths = (folder.join(format!("{name}.cert.pem")), folder.join(format!("{name}.key.pem")));
        std::fs::write(&paths.0, &self.pem).unwrap();
        std::fs::write(&paths.1, &self.key).unwrap();
        paths
    }

    /// A client that believes this certificate alone.
    async fn connect(&self, address: SocketAddr) -> std::io::Result<TlsStream<TcpStream>> {
        self.connect_with(address, &[], &[&version::TLS13, &version::TLS12]).await
    }

    async fn connect_with(
        &self,
        address: SocketAddr,
        protocols: &[&[u8]],
        versions: &[&'static SupportedProtocolVersion],
    ) -> std::io::Result<TlsStream<TcpStream>> {
        let mut roots = RootCertStore::empty();
        roots.add(self.der.clone()).unwrap();
        let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(versions)
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        TlsConnector::from(Arc::new(config)).connect(name, stream).await
    }

    /// Whether the server serves this certificate.
    async fn is_served(&self, address: SocketAddr) -> bool {
        self.connect(address).await.is_ok()
    }
}

async fn serve(app: impl Application) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async { app.serve_until(listener, std::future::pending()).await.unwrap() });
    address
}

/// Asks for `/scheme` in HTTP/1.1, and reads to the end, which TLS must say.
async fn ask(mut stream: impl AsyncReadExt + AsyncWriteExt + Unpin) -> String {
    stream.write_all(b"GET /scheme HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await.unwrap();
    let mut received = String::new();
    stream.read_to_string(&mut received).await.unwrap();
    received.rsplit("\r\n\r\n").next().unwrap().to_owned()
}

#[tokio::test]
async fn both_protocols_are_spoken_over_tls_as_the_client_chooses() {
    let certificate = Certificate::new();
    let address = serve(App::new(routes![hello, scheme]).tls(certificate.tls())).await;
    for versions in [&[&version::TLS13][..], &[&version::TLS12]] {
        for protocols in [&[][..], &[&b"http/1.1"[..]], &[b"http/1.1", b"http/1.0"]] {
            let stream = certificate.connect_with(address, protocols, versions).await.unwrap();
            assert_eq!(ask(stream).await, "https");
        }
        let stream = certificate.connect_with(address, &[b"h2", b"http/1.1"], versions).await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
        let mut client = H2::on(stream);
        client.send(http2::opening(&[])).await.send(http2::get(1, "/scheme")).await;
        assert_eq!(client.answer(1).await.body, "https");
        // RFC 7301, section 3.2: a client that speaks neither is told so.
        let error = certificate.connect_with(address, &[b"spdy/3"], versions).await.unwrap_err();
        assert!(error.to_string().contains("NoApplicationProtocol"), "{error}");
    }
    // RFC 9113, section 3.2: HTTP/2 is agreed on, not just begun. The end is one in order.
    let mut stream = certificate.connect(address).await.unwrap();
    stream.write_all(&http2::opening(&[])).await.unwrap();
    let mut received = Vec::new();
    stream.read_to_end(&mut received).await.unwrap();
    assert!(received.is_empty(), "{}", received.escape_ascii());
}

/// The answer to a request over HTTP/1.1 with these fields besides.
async fn answer(mut stream: impl AsyncReadExt + AsyncWriteExt + Unpin, target: &str, fields: &str) -> String {
    let request = format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n{fields}Connection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut received = String::new();
    stream.read_to_string(&mut received).await.unwrap();
    received
}

/// RFC 6797, section 7.2: a browser must not hear of it in the open, where anybody could have said it.
#[tokio::test]
async fn strict_transport_security_is_said_over_tls_alone() {
    const FIELD: &str = "\r\nstrict-transport-security: max-age=63072000\r\n";
    let certificate = Certificate::new();
    let app = || App::new(routes![hello, scheme]).enable_security_headers();
    let secure = serve(app().tls(certificate.tls())).await;
    let plain = serve(app()).await;
    for (target, fields) in [
        ("/", ""),
        ("/nowhere", ""),
        ("/", "X-Forwarded-Proto: http\r\n"),
        ("/", "X-Forwarded-Proto: https\r\nForwarded: proto=https\r\n"),
        ("/", "Host: another\r\n"), // refused before routing
    ] {
        let answered = answer(certificate.connect(secure).await.unwrap(), target, fields).await;
        assert!(answered.contains(FIELD), "{target} {fields}: {answered}");
        let answered = answer(TcpStream::connect(plain).await.unwrap(), target, fields).await;
        assert!(!answered.contains("strict-transport"), "nobody is trusted: {target} {fields}: {answered}");
        assert!(answered.contains("\r\nx-content-type-options: nosniff\r\n"), "{answered}");
    }
    let stream = certificate.connect_with(secure, &[b"h2"], &[&version::TLS13]).await.unwrap();
    let (mut client, connection) = h2::client::handshake(stream).await.unwrap();
    tokio::spawn(connection);
    let request = http::Request::get("https://localhost/").body(()).unwrap();
    let answered = client.send_request(request, true).unwrap().0.await.unwrap();
    assert_eq!(answered.headers()["strict-transport-security"], "max-age=63072000");
}

/// The proxy knows how the client came, whatever the connection to the proxy is.
#[tokio::test]
async fn a_trusted_proxy_says_whether_there_is_tls() {
    let certificate = Certificate::new();
    // This machine is trusted.
    let app = || App::new(routes![hello, scheme]).enable_trusted_proxies().enable_security_headers();
    let secure = serve(app().tls(certificate.tls())).await;
    let plain = serve(app()).await;
    for (fields, over_tls, in_the_open) in [
        ("", "https", "http"),
        ("X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Proto: https\r\n", "https", "https"),
        ("X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Proto: http\r\n", "http", "http"),
        ("X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Proto: gopher\r\n", "https", "http"),
    ] {
        for (answered, scheme) in [
            (answer(certificate.connect(secure).await.unwrap(), "/scheme", fields).await, over_tls),
            (answer(TcpStream::connect(plain).await.unwrap(), "/scheme", fields).await, in_the_open),
        ] {
            assert!(answered.ends_with(&format!("\r\n\r\n{scheme}")), "{fields}: {answered}");
            let told = answered.contains("\r\nstrict-transport-security: ");
            assert_eq!(told, scheme == "https", "{fields}: {answered}");
        }
    }
}

#[test]
fn one_listener_may_be_plain_beside_another_of_tls() {
    let certificate = Certificate::new();
    let (cert, key) = certificate.write("beside");
    let args = ["--also-tls", cert.to_str().unwrap(), key.to_str().unwrap()];
    for mode in MODES {
        let server = Process::start(env!("CARGO_BIN_EXE_target-server"), &[mode, &args].concat());
        let [plain, secure] = server.addresses() else { panic!("{:?}", server.addresses()) };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            assert_eq!(ask(TcpStream::connect(plain).await.unwrap()).await, "http");
            assert_eq!(ask(certificate.connect(*secure).await.unwrap()).await, "https");
        });
        server.signal("TERM");
        assert!(server.wait().0.success());
    }
}

#[tokio::test]
async fn older_versions_are_refused() {
    let address = serve(App::new(routes![hello]).tls(Certificate::new().tls())).await;
    // A ClientHello of TLS 1.1, 1.0 and SSL 3.0, with a suite that all of them know.
    for minor in [2, 1, 0] {
        let hello = [&[1, 0, 0, 41, 3, minor][..], &[7; 32], &[0, 0, 2, 0, 47, 1, 0]].concat();
        let mut bytes = vec![22, 3, minor.min(1), 0, u8::try_from(hello.len()).unwrap()];
        bytes.extend(hello);
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(&bytes).await.unwrap();
        let mut received = Vec::new();
        let _ = stream.read_to_end(&mut received).await;
        // An alert, fatal: the version (70), or what it lacks of the newer ones (40, 50, 109).
        assert!(matches!(received[..], [21, 3, _, 0, 2, 2, 40 | 50 | 70 | 109]), "{minor}: {received:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_handshake_has_its_time() {
    let certificate = Certificate::new();
    let address = serve(App::new(routes![hello]).tls(certificate.tls())).await;
    for sent in [&[][..], &[22, 3, 1, 0, 200, 1]] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(sent).await.unwrap();
        let start = Instant::now();
        let mut received = Vec::new();
        stream.read_to_end(&mut received).await.unwrap();
        let time = start.elapsed();
        assert!((10..12).contains(&time.as_secs()) && received.is_empty(), "{time:?} {received:?}");
    }
    // After it, the limits are those of every connection.
    let mut stream = certificate.connect(address).await.unwrap();
    let start = Instant::now();
    assert_eq!(stream.read(&mut [0]).await.unwrap(), 0);
    assert!((10..12).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
    let mut client = H2::on(certificate.connect_with(address, &[b"h2"], &[&version::TLS13]).await.unwrap());
    client.send(http2::opening(&[])).await;
    assert_eq!(client.get(1, "/").await, 200);
    let start = Instant::now();
    assert_eq!(client.end().await, Some(http2::NO_ERROR));
    assert!((75..77).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_client_that_takes_nothing_is_let_go() {
    let certificate = Certificate::new();
    let address =
        serve(App::new(routes![hello, bytes]).limits(Limits::default()).tls(certificate.tls())).await;
    let mut stream = certificate.connect(address).await.unwrap();
    stream.write_all(b"GET /bytes/50000000 HTTP/1.1\r\nHost: test\r\n\r\n").await.unwrap();
    // The buffers of the system may take a little more when it is tried again.
    sleep(Duration::from_secs(120)).await;
    let (mut taken, mut count) = (vec![0; 1_000_000], 0);
    while let Ok(more @ 1..) = stream.read(&mut taken).await {
        count += more;
    }
    assert!(count < 50_000_000, "{count} bytes came");
}

#[tokio::test(start_paused = true)]
async fn a_client_that_takes_its_answer_slowly_gets_it() {
    let certificate = Certificate::new();
    let address = serve(App::new(routes![bytes]).tls(certificate.tls())).await;
    let mut stream = certificate.connect(address).await.unwrap();
    // A larger buffer would tell the server of nothing that is taken for longer than it waits.
    socket2::SockRef::from(stream.get_ref().0).set_recv_buffer_size(64 * 1024).unwrap();
    let request = b"GET /bytes/10000000 HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n";
    stream.write_all(request).await.unwrap();
    let count = takes_slowly(&mut stream).await;
    assert!(count > 10_000_000, "only {count} bytes came");
}

#[tokio::test]
async fn what_is_no_tls_is_closed_and_harms_nobody() {
    let certificate = Certificate::new();
    let address = serve(App::new(routes![hello, scheme]).tls(certificate.tls())).await;
    for sent in
        [&b"GET / HTTP/1.1\r\nHost: test\r\n\r\n"[..], http2::PREFACE, &[0; 1000], &[22, 3, 1, 0xff, 0xff]]
    {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(sent).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut received = Vec::new();
        let _ = stream.read_to_end(&mut received).await;
        assert!(!received.starts_with(b"HTTP"), "{received:?}");
    }
    assert_eq!(ask(certificate.connect(address).await.unwrap()).await, "https");
}

#[tokio::test(start_paused = true)]
async fn a_certificate_is_renewed_when_its_files_change() {
    let (old, new) = (Certificate::new(), Certificate::new());
    let (cert, key) = old.write("renewed");
    let address = serve(App::new(routes![hello]).tls(Tls::from_pem_files(&cert, &key))).await;
    assert!(old.is_served(address).await && !new.is_served(address).await);
    let mut open = H2::on(old.connect_with(address, &[b"h2"], &[&version::TLS13]).await.unwrap());
    open.send(http2::opening(&[])).await;
    // One of the two alone does not fit, and changes nothing.
    std::fs::write(&cert, format!("{}\n", new.pem)).unwrap();
    sleep(Duration::from_secs(61)).await;
    assert!(old.is_served(address).await && !new.is_served(address).await);
    std::fs::write(&key, &new.key).unwrap();
    sleep(Duration::from_secs(61)).await;
    assert!(new.is_served(address).await && !old.is_served(address).await);
    let mut fresh = H2::on(new.connect_with(address, &[b"h2"], &[&version::TLS13]).await.unwrap());
    fresh.send(http2::opening(&[])).await;
    assert_eq!(fresh.get(1, "/").await, 200);
}

#[tokio::test]
async fn a_certificate_is_renewed_by_whoever_holds_it() {
    let (old, new) = (Certificate::new(), Certificate::new());
    let (cert, key) = old.write("held");
    let tls = Tls::from_pem_files(&cert, &key);
    let address = serve(App::new(routes![hello]).tls(tls.clone())).await;
    new.write("held");
    tls.reload().unwrap();
    assert!(new.is_served(address).await && !old.is_served(address).await);
    std::fs::write(&key, "nothing").unwrap();
    assert!(tls.reload().unwrap_err().to_string().contains("holds no private key"));
    assert!(new.is_served(address).await);
    tls.replace(old.pem.clone(), old.key.clone()).unwrap();
    assert!(old.is_served(address).await);
}

#[tokio::test]
async fn a_certificate_is_renewed_by_sighup() {
    let (old, new) = (Certificate::new(), Certificate::new());
    let (cert, key) = old.write("hangup");
    let args = ["--tls", cert.to_str().unwrap(), key.to_str().unwrap()];
    let server = Process::start(env!("CARGO_BIN_EXE_target-server"), &args);
    assert!(old.is_served(server.address()).await);
    new.write("hangup");
    server.signal("HUP");
    while !new.is_served(server.address()).await {
        tokio::task::yield_now().await;
    }
    let mut client = H2::on(new.connect_with(server.address(), &[b"h2"], &[&version::TLS13]).await.unwrap());
    client.send(http2::opening(&[])).await;
    assert_eq!(client.get(1, "/").await, 200);
    server.signal("TERM");
    assert_eq!(client.end().await, Some(http2::NO_ERROR));
    assert!(server.wait().0.success());
}

#[tokio::test]
async fn files_that_cannot_be_used_are_a_sentence_at_start() {
    let (one, other) = (Certificate::new(), Certificate::new());
    let (cert, key) = one.write("good");
    let (_, other_key) = other.write("other");
    let missing = PathBuf::from("/no/such/file.pem");
    let broken = cert.with_file_name("broken.pem");
    std::fs::write(&broken, "-----BEGIN CERTIFICATE-----\n$$$\n-----END CERTIFICATE-----\n").unwrap();
    for (tls, sentence) in [
        (
            Tls::from_pem_files(&missing, &key),
            "cannot read the certificate `/no/such/file.pem`: No such file",
        ),
        (
            Tls::from_pem_files(&cert, &missing),
            "cannot read the private key `/no/such/file.pem`: No such file",
        ),
        (Tls::from_pem_files(&key, &key), "good.key.pem` holds no certificate in PEM form"),
        (Tls::from_pem_files(&cert, &cert), "good.cert.pem` holds no private key in PEM form"),
        (Tls::from_pem_files(&broken, &key), "broken.pem` is not in PEM form: base64 decode error"),
        (Tls::from_pem_files(&cert, &other_key), "does not belong to the first certificate in"),
        (Tls::from_pem("", ""), "what was given as certificate holds no certificate in PEM form"),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let served = App::new(routes![hello]).tls(tls).serve(listener).await;
        let error = served.unwrap_err().to_string();
        assert!(error.contains(sentence), "{error}");
    }
}
