//! The server: from an address or a listener to requests answered, and to an orderly end.
//!
//! - `listen` and `places` have the addresses, `listener` and `stream` what becomes of them, `accept` the new connections, `room` how many of them there may be, `connection` the requests on one connection, `answering` an answer on its way;
//! - `judge` says which requests are none that can be answered, `refusal` answers a head that never ends, `received` is the
//!   body of a request, `held` the answers that wait for each other;
//! - `watch` and `watched` keep the time limits of one connection, `pace` that of a body, by the clock in `pulse` and the
//!   list in `roster`; `life` tells all of them when to stop;
//! - `preface` tells HTTP/2 from HTTP/1.1, `http2` serves it, `frames` sees its bytes pass by, `streams` are the requests on one
//!   connection;
//! - `tls` has the certificates (`no_tls` stands for it where the feature is off);
//! - here, all of it is started: [`run`] makes runtimes and threads (in `threads`), [`serve`] uses the
//!   caller's.

mod accept;
mod answering;
mod banner;
mod connection;
#[cfg(feature = "http2")]
mod frames;
mod held;
#[cfg(feature = "http2")]
mod http2;
mod judge;
mod life;
mod listen;
mod listener;
mod pace;
mod places;
#[cfg(feature = "http2")]
mod preface;
mod pulse;
mod received;
mod refusal;
mod room;
mod roster;
#[cfg(unix)]
mod single;
#[cfg(unix)]
mod socket_file;
mod stream;
#[cfg(feature = "http2")]
mod streams;
mod threads;
mod tick;
#[cfg(feature = "tls")]
mod tls;
#[cfg(not(feature = "tls"))]
#[path = "no_tls.rs"]
mod tls;
mod waker;
mod watch;
mod watched;

use std::future::Future;
use std::net::ToSocketAddrs;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::sleep;

pub use banner::{RouteTable, route_table};
pub(crate) use judge::is_host;
pub(crate) use received::Received;
#[cfg(unix)]
pub use single::Single;
#[cfg(feature = "tls")]
pub use tls::Tls;
#[cfg(not(feature = "tls"))]
pub(crate) use tls::Tls;
pub(crate) use watch::Watch;

use crate::middleware::BoxFuture;
use crate::service::Served;
use crate::testing::Overrides;
use crate::{Application, Error, Limits, Result};
use connection::Worker;
use life::{First, Life, Signals, all, race};
use listener::Listener;
pub(crate) use places::Place;
use places::Places;
use room::Room;
use tls::Acceptor;

/// How long the workers may take to end after all connections have.
const LAST_WORK: Duration = Duration::from_secs(1);

/// How an application is served.
#[derive(Debug, Clone)]
pub struct ServerConfig {
    pub(crate) limits: Limits,
    pub(crate) workers: Option<usize>,
    pub(crate) threading: Threading,
    pub(crate) banner: bool,
    /// As the banner tells it.
    pub(crate) base_path: String,
    /// What is spoken at the first place besides HTTP.
    pub(crate) tls: Option<Tls>,
    /// Where to listen besides.
    pub(crate) also: Vec<Place>,
}

impl ServerConfig {
    /// The certificates of all places.
    fn all_tls(&self) -> Vec<Tls> {
        let also = self.also.iter().filter_map(|place| match place {
            Place::Tcp(_, tls) => tls.as_ref(),
            #[cfg(unix)]
            Place::Unix(_) => None,
        });
        self.tls.iter().chain(also).cloned().collect()
    }
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            workers: None,
            threading: Threading::default(),
            banner: true,
            base_path: String::new(),
            tls: None,
            also: Vec::new(),
        }
    }
}

/// How the threads of a server share the work.
///
/// Measured three times with client and server on the same two cores (`threading` in the crate of behaviour tests):
/// `PerWorker` answered 0.9, 1.0 and 1.4 times as many requests of 64 connections, 1.0, 1.1 and 1.3 times of 512, and
/// 1.0 to 1.1 times of three. With one handler among them that kept its thread busy for 20 ms, which none should, its
/// slowest hundredth took 20 to 25 ms, that of `Shared` 1 to 11 ms. The default is the one that forgives.
///
/// Of one to three long HTTP/2 connections with 32 streams each, measured once, `PerWorker` answered twice as many requests;
/// with such a busy handler among the streams of one, a fortieth of what `Shared` answered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Threading {
    /// One runtime, whose threads take work from each other.
    #[default]
    Shared,
    /// A runtime for each thread, with a listener of its own: the system shares out the connections, and each stays
    /// with its thread. A handler that keeps its thread busy holds up the other connections of that thread.
    PerWorker,
}

