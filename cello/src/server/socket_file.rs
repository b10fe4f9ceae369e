//! A socket on the file system, and the file that stands for it: [`SocketFile`].

use std::fs;
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use socket2::{Domain, SockAddr, Socket, Type};

use super::listen::BACKLOG;
use crate::{Error, Result};

/// The file of a socket of ours: removed when the server stops, unless another has taken its place.
#[derive(Debug)]
pub(super) struct SocketFile {
    path: PathBuf,
    /// Device, number and time of the file: a number is used again.
    id: (u64, u64, i64, i64),
    removed: AtomicBool,
}

impl SocketFile {
    /// A socket at this path. A file that a server has left behind, which nobody holds, is replaced.
    pub(super) fn bind(path: PathBuf) -> Result<(Socket, Self)> {
        let refused = |error: &io::Error| sentence(&path, error);
        let address = SockAddr::unix(&path).map_err(|error| refused(&error))?;
        let socket = Socket::new(Domain::UNIX, Type::STREAM, None).map_err(|error| refused(&error))?;
        socket.set_nonblocking(true).map_err(|error| refused(&error))?;
        if is_left_behind(&path, &address) {
            fs::remove_file(&path).map_err(|error| refused(&error))?;
        }
        socket.bind(&address).map_err(|error| refused(&error))?;
        let id = id_of(&path).map_err(|error| refused(&error))?;
        Ok((socket, Self { path, id, removed: AtomicBool::new(false) }))
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Lets clients connect, who find it by its file.
    pub(super) fn listen(&self, socket: &Socket) -> Result<()> {
        if !self.is_there() {
            let path = self.path.display();
            return Err(Error::msg(format!(
                "cannot listen on unix:{path}: its file was removed or replaced while the server started"
            )));
        }
        socket.listen(BACKLOG).map_err(|error| self.refused(&error))
    }

    /// Whether the file at the path is ours.
    fn is_there(&self) -> bool {
        id_of(&self.path).is_ok_and(|id| id == self.id)
    }

    pub(super) fn refused(&self, error: &io::Error) -> Error {
        sentence(&self.path, error)
    }

    /// Nobody can connect any more.
    pub(super) fn remove(&self) {
        if !self.removed.swap(true, Ordering::Relaxed) && self.is_there() {
            let _ = fs::remove_file(&self.path);
        }
    }
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        self.remove();
    }
}

/// Whether a socket stands there that nobody holds.
///
/// It is asked for datagrams: a server is then told from none though it does not listen yet, as it does while it starts, and though no
/// more connections fit into its queue, for whose room one would wait. Nor does it get a connection that is none.
fn is_left_behind(path: &Path, address: &SockAddr) -> bool {
    let is_socket = fs::symlink_metadata(path).is_ok_and(|file| file.file_type().is_socket());
    is_socket
        && Socket::new(Domain::UNIX, Type::DGRAM, None)
            .and_then(|socket| socket.connect(address))
            .is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused)
}

fn id_of(path: &Path) -> io::Result<(u64, u64, i64, i64)> {
    fs::symlink_metadata(path).map(|file| (file.dev(), file.ino(), file.mtime(), file.mtime_nsec()))
}

fn sentence(path: &Path, error: &io::Error) -> Error {
    let path = path.display();
    match error.kind() {
        io::ErrorKind::AddrInUse => Error::msg(format!(
            "cannot listen on unix:{path}: something is there already; stop the other program or choose another path"
        )),
        _ => Error::msg(format!("cannot listen on unix:{path}: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_is_too_busy_to_answer_is_not_waited_for() {
        let path = std::env::temp_dir().join(format!("cello-socket-busy-{}", std::process::id()));
        let (socket, file) = SocketFile::bind(path.clone()).unwrap();
        socket.listen(0).unwrap();
        let address = SockAddr::unix(&path).unwrap();
        let client = || {
            let client = Socket::new(Domain::UNIX, Type::STREAM, None).unwrap();
            client.set_nonblocking(true).unwrap();
            client.connect(&address).map(|()| client)
        };
        let mut waiting = Vec::new();
        while let Ok(client) = client() {
            waiting.push(client);
        }
        let (sender, bound) = std::sync::mpsc::channel();
        std::thread::spawn(move || sender.send(SocketFile::bind(path).map(|_| ())));
        let refused =
            bound.recv_timeout(std::time::Duration::from_secs(20)).unwrap().unwrap_err().to_string();
        assert!(refused.contains("something is there already"), "{refused}");
        drop((waiting, file));
    }

    #[test]
    fn what_is_left_behind_is_replaced_and_nothing_else() {
        let folder = std::env::temp_dir().join(format!("cello-socket-file-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("socket");
        let refusal = || SocketFile::bind(path.clone()).map(|_| ()).unwrap_err().to_string();
        let (socket, file) = SocketFile::bind(path.clone()).unwrap();
        socket.listen(1).unwrap();
        assert!(refusal().contains("something is there already"), "{}", refusal());
        // As after a kill: the file stays, and nobody listens.
        file.removed.store(true, Ordering::Relaxed);
        drop((socket, file));
        let (_, file) = SocketFile::bind(path.clone()).unwrap();
        drop(file);
        assert!(!path.exists());
        // Another's file at the same path is left alone.
        let (_, file) = SocketFile::bind(path.clone()).unwrap();
        fs::remove_file(&path).unwrap();
        fs::write(&path, "data").unwrap();
        assert!(refusal().contains("something is there already"), "{}", refusal());
        drop(file);
        assert_eq!(fs::read(&path).unwrap(), b"data");
        fs::remove_dir_all(folder).unwrap();
    }
}
