//! The servers that are compared, each as a process of its own: this program, called again.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::str::FromStr;

use crate::{Fault, on_actix, on_axum, on_cello, on_hyper};

/// Who answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Server {
    Hyper,
    Cello,
    /// With CORS, compression and request ids.
    CelloStack,
    /// With one of [`on_cello::STACKS`].
    Stack(&'static str),
    Axum,
    Actix,
}

impl Server {
    pub(crate) const ALL: [Self; 5] = [Self::Hyper, Self::Cello, Self::CelloStack, Self::Axum, Self::Actix];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Hyper => "hyper",
            Self::Cello => "cello",
            Self::CelloStack => "cello+middleware",
            Self::Stack(name) => name,
            Self::Axum => "axum",
            Self::Actix => "actix-web",
        }
    }

    /// Serves until the standard input has come to its end. Each has one thread, with a current-thread runtime.
    #[allow(clippy::print_stdout)] // how the parent learns the address
    pub(crate) fn run(self) -> Result<(), Fault> {
        std::thread::spawn(|| {
            let _ = io::stdin().read_to_end(&mut Vec::new());
            std::process::exit(0);
        });
        let listener = TcpListener::bind("127.0.0.1:0")?;
        println!("{}", listener.local_addr()?);
        io::stdout().flush()?;
        if self == Self::Actix {
            return Ok(on_actix::serve(listener)?);
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(self.serve(listener))
    }

    /// Serves for ever, on the caller's runtime; not actix-web, which has its own.
    pub(crate) async fn serve(self, listener: TcpListener) -> Result<(), Fault> {
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        match self {
            Self::Hyper => on_hyper::serve(listener).await?,
            Self::Cello => on_cello::serve(listener, false).await?,
            Self::CelloStack => on_cello::serve(listener, true).await?,
            Self::Stack(name) => on_cello::serve_stack(name, listener).await?,
            Self::Axum => on_axum::serve(listener).await?,
            Self::Actix => return Err("actix-web runs on a runtime of its own".into()),
        }
        Ok(())
    }
}

impl FromStr for Server {
    type Err = Fault;

    fn from_str(name: &str) -> Result<Self, Fault> {
        let stacks = on_cello::STACKS.iter().copied().map(Self::Stack);
        let found = Self::ALL.into_iter().chain(stacks).find(|server| server.name() == name);
        found.ok_or_else(|| format!("there is no server `{name}`").into())
    }
}

/// A server that runs, until it is dropped.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    stdin: Option<ChildStdin>,
    pub(crate) address: SocketAddr,
}

impl Process {
    /// Starts this program again as a server; `under` is a program to run it under, with its arguments.
    pub(crate) fn start(server: Server, under: &[&str]) -> Result<Self, Fault> {
        let this = std::env::current_exe()?.display().to_string();
        let mut words = under.iter().copied().chain([this.as_str(), "--serve", server.name()]);
        let mut command = Command::new(words.next().unwrap_or_default());
        // What a stack logs goes nowhere.
        let stderr = if matches!(server, Server::Stack(_)) { Stdio::null() } else { Stdio::inherit() };
        let mut child =
            command.args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(stderr).spawn()?;
        let stdin = child.stdin.take();
        let mut line = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout).read_line(&mut line)?;
        }
        let Ok(address) = line.trim().parse() else {
            drop(stdin);
            let status = child.wait()?;
            return Err(format!("the server {} did not start: {status}", server.name()).into());
        };
        Ok(Self { child, stdin, address })
    }

    /// Ends it, and waits until it has ended.
    pub(crate) fn end(mut self) -> io::Result<()> {
        self.wait()
    }

    fn wait(&mut self) -> io::Result<()> {
        self.stdin = None;
        self.child.wait().map(drop)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.wait();
    }
}
