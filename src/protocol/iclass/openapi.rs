//! The `OpenAPI` 3.1 description of the protocol, generated from the types of the calls.

use utoipa::openapi::content::{Content, ContentBuilder};
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{AnyOfBuilder, ObjectBuilder, Type};
use utoipa::openapi::{OpenApi as Document, Ref, RefOr, Required, Response, ResponseBuilder};
use utoipa::{Modify, OpenApi};

use super::backend::{
    attendance, business, class, console, courseware, document, event, imstorage, local_record, member, user,
};
use super::error::{Code, ErrorBody};
use super::{component, record, scope, transcode, upload};

#[derive(OpenApi)]
#[openapi(paths(
    class::create,
    class::delete,
    class::modify,
    class::info,
    class::list,
    class::start,
    class::stop,
    class::link::make,
    console::make,
    attendance::list,
    attendance::export,
    courseware::add,
    courseware::delete,
    courseware::list,
    user::register,
    user::modify,
    user::delete,
    user::update_token,
    user::info,
    user::list,
    document::add,
    document::delete,
    document::info,
    document::list,
    upload::upload,
    business::modify,
    business::info,
    member::add,
    member::delete,
    member::join,
    member::visitor_join,
    member::quit,
    member::runtime_list,
    member::runtime_total,
    member::history_list,
    member::history_total,
    event::events,
    event::list,
    event::info,
    event::replay,
    imstorage::list,
    imstorage::groups,
    imstorage::msg,
    imstorage::send,
    imstorage::private::list,
    imstorage::private::recall,
    imstorage::filter::add,
    imstorage::filter::delete,
    imstorage::filter::list,
    local_record::query,
))]
struct Calls;

#[derive(OpenApi)]
#[openapi(paths(
    component::sign_in::business,
    component::sign_in::login,
    component::sign_in::visitor,
    component::sign_in::visitor_join,
    component::user::info,
    component::class::info,
    component::class::start,
    component::class::stop,
    component::class::list,
    component::class::public_list,
    component::member::join,
    component::member::quit,
    component::member::runtime_list,
    component::document::add,
    component::document::delete,
    component::document::list,
    component::courseware::add,
    component::courseware::delete,
    component::courseware::list,
    component::attendance::list,
    component::upload::upload,
    component::imstorage::list,
    component::imstorage::msg,
    component::imstorage::send,
    component::imstorage::recall,
    component::imstorage::history,
    component::imstorage::upload::upload,
    component::heartbeat::report,
    component::report::event,
    component::question::launch,
    component::question::cancel,
    component::question::answer,
    component::question::result,
    component::question::info,
    component::check_in::info,
    component::check_in::result,
    component::board::page,
    component::board::draw,
    component::board::show,
    component::board::add,
    component::board::remove,
    component::timer::start,
    component::timer::pause,
    component::timer::remove,
    component::media::settings,
    component::media::connect,
    component::media::disconnect,
    component::record::query,
    component::chapters::query,
    component::local_record::upload,
))]
struct ComponentCalls;

#[derive(OpenApi)]
#[openapi(paths(component::heartbeat::report_older))]
struct OlderCalls;

#[derive(OpenApi)]
#[openapi(paths(transcode::create, transcode::query, transcode::callback))]
struct ServiceCalls;

#[derive(OpenApi)]
#[openapi(paths(
    record::start,
    record::stop,
    record::pause,
    record::resume,
    record::query,
    record::set_online_callback,
    record::create,
    record::set_offline_callback
))]
struct RecordCalls;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Lectern",
        description = "The calls of all protocols."
    ),
    nest(
        (path = scope::SCOPE, api = Calls),
        (path = transcode::SCOPE, api = ServiceCalls),
        (path = transcode::EARLIER_SCOPE, api = ServiceCalls),
        (path = record::SCOPE, api = RecordCalls),
        (path = component::SCOPE, api = ComponentCalls),
        (path = component::heartbeat::OLDER_SCOPE, api = OlderCalls),
    ),
    components(schemas(ErrorBody)),
    modifiers(&OperationIds, &PublicParams, &ErrorCodes),
)]
struct Iclass;

/// The description.
#[must_use]
pub fn openapi() -> Document {
    Iclass::openapi()
}

/// Names each operation after its path: `class_create`, `transcode_v1_create`; `component_class_info` for calls of components.
struct OperationIds;

