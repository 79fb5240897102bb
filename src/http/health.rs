//! Liveness (`/healthz`) and readiness (`/readyz`).

use actix_web::{HttpResponse, get};

/// Liveness: answers 200 while the process runs.
#[get("/healthz")]
pub async fn healthz() -> HttpResponse {
    HttpResponse::Ok().json(serde_json::json!({ "status": "ok" }))
}

/// Readiness: 503 if the database has a `problem`, else 200. What is missing to convert documents, and to make videos of
/// recordings, is reported but does not make the service unready.
#[must_use]
pub fn readyz(problem: Option<String>, no_converter: Option<String>, no_composer: Option<String>) -> HttpResponse {
    let [converter, recordings] =
        [no_converter, no_composer].map(|missing| missing.unwrap_or_else(|| "ready".to_owned()));
    match problem {
        None => HttpResponse::Ok()
            .json(serde_json::json!({ "status": "ready", "converter": converter, "recordings": recordings })),
        Some(problem) => HttpResponse::ServiceUnavailable().json(serde_json::json!({
            "status": "not ready", "problem": problem, "converter": converter, "recordings": recordings
        })),
    }
}
