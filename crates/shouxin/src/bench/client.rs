//! A small HTTP/1.1 client with one kept-alive connection: cheap enough not to be measured itself.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use anyhow::{Context as _, Result, bail};

/// A connection with its session.
pub struct Client {
    stream: BufReader<TcpStream>,
    cookie: String,
}

/// An answer.
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
    cookie: Option<String>,
}

impl Client {
    /// Connects; signs in when a login is given.
    pub fn connect(address: SocketAddr, login: Option<(&str, &str)>) -> Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        let mut client = Self { stream: BufReader::new(stream), cookie: String::new() };
        if let Some((login, password)) = login {
            let body = serde_json::json!({ "login": login, "password": password }).to_string();
            let answer = client.send("POST", "/api/v1/session", Some(&body))?;
            if answer.status != 200 {
                bail!("{login} cannot sign in: {}", answer.status);
            }
            client.cookie = answer.cookie.context("no session cookie")?;
        }
        Ok(client)
    }

    /// Tries to sign in; the status that the server answers with.
    pub fn sign_in(&mut self, login: &str, password: &str) -> Result<u16> {
        let body = serde_json::json!({ "login": login, "password": password }).to_string();
        Ok(self.send("POST", "/api/v1/session", Some(&body))?.status)
    }

    /// Another connection with the same session.
    pub fn again(&self, address: SocketAddr) -> Result<Self> {
        let mut other = Self::connect(address, None)?;
        other.cookie.clone_from(&self.cookie);
        Ok(other)
    }

    /// Sends a request and reads its answer.
    pub fn send(&mut self, method: &str, path: &str, body: Option<&str>) -> Result<Answer> {
        let mut request = format!("{method} {path} HTTP/1.1\r\nhost: bench\r\n");
        if !self.cookie.is_empty() {
            request.push_str(&format!("cookie: {}\r\n", self.cookie));
        }
        if let Some(body) = body {
            request
                .push_str(&format!("content-type: application/json\r\ncontent-length: {}\r\n", body.len()));
        }
        request.push_str("\r\n");
        request.push_str(body.unwrap_or_default());
        self.stream.get_mut().write_all(request.as_bytes())?;
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let status = line.split(' ').nth(1).and_then(|s| s.parse().ok()).context("no status line")?;
        let (mut length, mut cookie) = (0, None);
        loop {
            line.clear();
            self.stream.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse()?,
                "set-cookie" => cookie = value.split(';').next().map(str::to_owned),
                _ => {}
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok(Answer { status, body, cookie })
    }
}
