//! One connection to the server, with its prepared statements.

use std::collections::HashMap;
use std::future::Future;
use std::net::IpAddr;

use tokio::runtime::Runtime;
use tokio::task::JoinHandle;
use tokio_postgres::config::Host;
use tokio_postgres::{Client, Config, NoTls, Statement};

use super::error;
use crate::error::Error;

/// Where the server is.
#[derive(Clone)]
pub(crate) struct Address(Config);

impl Address {
    /// Reads `postgres://user:password@host:port/database` or `host=… dbname=…`. Only this machine: a connection over
    /// the network would be in clear.
    pub(crate) fn parse(url: &str) -> Result<Self, Error> {
        // The driver's message may quote the password.
        let mut config: Config = url.parse().map_err(|_| {
            Error::BadAddress("write postgres://user:password@localhost:5432/database".to_owned())
        })?;
        let here = |host: &Host| match host {
            Host::Unix(_) => true,
            Host::Tcp(name) => name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback()),
        };
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            return Err(Error::BadAddress("it names no host".to_owned()));
        }
        if !config.get_hosts().iter().all(here) || !config.get_hostaddrs().iter().all(IpAddr::is_loopback) {
            let message =
                "the server must be on this machine (localhost or a unix socket), or behind a local tunnel";
            return Err(Error::BadAddress(message.to_owned()));
        }
        config.application_name("shouxin");
        Ok(Self(config))
    }
}

/// Statements prepared in this generation before the ones not used since the last change are dropped.
const STATEMENTS: usize = 256;

/// A living connection.
pub(super) struct Link {
    pub(super) client: Client,
    driver: JoinHandle<()>,
    young: HashMap<Box<str>, Statement>,
    old: HashMap<Box<str>, Statement>,
}

impl Drop for Link {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

impl Link {
    pub(super) fn open(runtime: &Runtime, address: &Address, settings: &str) -> Result<Self, Error> {
        runtime.block_on(async {
            let (client, connection) = address.0.connect(NoTls).await.map_err(|e| unreachable(&e))?;
            let driver = tokio::spawn(async move {
                if let Err(cause) = connection.await {
                    tracing::warn!(error = %error(&cause), "a connection to the database ended");
                }
            });
            client.batch_execute(settings).await.map_err(|e| error(&e))?;
            Ok(Self { client, driver, young: HashMap::new(), old: HashMap::new() })
        })
    }

    /// The prepared statement for an SQL text. Preparing one can fail, so a pending prefix goes before it: a savepoint
    /// must stand before anything that may need it.
    pub(super) async fn statement(
        &mut self,
        sql: &str,
        prefix: &mut Option<&str>,
    ) -> Result<Statement, Failure> {
        if let Some(statement) = self.young.get(sql) {
            return Ok(statement.clone());
        }
        let statement = match self.old.remove(sql) {
            Some(statement) => statement,
            None => self.after(prefix.take(), self.client.prepare(sql)).await?,
        };
        if self.young.len() >= STATEMENTS {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(sql.into(), statement.clone());
        Ok(statement)
    }

    /// After DDL: "cached plan must not change result type".
    pub(super) fn forget_statements(&mut self) {
        self.young.clear();
        self.old.clear();
    }

    /// Sends `prefix` and `statement` together; the server answers in order. An error of the prefix goes first.
    pub(super) async fn after<T>(
        &self,
        prefix: Option<&str>,
        statement: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, Failure> {
        let Some(prefix) = prefix else { return statement.await.map_err(Failure::Statement) };
        // `join` polls in order, and the first poll of each puts its message on the wire.
        let (before, result) = tokio::join!(biased; self.client.batch_execute(prefix), statement);
        before.map_err(Failure::Prefix)?;
        result.map_err(Failure::Statement)
    }
}

/// What failed.
pub(super) enum Failure {
    /// The visitor of the rows, or a row's shape.
    Own(Error),
    /// `BEGIN` or `SAVEPOINT`.
    Prefix(tokio_postgres::Error),
    /// The statement itself.
    Statement(tokio_postgres::Error),
}

fn unreachable(cause: &tokio_postgres::Error) -> Error {
    match error(cause) {
        Error::Sql { code, message } if code == "client" => Error::Unreachable(message),
        other => other,
    }
}
