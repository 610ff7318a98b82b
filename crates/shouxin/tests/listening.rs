//! Where the server may listen: nothing goes over a network in clear.

use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};

const PROGRAM: &str = env!("CARGO_BIN_EXE_shouxin");

#[test]
fn plain_http_off_loopback_is_refused_with_the_ways_out() {
    let dir = tempfile::tempdir().unwrap();
    let output = Command::new(PROGRAM)
        .args(["serve", "--listen", "0.0.0.0:0", "--data"])
        .arg(dir.path().join("data"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    for way in ["--tls-cert", "--tls self-signed", "127.0.0.1"] {
        assert!(said.contains(way), "{said}");
    }
    assert!(!dir.path().join("data").exists(), "nothing was made");
}

#[test]
fn a_generated_certificate_is_kept_and_only_its_owner_reads_the_key() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let mut seen = Vec::new();
    for _ in 0..2 {
        let mut child = Command::new(PROGRAM)
            .args(["serve", "--listen", "127.0.0.1:0", "--tls", "self-signed", "--data"])
            .arg(&data)
            .env("SHOUXIN_LOG", "warn")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines: Vec<String> =
            BufReader::new(child.stdout.take().unwrap()).lines().take(3).map_while(Result::ok).collect();
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(lines[0].starts_with("ready https://127.0.0.1:"), "{lines:?}");
        seen.push(lines[2].clone());
    }
    assert!(seen[0].starts_with("certificate SHA-256 "), "{seen:?}");
    assert_eq!(seen[0], seen[1]);
    let mode = |path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(data.join("tls-key.pem")), 0o600);
    assert_eq!(mode(data), 0o700);
}
