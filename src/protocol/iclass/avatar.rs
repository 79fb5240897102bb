//! Default avatars (iClass, appendix 4). The user id determines which of a small set a user has.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpResponse, get, web};

use crate::domain::tenancy::user::User;

const PICTURES: [&[u8]; 6] = [
    include_bytes!("../../../assets/avatars/1.png"),
    include_bytes!("../../../assets/avatars/2.png"),
    include_bytes!("../../../assets/avatars/3.png"),
    include_bytes!("../../../assets/avatars/4.png"),
    include_bytes!("../../../assets/avatars/5.png"),
    include_bytes!("../../../assets/avatars/6.png"),
];

/// The URL of a user's avatar.
pub fn url(user: &User, public_url: &str) -> String {
    if user.avatar.is_empty() {
        let sum: usize = user.user_id.bytes().map(usize::from).sum();
        format!("{public_url}/avatars/{}.png", sum % PICTURES.len() + 1)
    } else {
        user.avatar.clone()
    }
}

/// Serves a default avatar.
#[get("/avatars/{number}.png")]
pub async fn avatar(number: web::Path<usize>) -> HttpResponse {
    match number.checked_sub(1).and_then(|at| PICTURES.get(at)) {
        Some(picture) => HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, "image/png"))
            .insert_header((CACHE_CONTROL, "public, max-age=86400"))
            .body(*picture),
        None => HttpResponse::NotFound().finish(),
    }
}
