//! TLS: [`Tls`], the certificate that it serves and how that is renewed, and the [`Acceptor`] of a listener.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use tokio::time::sleep;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::{CryptoProvider, ring};
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{self, InconsistentKeys, ServerConfig};

use super::life::{First, race};
use super::stream::Stream;
use super::watch::{Overdue, Phase, Watch};
use crate::lock::lock;
use crate::{Error, Result};

/// How often the files are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// The certificate of a server and its key, for [`App::tls`](crate::App::tls) and
/// [`App::also_listen_tls`](crate::App::also_listen_tls). Feature `tls`.
///
/// TLS 1.2 and 1.3 are spoken, and of HTTP what client and server both speak (ALPN): HTTP/2, with the feature `http2`, else
/// HTTP/1.1. Both files are in PEM form, as certificate authorities give them: the certificate of the server first, then those
/// that vouch for it. They are read when the server starts, which fails with a sentence if they cannot be used.
///
/// **They are renewed without a restart.** The server reads them again when they have changed (it looks each minute), when the
/// process gets SIGHUP (where it waits for signals itself: not in [`serve_until`](crate::Application::serve_until)), and when
/// [`reload`](Self::reload) is called on a clone of this. Open connections keep the certificate that they were opened with.
/// Files that cannot be used are logged, and the ones before stay.
///
/// ```no_run
/// use cello::prelude::*;
/// use cello::Tls;
///
/// # #[get("/")] async fn index() -> &'static str { "" }
/// fn main() -> cello::Result<()> {
///     App::new(routes![index]).tls(Tls::from_pem_files("cert.pem", "key.pem")).run("0.0.0.0:443")
/// }
/// ```
#[derive(Clone)]
pub struct Tls(Arc<Inner>);

struct Inner {
    source: Mutex<Source>,
    served: Mutex<Option<Arc<CertifiedKey>>>,
    /// What the files looked like when they were read.
    stamp: Mutex<Option<Stamp>>,
}

#[derive(Clone)]
enum Source {
    Files { certificates: PathBuf, key: PathBuf },
    Given { certificates: Vec<u8>, key: Vec<u8> },
}

type Stamp = [Option<(SystemTime, u64)>; 2];

impl Tls {
    /// The certificates in one file and the private key in another, which may be the same.
    pub fn from_pem_files(certificates: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        Self::from(Source::Files { certificates: certificates.into(), key: key.into() })
    }

    /// Certificates and private key themselves, in PEM form. [`replace`](Self::replace) renews them.
    pub fn from_pem(certificates: impl Into<Vec<u8>>, key: impl Into<Vec<u8>>) -> Self {
        Self::from(Source::Given { certificates: certificates.into(), key: key.into() })
    }

    fn from(source: Source) -> Self {
        let (served, stamp) = (Mutex::default(), Mutex::default());
        Self(Arc::new(Inner { source: Mutex::new(source), served, stamp }))
    }

    /// Reads the files again, for connections from now on. It reads files, so not on a thread that may not wait.
    ///
    /// # Errors
    /// A sentence, when they cannot be used; what was served before still is.
    pub fn reload(&self) -> Result<()> {
        let source = lock(&self.0.source).clone();
        // A change between the look and the reading is seen at the next look.
        let stamp = source.stamp();
        let key = source.read()?;
        *lock(&self.0.served) = Some(Arc::new(key));
        *lock(&self.0.stamp) = Some(stamp);
        Ok(())
    }

    /// Serves these certificates with this key from now on, both in PEM form.
    ///
    /// # Errors
    /// A sentence, when they cannot be used; what was served before still is.
    pub fn replace(&self, certificates: impl Into<Vec<u8>>, key: impl Into<Vec<u8>>) -> Result<()> {
        let source = Source::Given { certificates: certificates.into(), key: key.into() };
        let read = source.read()?;
        *lock(&self.0.source) = source;
        *lock(&self.0.served) = Some(Arc::new(read));
        Ok(())
    }

    /// Reads the files again if they have changed, or if somebody has `asked`.
    fn refresh(&self, asked: bool) {
        let source = lock(&self.0.source).clone();
        let Source::Files { certificates, .. } = &source else { return };
        if !asked && *lock(&self.0.stamp) == Some(source.stamp()) {
            return;
        }
        match self.reload() {
            Ok(()) => tracing::info!(target: "cello", "`{}` was read again", certificates.display()),
            Err(error) => tracing::warn!(target: "cello", "{error}; what was served before still is"),
        }
    }

    /// What a listener needs: reads the certificates.
    pub(super) fn acceptor(&self) -> Result<Acceptor> {
        self.reload()?;
        let refused = |error: rustls::Error| Error::msg(format!("TLS cannot be set up: {error}"));
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
            .map_err(refused)?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(&self.0) as Arc<dyn ResolvesServerCert>);
        // Clients come back without a whole handshake, whichever thread they come to.
        config.ticketer = ring::Ticketer::new().map_err(refused)?;
        if cfg!(feature = "http2") {
            config.alpn_protocols.push(b"h2".to_vec());
        }
        config.alpn_protocols.push(b"http/1.1".to_vec());
        Ok(Acceptor(TlsAcceptor::from(Arc::new(config))))
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// The key is not shown.
impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*lock(&self.source) {
            Source::Files { certificates, key } => {
                f.debug_struct("Tls").field("certificates", certificates).field("key", key).finish()
            }
            Source::Given { .. } => f.write_str("Tls"),
        }
    }
}

