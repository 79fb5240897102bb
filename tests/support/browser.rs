//! A headless Chromium, controlled through its W3C WebDriver server, and a file server for it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use image::GrayImage;
use serde_json::{Value, json};
use tempfile::TempDir;

/// How long to wait for the browser at most.
const PATIENCE: Duration = Duration::from_mins(2);

/// The key of an element reference in WebDriver.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

pub struct Browser {
    driver: Child,
    session: String,
    http: reqwest::Client,
    _profile: TempDir,
}

impl Browser {
    pub async fn start() -> Self {
        let (driver, port) = start_driver();
        let profile = tempfile::tempdir().unwrap();
        let flags = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--window-size=1000,700",
            // Devices that Chromium makes up, over loopback.
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            "--allow-loopback-in-peer-connection",
            "--autoplay-policy=no-user-gesture-required",
        ];
        let data = format!("--user-data-dir={}", profile.path().display());
        let arguments: Vec<&str> = flags.into_iter().chain([data.as_str()]).collect();
        let wanted = json!({"capabilities": {"alwaysMatch": {"goog:chromeOptions": {"args": arguments}}}});
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let url = format!("http://127.0.0.1:{port}");
        let answer: Value =
            http.post(format!("{url}/session")).json(&wanted).send().await.unwrap().json().await.unwrap();
        let id = answer["value"]["sessionId"].as_str().unwrap_or_else(|| panic!("{answer}"));
        Self { session: format!("{url}/session/{id}"), driver, http, _profile: profile }
    }

    /// Sets the size of the page, in CSS pixels, and whether it is a phone.
    pub async fn resize(&self, width: u32, height: u32, is_phone: bool) {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": is_phone });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
        self.devtools("Emulation.setTouchEmulationEnabled", json!({ "enabled": is_phone })).await;
    }

    /// Sets the language that the browser asks for, such as `zh-CN`.
    pub async fn speak(&self, language: &str) {
        let agent = self.run("return navigator.userAgent").await;
        self.devtools("Network.setUserAgentOverride", json!({ "userAgent": agent, "acceptLanguage": language })).await;
    }

    /// Sets whether the person likes dark colours.
    pub async fn darken(&self, is_dark: bool) {
        let value = if is_dark { "dark" } else { "light" };
        let features = json!([{ "name": "prefers-color-scheme", "value": value }]);
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": features })).await;
    }

    /// Sends a command of the developer tools.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        self.post("goog/cdp/execute", json!({ "cmd": command, "params": parameters })).await
    }

    /// Opens a URL.
    pub async fn open(&self, url: &str) {
        self.post("url", json!({ "url": url })).await;
    }

    /// Loads the page again.
    pub async fn reload(&self) {
        self.post("refresh", json!({})).await;
    }

    /// Chooses a file in a file input.
    pub async fn attach(&self, selector: &str, file: &Path) {
        let element = self.find(selector).await;
        let command = format!("element/{}/value", element[ELEMENT].as_str().unwrap());
        self.post(&command, json!({ "text": file.display().to_string() })).await;
    }

    /// Runs a script that calls its last argument with the result.
    pub async fn run_until_done(&self, script: &str) -> Value {
        self.post("execute/async", json!({"script": script, "args": []})).await
    }

    /// Types a text into the element that has the focus.
    pub async fn type_text(&self, text: &str) {
        let keys: Vec<Value> = text
            .chars()
            .flat_map(|key| [json!({"type": "keyDown", "value": key}), json!({"type": "keyUp", "value": key})])
            .collect();
        self.act(json!({"type": "key", "id": "keys", "actions": keys})).await;
    }

    /// Draws with the mouse across an element, through points that are offsets from its center.
    pub async fn draw(&self, selector: &str, path: &[(i32, i32)]) {
        self.point("mouse", selector, path).await;
    }

    /// Runs a script and returns its result.
    pub async fn run(&self, script: &str) -> Value {
        self.post("execute/sync", json!({"script": script, "args": []})).await
    }

    /// Waits until a script returns this value.
    pub async fn wait_for(&self, script: &str, wanted: Value) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let found = self.run(script).await;
            if found == wanted {
                return;
            }
            assert!(Instant::now() < deadline, "{script} is {found}, not {wanted}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Switches to the frame with this selector.
    pub async fn enter(&self, selector: &str) {
        let frame = self.find(selector).await;
        self.post("frame", json!({ "id": frame })).await;
    }

    /// Switches back to the page.
    pub async fn leave(&self) {
        self.post("frame", json!({ "id": null })).await;
    }

    /// Presses a key, given by its WebDriver code or its character.
    pub async fn press(&self, key: char) {
        let actions = json!([{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]);
        self.act(json!({"type": "key", "id": "keys", "actions": actions})).await;
    }

    /// Clicks at an offset from the center of an element.
    pub async fn click(&self, selector: &str, x: i32, y: i32) {
        self.point("mouse", selector, &[(x, y)]).await;
    }

    /// Swipes across an element, from one point to another.
    pub async fn swipe(&self, selector: &str, from: (i32, i32), to: (i32, i32)) {
        self.point("touch", selector, &[from, to]).await;
    }

    /// Turns the wheel over an element.
    pub async fn wheel(&self, selector: &str, delta: i32) {
        let element = self.find(selector).await;
        let scroll = json!({"type": "scroll", "x": 0, "y": 0, "deltaX": 0, "deltaY": delta, "origin": element});
        self.act(json!({"type": "wheel", "id": "wheel", "actions": [scroll]})).await;
    }

    /// Takes a screenshot, and saves it under this name among the artifacts of the tests.
    pub async fn screenshot(&self, name: &str) -> GrayImage {
        use base64::Engine;
        let answer = self.http.get(format!("{}/screenshot", self.session)).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        let bytes = base64::engine::general_purpose::STANDARD.decode(answer["value"].as_str().unwrap()).unwrap();
        std::fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name), &bytes).unwrap();
        image::load_from_memory(&bytes).unwrap().to_luma8()
    }

    async fn point(&self, kind: &str, selector: &str, path: &[(i32, i32)]) {
        let element = self.find(selector).await;
        let to = |point: &(i32, i32)| json!({"type": "pointerMove", "x": point.0, "y": point.1, "origin": element, "duration": 50});
        let mut actions = vec![to(&path[0]), json!({"type": "pointerDown", "button": 0})];
        actions.extend(path[1..].iter().map(to));
        actions.push(json!({"type": "pointerUp", "button": 0}));
        self.act(json!({"type": "pointer", "id": kind, "parameters": {"pointerType": kind}, "actions": actions})).await;
    }

    async fn act(&self, source: Value) {
        self.post("actions", json!({ "actions": [source] })).await;
    }

    async fn find(&self, selector: &str) -> Value {
        let found = self.post("element", json!({"using": "css selector", "value": selector})).await;
        assert!(found[ELEMENT].is_string(), "{selector}: {found}");
        found
    }

    async fn post(&self, command: &str, body: Value) -> Value {
        let answer = self.http.post(format!("{}/{command}", self.session)).json(&body).send().await.unwrap();
        let mut answer: Value = answer.json().await.unwrap();
        assert!(answer["value"]["error"].is_null(), "{command}: {answer}");
        answer["value"].take()
    }
}