impl Modify for OperationIds {
    fn modify(&self, document: &mut Document) {
        for (path, item) in &mut document.paths.paths {
            let name = match path.strip_prefix(component::SCOPE) {
                Some(call) => format!("component{call}"),
                None => path.trim_start_matches(scope::SCOPE).trim_start_matches('/').to_owned(),
            };
            let name = name.replace('/', "_");
            if let Some(operation) = item.post.as_mut() {
                operation.operation_id = Some(name);
            }
        }
    }
}

/// Adds the public parameters of appendix 1 to each signed call, and the token to each call of a component.
struct PublicParams;

impl Modify for PublicParams {
    fn modify(&self, document: &mut Document) {
        for (path, item) in &mut document.paths.paths {
            let Some(operation) = item.post.as_mut() else { continue };
            let is_component =
                [component::SCOPE, component::heartbeat::OLDER_SCOPE].iter().any(|scope| path.starts_with(scope));
            let params: &[_] = if is_component { &COMPONENT_PARAMS } else { &SIGNED_PARAMS };
            let present = operation.parameters.get_or_insert_default();
            for (at, (name, kind, description)) in params.iter().enumerate() {
                present.insert(at, RefOr::T(query(name, kind.clone(), description)));
            }
        }
    }
}

const SDKAPPID: (&str, Type, &str) = ("sdkappid", Type::Integer, "The enterprise");
const RANDOM: (&str, Type, &str) = ("random", Type::String, "Anything; makes requests different");

const SIGNED_PARAMS: [(&str, Type, &str); 4] = [
    SDKAPPID,
    RANDOM,
    ("expire_time", Type::Integer, "Until when the signature is good, in seconds; may stand in the body instead"),
    ("sign", Type::String, "Lower-case hex MD5 of the tic_key followed by expire_time; may stand in the body instead"),
];

const COMPONENT_PARAMS: [(&str, Type, &str); 5] = [
    SDKAPPID,
    ("user_id", Type::String, "Who is signed in; needed beside a user_token"),
    ("token", Type::String, "What user/login gave, or the user_token; not for the calls that come before it"),
    RANDOM,
    ("sign", Type::String, "Lower-case hex MD5 of the body"),
];

fn query(name: &str, kind: Type, description: &str) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(if name == "sdkappid" { Required::True } else { Required::False })
        .description(Some(description))
        .schema(Some(ObjectBuilder::new().schema_type(kind)))
        .build()
}

/// Lists the error codes in the answer of each call, because errors also have HTTP 200.
struct ErrorCodes;

impl Modify for ErrorCodes {
    fn modify(&self, document: &mut Document) {
        let rows = Code::ALL
            .iter()
            .fold(String::new(), |rows, code| rows + &format!("\n| {} | {} |", code.number(), code.meaning()));
        let table = format!(
            "`error_code` 0 with the fields below, or without them one of\n\n| error_code | meaning |\n| --- | --- |{rows}"
        );
        for operation in operations(document) {
            if let Some(RefOr::T(response)) = operation.responses.responses.get_mut("200") {
                response.description.clone_from(&table);
                add_refusal(response);
            }
            for (status, meaning) in FAILURES {
                let response = ResponseBuilder::new().description(meaning).content(JSON, refusal()).build();
                operation.responses.responses.insert(status.to_owned(), RefOr::T(response));
            }
        }
    }
}

const JSON: &str = "application/json";

const FAILURES: [(&str, &str); 2] = [
    ("500", "It is not known whether the call was done: the database went away meanwhile"),
    ("503", "The database is not available; nothing was done"),
];

fn refusal() -> Content {
    ContentBuilder::new().schema(Some(Ref::from_schema_name("IclassRefusal"))).build()
}

/// Describes that the answer is a refusal instead, also where a success is no JSON.
fn add_refusal(response: &mut Response) {
    let content = response.content.entry(JSON.to_owned()).or_insert_with(|| RefOr::T(refusal()));
    let RefOr::T(Content { schema: Some(schema), .. }) = content else { return };
    let refusal = Ref::from_schema_name("IclassRefusal");
    if *schema != RefOr::Ref(refusal.clone()) {
        *schema = AnyOfBuilder::new().item(schema.clone()).item(refusal).into();
    }
}

fn operations(document: &mut Document) -> impl Iterator<Item = &mut Operation> {
    document.paths.paths.values_mut().filter_map(|path| path.post.as_mut())
}
