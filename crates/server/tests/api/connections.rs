//! Connections: TLS, slow and silent ones, and who stands behind a proxy.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use kernel::Timestamp;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::json;
use server::tls::Certificate;
use server::{Front, Patience};
use tokio::net::TcpListener;

use crate::world::{PASSWORD, World};

/// Serves a world on a port of its own.
async fn serve(world: &World, certificate: Option<&Certificate>, patience: Patience) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let tls = match certificate {
        Some(certificate) => Some(certificate.load().await.expect("a certificate")),
        None => None,
    };
    let app = world.app.clone().behind(Front { tls: tls.is_some(), proxies: Vec::new() });
    tokio::spawn(server::serve(app, listener, tls, patience, std::future::pending()));
    address
}

/// A TLS connection that trusts this certificate only.
fn dial(address: SocketAddr, chain: &[u8], protocols: &[&str]) -> StreamOwned<ClientConnection, TcpStream> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(chain).expect("a certificate")).expect("a root");
    let mut config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|p| p.as_bytes().to_vec()).collect();
    let name = ServerName::try_from("localhost").expect("a name");
    let client = ClientConnection::new(Arc::new(config), name).expect("a client");
    StreamOwned::new(client, TcpStream::connect(address).expect("a connection"))
}

fn sign_in_over(stream: &mut StreamOwned<ClientConnection, TcpStream>) -> String {
    let body = json!({ "login": "zhang", "password": PASSWORD }).to_string();
    let request = format!(
        "POST /api/v1/session HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\norigin: https://localhost\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).to_lowercase()
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_is_spoken_and_the_session_is_bound_to_this_host() {
    let world = World::new().await;
    let folder = tempfile::tempdir().unwrap();
    let now = Timestamp::parse("2026-11-23T00:00:00Z").unwrap();
    let certificate = Certificate::generated(folder.path(), "127.0.0.1".parse().unwrap(), now).unwrap();
    let address = serve(&world, Some(&certificate), Patience::default()).await;
    let chain = std::fs::read(&certificate.chain).unwrap();
    let answer = tokio::task::spawn_blocking(move || {
        let mut both = dial(address, &chain, &["h2", "http/1.1"]);
        both.flush().expect("a handshake");
        while both.conn.is_handshaking() {
            both.conn.complete_io(&mut both.sock).expect("a handshake");
        }
        assert_eq!(both.conn.alpn_protocol(), Some(&b"h2"[..]));
        sign_in_over(&mut dial(address, &chain, &["http/1.1"]))
    });
    let answer = answer.await.unwrap();
    assert!(answer.starts_with("http/1.1 200"), "{answer}");
    assert!(answer.contains("set-cookie: __host-shouxin_session="), "{answer}");
    assert!(answer.contains("; secure"), "{answer}");
    assert!(answer.contains("strict-transport-security: max-age="), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewed_certificate_is_taken_up_while_serving_and_a_broken_one_is_not() {
    let world = World::new().await;
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let now = Timestamp::parse("2026-11-23T00:00:00Z").unwrap();
    let loopback = "127.0.0.1".parse().unwrap();
    let certificate = Certificate::generated(folder.path(), loopback, now).unwrap();
    let again = Certificate::generated(folder.path(), loopback, now).unwrap();
    let old = std::fs::read(&certificate.chain).unwrap();
    assert_eq!(old, std::fs::read(&again.chain).unwrap(), "a generated certificate is kept");
    let patience = Patience { renewal: Duration::from_millis(50), ..Patience::default() };
    let address = serve(&world, Some(&certificate), patience).await;
    let works = |chain: Vec<u8>| {
        tokio::task::spawn_blocking(move || {
            let mut stream = dial(address, &chain, &["http/1.1"]);
            stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").is_ok()
        })
    };
    assert!(works(old.clone()).await.unwrap());
    std::fs::write(&certificate.chain, "no certificate").unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(works(old.clone()).await.unwrap(), "the old one stays in force");
    let renewed = Certificate::generated(other.path(), loopback, now).unwrap();
    std::fs::copy(&renewed.key, &certificate.key).unwrap();
    std::fs::copy(&renewed.chain, &certificate.chain).unwrap();
    let new = std::fs::read(&renewed.chain).unwrap();
    let until = Instant::now() + Duration::from_secs(10);
    while !works(new.clone()).await.unwrap() {
        assert!(Instant::now() < until, "the renewed certificate is never in force");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(!works(old).await.unwrap());
}

/// Sends these bytes and waits until the server hangs up.
fn hung_up(address: SocketAddr, bytes: &[u8]) -> (Duration, String) {
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
    let started = Instant::now();
    let _ = stream.write_all(bytes);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    (started.elapsed(), String::from_utf8_lossy(&answer).into_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_and_silent_connections_are_closed() {
    let world = World::new().await;
    let short = Duration::from_millis(400);
    let patience = Patience { first: short, header: short, silent: short, ..Patience::default() };
    let address = serve(&world, None, patience).await;
    let stories: [&[u8]; 4] = [
        b"",
        b"GET /healthz HTTP/1.1\r\nx-slow: ",
        // Kept alive, then silence; and a second request that never ends.
        b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\nGET /healthz HTTP/1.1\r\nx-slow: ",
    ];
    for bytes in stories {
        let (took, answer) = tokio::task::spawn_blocking(move || hung_up(address, bytes)).await.unwrap();
        assert!(took < Duration::from_secs(10), "{took:?} after {:?}", String::from_utf8_lossy(bytes));
        assert_eq!(answer.contains("200 OK"), bytes.ends_with(b"\r\n\r\n") || bytes.len() > 60, "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_connection_too_many_is_closed_and_the_others_go_on() {
    let world = World::new().await;
    let address = serve(&world, None, Patience { most: 2, ..Patience::default() }).await;
    let request = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    tokio::task::spawn_blocking(move || {
        let held: Vec<TcpStream> = (0..2).map(|_| TcpStream::connect(address).expect("one")).collect();
        std::thread::sleep(Duration::from_millis(200));
        assert_eq!(hung_up(address, request).1, "", "there is no room");
        for mut one in held {
            one.write_all(request).unwrap();
            let mut answer = String::new();
            one.read_to_string(&mut answer).unwrap();
            assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        }
        let until = Instant::now() + Duration::from_secs(10);
        while !hung_up(address, request).1.starts_with("HTTP/1.1 200") {
            assert!(Instant::now() < until, "their places never become free");
        }
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trusted_proxy_speaks_for_its_clients_and_nobody_else_does() {
    let world = World::new().await;
    let _ = world.app.clone().behind(Front { tls: false, proxies: vec!["10.9.0.0/16".parse().unwrap()] });
    let who = || json!({ "login": "zhang", "password": PASSWORD });
    let said = |ip: &str| {
        let stranger = world.nobody().from(ip);
        stranger.with("x-forwarded-for", "198.51.100.7").with("x-forwarded-proto", "https")
    };
    let proxied = said("10.9.0.1").post("/session", who()).await;
    assert!(proxied.ok().headers["set-cookie"].to_str().unwrap().starts_with("__Host-"));
    let direct = said("203.0.113.9").post("/session", who()).await;
    assert!(direct.ok().headers["set-cookie"].to_str().unwrap().starts_with("shouxin_session="));
    let audit = world.sign_in("audit").await;
    let entries = audit.get("/ledger/entries?action=sign_in&limit=3").await.ok().json();
    let addresses: Vec<&str> =
        entries["items"].as_array().unwrap().iter().filter_map(|e| e["network"]["ip"].as_str()).collect();
    assert!(addresses.contains(&"198.51.100.7"), "{addresses:?}");
    assert!(addresses.contains(&"203.0.113.9"), "{addresses:?}");
}
