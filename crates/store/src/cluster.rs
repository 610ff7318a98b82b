//! A temporary PostgreSQL cluster on loopback, for tests and benchmarks.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::error::Error;

/// A cluster that dies with this value.
pub struct Cluster {
    server: Child,
    dir: PathBuf,
    port: u16,
}

fn program(name: &str) -> Result<PathBuf, Error> {
    let on_path =
        std::env::var_os("PATH").into_iter().flat_map(|p| std::env::split_paths(&p).collect::<Vec<_>>());
    let debian = (12..=20).rev().map(|v| PathBuf::from(format!("/usr/lib/postgresql/{v}/bin")));
    on_path
        .chain(debian)
        .map(|dir| dir.join(name))
        .find(|p| p.is_file())
        .ok_or_else(|| Error::Postgres(format!("{name} is not installed; install the package postgresql")))
}

/// PostgreSQL refuses to run as root: then it runs as the user `postgres`.
fn command(name: &str) -> Result<Command, Error> {
    let program = program(name)?;
    let root = std::fs::metadata("/proc/self").is_ok_and(|m| std::os::unix::fs::MetadataExt::uid(&m) == 0);
    if !root {
        return Ok(Command::new(program));
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--init-groups", "--pdeathsig=KILL"]).arg(program);
    Ok(command)
}

impl Cluster {
    /// Makes and starts a cluster in an empty folder. `durable` keeps fsync on.
    ///
    /// # Errors
    /// When PostgreSQL is not installed or does not start.
    pub fn start(dir: &Path, durable: bool) -> Result<Self, Error> {
        std::fs::create_dir_all(dir)?;
        let _ = Command::new("chown").arg("postgres:postgres").arg(dir).stderr(Stdio::null()).status();
        let data = dir.join("data");
        let made = command("initdb")?
            .args(["--locale=C", "--encoding=UTF8", "--auth=trust", "--username=postgres", "--no-sync", "-D"])
            .arg(&data)
            .stdout(Stdio::null())
            .output()?;
        if !made.status.success() {
            return Err(Error::Postgres(String::from_utf8_lossy(&made.stderr).into_owned()));
        }
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let fsync = if durable { "fsync=on" } else { "fsync=off" };
        let server = command("postgres")?
            .arg("-D")
            .arg(&data)
            .args(["-c", "listen_addresses=127.0.0.1", "-c", fsync, "-c", "max_connections=200"])
            .args(["-c", "unix_socket_directories=", "-c", "shared_buffers=256MB", "-c", "max_wal_size=4GB"])
            .args(["-c", &format!("port={port}")])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let cluster = Self { server, dir: dir.to_owned(), port };
        for _ in 0..600 {
            if postgres::Client::connect(&cluster.url("postgres"), postgres::NoTls).is_ok() {
                return Ok(cluster);
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        Err(Error::Postgres("the temporary cluster did not start".to_owned()))
    }

    /// Where a database of it is.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// The server's process, for measuring its CPU time.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.server.id()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg("-INT").arg(self.server.id().to_string()).status();
        let _ = self.server.wait();
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}
