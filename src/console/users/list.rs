//! The list of users.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use url::form_urlencoded::byte_serialize;

use crate::console::form::Fields;
use crate::console::page;
use crate::console::page::Frame;
use crate::console::problem::Problem;
use crate::console::time::Moment;
use crate::console::visit::Signed;
use crate::db::Conn;
use crate::domain;
use crate::domain::tenancy::console::Action;
use crate::domain::tenancy::user;
use crate::domain::tenancy::user::{Filter, User};
use crate::store::{Page, Start};

/// How many users a page shows.
const ROWS: i64 = 50;

#[derive(Template)]
#[template(path = "console/users.html")]
struct ListPage {
    frame: Frame,
    /// The path of the list.
    base: String,
    search: String,
    /// The search in a query.
    query: String,
    rows: Vec<Row>,
    next: Option<i64>,
    is_first: bool,
}

struct Row {
    user_id: String,
    /// The `user_id` in a query.
    query: String,
    nickname: String,
    role: &'static str,
    registered: Moment,
}

/// Shows a page of the list, in the order of registration.
pub(super) async fn list(signed: Signed, sdkappid: Path<i64>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    signed.check(Action::Read)?;
    let enterprise = signed.enterprise(*sdkappid).await?;
    let (words, enterprise_id) = (signed.words(), enterprise.enterprise_id);
    let fields = Fields::parse(request.query_string().as_bytes());
    let search = fields.get("search").to_owned();
    let after: Option<i64> = fields.get("after").parse().ok();
    let filter = Filter { prefix: search.clone(), ..Filter::default() };
    let page = Page { start: Start::After(after), size: ROWS };
    let read = move |conn: &mut Conn| Ok::<_, domain::Error>(user::list(conn, enterprise_id, &filter, page)?);
    let users = signed.app.db.read_slow(read).await?;
    let row = |user: User| Row {
        query: byte_serialize(user.user_id.as_bytes()).collect(),
        user_id: user.user_id,
        nickname: user.nickname,
        role: user.role.as_str(),
        registered: Moment(user.regist_time),
    };
    let notice = (fields.get("done") == "deleted").then(|| words.done_user_deleted.to_owned());
    let page = ListPage {
        frame: Frame::of_enterprise(&signed, &enterprise, words.users).noting(notice),
        base: format!("{}/e/{}/users", signed.root, enterprise.sdkappid),
        query: byte_serialize(search.as_bytes()).collect(),
        search,
        next: users.next,
        rows: users.rows.into_iter().map(row).collect(),
        is_first: after.is_none(),
    };
    page::show(StatusCode::OK, &page)
}
