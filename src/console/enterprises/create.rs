//! Creating an enterprise. Its keys are shown once, in the answer.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::console::form::Form;
use crate::console::page;
use crate::console::page::{Frame, KeysPage, ProtocolBoxes};
use crate::console::problem::Problem;
use crate::console::visit::Signed;
use crate::db::Conn;
use crate::domain;
use crate::domain::tenancy::audit::{AuditAction, Change};
use crate::domain::tenancy::console::Action;
use crate::domain::tenancy::enterprise::{Draft, Protocols};
use crate::domain::tenancy::{audit, enterprise};

/// How many characters a name may have.
const NAME_CHARS: usize = 256;

#[derive(Template)]
#[template(path = "console/enterprise_new.html")]
struct NewPage {
    frame: Frame,
    protocols: ProtocolBoxes,
}

/// Shows the form.
pub(super) async fn form(signed: Signed) -> Result<HttpResponse, Problem> {
    signed.check(Action::Operate)?;
    let frame = Frame::of_service(&signed, signed.words().new_enterprise);
    page::show(StatusCode::OK, &NewPage { frame, protocols: ProtocolBoxes::of(Protocols::default()) })
}

/// Creates an enterprise.
pub(super) async fn create(signed: Signed, form: Form) -> Result<HttpResponse, Problem> {
    signed.check(Action::Operate)?;
    let fields = form.fields();
    let name = fields.get("name").to_owned();
    if name.is_empty() || name.chars().count() > NAME_CHARS || name.contains(char::is_control) {
        return Err(Problem::Invalid(format!("name: must have 1 to {NAME_CHARS} characters")));
    }
    let sdkappid = match fields.get("sdkappid") {
        "" => None,
        text => Some(text.parse().map_err(|_| Problem::Invalid("sdkappid: must be a number".into()))?),
    };
    let draft = Draft {
        name,
        sdkappid,
        call_back_url: Some(fields.get("call_back_url").to_owned()),
        protocols: ProtocolBoxes::read(fields),
        ..Draft::default()
    };
    let (actor, now) = (signed.actor(), signed.app.now());
    let write = move |conn: &mut Conn| {
        let made = enterprise::create(conn, draft, now)?;
        let change = Change::of(made.enterprise_id, AuditAction::EnterpriseCreate, &made.name);
        audit::record(conn, &actor, change, now)?;
        Ok::<_, domain::Error>(made)
    };
    let made = signed.app.db.write(write).await?;
    let words = signed.words();
    let page = KeysPage {
        frame: Frame::of_enterprise(&signed, &made, words.enterprise_created),
        text: words.keys_once,
        keys: vec![
            ("sdkappid", made.sdkappid.to_string()),
            ("enterprise_id", made.enterprise_id.to_string()),
            ("tic_key", made.tic_key.clone()),
            ("webhook_secret", made.webhook_secret.clone()),
        ],
        next: format!("/e/{}/settings", made.sdkappid),
    };
    page::show(StatusCode::OK, &page)
}
