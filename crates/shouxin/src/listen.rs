//! Where a server listens, with which certificate, behind which proxies.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use ipnet::IpNet;
use kernel::{Clock as _, SystemClock};
use server::tls::{Certificate, Tls};
use server::{App, Front, Patience};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// Where to listen and how.
#[derive(Args)]
pub struct Listen {
    /// Where to listen; plain HTTP is for loopback only.
    #[arg(long, env = "SHOUXIN_LISTEN", default_value = "127.0.0.1:7878")]
    listen: SocketAddr,
    /// The certificate chain (PEM); renewed files are taken up while serving.
    #[arg(long, env = "SHOUXIN_TLS_CERT", requires = "tls_key", conflicts_with = "tls")]
    tls_cert: Option<PathBuf>,
    /// The certificate's private key (PEM).
    #[arg(long, env = "SHOUXIN_TLS_KEY", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Serve TLS without a certificate of one's own.
    #[arg(long, env = "SHOUXIN_TLS")]
    tls: Option<WithoutOwn>,
    /// A proxy (address or network) whose X-Forwarded-For and X-Forwarded-Proto are believed; may be repeated.
    #[arg(long, env = "SHOUXIN_TRUST_PROXY", value_delimiter = ',', value_name = "CIDR", value_parser = network)]
    trust_proxy: Vec<IpNet>,
}

/// How to serve TLS without a certificate of one's own.
#[derive(Clone, Copy, ValueEnum)]
enum WithoutOwn {
    /// With a generated certificate, kept in the data folder: compare its fingerprint when the browser warns.
    SelfSigned,
}

fn network(text: &str) -> Result<IpNet, String> {
    let address = || text.parse::<std::net::IpAddr>().map(IpNet::from);
    text.parse().or_else(|_| address()).map_err(|_| "not an address or network: 10.0.0.0/8".to_owned())
}

impl Listen {
    /// Plain HTTP on this address, as in demos.
    pub fn plain(listen: SocketAddr) -> Self {
        Self { listen, tls_cert: None, tls_key: None, tls: None, trust_proxy: Vec::new() }
    }

    /// Refuses what would send customer data in clear.
    pub fn check(&self) -> Result<()> {
        if self.tls.is_none() && self.tls_cert.is_none() {
            server::check_address(self.listen)?;
        }
        Ok(())
    }

    async fn tls(&self, data: &Path) -> Result<Option<Tls>> {
        let certificate = match (&self.tls_cert, &self.tls_key, self.tls) {
            (Some(chain), Some(key), _) => Certificate { chain: chain.clone(), key: key.clone() },
            (_, _, Some(WithoutOwn::SelfSigned)) => {
                crate::folder::make(data)?;
                Certificate::generated(data, self.listen.ip(), SystemClock.now())?
            }
            _ => return Ok(None),
        };
        Ok(Some(certificate.load().await?))
    }

    /// Listens, says so, serves, and finishes what is under way at the end.
    pub async fn serve(self, data: &Path, app: App, code: Option<String>) -> Result<()> {
        let tls = self.tls(data).await?;
        let listener = TcpListener::bind(self.listen)
            .await
            .with_context(|| format!("cannot listen on {}", self.listen))?;
        let scheme = if tls.is_some() { "https" } else { "http" };
        let address = listener.local_addr()?;
        println!("ready {scheme}://{address}");
        if let Some(code) = code {
            println!("set up your workspace at {scheme}://{address}/setup#code={code}");
        }
        if let (Some(tls), Some(_)) = (&tls, self.tls) {
            println!("certificate SHA-256 {}", tls.fingerprint()?);
        }
        let app = app.behind(Front { tls: tls.is_some(), proxies: self.trust_proxy });
        let mut terminate = signal(SignalKind::terminate())?;
        let until = async move {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
        };
        let done = server::serve(app.clone(), listener, tls, Patience::default(), until).await;
        if let Some(workspace) = app.workspace() {
            tokio::task::spawn_blocking(move || workspace.records.close()).await?;
        }
        Ok(done?)
    }
}
