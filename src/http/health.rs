//! Whether the process lives (`/healthz`) and whether it can serve (`/readyz`).

use actix_web::{HttpResponse, get};

/// Answers as long as the process does.
#[get("/healthz")]
pub async fn healthz() -> HttpResponse {
    HttpResponse::Ok().json(serde_json::json!({ "status": "ok" }))
}

/// Says whether what the service stands on is there, and what the machine lacks to convert documents, without which it serves
/// all the same.
#[must_use]
pub fn readyz(problem: Option<String>, no_converter: Option<String>) -> HttpResponse {
    let converter = no_converter.unwrap_or_else(|| "ready".to_owned());
    match problem {
        None => HttpResponse::Ok().json(serde_json::json!({ "status": "ready", "converter": converter })),
        Some(problem) => HttpResponse::ServiceUnavailable()
            .json(serde_json::json!({ "status": "not ready", "problem": problem, "converter": converter })),
    }
}
