//! One user: who they are, and the classes that they are inside now.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::console::form::Fields;
use crate::console::page;
use crate::console::page::Frame;
use crate::console::problem::Problem;
use crate::console::time::Moment;
use crate::console::visit::Signed;
use crate::domain::classroom::overview;
use crate::domain::tenancy::console::Action;

#[derive(Template)]
#[template(path = "console/user.html")]
struct UserPage {
    frame: Frame,
    /// The path of the list, and that of the classes.
    base: String,
    classes: String,
    user_id: String,
    nickname: String,
    role: &'static str,
    phone: String,
    mail: String,
    has_password: bool,
    registered: Moment,
    updated: Moment,
    sessions: Vec<SessionRow>,
    may_change: bool,
}

struct SessionRow {
    class_id: i64,
    role: &'static str,
    since: Moment,
    seen: Moment,
}

/// Shows a user.
pub(super) async fn one(signed: Signed, sdkappid: Path<i64>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    signed.check(Action::Read)?;
    let enterprise = signed.enterprise(*sdkappid).await?;
    let (words, enterprise_id) = (signed.words(), enterprise.enterprise_id);
    let fields = Fields::parse(request.query_string().as_bytes());
    let user_id = fields.exactly("id").to_owned();
    let read = move |conn: &mut _| overview::of_user(conn, enterprise_id, &user_id);
    let (user, sessions) = signed.app.db.read_slow(read).await?;
    let session = |session: overview::Session| SessionRow {
        class_id: session.class_id.0,
        role: session.role.as_str(),
        since: Moment(session.enter_time),
        seen: Moment(session.last_seen),
    };
    let notice = (fields.get("done") == "password").then(|| words.done_password.to_owned());
    let page = UserPage {
        frame: Frame::of_enterprise(&signed, &enterprise, &user.user_id).noting(notice),
        base: format!("{}/e/{}/users", signed.root, enterprise.sdkappid),
        classes: format!("{}/e/{}/classes", signed.root, enterprise.sdkappid),
        nickname: user.nickname,
        role: user.role.as_str(),
        phone: user.phone_no,
        mail: user.e_mail,
        has_password: user.password_hash.is_some(),
        registered: Moment(user.regist_time),
        updated: Moment(user.update_time),
        sessions: sessions.into_iter().map(session).collect(),
        may_change: signed.may_change(),
        user_id: user.user_id,
    };
    page::show(StatusCode::OK, &page)
}
