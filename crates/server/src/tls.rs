//! Certificates: one's own files, or a generated one that is kept in the data folder. rustls on aws-lc-rs: TLS 1.2 and
//! 1.3, HTTP/2 and HTTP/1.1.

use std::io::Write as _;
use std::net::IpAddr;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use axum_server::tls_rustls::RustlsConfig;
use kernel::Timestamp;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use time::OffsetDateTime;

/// How long a generated certificate is valid.
const VALID_DAYS: i64 = 825;
/// After this many days a generated certificate is made anew at the next start.
const RENEW_DAYS: i64 = 700;

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The files cannot be read, or do not fit together.
    #[error("the certificate {0} and its key {1} cannot be used: {2}")]
    Unusable(PathBuf, PathBuf, std::io::Error),
    /// A certificate could not be generated.
    #[error("no certificate could be generated: {0}")]
    Generate(#[from] rcgen::Error),
    /// It could not be kept.
    #[error("the generated certificate cannot be written: {0}")]
    Keep(#[from] std::io::Error),
}

/// A certificate chain and its private key, both PEM.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// The chain, leaf first.
    pub chain: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

impl Certificate {
    /// The generated certificate of a data folder, made when it is missing or old. Browsers warn until somebody has
    /// compared its fingerprint and trusts it.
    ///
    /// # Errors
    /// When it cannot be made or written.
    pub fn generated(folder: &Path, address: IpAddr, now: Timestamp) -> Result<Self, Error> {
        let files = Self { chain: folder.join("tls-cert.pem"), key: folder.join("tls-key.pem") };
        let made = files.changed()[0].and_then(|made| made.duration_since(SystemTime::UNIX_EPOCH).ok());
        let young = made.is_some_and(|made| {
            i64::try_from(made.as_secs()).is_ok_and(|made| now.seconds() - made < RENEW_DAYS * 86_400)
        });
        if !young || !files.key.is_file() {
            files.generate(address, now)?;
        }
        Ok(files)
    }

    fn generate(&self, address: IpAddr, now: Timestamp) -> Result<(), Error> {
        let mut names = vec!["localhost".to_owned()];
        if !address.is_unspecified() {
            names.push(address.to_string());
        }
        let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        names.extend(Some(host.trim().to_owned()).filter(|h| !h.is_empty() && h != "localhost"));
        let key = rcgen::KeyPair::generate()?;
        let mut params = rcgen::CertificateParams::new(names)?;
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(rcgen::DnType::CommonName, "Shouxin");
        if let Ok(yesterday) = OffsetDateTime::from_unix_timestamp(now.plus_seconds(-86_400).seconds()) {
            params.not_before = yesterday;
            params.not_after = yesterday + time::Duration::days(VALID_DAYS);
        }
        params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ServerAuth];
        let certificate = params.self_signed(&key)?;
        // The key first: a certificate that is there has its key.
        write(&self.key, &key.serialize_pem())?;
        write(&self.chain, &certificate.pem())?;
        Ok(())
    }

    /// Reads the files.
    ///
    /// # Errors
    /// `Unusable` with what is wrong.
    pub async fn load(&self) -> Result<Tls, Error> {
        let config = RustlsConfig::from_pem_file(&self.chain, &self.key)
            .await
            .map_err(|e| Error::Unusable(self.chain.clone(), self.key.clone(), e))?;
        Ok(Tls { files: self.clone(), config })
    }

    /// When the files were changed last.
    fn changed(&self) -> [Option<SystemTime>; 2] {
        [&self.chain, &self.key].map(|path| std::fs::metadata(path).and_then(|m| m.modified()).ok())
    }
}

/// A loaded certificate.
#[derive(Clone)]
pub struct Tls {
    files: Certificate,
    pub(crate) config: RustlsConfig,
}

impl Tls {
    /// SHA-256 of the leaf certificate, as browsers show it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn fingerprint(&self) -> std::io::Result<String> {
        let leaf = CertificateDer::from_pem_file(&self.files.chain).map_err(std::io::Error::other)?;
        let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &leaf);
        let bytes: Vec<String> = hash.as_ref().iter().map(|b| format!("{b:02X}")).collect();
        Ok(bytes.join(":"))
    }

    /// Takes a renewed certificate up without a restart. One that does not fit is logged, and the old one stays.
    pub(crate) async fn follow(self, look: Duration) {
        let mut seen = self.files.changed();
        loop {
            tokio::time::sleep(look).await;
            let now = self.files.changed();
            if now == seen || now.contains(&None) {
                continue;
            }
            seen = now;
            match self.config.reload_from_pem_file(&self.files.chain, &self.files.key).await {
                Ok(()) => tracing::info!("the renewed certificate is in force"),
                Err(error) => {
                    tracing::error!(%error, "the changed certificate cannot be used; the old one stays");
                }
            }
        }
    }
}

/// Written aside and moved into place; only its owner may read it.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let aside = path.with_extension("new");
    let mut file =
        std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&aside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(aside, path)
}
