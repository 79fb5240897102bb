//! Invalid values for all fields of all calls.

use super::{World, fields};
use crate::support::calls::{CALLS, Field, Kind, everything};
use crate::support::service::Service;

/// The literals that replace each field.
const LITERALS: [&str; 9] = ["true", "1.5", "{}", "[]", "\"text\"", "null", "-1", "99999999999999999999999", "1e400"];

/// The expected code for a literal in a field: 10003, unless the literal is not valid JSON, or valid for the field.
fn answer_to(field: &Field, literal: &str) -> i64 {
    match (field.kind, literal) {
        (_, "1e400") => 10000,
        // All settings are optional; no field of a member or a user is.
        (_, "null") | (Kind::Object, "{}") if !field.required => 0,
        (Kind::Bool, "true") => 0,
        (Kind::Array(code), "[]") | (Kind::Text(code), "\"text\"") => code,
        _ => 10003,
    }
}

#[tokio::test]
async fn every_field_of_every_call_refuses_what_has_the_wrong_type() {
    let service = Service::start();
    let world = World::make(&service).await;
    let mut asked = 0;
    let mut taken = Vec::new();
    for call in &CALLS {
        let before = everything(&world.enterprise).await;
        for field in fields(call) {
            for literal in LITERALS {
                let code = answer_to(field, literal);
                if code == 0 {
                    taken.push((call, field, literal));
                } else {
                    world.expect(call, field, literal, code).await;
                }
                asked += 1;
            }
        }
        assert_eq!(everything(&world.enterprise).await, before, "{}: a refused call changed something", call.name);
    }
    for (call, field, literal) in taken {
        world.expect(call, field, literal, 0).await;
    }
    assert!(asked > 1000, "{asked}");
}

#[tokio::test]
async fn every_body_of_the_table_is_accepted_unchanged() {
    let service = Service::start();
    let world = World::make(&service).await;
    let last = ["class/delete", "class/stop", "document/delete"];
    let order = CALLS.iter().filter(|call| !last.contains(&call.name)).map(|call| call.name).chain(last);
    for call in order {
        world.enterprise.ok(call, world.body(call)).await;
    }
}

#[tokio::test]
async fn every_required_field_is_missed_by_its_name() {
    let service = Service::start();
    let world = World::make(&service).await;
    let before = everything(&world.enterprise).await;
    for call in &CALLS {
        for field in call.fields.iter().filter(|field| field.required && !field.path.ends_with("/0")) {
            let mut body = world.body(call.name);
            let (parent, name) = field.path.rsplit_once('/').unwrap();
            body.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name).unwrap();
            let message = world.enterprise.refused(call.name, body, 10003).await;
            assert!(message.contains(name), "{} {}: {message}", call.name, field.path);
        }
    }
    assert_eq!(everything(&world.enterprise).await, before);
}

#[tokio::test]
async fn the_password_of_a_user_is_checked_as_the_other_fields_are() {
    let service = Service::start();
    let world = World::make(&service).await;
    let before = everything(&world.enterprise).await;
    let call = CALLS.iter().find(|call| call.name == "user/register").unwrap();
    let long = format!("\"{}\"", "x".repeat(10_000));
    for literal in ["true", "1.5", "{}", "[]", "-1", "1234", "\"\"", "\"123\"", "\"text\\u0000\"", &long] {
        let mut body = world.body(call.name);
        body["list"][0]["password"] = serde_json::from_str(literal).unwrap();
        let message = world.enterprise.refused(call.name, body, 10003).await;
        assert!(message.contains("password"), "{message}");
        assert!(!message.contains("xxxx"), "a password is not repeated: {message}");
    }
    assert_eq!(everything(&world.enterprise).await, before);
}

#[tokio::test]
async fn every_text_refuses_control_characters() {
    let service = Service::start();
    let world = World::make(&service).await;
    let before = everything(&world.enterprise).await;
    for call in &CALLS {
        for field in fields(call).filter(|field| matches!(field.kind, Kind::Text(_) | Kind::Word)) {
            for literal in
                [r#""\u0000""#, r#""a\u001fb""#, "\"a\u{7f}b\"", r#""text\n""#, r#""\ttext""#, r#""a\u0085b""#]
            {
                world.expect(call, field, literal, 10003).await;
            }
            // They are not valid JSON.
            for literal in ["\"\0\"", "\"a\u{1f}b\"", "\"text\n\""] {
                world.expect(call, field, literal, 10000).await;
            }
        }
    }
    assert_eq!(everything(&world.enterprise).await, before);
}

#[tokio::test]
async fn every_text_refuses_10000_characters() {
    let service = Service::start();
    let world = World::make(&service).await;
    let before = everything(&world.enterprise).await;
    for call in &CALLS {
        for field in fields(call).filter(|field| matches!(field.kind, Kind::Text(_) | Kind::Word)) {
            for letter in ["x", "课", "😀"] {
                world.expect(call, field, &format!("\"{}\"", letter.repeat(10_000)), 10003).await;
            }
        }
    }
    assert_eq!(everything(&world.enterprise).await, before);
}

#[tokio::test]
async fn every_integer_refuses_what_is_negative_or_huge() {
    let service = Service::start();
    let world = World::make(&service).await;
    for call in &CALLS {
        let before = everything(&world.enterprise).await;
        for field in call.fields {
            let Kind::Int(largest) = field.kind else { continue };
            for number in [
                "-1",
                "-9223372036854775808",
                "-9223372036854775809",
                "9223372036854775808",
                "18446744073709551615",
                "18446744073709551616",
                "1e18",
                "-0.0",
            ] {
                world.expect(call, field, number, 10003).await;
                world.expect(call, field, &format!("\"{number}\""), 10003).await;
            }
            if largest != 0 {
                world.expect(call, field, "9223372036854775807", largest).await;
                world.expect(call, field, "\"9223372036854775807\"", largest).await;
            }
        }
        assert_eq!(everything(&world.enterprise).await, before, "{}", call.name);
        for field in call.fields.iter().filter(|field| field.kind == Kind::Int(0)) {
            world.expect(call, field, "9223372036854775807", 0).await;
        }
    }
}
