//! The `OpenAPI` 3.1 description of the protocol, generated from the types of the calls.

use utoipa::openapi::content::{Content, ContentBuilder};
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::schema::AnyOfBuilder;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{OpenApi as Document, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{Modify, OpenApi};

use super::error::Body;
use super::{group, member, message, organization, signature};

#[derive(OpenApi)]
#[openapi(paths(signature::login, signature::start, signature::change), modifiers(&MoreSignatures))]
struct Signatures;

#[derive(OpenApi)]
#[openapi(paths(
    group::create,
    group::rename,
    group::remove,
    member::add,
    member::remove,
    organization::groups,
    organization::contacts,
    message::push,
))]
struct Groups;

#[derive(OpenApi)]
#[openapi(
    components(schemas(Body)),
    nest(
        (path = "/signature", api = Signatures),
        (path = "/im/signature", api = Signatures),
        (path = "/v1/im/signature", api = Signatures),
        (path = "/im", api = Groups),
        (path = "/v1/im", api = Groups),
    ),
    modifiers(&OperationIds, &ErrorResponses),
)]
struct Im;

/// The description.
#[must_use]
pub fn openapi() -> Document {
    Im::openapi()
}

/// The other spellings and actions of the calls, and the calls without members.
struct MoreSignatures;

const MEMBERS: &str = "/{sorted_member_ids}";

impl Modify for MoreSignatures {
    fn modify(&self, document: &mut Document) {
        let paths = &mut document.paths.paths;
        for (from, to) in [("/conversion/", "/conversation/"), ("/invite/", "/kick/")] {
            let found: Vec<(String, PathItem)> = paths
                .iter()
                .filter(|(path, _)| path.contains(from))
                .map(|(path, item)| (path.clone(), item.clone()))
                .collect();
            paths.extend(found.into_iter().map(|(path, item)| (path.replace(from, to), item)));
        }
        let found: Vec<(String, PathItem)> = paths
            .iter()
            .filter_map(|(path, item)| Some((path.strip_suffix(MEMBERS)?.to_owned(), without_members(item.clone()))))
            .collect();
        paths.extend(found);
    }
}

fn without_members(mut item: PathItem) -> PathItem {
    if let Some(parameters) = item.get.as_mut().and_then(|operation| operation.parameters.as_mut()) {
        parameters
            .retain(|parameter| !matches!(parameter, RefOr::T(parameter) if parameter.name == "sorted_member_ids"));
    }
    item
}

/// Names each operation after its method and path: `im_post_group`.
struct OperationIds;

impl Modify for OperationIds {
    fn modify(&self, document: &mut Document) {
        for (path, item) in &mut document.paths.paths {
            let words: String = path.replace(['{', '}'], "").replace('/', "_");
            for (method, operation) in operations(item) {
                operation.operation_id = Some(format!("im_{method}{words}"));
            }
        }
    }
}

/// The refusals of every call, and the token.
struct ErrorResponses;

const REFUSALS: [(&str, &str); 8] = [
    ("400", "A parameter is missing or not valid, or the call failed"),
    ("401", "The token is missing, wrong or revoked"),
    ("403", "Not allowed"),
    ("404", "No such thing"),
    ("413", "The body is too large"),
    ("429", "A limit is reached; `Retry-After` says how long to wait"),
    ("500", "The service failed"),
    ("503", "The database is not available"),
];

impl Modify for ErrorResponses {
    fn modify(&self, document: &mut Document) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(
                "What `lectern enterprise token create` printed; not needed where --im-open allows calls without it",
            ))
            .build();
        document.components.get_or_insert_default().add_security_scheme("im", SecurityScheme::Http(scheme));
        for item in document.paths.paths.values_mut() {
            for (_, operation) in operations(item) {
                for (status, meaning) in REFUSALS {
                    operation
                        .responses
                        .responses
                        .entry(status.to_owned())
                        .or_insert_with(|| RefOr::T(refusal(meaning)));
                }
                refuse_with_success(operation);
                let token = SecurityRequirement::new::<_, [&str; 0], &str>("im", []);
                operation.security = Some(vec![token, SecurityRequirement::default()]);
            }
        }
    }
}

/// Refusals that concern a group have HTTP 200.
fn refuse_with_success(operation: &mut Operation) {
    let responses = &mut operation.responses.responses;
    let Some(RefOr::T(response)) = responses.get_mut("200") else {
        responses.insert("200".to_owned(), RefOr::T(refusal("The call failed, with a code from 7000")));
        return;
    };
    for content in response.content.values_mut() {
        let RefOr::T(Content { schema: Some(schema), .. }) = content else { continue };
        *schema = AnyOfBuilder::new().item(schema.clone()).item(Ref::from_schema_name("ImError")).into();
    }
}

fn refusal(meaning: &str) -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("ImError"))).build();
    ResponseBuilder::new().description(meaning).content("application/json", content).build()
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    [("get", &mut item.get), ("post", &mut item.post), ("put", &mut item.put), ("delete", &mut item.delete)]
        .into_iter()
        .filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}
