//! Serves the lists of live segments at `/live/` (RFC 8216). Players load a list again and again; the segments are files.

use std::fmt::Write;

use actix_web::HttpResponse;
use actix_web::http::header::{self, CacheControl, CacheDirective};
use actix_web::http::{Method, StatusCode};
use actix_web::web::{self, Data, Path, ServiceConfig};

use super::without::{fail, preflight, refuse};
use crate::domain::classroom::live;
use crate::domain::classroom::live::{LiveLink, Playlist, SEGMENT};
use crate::domain::content::file::{Address, Key};
use crate::state::AppState;

/// Mounts `/live/`.
pub fn configure(config: &mut ServiceConfig) {
    let lists = web::resource("/live/{kind}/{id}/{ticket}/index.m3u8")
        .route(web::get().to(serve))
        .route(web::head().to(serve))
        .route(web::method(Method::OPTIONS).to(preflight))
        .default_service(web::to(|| async { refuse(StatusCode::METHOD_NOT_ALLOWED) }));
    config.service(lists);
}

/// A link that is wrong gets the same answer as a good one while nothing is shown.
async fn serve(app: Data<AppState>, path: Path<(String, String, String)>) -> HttpResponse {
    let (kind, id, ticket) = path.into_inner();
    let Some(link) = LiveLink::parse(&kind, &id, &ticket) else { return refuse(StatusCode::NOT_FOUND) };
    let now = app.now();
    let (enterprise, playlist) = match app.db.read(move |conn| live::find(conn, &link, now)).await {
        Ok(Some(found)) => found,
        Ok(None) => return refuse(StatusCode::NOT_FOUND),
        Err(problem) => return fail(&problem),
    };
    let address = |key: &str| Some(app.link(&enterprise, &Address::new(Key::parse(key)?, SEGMENT)));
    HttpResponse::Ok()
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header(CacheControl(vec![CacheDirective::NoStore]))
        .content_type("application/vnd.apple.mpegurl")
        .body(list(&playlist, address))
}

/// A media playlist. `address` is that of a segment by its key.
fn list(playlist: &Playlist, address: impl Fn(&str) -> Option<String>) -> String {
    let Playlist { first, breaks, segments, is_over } = playlist;
    let longest = segments.iter().map(|segment| segment.length.saturating_add(500) / 1_000).max().unwrap_or(1).max(1);
    let mut text = format!(
        "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:{longest}\n#EXT-X-MEDIA-SEQUENCE:{first}\n\
         #EXT-X-DISCONTINUITY-SEQUENCE:{breaks}\n"
    );
    for segment in segments {
        let Some(address) = address(&segment.key) else { continue };
        if segment.is_break {
            text.push_str("#EXT-X-DISCONTINUITY\n");
        }
        let (seconds, parts) = (segment.length / 1_000, segment.length % 1_000);
        // Writing into a text does not fail.
        let _ = write!(text, "#EXTINF:{seconds}.{parts:03},\n{address}\n");
    }
    if *is_over {
        text.push_str("#EXT-X-ENDLIST\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::classroom::live::Segment;

    #[test]
    fn a_list_says_what_players_need() {
        let segment = |key: &str, length, is_break| Segment { key: key.into(), length, is_break };
        let segments = vec![segment("a", 4_133, true), segment("b", 3_999, false)];
        let playlist = Playlist { first: 7, breaks: 2, segments, is_over: true };
        let text = list(&playlist, |key| Some(format!("/files/{key}")));
        let wanted = [
            "#EXTM3U",
            "#EXT-X-VERSION:3",
            "#EXT-X-TARGETDURATION:4",
            "#EXT-X-MEDIA-SEQUENCE:7",
            "#EXT-X-DISCONTINUITY-SEQUENCE:2",
            "#EXT-X-DISCONTINUITY",
            "#EXTINF:4.133,",
            "/files/a",
            "#EXTINF:3.999,",
            "/files/b",
            "#EXT-X-ENDLIST",
        ];
        assert_eq!(text.lines().collect::<Vec<_>>(), wanted);
    }
}
