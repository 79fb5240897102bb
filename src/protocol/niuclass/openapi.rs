//! The `OpenAPI` 3.1 description of the protocol, generated from the types of the calls.

use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::path::{HttpMethod, Operation, PathItem};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{OpenApi as Document, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{Modify, OpenApi};

use super::error::Body;
use super::{course, login, member, organization, user};

#[derive(OpenApi)]
#[openapi(paths(
    user::profile,
    user::statistics,
    organization::create,
    organization::modify,
    member::create,
    member::set_role,
    member::modify,
    member::remove,
    course::list,
    course::create,
    course::modify,
    course::info,
    course::remove,
    course::lesson::set_times,
    course::lesson::put_member,
    course::lesson::remove_member,
    course::lesson::post_message,
))]
struct Calls;

#[derive(OpenApi)]
#[openapi(
    paths(login::login),
    components(schemas(Body)),
    nest((path = "/api", api = Calls)),
    modifiers(&SecondPath, &OperationIds, &ErrorResponses),
)]
struct Niuclass;

/// The description.
#[must_use]
pub fn openapi() -> Document {
    Niuclass::openapi()
}

/// The members of an organization have a second path for the change of a role.
struct SecondPath;

const PLURAL: &str = "/api/organization/{id}/members";
const SINGULAR: &str = "/api/organization/{id}/member";

impl Modify for SecondPath {
    fn modify(&self, document: &mut Document) {
        let found = document.paths.paths.get(PLURAL).and_then(|item| item.put.clone());
        if let Some(set_role) = found {
            document.paths.paths.insert(SINGULAR.to_owned(), PathItem::new(HttpMethod::Put, set_role));
        }
    }
}

/// Names each operation after its method and path: `niuclass_put_course_id`.
struct OperationIds;

impl Modify for OperationIds {
    fn modify(&self, document: &mut Document) {
        for (path, item) in &mut document.paths.paths {
            let words: String = path.trim_start_matches("/api").replace(['{', '}'], "").replace('/', "_");
            for (method, operation) in operations(item) {
                operation.operation_id = Some(format!("niuclass_{method}{words}"));
            }
        }
    }
}

/// The refusals of every call, and the token.
struct ErrorResponses;

const REFUSALS: [(&str, &str); 8] = [
    ("400", "A parameter is missing or not valid"),
    ("401", "The token is missing, wrong or over; or a wrong password"),
    ("403", "Not allowed, or the validity of the enterprise is over"),
    ("404", "No such thing"),
    ("413", "The body is too large"),
    ("429", "Too many requests or wrong passwords"),
    ("500", "The service failed"),
    ("503", "The database is not available"),
];

impl Modify for ErrorResponses {
    fn modify(&self, document: &mut Document) {
        let scheme = SecurityScheme::Http(
            HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("What /login gave")).build(),
        );
        document.components.get_or_insert_default().add_security_scheme("niuclass", scheme);
        for (path, item) in &mut document.paths.paths {
            for (_, operation) in operations(item) {
                for (status, meaning) in REFUSALS {
                    operation
                        .responses
                        .responses
                        .entry(status.to_owned())
                        .or_insert_with(|| RefOr::T(refusal(meaning)));
                }
                if path != "/login" {
                    operation.security = Some(vec![SecurityRequirement::new::<_, [&str; 0], &str>("niuclass", [])]);
                }
            }
        }
    }
}

fn refusal(meaning: &str) -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("NiuclassError"))).build();
    ResponseBuilder::new().description(meaning).content("application/json", content).build()
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    [("get", &mut item.get), ("post", &mut item.post), ("put", &mut item.put), ("delete", &mut item.delete)]
        .into_iter()
        .filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}
