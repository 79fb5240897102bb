//! A request: its fields, the enterprise that it names, and the account of its token.

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::web::Bytes;

use super::error::ApiError;
use super::fields::Fields;
use crate::domain::classroom::actor::Actor;
use crate::domain::classroom::room;
use crate::domain::classroom::session::Component;
use crate::domain::ids::ClassId;
use crate::domain::tenancy::enterprise::Enterprise;
use crate::domain::tenancy::user::User;
use crate::domain::tenancy::{secret, token};
use crate::http::body;
use crate::state::AppState;

/// A request with its unparsed body.
pub struct CommandRequest<'a> {
    pub app: &'a AppState,
    pub request: &'a HttpRequest,
    pub body: Result<Bytes, body::Error>,
}

/// The signed-in account.
pub struct Caller {
    pub enterprise: Arc<Enterprise>,
    pub user: User,
    /// The hash of the account's token.
    pub token_hash: String,
}

impl Caller {
    /// The user, acting in a class.
    pub fn in_class(&self, class_id: ClassId) -> Actor<'_> {
        let enterprise_id = self.enterprise.enterprise_id;
        Actor { enterprise_id, class_id, user_id: &self.user.user_id }
    }
}

impl CommandRequest<'_> {
    /// The fields of the body.
    pub fn fields(&self) -> Result<Fields, ApiError> {
        Fields::parse(self.body.as_ref().map_err(|error| ApiError::from(*error))?)
    }

    /// The enterprise of the `appid`. One that has not switched this protocol on is unknown here. The `timeStamp` is required and otherwise ignored.
    pub async fn host(&self, fields: &Fields) -> Result<Arc<Enterprise>, ApiError> {
        let (appid, now) = (fields.number("appid")?, self.app.now());
        let found = self.app.enterprises.find(&self.app.db, appid, now).await?;
        let enterprise = found
            .filter(|enterprise| enterprise.rooms_enabled)
            .ok_or_else(|| ApiError::invalid("appid", "no enterprise has it"))?;
        if !enterprise.is_valid_at(now) {
            return Err(ApiError::invalid("appid", "the validity of its enterprise is over"));
        }
        fields.number("timeStamp")?;
        Ok(enterprise)
    }

    /// The signed-in account and the fields of the body.
    pub async fn caller(&self) -> Result<(Caller, Fields), ApiError> {
        let fields = self.fields()?;
        let enterprise = self.host(&fields).await?;
        let token_hash = secret::hash_token(fields.token()?);
        let (enterprise_id, hash, now) = (enterprise.enterprise_id, token_hash.clone(), self.app.now());
        let user = self.app.db.read(move |conn| token::owner(conn, enterprise_id, None, &hash, now)).await?;
        Ok((Caller { enterprise, user, token_hash }, fields))
    }
}

impl Caller {
    /// The client, as the holder of sessions.
    pub fn component(&self) -> Component {
        Component { user_id: self.user.user_id.clone(), token_hash: self.token_hash.clone(), lease: room::LEASE }
    }
}
