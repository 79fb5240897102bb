//! What is done for every request: it gets an id, is logged, and is counted.

use std::time::Instant;

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::middleware::Next;
use actix_web::web::Data;

use super::request_id::{HEADER, RequestId};
use super::request_log::Line;
use super::request_meter::RequestMeter;

/// Middleware around all others.
///
/// # Errors
/// Those of the services inside.
pub async fn follow(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let id = RequestId::of(request.request());
    let meter = request.app_data::<Data<RequestMeter>>().cloned();
    let (line, begun) = (Line::of(&request), Instant::now());
    let header = id.header();
    let followed = async move {
        match next.call(request).await {
            Ok(mut answer) => {
                let took = begun.elapsed();
                if let Some(meter) = meter {
                    meter.count(answer.request(), answer.response(), took);
                }
                if let Some(line) = line {
                    line.log(answer.response(), took);
                }
                answer.headers_mut().insert(HEADER, header);
                Ok(answer)
            }
            // A middleware inside failed; the server makes the response of its error.
            Err(error) => {
                let mut response = error.error_response();
                if let Some(line) = line {
                    line.log(&response, begun.elapsed());
                }
                response.headers_mut().insert(HEADER, header);
                Err(InternalError::from_response(error, response).into())
            }
        }
    };
    id.scope(followed).await
}
