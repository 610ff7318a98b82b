//! `kill -9` in the middle of writing: whatever was acknowledged is there afterwards, whole.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_shouxin");
const PASSWORD: &str = "harbor Lamp 31 stone";
/// How many acknowledged records it takes until the server is killed.
const ENOUGH: usize = 60;

/// A server of our own; killed when dropped.
struct Server {
    child: Child,
    address: String,
    output: BufReader<ChildStdout>,
}

impl Server {
    fn start(data: &Path) -> Self {
        let mut child = Command::new(PROGRAM)
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .env("SHOUXIN_LOG", "warn")
            .stdout(Stdio::piped())
            .spawn()
            .expect("a child");
        let mut output = BufReader::new(child.stdout.take().expect("its output"));
        let mut line = String::new();
        output.read_line(&mut line).expect("a line");
        let address = line.trim().strip_prefix("ready http://").expect("a server that is ready").to_owned();
        Self { child, address, output }
    }

    fn setup_code(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).expect("a line");
        line.trim().split_once("#code=").expect("a set-up code").1.to_owned()
    }

    /// SIGKILL, without any warning.
    fn kill(&mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it has ended");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Answer {
    status: u16,
    cookie: Option<String>,
    body: Value,
}

/// One request on a connection of its own; none when the server died under it.
fn ask(address: &str, cookie: &str, method: &str, path: &str, body: &Value) -> Option<Answer> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(60))).ok()?;
    let text = if body.is_null() { String::new() } else { body.to_string() };
    let head = format!(
        "{method} /api/v1{path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncookie: {cookie}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{text}",
        text.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let cookie = head.lines().find_map(|l| l.strip_prefix("set-cookie: ")?.split(';').next());
    // A body that was cut off is no acknowledgement.
    let body = if body.is_empty() { Value::Null } else { serde_json::from_str(body).ok()? };
    Some(Answer { status, cookie: cookie.map(str::to_owned), body })
}

fn sign_in(address: &str) -> String {
    let who = json!({ "login": "lintao", "password": PASSWORD });
    let answer = ask(address, "", "POST", "/session", &who).expect("an answer");
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.cookie.expect("a session")
}

#[test]
fn no_acknowledged_record_is_lost_when_the_server_is_killed() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let mut server = Server::start(&data);
    let founding = json!({
        "code": server.setup_code(), "company": "云海科技有限公司", "language": "zh",
        "admin": { "name": "林涛", "login": "lin", "password": "mountain Path 77 cloud" },
        "everyday": { "name": "林涛", "login": "lintao", "password": PASSWORD },
    });
    let founded = ask(&server.address, "", "POST", "/setup", &founding).expect("an answer");
    assert_eq!(founded.status, 200, "{}", founded.body);
    for round in 0..2 {
        let cookie = sign_in(&server.address);
        let acknowledged = Arc::new(Mutex::new(Vec::<(String, String)>::new()));
        let writers: Vec<_> = (0..4)
            .map(|writer| {
                let (acknowledged, address, cookie) =
                    (acknowledged.clone(), server.address.clone(), cookie.clone());
                std::thread::spawn(move || {
                    for n in 0.. {
                        let name = format!("公司{round}-{writer}-{n}");
                        let body = json!({ "name": name, "phone": format!("138{writer:04}{n:04}") });
                        let made = ask(&address, &cookie, "POST", "/records/customer", &body);
                        let Some(made) = made else { return };
                        assert_eq!(made.status, 201, "{}", made.body);
                        let id = made.body["id"].as_str().unwrap().to_owned();
                        acknowledged.lock().unwrap().push((id, name));
                    }
                })
            })
            .collect();
        let until = Instant::now() + Duration::from_secs(60);
        while acknowledged.lock().unwrap().len() < ENOUGH {
            assert!(Instant::now() < until, "the writers do not get on");
            std::thread::yield_now();
        }
        server.kill();
        for writer in writers {
            writer.join().unwrap();
        }
        let verified = Command::new(PROGRAM).args(["verify", "--data"]).arg(&data).output().unwrap();
        assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
        server = Server::start(&data);
        let cookie = sign_in(&server.address);
        for (id, name) in acknowledged.lock().unwrap().iter() {
            let path = format!("/records/customer/{id}");
            let answer = ask(&server.address, &cookie, "GET", &path, &Value::Null).expect("an answer");
            assert_eq!((answer.status, answer.body["name"].as_str()), (200, Some(name.as_str())), "{path}");
        }
    }
}

#[test]
fn a_workspace_is_founded_whole_or_not_at_all() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let (mut wait, mut killed) = (Duration::from_millis(4), 0);
    loop {
        let mut server = Server::start(&data);
        let state = ask(&server.address, "", "GET", "/setup", &Value::Null).expect("an answer");
        if state.body["needed"] == false {
            break;
        }
        let founding = json!({
            "code": server.setup_code(), "company": "云海科技有限公司", "language": "zh",
            "admin": { "name": "林涛", "login": "lin", "password": "mountain Path 77 cloud" },
            "everyday": { "name": "林涛", "login": "lintao", "password": PASSWORD },
        });
        let address = server.address.clone();
        let asked = std::thread::spawn(move || ask(&address, "", "POST", "/setup", &founding));
        std::thread::sleep(wait);
        server.kill();
        killed += 1;
        if asked.join().unwrap().is_some_and(|answer| answer.status == 200) {
            break;
        }
        wait = wait * 3 / 2;
        assert!(killed < 40, "it is never founded");
    }
    assert!(killed > 2, "it was killed in the middle");
    let server = Server::start(&data);
    sign_in(&server.address);
    drop(server);
    let verified = Command::new(PROGRAM).args(["verify", "--data"]).arg(&data).output().unwrap();
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
}

#[test]
fn a_root_under_a_passphrase_opens_with_it_only() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let run = |arguments: &[&str], said: &str| {
        let mut child = Command::new(PROGRAM)
            .args(arguments)
            .arg("--data")
            .arg(&data)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let _ = child.stdin.take().unwrap().write_all(format!("{said}\n").as_bytes());
        child.wait_with_output().unwrap()
    };
    assert!(!run(&["init", "--root", "passphrase"], "12345678").status.success(), "too weak");
    assert!(!data.join("root-passphrase.json").exists());
    let made = run(&["init", "--root", "passphrase"], "seven grey herons over the canal");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    assert!(!data.join("root.key").exists(), "no key lies beside the data");
    let again = run(&["init", "--root", "file"], "");
    assert!(!again.status.success(), "a root is never replaced");
    let wrong = run(&["serve", "--listen", "127.0.0.1:0"], "seven grey herons over the river");
    assert!(!wrong.status.success());
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("passphrase"));
    let secret = dir.path().join("secret");
    std::fs::write(&secret, "seven grey herons over the canal\n").unwrap();
    let mut child = Command::new("sh")
        .args(["-c", "exec \"$0\" serve --listen 127.0.0.1:0 --data \"$1\" 3<\"$2\""])
        .arg(PROGRAM)
        .arg(&data)
        .arg(&secret)
        .env("SHOUXIN_PASSPHRASE_FD", "3")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(line.starts_with("ready http://"), "{line}");
}
