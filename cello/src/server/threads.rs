//! A server with runtimes and threads of its own: [`run`].

use std::net::SocketAddr;
use std::sync::{Arc, mpsc};
use std::{io, thread};

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::oneshot;

use super::banner::{self, RouteTable};
use super::life::{First, Signals, race};
use super::listen::Bound;
use super::places::{Listening, Places, listeners};
use super::tls::{self, Tls};
use super::{Building, LAST_WORK, Server, ServerConfig, Threading, started, stopped, unless};
use crate::service::Served;
use crate::{Error, Result};

/// Serves on an address until the process is told to stop.
///
/// The main runtime builds the application, so that what its state spawns is driven there, and lives until the end. It
/// also serves in the one mode; in the other it waits for signals while each worker has a runtime on its own thread.
pub(super) fn run(
    config: &ServerConfig,
    table: &RouteTable,
    app: Building,
    addresses: io::Result<Vec<SocketAddr>>,
) -> Result<()> {
    let workers =
        config.workers.unwrap_or_else(|| thread::available_parallelism().map_or(1, usize::from)).max(1);
    let (workers, main) = match config.threading {
        Threading::Shared => (1, runtime(Builder::new_multi_thread().worker_threads(workers))?),
        Threading::PerWorker => (workers, runtime(&mut Builder::new_current_thread())?),
    };
    let tls = config.tls.as_ref().map(Tls::acceptor).transpose()?;
    let places = Places::take(Some((Bound::new(addresses, workers)?, tls)), &config.also, workers)?;
    let names = places.names();

    let mut said = None;
    let ended = main.block_on(async {
        let mut signals = Signals::install()?;
        let told = tls::told(&config.all_tls());
        let app = unless(signals.next(), aside(started(app))).await?;
        Ok(app.map(|app| (app, signals, told)))
    });
    let ended = ended.and_then(|started| {
        let Some((app, mut signals, told)) = started else { return Ok(()) };
        let ending = Arc::clone(&app);
        let mut server = Server::new(config.limits.clone(), config.all_tls());
        for sockets in places.listen()? {
            match config.threading {
                Threading::Shared => start_here(&server, &main, Arc::clone(&app), sockets)?,
                Threading::PerWorker => start_thread(&server, Arc::clone(&app), sockets)?,
            }
        }
        if config.banner {
            banner::print(&names, table, &config.base_path, &config.limits);
        }
        main.block_on(async {
            let served = server.serve_until(signals.next(), told).await;
            let say = || {
                if config.banner {
                    said = say_stop(config);
                }
            };
            server.wind_down(served, aside(stopped(ending)), say, signals.next()).await
        })
    });
    if let Some(said) = said {
        let _ = said.recv_timeout(LAST_WORK);
    }
    // Handlers that never give way keep threads busy; the process need not wait for them.
    main.shutdown_timeout(LAST_WORK);
    ended
}

/// Does what the application does when it starts and when it has stopped, on a thread of its own: some of that may block, which is to
/// keep neither a signal from being heard nor the grace from ending. Dropped, it drops the work, unless that blocks just then.
async fn aside<T: Send + 'static>(work: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
    let (_wanted, given_up) = oneshot::channel::<()>();
    let here = Handle::current();
    let done = tokio::task::spawn_blocking(move || here.block_on(race(given_up, work)));
    match done.await {
        Ok(First::Right(done)) => done,
        // The first it cannot be, while this waits.
        Ok(First::Left(_)) | Err(_) => {
            Err(Error::msg("the application panicked while it started or stopped"))
        }
    }
}

/// Says that the server stops, on a thread of its own: nobody may be there to take it, and the server stops nevertheless. What this
/// gives ends when it is said.
fn say_stop(config: &ServerConfig) -> Option<mpsc::Receiver<()>> {
    let limits = config.limits.clone();
    let (end, said) = mpsc::channel();
    let thread = thread::Builder::new().name("cello-says".to_owned());
    let spawned = thread.spawn(move || {
        let _end: mpsc::Sender<()> = end;
        banner::print_stop(&limits);
    });
    spawned.is_ok().then_some(said)
}

/// A worker on the main runtime.
fn start_here(server: &Server, main: &Runtime, app: Arc<dyn Served>, sockets: Vec<Listening>) -> Result<()> {
    let _context = main.enter();
    main.spawn(server.worker(app, listeners(sockets)?));
    Ok(())
}

/// A worker on a thread of its own.
fn start_thread(server: &Server, app: Arc<dyn Served>, sockets: Vec<Listening>) -> Result<()> {
    let runtime = runtime(&mut Builder::new_current_thread())?;
    let listeners = {
        let _context = runtime.enter();
        listeners(sockets)?
    };
    let work = server.worker(app, listeners);
    thread::Builder::new()
        .name("cello-worker".to_owned())
        .spawn(move || {
            runtime.block_on(work);
            runtime.shutdown_timeout(LAST_WORK);
        })
        .map_err(refused)?;
    Ok(())
}

fn runtime(builder: &mut Builder) -> Result<Runtime> {
    builder.enable_all().thread_name("cello").build().map_err(refused)
}

#[allow(clippy::needless_pass_by_value)] // as `map_err` hands it over
fn refused(error: io::Error) -> Error {
    Error::msg(format!("the server cannot start: {error}"))
}
