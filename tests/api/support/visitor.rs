//! A visitor of the console: a client with cookies that sends forms as a browser does. And operators to be.

use std::cell::RefCell;
use std::collections::BTreeMap;

use lectern::domain::tenancy::operator::ConsoleRole;
use lectern::domain::tenancy::{operator, secret, totp};
use reqwest::redirect::Policy;
use reqwest::{Method, RequestBuilder};

use crate::support::service::{Enterprise, Service};

/// The password of every operator in tests.
pub const PASSWORD: &str = "correct horse battery";

/// An operator.
pub struct Operator {
    pub name: String,
    pub secret: String,
}

/// A client with cookies.
pub struct Visitor<'a> {
    service: &'a Service,
    client: reqwest::Client,
    pub cookies: RefCell<BTreeMap<String, String>>,
    /// The headers of every request.
    headers: Vec<(&'static str, String)>,
    /// The token of the forms on the last page.
    csrf: RefCell<String>,
}

/// An answer.
pub struct Page {
    pub status: u16,
    pub location: String,
    pub headers: BTreeMap<String, String>,
    pub set_cookies: Vec<String>,
    pub html: String,
}

impl Operator {
    /// Creates an operator.
    pub async fn create(service: &Service, name: &str, role: ConsoleRole) -> Self {
        let (hash, now, named) = (secret::hash_password(PASSWORD).unwrap(), service.clock.now(), name.to_owned());
        let write = move |conn: &mut _| operator::create(conn, &named, hash, role, now);
        Self { name: name.to_owned(), secret: service.app.db.write(write).await.unwrap() }
    }

    /// The code that their app shows now.
    pub fn code(&self, service: &Service) -> String {
        totp::code(&self.secret, service.clock.now())
    }
}

impl<'a> Visitor<'a> {
    /// A visitor who is not signed in.
    pub fn of(service: &'a Service) -> Self {
        Self::with(service, &[])
    }

    /// As [`Visitor::of`], with these headers in every request.
    pub fn with(service: &'a Service, headers: &[(&'static str, &str)]) -> Self {
        Self {
            service,
            client: reqwest::Client::builder().no_proxy().redirect(Policy::none()).build().unwrap(),
            cookies: RefCell::default(),
            headers: headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect(),
            csrf: RefCell::default(),
        }
    }

    /// A new operator who is signed in.
    pub async fn operator(service: &'a Service) -> Self {
        Self::signed_in(service, "op", ConsoleRole::Operator).await
    }

    /// A new operator with this role who is signed in.
    pub async fn signed_in(service: &'a Service, name: &str, role: ConsoleRole) -> Self {
        let operator = Operator::create(service, name, role).await;
        let visitor = Self::of(service);
        let page = visitor.sign_in(&operator.name, PASSWORD, &operator.code(service)).await;
        assert_eq!((page.status, page.location.as_str()), (303, "/console/"), "{}", page.html);
        visitor
    }

    /// Somebody of an enterprise who came by a link.
    pub async fn by_link(enterprise: &Enterprise<'a>, role: &str, name: &str) -> Self {
        let made = enterprise.ok("console/link", serde_json::json!({"role": role, "name": name})).await;
        let token = made["url"].as_str().unwrap().split_once('#').unwrap().1.to_owned();
        let visitor = Self::of(enterprise.service);
        visitor.get("/link").await;
        let page = visitor.post("/link", &[("token", &token)]).await;
        assert_eq!(page.status, 303, "{}", page.html);
        visitor
    }

    /// Opens the form and sends it.
    pub async fn sign_in(&self, name: &str, password: &str, code: &str) -> Page {
        self.get("/sign-in").await;
        self.post("/sign-in", &[("name", name), ("password", password), ("code", code)]).await
    }

    /// Opens a page below `/console`.
    pub async fn get(&self, path: &str) -> Page {
        self.send(self.request(Method::GET, path)).await
    }

    /// Opens a page that must be there.
    pub async fn open(&self, path: &str) -> Page {
        let page = self.get(path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.html);
        page
    }

    /// Sends a form with the token of the last page.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let csrf = self.csrf.borrow().clone();
        self.post_as(path, &[&[("csrf", csrf.as_str())], fields].concat()).await
    }

    /// Sends a form with exactly these fields.
    pub async fn post_as(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.send(self.form(path, fields)).await
    }

    /// A form to send, for more headers.
    pub fn form(&self, path: &str, fields: &[(&str, &str)]) -> RequestBuilder {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.request(Method::POST, path).header("content-type", "application/x-www-form-urlencoded").body(body)
    }

    /// The token of the forms on the last page.
    pub fn csrf(&self) -> String {
        self.csrf.borrow().clone()
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let mut request = self.client.request(method, format!("{}/console{path}", self.service.url));
        let cookies: Vec<String> =
            self.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request = request.header("cookie", cookies.join("; "));
        }
        self.headers.iter().fold(request, |request, (name, value)| request.header(*name, value))
    }

    /// Sends a request and keeps the cookies of the answer.
    pub async fn send(&self, request: RequestBuilder) -> Page {
        let response = request.send().await.unwrap();
        let text = |value: &reqwest::header::HeaderValue| value.to_str().unwrap().to_owned();
        let set_cookies: Vec<String> = response.headers().get_all("set-cookie").iter().map(text).collect();
        for cookie in &set_cookies {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            if cookie.contains("Max-Age=0") {
                self.cookies.borrow_mut().remove(name);
            } else {
                self.cookies.borrow_mut().insert(name.to_owned(), value.to_owned());
            }
        }
        let headers: BTreeMap<String, String> =
            response.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
        let page = Page {
            status: response.status().as_u16(),
            location: headers.get("location").cloned().unwrap_or_default(),
            headers,
            set_cookies,
            html: response.text().await.unwrap(),
        };
        if let Some((_, rest)) = page.html.split_once("name=\"csrf\" value=\"") {
            rest.split('"').next().unwrap().clone_into(&mut self.csrf.borrow_mut());
        }
        page
    }
}

impl Page {
    /// Whether the page shows a text, as it is written in HTML.
    pub fn shows(&self, text: &str) -> bool {
        self.html.contains(&escaped(text))
    }

    /// Requires a text on the page.
    #[track_caller]
    pub fn must_show(&self, text: &str) {
        assert!(self.shows(text), "{text:?} is not on the page: {}", self.html);
    }
}

/// A text as it is written in HTML.
fn escaped(text: &str) -> String {
    let text = text.replace('&', "&#38;");
    [('"', "&#34;"), ('\'', "&#39;"), ('<', "&#60;"), ('>', "&#62;")]
        .into_iter()
        .fold(text, |text, (letter, written)| text.replace(letter, written))
}
