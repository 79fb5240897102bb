//! The page of the settings.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::clock::millis;
use crate::console::form::Fields;
use crate::console::page;
use crate::console::page::{Frame, ProtocolBoxes};
use crate::console::problem::Problem;
use crate::console::time::Moment;
use crate::console::visit::Signed;
use crate::console::words::fill;
use crate::domain;
use crate::domain::events::event::Extra;
use crate::domain::tenancy::console::Action;
use crate::domain::tenancy::enterprise::Enterprise;
use crate::domain::tenancy::{callback_key, console};

#[expect(clippy::struct_excessive_bools, reason = "a page: each shows something of its own")]
#[derive(Template)]
#[template(path = "console/settings.html")]
struct SettingsPage {
    frame: Frame,
    enterprise: Enterprise,
    /// The path of the page.
    base: String,
    delete_text: String,
    joined: bool,
    left: bool,
    protocols: ProtocolBoxes,
    has_callback_key: bool,
    created: Moment,
    valid_until: Moment,
    old_key_until: Option<Moment>,
    old_secret_until: Option<Moment>,
    may_change: bool,
    may_operate: bool,
}

/// Shows the settings.
pub(super) async fn show(signed: Signed, sdkappid: Path<i64>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    signed.check(Action::Read)?;
    let enterprise = signed.enterprise(*sdkappid).await?;
    let (enterprise_id, now, words) = (enterprise.enterprise_id, signed.app.now(), signed.words());
    let read = move |conn: &mut _| Ok::<_, domain::Error>(callback_key::find(conn, enterprise_id)?);
    let callback_key = signed.app.db.read(read).await?;
    let fields = Fields::parse(request.query_string().as_bytes());
    let notice = (fields.get("done") == "saved").then(|| words.done_saved.to_owned());
    let until = |time: Option<i64>| time.filter(|until| *until > now).map(Moment);
    let page = SettingsPage {
        frame: Frame::of_enterprise(&signed, &enterprise, words.settings).noting(notice),
        base: format!("{}/e/{}/settings", signed.root, enterprise.sdkappid),
        delete_text: fill(words.delete_text, &[&super::delete::to_type(&enterprise)]),
        joined: enterprise.callback_events.contains(&Extra::JoinClass),
        left: enterprise.callback_events.contains(&Extra::QuitClass),
        protocols: ProtocolBoxes::of(enterprise.protocols()),
        has_callback_key: callback_key.is_some(),
        created: Moment(enterprise.create_time),
        valid_until: Moment(enterprise.create_time.saturating_add(millis(enterprise.valid_seconds))),
        old_key_until: until(enterprise.old_tic_key_until),
        old_secret_until: until(enterprise.old_webhook_secret_until),
        may_change: signed.may_change(),
        may_operate: console::may(signed.session.role, Action::Operate),
        enterprise,
    };
    page::show(StatusCode::OK, &page)
}
