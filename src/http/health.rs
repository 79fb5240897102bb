//! Whether the process lives (`/healthz`) and whether it can serve (`/readyz`).

use actix_web::{HttpResponse, get};

/// Answers as long as the process does.
#[get("/healthz")]
pub async fn healthz() -> HttpResponse {
    HttpResponse::Ok().json(serde_json::json!({ "status": "ok" }))
}

/// Says whether what the service stands on is there.
#[must_use]
pub fn readyz(problem: Option<String>) -> HttpResponse {
    match problem {
        None => HttpResponse::Ok().json(serde_json::json!({ "status": "ready" })),
        Some(problem) => {
            HttpResponse::ServiceUnavailable().json(serde_json::json!({ "status": "not ready", "problem": problem }))
        }
    }
}