pub(crate) fn run(app: impl Application, address: impl ToSocketAddrs) -> Result<()> {
    if tokio::runtime::Handle::try_current().is_ok() {
        return Err(Error::msg(
            "`run` starts a runtime, and was called inside one; call it from a plain `main`, or use `serve(listener).await`",
        ));
    }
    let addresses = address.to_socket_addrs().map(Iterator::collect);
    threads::run(&app.server_config(), &route_table(&app), build(app), addresses)
}

/// An application that is being built. It takes no more part in what is compiled for the server.
type Building = BoxFuture<'static, Result<Arc<dyn Served>>>;

fn build(app: impl Application) -> Building {
    Box::pin(async { Ok(Arc::new(app.build(Overrides::default()).await?) as Arc<dyn Served>) })
}

pub(crate) fn serve(app: impl Application, listener: TcpListener) -> impl Future<Output = Result<()>> + Send {
    serve_built(app.server_config(), build(app), listener)
}

async fn serve_built(config: ServerConfig, app: Building, listener: TcpListener) -> Result<()> {
    let mut signals = Signals::install()?;
    let (tls, places) = given(&config)?;
    let mut server = Server::new(config.limits.clone(), config.all_tls());
    let told = tls::told(&server.tls);
    let Some(app) = unless(signals.next(), started(app)).await? else { return Ok(()) };
    server.start_given(&app, listener, tls, places)?;
    let served = server.serve_until(signals.next(), told).await;
    server.wind_down(served, stopped(app), || (), signals.next()).await
}

