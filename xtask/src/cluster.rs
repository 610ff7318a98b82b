//! One temporary PostgreSQL cluster for all tests.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::machine::{ensure, find};

/// A cluster that ends with this value.
pub struct Cluster {
    server: Child,
    dir: PathBuf,
    port: u16,
}

fn folders() -> Vec<PathBuf> {
    (12..=20).rev().map(|v| PathBuf::from(format!("/usr/lib/postgresql/{v}/bin"))).collect()
}

/// PostgreSQL refuses to run as root: then it runs as the user `postgres`.
fn command(name: &str) -> Result<Command> {
    let program = find(name, &folders())
        .with_context(|| format!("{name} is missing: install the package postgresql"))?;
    let root = Command::new("id").arg("-u").output().is_ok_and(|o| o.stdout == b"0\n");
    if !root {
        return Ok(Command::new(program));
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--init-groups", "--pdeathsig=KILL"]).arg(program);
    Ok(command)
}

impl Cluster {
    /// Installs PostgreSQL when it is missing, makes a cluster and waits until it answers.
    pub fn start() -> Result<Self> {
        ensure(|| find("initdb", &folders()).is_some(), &["postgresql"])?;
        let dir = std::env::temp_dir().join(format!("shouxin-test-pg-{}", std::process::id()));
        std::fs::create_dir_all(&dir)?;
        let _ = Command::new("chown").arg("postgres:postgres").arg(&dir).stderr(Stdio::null()).status();
        let data = dir.join("data");
        let made = command("initdb")?
            .args(["--locale=C", "--encoding=UTF8", "--auth=trust", "--username=postgres", "--no-sync", "-D"])
            .arg(&data)
            .output()?;
        if !made.status.success() {
            bail!("initdb failed: {}", String::from_utf8_lossy(&made.stderr));
        }
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let server = command("postgres")?
            .arg("-D")
            .arg(&data)
            .args(["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "max_connections=300"])
            .args(["-c", "unix_socket_directories=", "-c", &format!("port={port}")])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let cluster = Self { server, dir, port };
        for _ in 0..600 {
            let ready = command("pg_isready")?
                .args(["-q", "-h", "127.0.0.1", "-p", &port.to_string(), "-U", "postgres"])
                .status()?;
            if ready.success() {
                return Ok(cluster);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        bail!("the temporary PostgreSQL cluster did not start")
    }

    /// Address of its first database.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg("-INT").arg(self.server.id().to_string()).status();
        let _ = self.server.wait();
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}
