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
    url_of(&user.user_id, &user.avatar, public_url)
}

/// The URL of the avatar of a user with this id and this picture, which may be empty.
pub fn url_of(user_id: &str, picture: &str, public_url: &str) -> String {
    if picture.is_empty() {
        let sum: usize = user_id.bytes().map(usize::from).sum();
        format!("{public_url}/avatars/{}.png", sum % PICTURES.len() + 1)
    } else {
        picture.to_owned()
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
