//! A request to the console: who makes it, in which language, and where the console is.

use std::future::{Ready, ready};
use std::ops::Deref;
use std::rc::Rc;

use actix_web::dev::Payload;
use actix_web::http::header::ACCEPT_LANGUAGE;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use url::Url;

use super::cookie;
use super::problem::Problem;
use super::words::{Language, Words};
use crate::domain;
use crate::domain::ids::EnterpriseId;
use crate::domain::tenancy::audit::{Actor, Origin};
use crate::domain::tenancy::console;
use crate::domain::tenancy::console::{Action, ConsoleSession};
use crate::domain::tenancy::enterprise::Enterprise;
use crate::domain::tenancy::{enterprise, secret};
use crate::http::client;
use crate::state::AppState;

/// How many characters a token has.
const TOKEN_CHARS: usize = 32;

/// A request to the console. Clones share it.
#[derive(Clone)]
pub(super) struct Visit(Rc<Request>);

/// What [`Visit`] shares.
pub(super) struct Request {
    pub(super) app: Data<AppState>,
    pub(super) language: Language,
    /// The path of the console, such as `/console`.
    pub(super) root: String,
    /// The path and the query of the request, below the root.
    pub(super) here: String,
    /// Whether cookies are for https only.
    pub(super) is_secure: bool,
    /// The address of the client.
    pub(super) address: String,
    /// Who is signed in.
    pub(super) session: Option<ConsoleSession>,
    /// The token that forms are bound to.
    form_token: String,
    /// Whether the browser does not have the token yet.
    pub(super) is_new: bool,
}

impl Visit {
    /// Reads who makes a request.
    pub(super) async fn of(request: &HttpRequest, app: Data<AppState>) -> Result<Self, Problem> {
        let token = |name| cookie::value(request, name).filter(|token| is_token(token));
        let session_token = token(cookie::SESSION);
        let session = match session_token.clone() {
            Some(token) => {
                let now = app.now();
                app.db.read(move |conn| console::session(conn, &token, now)).await?
            }
            None => None,
        };
        let held = if session.is_some() { session_token } else { token(cookie::FORM) };
        let is_new = held.is_none();
        let form_token = held.unwrap_or_else(secret::token);
        let chosen = cookie::value(request, cookie::LANGUAGE).and_then(|tag| Language::of_tag(&tag));
        let accepted = || Language::accepted(request.headers().get(ACCEPT_LANGUAGE)?.to_str().ok()?);
        let language = chosen.or_else(accepted).unwrap_or(Language::English);
        let public = Url::parse(&app.public_url).ok();
        let prefix = public.as_ref().map_or("", |url| url.path().trim_end_matches('/')).to_owned();
        let is_https = public.is_some_and(|url| url.scheme() == "https");
        let below = request.path().strip_prefix("/console").unwrap_or_default();
        let query = request.query_string();
        Ok(Self(Rc::new(Request {
            language,
            root: format!("{prefix}/console"),
            here: if query.is_empty() { below.to_owned() } else { format!("{below}?{query}") },
            is_secure: is_https || request.connection_info().scheme() == "https",
            address: client::address(request).map_or_else(String::new, |address| address.to_string()),
            session,
            form_token,
            is_new,
            app,
        })))
    }

    /// The texts in the language of the visitor.
    pub(super) fn words(&self) -> &'static Words {
        self.language.words()
    }

    /// The token of forms, which is good for this session only.
    pub(super) fn csrf(&self) -> String {
        secret::hash_token(&format!("form {}", self.form_token))
    }

    /// The value of the cookie that forms of somebody who is not signed in are bound to.
    pub(super) fn form_cookie(&self) -> &str {
        &self.form_token
    }
}

impl Deref for Visit {
    type Target = Request;

    fn deref(&self) -> &Request {
        &self.0
    }
}

impl FromRequest for Visit {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(request.extensions().get::<Self>().cloned().ok_or(Problem::Off))
    }
}

/// The request of somebody who is signed in.
pub(super) struct Signed {
    visit: Visit,
    /// Who is signed in.
    pub(super) session: ConsoleSession,
}

impl Deref for Signed {
    type Target = Visit;

    fn deref(&self) -> &Visit {
        &self.visit
    }
}

impl FromRequest for Signed {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let visit = Visit::from_request(request, payload).into_inner();
        ready(visit.and_then(|visit| match visit.session.clone() {
            Some(session) => Ok(Self { visit, session }),
            None => Err(Problem::SignedOut),
        }))
    }
}

impl Signed {
    /// Checks that the role allows an action.
    pub(super) fn check(&self, action: Action) -> Result<(), Problem> {
        Ok(console::check(&self.session, action)?)
    }

    /// Whether the role allows changes of an enterprise.
    pub(super) fn may_change(&self) -> bool {
        console::may(self.session.role, Action::Change)
    }

    /// Checks that somebody sees all enterprises.
    pub(super) fn check_sees_all(&self) -> Result<(), Problem> {
        if self.session.enterprise_id.is_none() { Ok(()) } else { Err(Problem::NotFound) }
    }

    /// The enterprise of an `sdkappid`, if the visitor sees it.
    pub(super) async fn enterprise(&self, sdkappid: i64) -> Result<Enterprise, Problem> {
        let read = move |conn: &mut _| Ok::<_, domain::Error>(enterprise::find(conn, sdkappid)?);
        let found = self.app.db.read(read).await?;
        found.filter(|enterprise| console::sees(&self.session, enterprise.enterprise_id)).ok_or(Problem::NotFound)
    }

    /// The only enterprise that the visitor sees.
    pub(super) async fn only_enterprise(&self) -> Result<Option<Enterprise>, Problem> {
        let Some(EnterpriseId(id)) = self.session.enterprise_id else { return Ok(None) };
        let read = move |conn: &mut _| Ok::<_, domain::Error>(enterprise::get(conn, EnterpriseId(id))?);
        Ok(self.app.db.read(read).await?)
    }

    /// Who makes a change, for the audit log.
    pub(super) fn actor(&self) -> Actor {
        Actor { name: self.session.name.clone(), origin: Origin::Console, address: self.address.clone() }
    }
}

fn is_token(text: &str) -> bool {
    text.len() == TOKEN_CHARS && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