impl ResolvesServerCert for Inner {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        lock(&self.served).clone()
    }
}

impl Source {
    fn stamp(&self) -> Stamp {
        let Self::Files { certificates, key } = self else { return [None, None] };
        [certificates, key].map(|path| {
            let file = std::fs::metadata(path).ok()?;
            Some((file.modified().ok()?, file.len()))
        })
    }

    fn read(&self) -> Result<CertifiedKey> {
        let read = |what: &str, path: &Path| {
            let refused = |error| Error::msg(format!("cannot read the {what} `{}`: {error}", path.display()));
            std::fs::read(path).map_err(refused)
        };
        match self {
            Self::Files { certificates, key } => certified(
                &read("certificate", certificates)?,
                &format!("`{}`", certificates.display()),
                &read("private key", key)?,
                &format!("`{}`", key.display()),
            ),
            Self::Given { certificates, key } => {
                certified(certificates, "what was given as certificate", key, "what was given as private key")
            }
        }
    }
}

/// Certificates and key, each with the name that it has in sentences.
fn certified(certificates: &[u8], in_certificates: &str, key: &[u8], in_key: &str) -> Result<CertifiedKey> {
    let broken = |name: &str, error: pem::Error| Error::msg(format!("{name} is not in PEM form: {error}"));
    let chain: Vec<_> = CertificateDer::pem_slice_iter(certificates)
        .collect::<Result<_, _>>()
        .map_err(|error| broken(in_certificates, error))?;
    if chain.is_empty() {
        return Err(Error::msg(format!(
            "{in_certificates} holds no certificate in PEM form (`-----BEGIN CERTIFICATE-----`)"
        )));
    }
    let key = PrivateKeyDer::from_pem_slice(key).map_err(|error| match error {
        pem::Error::NoItemsFound => {
            Error::msg(format!("{in_key} holds no private key in PEM form (`-----BEGIN PRIVATE KEY-----`)"))
        }
        error => broken(in_key, error),
    })?;
    let provider: CryptoProvider = ring::default_provider();
    let key = provider.key_provider.load_private_key(key).map_err(|error| {
        Error::msg(format!(
            "the private key in {in_key} cannot be used: {error}; expected ECDSA (P-256 or P-384), Ed25519 or RSA of 2,048 bits or more"
        ))
    })?;
    let certified = CertifiedKey::new(chain, key);
    match certified.keys_match() {
        Ok(()) | Err(rustls::Error::InconsistentKeys(InconsistentKeys::Unknown)) => Ok(certified),
        Err(rustls::Error::InconsistentKeys(_)) => Err(Error::msg(format!(
            "the private key in {in_key} does not belong to the first certificate in {in_certificates}"
        ))),
        Err(error) => {
            Err(Error::msg(format!("the certificate in {in_certificates} cannot be used: {error}")))
        }
    }
}

/// Reads files that have changed, for ever, and all of them whenever the process is `told` to.
pub(super) async fn keep_fresh(all: &[Tls], mut told: Told) {
    if all.is_empty() {
        return std::future::pending().await;
    }
    loop {
        let asked = matches!(race(told.next(), sleep(LOOK_EVERY)).await, First::Left(()));
        for tls in all {
            let tls = tls.clone();
            let _ = tokio::task::spawn_blocking(move || tls.refresh(asked)).await;
        }
    }
}

/// SIGHUP, where it is for us.
pub(super) struct Told {
    #[cfg(unix)]
    hangup: Option<tokio::signal::unix::Signal>,
}

/// From now on SIGHUP is ours, where there is something to read anew: it would end the process otherwise.
pub(super) fn told(all: &[Tls]) -> Told {
    let by_signal = !all.is_empty();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        Told { hangup: by_signal.then(|| signal(SignalKind::hangup()).ok()).flatten() }
    }
    #[cfg(not(unix))]
    {
        let _ = by_signal;
        Told {}
    }
}

impl Told {
    /// Nobody tells.
    pub(super) fn never() -> Self {
        Self {
            #[cfg(unix)]
            hangup: None,
        }
    }

    async fn next(&mut self) {
        #[cfg(unix)]
        if let Some(hangup) = &mut self.hangup
            && hangup.recv().await.is_some()
        {
            return;
        }
        std::future::pending::<()>().await;
    }
}

/// Makes connections of TLS.
#[derive(Clone)]
pub(super) struct Acceptor(TlsAcceptor);

impl Acceptor {
    /// The handshake, within its time.
    pub(super) async fn accept(&self, stream: Stream, watch: &Watch) -> io::Result<Stream> {
        let Stream::Tcp(stream) = stream else { return Ok(stream) };
        watch.enter(Phase::Handshake);
        let mut handshake = self.0.accept(stream);
        let stream = std::future::poll_fn(|cx| match Pin::new(&mut handshake).poll(cx) {
            std::task::Poll::Pending if watch.overdue() == Some(Overdue::Handshake) => {
                std::task::Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
            polled => polled,
        })
        .await?;
        watch.enter(Phase::Idle);
        Ok(Stream::Tls(Box::new(stream)))
    }
}

impl fmt::Debug for Acceptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Acceptor")
    }
}
