//! A server of connections that are there already, without a listener: [`Single`].

use std::sync::Arc;

use tokio::net::UnixStream;

use super::connection::Worker;
use super::life::race;
use super::stream::Stream;
use super::{Server, build};
use crate::service::Served;
use crate::{Application, Result};

/// Serves one connection after the other, as a server does, for tests and fuzzing.
#[derive(Debug)]
pub struct Single {
    app: Arc<dyn Served>,
    server: Server,
    worker: Arc<Worker>,
}

impl Single {
    pub(crate) async fn new(app: impl Application) -> Result<Self> {
        let server = Server::new(app.server_config().limits, Vec::new());
        let app = build(app).await?;
        let worker = Worker::new(server.limits.clone(), Arc::clone(&server.life), Arc::clone(&server.room));
        Ok(Self { app, server, worker })
    }

    /// Serves this connection to its end. Within the runtime in which this was made.
    pub async fn serve(&self, stream: UnixStream) {
        if let Some(seat) = self.server.room.seat(None, std::future::pending()).await {
            self.worker.open(&self.app, Stream::Unix(stream), None, None, seat);
            race(self.server.life.empty(), self.worker.keep_time()).await;
        }
    }
}