/// Starts a WebDriver server, and returns it with its port. It chooses a free port, and ends when another process takes the port before
/// it listens on it.
fn start_driver() -> (Child, String) {
    for _ in 0..5 {
        let mut driver = Command::new("chromedriver")
            .args(["--port=0", "--log-level=SEVERE"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is needed: run these tests by tests/with-converter");
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = lines.find_map(|line| {
            Some(line.unwrap().split_once("successfully on port ")?.1.trim_end_matches('.').to_owned())
        });
        if let Some(port) = port {
            // Keep reading: the driver continues to write.
            std::thread::spawn(move || lines.for_each(drop));
            return (driver, port);
        }
        driver.wait().unwrap();
    }
    panic!("chromedriver did not start");
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The driver ends its browser only on request. A killed driver leaves it running.
        let session = url::Url::parse(&self.session).unwrap();
        let mut driver = TcpStream::connect(("127.0.0.1", session.port().unwrap())).unwrap();
        let request = format!("DELETE {} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n", session.path());
        driver.write_all(request.as_bytes()).unwrap();
        let _ = driver.read(&mut [0; 64]);
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// Serves the files of a folder as Lectern does, until the test ends. Returns the address.
pub fn serve(folder: PathBuf) -> String {
    let (sender, address) = mpsc::channel();
    std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let folder = web::Data::new(folder);
            let app = move || App::new().app_data(folder.clone()).default_service(web::to(file));
            let server = HttpServer::new(app).workers(1).disable_signals().bind(("127.0.0.1", 0)).unwrap();
            sender.send(server.addrs()[0]).unwrap();
            server.run().await.unwrap();
        });
    });
    format!("http://{}", address.recv().unwrap())
}

async fn file(request: HttpRequest, folder: web::Data<PathBuf>) -> HttpResponse {
    let path = folder.join(request.path().trim_start_matches('/'));
    let kind = match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("xhtml") => "application/xhtml+xml",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    };
    match std::fs::read(path) {
        Ok(bytes) => {
            HttpResponse::Ok().content_type(kind).insert_header(("x-content-type-options", "nosniff")).body(bytes)
        }
        Err(_) => HttpResponse::NotFound().finish(),
    }
}
