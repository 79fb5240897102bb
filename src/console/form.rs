//! Forms that are sent: read within limits, and only if they were made for this session.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;

use super::problem::Problem;
use super::visit::Visit;
use crate::domain::tenancy::secret;
use crate::http::body;

/// How large a form may be, in bytes.
const FORM_BYTES: usize = 64 * 1024;
/// The field with the token of the session.
const CSRF: &str = "csrf";

/// The fields of a form.
pub(super) struct Form(Fields);

/// Fields by their names, of a form or of a query.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads fields as browsers write them.
    pub(super) fn parse(text: &[u8]) -> Self {
        Self(url::form_urlencoded::parse(text).into_owned().collect())
    }

    /// The value of a field without blanks around it; empty if it is missing.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(other, _)| other == name).map_or("", |(_, value)| value.trim())
    }

    /// Whether a box is ticked.
    pub(super) fn has(&self, name: &str) -> bool {
        !self.get(name).is_empty()
    }

    /// The value of a field as it was typed.
    pub(super) fn exactly(&self, name: &str) -> &str {
        self.0.iter().find(|(other, _)| other == name).map_or("", |(_, value)| value)
    }
}

impl Form {
    /// The fields.
    pub(super) fn fields(&self) -> &Fields {
        &self.0
    }
}

impl FromRequest for Form {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let visit = Visit::extract(&request).await?;
            let (body, _reservation) = body::read_of_unknown(&request, payload, FORM_BYTES).await?;
            let fields = Fields::parse(&body);
            if secret::same(fields.get(CSRF), &visit.csrf()) { Ok(Self(fields)) } else { Err(Problem::Stale) }
        })
    }
}
