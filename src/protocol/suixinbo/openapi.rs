//! The `OpenAPI` 3.1 description of the commands. The query names a command, whatever the path; a description needs a path for
//! each, so it has `/sxb_new/` with the names of the service and the command.

use utoipa::OpenApi;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::path::{HttpMethod, OperationBuilder, Parameter, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{AnyOfBuilder, ObjectBuilder, Schema, SchemaType, Type};
use utoipa::openapi::{OpenApi as Document, Ref, RefOr, Required, ResponseBuilder};

use super::commands::{COMMANDS, Command, Field, Kind};
use super::{account, cos, live, vod};

#[derive(OpenApi)]
#[openapi(components(schemas(
    account::SignedIn,
    live::Created,
    live::Members,
    live::list::Rooms,
    live::bind::Bound,
    cos::Signed,
    vod::Signed,
)))]
struct Suixinbo;

/// The description.
#[must_use]
pub fn openapi() -> Document {
    let mut document = Suixinbo::openapi();
    for command in COMMANDS {
        let path = format!("/sxb_new/{}/{}", command.svc, command.cmd);
        document.paths.paths.insert(path, PathItem::new(HttpMethod::Post, operation(command)));
    }
    document
}

fn operation(command: &Command) -> OperationBuilder {
    let body = ContentBuilder::new().schema(Some(object(command.fields.iter().copied()))).build();
    let answer = ContentBuilder::new().schema(Some(answer(command))).build();
    let answer = ResponseBuilder::new()
        .description("`errorCode` 0 with the data, or another code and `errorInfo`; the HTTP status is always 200")
        .content("application/json", answer);
    OperationBuilder::new()
        .tag("suixinbo")
        .operation_id(Some(format!("suixinbo_{}_{}", command.svc, command.cmd)))
        .summary(Some(command.summary))
        .parameter(query("svc", command.svc))
        .parameter(query("cmd", command.cmd))
        .request_body(Some(
            RequestBodyBuilder::new().content("application/json", body).required(Some(Required::True)).build(),
        ))
        .response("200", answer.build())
}

/// A query parameter with one value.
fn query(name: &str, value: &'static str) -> Parameter {
    let schema = ObjectBuilder::new().schema_type(Type::String).enum_values(Some([value]));
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(Required::True)
        .schema(Some(schema))
        .build()
}

fn object(fields: impl Iterator<Item = Field>) -> Schema {
    let mut object = ObjectBuilder::new();
    for field in fields {
        object = object.property(field.name, value(field.kind, field.about));
        if field.is_required {
            object = object.required(field.name);
        }
    }
    object.into()
}

fn value(kind: Kind, about: &'static str) -> Schema {
    let described = |kind| ObjectBuilder::new().schema_type(kind).description(Some(about));
    match kind {
        Kind::Integer => described(Type::Integer).into(),
        Kind::Range(from, to) => described(Type::Integer).minimum(Some(from)).maximum(Some(to)).into(),
        Kind::Id => ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::Integer, Type::String]))
            .description(Some(about))
            .into(),
        Kind::Text => described(Type::String).into(),
        Kind::Object(fields) => object(fields.iter().copied()),
    }
}

/// What a command answers. A report of the hosted cloud is answered in the cloud's own form.
fn answer(command: &Command) -> RefOr<Schema> {
    let code = |name: &str, message: &str| {
        ObjectBuilder::new()
            .property(name, ObjectBuilder::new().schema_type(Type::Integer))
            .property(message, ObjectBuilder::new().schema_type(Type::String))
            .required(name)
    };
    let envelope = code("errorCode", "errorInfo").required("errorInfo");
    let envelope = match command.data {
        None => envelope,
        Some("") => envelope.property("data", ObjectBuilder::new().schema_type(Type::Object)),
        Some(data) => envelope.property("data", Ref::from_schema_name(data)),
    };
    match command.svc {
        "live" if command.is_report() => {
            let of_index =
                code("ErrorCode", "ErrorInfo").property("ActionStatus", ObjectBuilder::new().schema_type(Type::String));
            AnyOfBuilder::new().item(envelope).item(code("code", "message")).item(of_index).into()
        }
        _ => Schema::from(envelope).into(),
    }
}
