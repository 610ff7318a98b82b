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
