//! The frame of every page, and how pages are answered.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use askama::Template;

use super::assets;
use super::form::Fields;
use super::problem::Problem;
use super::visit::{Signed, Visit};
use super::words::Words;
use crate::domain::is_http_url;
use crate::domain::tenancy::enterprise::{Enterprise, Protocols};
use crate::domain::tenancy::operator::ConsoleRole;

/// What the frame of a page shows.
pub(super) struct Frame {
    pub(super) words: &'static Words,
    /// The title of the page.
    pub(super) title: String,
    /// The tag of the language.
    pub(super) tag: &'static str,
    /// The tag of the other language, for the switch.
    pub(super) other_tag: &'static str,
    /// The path of the console.
    pub(super) root: String,
    /// The path of this page, below the root.
    pub(super) here: String,
    /// The token of the forms.
    pub(super) csrf: String,
    /// The version of the styles and scripts.
    pub(super) version: &'static str,
    /// Who is signed in, and their role.
    pub(super) who: Option<(String, &'static str)>,
    /// The sections, with their paths below the root.
    pub(super) sections: Vec<Section>,
    /// The name of the enterprise that the page is about.
    pub(super) enterprise: Option<String>,
    /// What was just done.
    pub(super) notice: Option<String>,
}

/// A link to a section.
pub(super) struct Section {
    pub(super) name: &'static str,
    pub(super) path: String,
    pub(super) is_here: bool,
}

impl Frame {
    /// The frame of a page.
    pub(super) fn new(visit: &Visit, title: &str) -> Self {
        let words = visit.words();
        let role = |role| match role {
            ConsoleRole::Operator => words.role_operator,
            ConsoleRole::Admin => words.role_admin,
            ConsoleRole::Support => words.role_support,
        };
        Self {
            words,
            title: title.to_owned(),
            tag: visit.language.tag(),
            other_tag: visit.language.other().tag(),
            root: visit.root.clone(),
            here: visit.here.clone(),
            csrf: visit.csrf(),
            version: assets::version(),
            who: visit.session.as_ref().map(|session| (session.name.clone(), role(session.role))),
            sections: Vec::new(),
            enterprise: None,
            notice: None,
        }
    }

    /// The frame of a page for all enterprises.
    pub(super) fn of_service(signed: &Signed, title: &str) -> Self {
        let mut frame = Self::new(signed, title);
        frame.add_sections(signed, None);
        frame
    }

    /// The frame of a page about an enterprise.
    pub(super) fn of_enterprise(signed: &Signed, enterprise: &Enterprise, title: &str) -> Self {
        let mut frame = Self::new(signed, title);
        frame.add_sections(signed, Some(enterprise.sdkappid));
        let name = if enterprise.name.is_empty() { String::new() } else { format!("{} · ", enterprise.name) };
        frame.enterprise = Some(format!("{name}{}", enterprise.sdkappid));
        frame
    }

    /// Says that something was done.
    pub(super) fn noting(self, notice: Option<String>) -> Self {
        Self { notice, ..self }
    }

    fn add_sections(&mut self, signed: &Signed, sdkappid: Option<i64>) {
        let words = self.words;
        let mut add = |name: &'static str, path: String| {
            let path_here = self.here.split('?').next().unwrap_or_default();
            let is_here = path_here == path || path_here.starts_with(&format!("{path}/"));
            self.sections.push(Section { name, path, is_here });
        };
        if signed.session.enterprise_id.is_none() {
            add(words.enterprises, "/enterprises".to_owned());
            if sdkappid.is_none() {
                add(words.audit, "/audit".to_owned());
            }
        }
        if let Some(sdkappid) = sdkappid {
            add(words.deliveries, format!("/e/{sdkappid}/deliveries"));
            add(words.classes, format!("/e/{sdkappid}/classes"));
            add(words.users, format!("/e/{sdkappid}/users"));
            add(words.documents, format!("/e/{sdkappid}/documents"));
            add(words.recordings, format!("/e/{sdkappid}/recordings"));
            add(words.usage, format!("/e/{sdkappid}/usage"));
            if signed.may_change() {
                add(words.calls, format!("/e/{sdkappid}/calls"));
            }
            add(words.settings, format!("/e/{sdkappid}/settings"));
            add(words.audit, format!("/e/{sdkappid}/audit"));
        }
    }
}

/// A choice of a field.
pub(super) struct Choice {
    pub(super) value: &'static str,
    pub(super) label: &'static str,
    pub(super) is_chosen: bool,
}

/// The boxes of a form for the protocols that answer for an enterprise.
pub(super) struct ProtocolBoxes {
    pub(super) boxes: [(&'static str, &'static str, bool); 3],
}

impl ProtocolBoxes {
    /// The boxes, ticked for what is on.
    pub(super) fn of(Protocols { channels, rooms, im }: Protocols) -> Self {
        Self { boxes: [("channels", "NiuClass", channels), ("rooms", "Suixinbo edu", rooms), ("im", "IM", im)] }
    }

    /// What is ticked in a form.
    pub(super) fn read(fields: &Fields) -> Protocols {
        Protocols { channels: fields.has("channels"), rooms: fields.has("rooms"), im: fields.has("im") }
    }
}

/// Keys that are shown once.
#[derive(Template)]
#[template(path = "console/keys.html")]
pub(super) struct KeysPage {
    pub(super) frame: Frame,
    pub(super) text: &'static str,
    /// The keys with their names.
    pub(super) keys: Vec<(&'static str, String)>,
    /// The path to go on to, below the root.
    pub(super) next: String,
}

/// Answers with a page.
pub(super) fn show(status: StatusCode, page: &impl Template) -> Result<HttpResponse, Problem> {
    match page.render() {
        Ok(html) => Ok(HttpResponse::build(status).content_type("text/html; charset=utf-8").body(html)),
        Err(problem) => {
            log::error!("a page of the console could not be rendered: {problem}");
            Err(Problem::Failed)
        }
    }
}

/// Sends the browser to another page of the console, which it gets with GET.
pub(super) fn redirect(visit: &Visit, path: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, format!("{}{path}", visit.root))).finish()
}

/// An address that a page may link to, or nothing for one that could run a script.
pub(super) fn web_address(address: String) -> String {
    if is_http_url(&address) { address } else { String::new() }
}

#[derive(Template)]
#[template(path = "console/problem.html")]
struct ProblemPage {
    frame: Frame,
    text: String,
}

/// The page that says why a request is refused.
pub(super) fn problem(visit: &Visit, problem: &Problem) -> HttpResponse {
    use actix_web::ResponseError;
    let (title, text) = problem.texts(visit.words());
    let page = ProblemPage { frame: Frame::new(visit, title), text };
    show(problem.status_code(), &page).unwrap_or_else(|failed| failed.error_response())
}
