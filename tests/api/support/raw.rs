//! A raw connection, for details that an HTTP client hides.

use super::PATIENCE;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use serde_json::Value;

/// A connection.
pub struct Raw {
    stream: BufReader<TcpStream>,
}

/// An answer.
pub struct Response {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Raw {
    /// Connects to the host of a URL. Reads time out after a minute.
    pub fn connect(url: &str) -> Self {
        let stream = TcpStream::connect(url.trim_start_matches("http://")).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream: BufReader::new(stream) }
    }

    /// Sends bytes.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.get_mut().write_all(bytes.as_ref()).unwrap();
    }

    /// Sends a request with a body and a Content-Length. `headers` are lines that end with CRLF.
    pub fn request(&mut self, method: &str, url: &str, headers: &str, body: impl AsRef<[u8]>) {
        let body = body.as_ref();
        self.send([head(method, url, headers, body.len()).as_bytes(), body].concat());
    }

    /// Reads an answer. The answer to HEAD has no body, whatever its Content-Length is.
    pub fn read(&mut self, method: &str) -> Response {
        let status_line = self.line();
        let status = status_line.strip_prefix("HTTP/1.1 ").unwrap()[..3].parse().unwrap();
        let mut headers = Vec::new();
        loop {
            let line = self.line();
            let Some((name, value)) = line.split_once(": ") else { break };
            headers.push((name.to_ascii_lowercase(), value.to_owned()));
        }
        let mut response = Response { status, headers, body: String::new() };
        if method != "HEAD" {
            let length = response.header("content-length").map_or(0, |length| length.parse().unwrap());
            let mut body = vec![0; length];
            self.stream.read_exact(&mut body).unwrap();
            response.body = String::from_utf8(body).unwrap();
        }
        response
    }

    /// Sends a POST and reads the answer.
    pub fn post(&mut self, url: &str, headers: &str, body: impl AsRef<[u8]>) -> Response {
        self.request("POST", url, headers, body);
        self.read("POST")
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stream.read_line(&mut line).unwrap();
        assert!(line.ends_with("\r\n"), "the connection was closed");
        line.truncate(line.len() - 2);
        line
    }
}

impl Response {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|header| header.0 == name).map(|header| header.1.as_str())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// The `error_code` of an answer with HTTP 200.
    pub fn code(&self) -> i64 {
        assert_eq!(self.status, 200);
        self.json()["error_code"].as_i64().unwrap()
    }
}

/// The head of a request with this Content-Length.
pub fn head(method: &str, url: &str, headers: &str, length: usize) -> String {
    let target = &url[url.trim_start_matches("http://").find('/').unwrap() + "http://".len()..];
    format!("{method} {target} HTTP/1.1\r\nHost: lectern\r\n{headers}Content-Length: {length}\r\n\r\n")
}