pub(crate) fn serve_until(
    app: impl Application,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> impl Future<Output = Result<()>> + Send {
    serve_built_until(app.server_config(), build(app), listener, Box::pin(shutdown))
}

async fn serve_built_until(
    config: ServerConfig,
    app: Building,
    listener: TcpListener,
    mut shutdown: BoxFuture<'static, ()>,
) -> Result<()> {
    let (tls, places) = given(&config)?;
    let mut server = Server::new(config.limits.clone(), config.all_tls());
    let Some(app) = unless(shutdown.as_mut(), started(app)).await? else { return Ok(()) };
    server.start_given(&app, listener, tls, places)?;
    let served = server.serve_until(shutdown, tls::Told::never()).await;
    server.wind_down(served, stopped(app), || (), std::future::pending()).await
}

/// What a listener of the caller's is encrypted with, and the other places.
fn given(config: &ServerConfig) -> Result<(Option<Acceptor>, Places)> {
    let tls = config.tls.as_ref().map(Tls::acceptor).transpose()?;
    Ok((tls, Places::take(None, &config.also, 1)?))
}

/// Builds the application and starts it.
async fn started(app: Building) -> Result<Arc<dyn Served>> {
    let app = app.await?;
    app.started().await?;
    Ok(app)
}

/// Calls the hooks for the stop.
async fn stopped(app: Arc<dyn Served>) -> Result<()> {
    app.stopped().await
}

/// What a start gives, unless it is told to stop meanwhile.
async fn unless<T>(
    stop: impl Future<Output = ()>,
    start: impl Future<Output = Result<T>>,
) -> Result<Option<T>> {
    match race(start, stop).await {
        First::Left(started) => started.map(Some),
        First::Right(()) => Ok(None),
    }
}

/// A server that runs. Dropped, it drains, and nobody waits for what is in flight.
#[derive(Debug)]
struct Server {
    limits: Limits,
    life: Arc<Life>,
    room: Arc<Room>,
    /// Certificates that may change.
    tls: Vec<Tls>,
    /// For the workers, each of which says when it ends, be it by a panic.
    end: Option<mpsc::UnboundedSender<()>>,
    ended: mpsc::UnboundedReceiver<()>,
}

impl Server {
    fn new(limits: Limits, tls: Vec<Tls>) -> Self {
        let (end, ended) = mpsc::unbounded_channel();
        let room = Room::new(&limits);
        Self { limits, life: Life::new(), room, tls, end: Some(end), ended }
    }

    /// Starts a worker in the runtime of the caller, with the caller's listener and the other places.
    fn start_given(
        &self,
        app: &Arc<dyn Served>,
        listener: TcpListener,
        tls: Option<Acceptor>,
        places: Places,
    ) -> Result<()> {
        let mut listeners = vec![Listener::given(listener, tls)];
        for sockets in places.listen()? {
            listeners.extend(places::listeners(sockets)?);
        }
        tokio::spawn(self.worker(Arc::clone(app), listeners));
        Ok(())
    }

    /// The work of one worker, from its first connection to its last.
    fn worker(
        &self,
        app: Arc<dyn Served>,
        listeners: Vec<Listener>,
    ) -> impl Future<Output = ()> + Send + use<> {
        let worker = Worker::new(self.limits.clone(), Arc::clone(&self.life), Arc::clone(&self.room));
        // An open listener counts as open: connections may wait in its queue.
        let open = self.life.enter();
        let end = AtEnd(self.end.clone());
        async move {
            let _end = end;
            let work = async {
                all(listeners.into_iter().map(|listener| worker.accept(&app, listener)).collect()).await;
                drop(open);
                worker.life.empty().await;
            };
            race(race(work, worker.life.over()), worker.keep_time()).await;
            worker.abort();
        }
    }

    /// Until `stop`. Certificates are renewed whenever the process is `told` to.
    async fn serve_until(&mut self, stop: impl Future<Output = ()>, told: tls::Told) -> Result<()> {
        let Self { tls, ended, .. } = self;
        match race(race(stop, ended.recv()), tls::keep_fresh(tls, told)).await {
            First::Left(First::Left(())) => Ok(()),
            First::Left(First::Right(_)) | First::Right(()) => {
                self.life.end();
                Err(Error::msg("a worker of the server died, and the server with it"))
            }
        }
    }

    /// Ends the service, which may have failed, and then the application, by `stopped`. `hurry` cuts short whatever it is at. `say` is
    /// for who tells that the server stops.
    async fn wind_down(
        self,
        served: Result<()>,
        stopped: impl Future<Output = Result<()>>,
        say: impl FnOnce(),
        hurry: impl Future<Output = ()>,
    ) -> Result<()> {
        let (mut hurry, grace) = (pin!(hurry), self.limits.grace);
        // Where either fails, nothing may be waited for any more.
        served?;
        self.drain(say, hurry.as_mut()).await?;
        match race(stopped, race(sleep(grace), hurry)).await {
            First::Left(stopped) => stopped,
            First::Right(_) => Err(Error::msg("the hooks for the stop did not end in time")),
        }
    }

    /// Accepts no more, and lets what is in flight end within the grace, unless `hurry` comes first.
    async fn drain(
        mut self,
        say: impl FnOnce(),
        mut hurry: Pin<&mut impl Future<Output = ()>>,
    ) -> Result<()> {
        let (delay, grace) = (self.limits.drain_delay, self.limits.grace);
        self.life.stop();
        if delay.is_zero() {
            self.life.drain();
        }
        // Whoever hears of it finds it so.
        say();
        let rest = if matches!(race(sleep(delay), hurry.as_mut()).await, First::Right(())) {
            First::Right(First::Right(()))
        } else {
            self.life.drain();
            race(self.life.empty(), race(sleep(grace), hurry)).await
        };
        let open = self.life.open();
        self.life.end();
        self.end = None;
        race(async { while self.ended.recv().await.is_some() {} }, sleep(LAST_WORK)).await;
        match rest {
            First::Left(()) => Ok(()),
            First::Right(First::Left(())) => {
                tracing::warn!(target: "cello", "the grace of {grace:?} is over; what was open is cut off: {open}");
                Ok(())
            }
            First::Right(First::Right(())) => {
                Err(Error::msg(format!("told to stop a second time; what was open was cut off: {open}")))
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.life.drain();
    }
}

/// Says that a worker has ended.
#[derive(Debug)]
struct AtEnd(Option<mpsc::UnboundedSender<()>>);

impl Drop for AtEnd {
    fn drop(&mut self) {
        if let Some(end) = &self.0 {
            let _ = end.send(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_worker_that_dies_takes_the_server_along() {
        let mut server = Server::new(Limits::default(), Vec::new());
        let (end, other) = (AtEnd(server.end.clone()), AtEnd(server.end.clone()));
        let worker = tokio::spawn(async move {
            let _end = end;
            panic!("a bug");
        });
        let error = server.serve_until(std::future::pending(), tls::Told::never()).await.unwrap_err();
        assert_eq!(error.to_string(), "a worker of the server died, and the server with it");
        assert!(worker.await.is_err());
        server.life.over().await;
        drop(other);
    }

    #[tokio::test]
    async fn what_is_said_of_a_stop_is_so_when_it_is_said() {
        for (delay, is_draining) in [(Duration::ZERO, true), (Duration::from_millis(1), false)] {
            let server = Server::new(Limits::default().drain_delay(delay), Vec::new());
            let (life, mut said) = (Arc::clone(&server.life), None);
            let say = || said = Some((life.is_stopping(), life.is_draining()));
            server.drain(say, pin!(std::future::pending())).await.unwrap();
            assert_eq!(said, Some((true, is_draining)));
        }
    }
}
