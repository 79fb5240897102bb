//! Who asks for what: the enterprise that the body names, and the account that its token signs in.

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::web::Bytes;

use super::error::Refusal;
use super::fields::Fields;
use crate::app::App;
use crate::domain::enterprise::Enterprise;
use crate::domain::session::Component;
use crate::domain::user::User;
use crate::domain::{room, secret, token};
use crate::http::body;

/// A request as it came.
pub struct Asked<'a> {
    pub app: &'a App,
    pub request: &'a HttpRequest,
    pub body: Result<Bytes, body::Error>,
}

/// Somebody who is signed in.
pub struct Caller {
    pub enterprise: Arc<Enterprise>,
    pub user: User,
    /// Of the token that signs them in.
    pub token_hash: String,
}

impl Asked<'_> {
    /// What is asked.
    pub fn fields(&self) -> Result<Fields, Refusal> {
        Fields::parse(self.body.as_ref().map_err(|error| Refusal::from(*error))?)
    }

    /// The enterprise of the `appid`. The `timeStamp` has to be there and means nothing.
    pub async fn host(&self, fields: &Fields) -> Result<Arc<Enterprise>, Refusal> {
        let (appid, now) = (fields.number("appid")?, self.app.now());
        let found = self.app.enterprises.find(&self.app.db, appid, now).await?;
        let enterprise = found.ok_or_else(|| Refusal::invalid("appid", "no enterprise has it"))?;
        if !enterprise.is_valid_at(now) {
            return Err(Refusal::invalid("appid", "the validity of its enterprise is over"));
        }
        fields.number("timeStamp")?;
        Ok(enterprise)
    }

    /// Who is signed in, and what they ask.
    pub async fn caller(&self) -> Result<(Caller, Fields), Refusal> {
        let fields = self.fields()?;
        let enterprise = self.host(&fields).await?;
        let token_hash = secret::hash_token(fields.secret("token")?);
        let (enterprise_id, shown, now) = (enterprise.enterprise_id, token_hash.clone(), self.app.now());
        let user = self.app.db.read(move |conn| token::owner(conn, enterprise_id, None, &shown, now)).await?;
        Ok((Caller { enterprise, user, token_hash }, fields))
    }
}

impl Caller {
    /// What keeps a stay of theirs open.
    pub fn component(&self) -> Component {
        Component { user_id: self.user.user_id.clone(), token_hash: self.token_hash.clone(), lease: room::LEASE }
    }
}
