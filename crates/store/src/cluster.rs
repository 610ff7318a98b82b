//! A private PostgreSQL cluster for tests and benchmarks: loopback and a unix socket only, gone with the process.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::error::Error;

/// A running cluster. It stops when this is dropped, and also when this process dies in any way.
pub struct Cluster {
    dir: PathBuf,
    port: u16,
    supervisor: Child,
}

/// How long a cluster may take to start or stop.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs the server as long as its standard input is open: a dead parent closes it.
const SUPERVISE: &str = r#"
"$1/postgres" -D "$2/data" -k "$2" -h 127.0.0.1 -p "$3" >"$2/log" 2>&1 </dev/null &
server=$!
read -r _
kill -INT "$server" 2>/dev/null
wait "$server"
[ "$4" = keep ] || rm -rf "$2"
"#;

/// Settings for one busy workspace on the machine that also runs the application. Durability stays on.
const SETTINGS: &str = "
listen_addresses = '127.0.0.1'
max_connections = 200
shared_buffers = 256MB
max_wal_size = 2GB
wal_compression = on
random_page_cost = 1.1
log_min_messages = warning
";

impl Cluster {
    /// Starts a cluster whose files are in `dir` (made if need be; kept afterwards).
    ///
    /// # Errors
    /// `Cluster` when PostgreSQL's programs are missing or do not start.
    pub fn start(dir: &Path) -> Result<Self, Error> {
        Self::run(dir, "keep")
    }

    /// The same in a folder that is removed afterwards.
    pub fn start_temporary(dir: &Path) -> Result<Self, Error> {
        Self::run(dir, "remove")
    }

    fn run(dir: &Path, afterwards: &str) -> Result<Self, Error> {
        let programs = programs()?;
        let as_user = User::detect();
        make_folder(dir, &as_user)?;
        let data = dir.join("data");
        if !data.join("PG_VERSION").exists() {
            let mut initdb = as_user.command(&programs.join("initdb"));
            initdb.args([
                "--locale=C",
                "--encoding=UTF8",
                "--auth=trust",
                "--username=postgres",
                "--no-sync",
                "-D",
            ]);
            let out = initdb.arg(&data).stdin(Stdio::null()).output().map_err(|e| failed("initdb", &e))?;
            if !out.status.success() {
                return Err(Error::Cluster(format!(
                    "initdb: {}",
                    String::from_utf8_lossy(&out.stderr).trim()
                )));
            }
            let config = data.join("postgresql.auto.conf");
            std::fs::write(&config, SETTINGS).map_err(|e| failed("postgresql.auto.conf", &e))?;
        }
        let port = free_port()?;
        let mut supervisor = as_user.command(Path::new("/bin/sh"));
        supervisor
            .args(["-c", SUPERVISE, "sh"])
            .arg(&programs)
            .arg(dir)
            .arg(port.to_string())
            .arg(afterwards);
        supervisor.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let supervisor = supervisor.spawn().map_err(|e| failed("sh", &e))?;
        let mut cluster = Self { dir: dir.to_owned(), port, supervisor };
        cluster.await_ready()?;
        Ok(cluster)
    }

    /// Where a database of it is; `postgres` is there from the start.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// The server's process, for measuring what it costs.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        let file = std::fs::read_to_string(self.dir.join("data/postmaster.pid")).ok()?;
        file.lines().next()?.trim().parse().ok()
    }

    fn await_ready(&mut self) -> Result<(), Error> {
        let started = Instant::now();
        loop {
            match crate::postgres::command(&self.url("postgres"), "SELECT 1") {
                Ok(()) => return Ok(()),
                Err(_) if started.elapsed() < PATIENCE && matches!(self.supervisor.try_wait(), Ok(None)) => {
                    std::thread::sleep(Duration::from_millis(20));
                }
                Err(error) => {
                    let log = std::fs::read_to_string(self.dir.join("log")).unwrap_or_default();
                    return Err(Error::Cluster(format!("does not start: {error} {log}")));
                }
            }
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.supervisor.stdin.take());
        let _ = self.supervisor.wait();
    }
}

fn failed(what: &str, error: &std::io::Error) -> Error {
    Error::Cluster(format!("{what}: {error}"))
}

/// Where `initdb` and `postgres` are: on the PATH, or where Debian keeps the newest.
fn programs() -> Result<PathBuf, Error> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|e| e.path().join("bin"))
        .collect();
    versions.sort_by_key(|p| {
        let version = p.parent().and_then(Path::file_name).and_then(|n| n.to_str());
        std::cmp::Reverse(version.and_then(|v| v.parse::<u32>().ok()).unwrap_or(0))
    });
    std::env::split_paths(&path)
        .chain(versions)
        .find(|dir| dir.join("initdb").is_file() && dir.join("postgres").is_file())
        .ok_or_else(|| {
            Error::Cluster("initdb and postgres were not found; install the package postgresql".to_owned())
        })
}

/// PostgreSQL refuses to run as root.
enum User {
    Own,
    Postgres,
}

impl User {
    fn detect() -> Self {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let uid =
            status.lines().find_map(|l| l.strip_prefix("Uid:")).and_then(|l| l.split_whitespace().nth(1));
        if uid == Some("0") { Self::Postgres } else { Self::Own }
    }

    fn command(&self, program: &Path) -> Command {
        match self {
            Self::Own => Command::new(program),
            Self::Postgres => {
                let mut command = Command::new("setpriv");
                command.args(["--reuid=postgres", "--regid=postgres", "--init-groups", "--"]).arg(program);
                command
            }
        }
    }
}

fn make_folder(dir: &Path, user: &User) -> Result<(), Error> {
    std::fs::create_dir_all(dir).map_err(|e| failed("the folder", &e))?;
    if matches!(user, User::Postgres) {
        let out = Command::new("chown").arg("postgres:postgres").arg(dir).output();
        let out = out.map_err(|e| failed("chown", &e))?;
        if !out.status.success() {
            return Err(Error::Cluster(format!("chown: {}", String::from_utf8_lossy(&out.stderr).trim())));
        }
    }
    Ok(())
}

/// A port that is free now; another process may take it, then the server does not start.
fn free_port() -> Result<u16, Error> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(|e| failed("no free port", &e))?;
    listener.local_addr().map(|a| a.port()).map_err(|e| failed("no free port", &e))
}
