//! The token of a connection, which is checked again for each message.

use std::sync::Arc;

use super::auth::{Participant, of_token, valid_enterprise};
use crate::clock::Millis;
use crate::domain::CacheTag;
use crate::domain::tenancy::enterprise::Enterprise;
use crate::domain::tenancy::secret;
use crate::protocol::iclass::error::ApiError;
use crate::state::{AppState, Freshness};

/// How far the clock may be from the last check, in milliseconds.
const RECENT: u64 = 900;

/// A token that came over the channel, and its user. What this process changes is seen at the next check, what another one
/// changes less than a second later.
pub(super) struct HeldToken {
    me: Participant,
    freshness: Freshness,
    checked_at: Millis,
}

impl HeldToken {
    /// Finds the user of a token.
    pub async fn sign_in(app: &AppState, sdkappid: &str, user_id: &str, token: &str) -> Result<Self, ApiError> {
        let enterprise = valid_enterprise(app, Some(sdkappid)).await?;
        Self::read(app, enterprise, user_id, secret::hash_token(token)).await
    }

    async fn read(
        app: &AppState,
        enterprise: Arc<Enterprise>,
        user_id: &str,
        token_hash: String,
    ) -> Result<Self, ApiError> {
        let enterprise_id = enterprise.enterprise_id;
        let tags = vec![CacheTag::User(enterprise_id, user_id.to_owned()), CacheTag::Tokens(enterprise_id)];
        let (freshness, checked_at) = (Freshness::begin(&app.db, tags), app.now());
        let me = of_token(app, enterprise, Some(user_id), token_hash).await?;
        Ok(Self { me, freshness, checked_at })
    }

    /// The user, as of the last check.
    pub fn me(&self) -> &Participant {
        &self.me
    }

    /// Finds the user again. The token may have ended meanwhile.
    pub async fn check(&mut self, app: &AppState) -> Result<&Participant, ApiError> {
        let enterprise = valid_enterprise(app, Some(&self.me.enterprise.sdkappid.to_string())).await?;
        if self.freshness.holds(&app.db) && app.now().abs_diff(self.checked_at) < RECENT {
            self.me.enterprise = enterprise;
        } else {
            let (user_id, token_hash) = (self.me.user.user_id.clone(), self.me.token_hash.clone());
            *self = Self::read(app, enterprise, &user_id, token_hash).await?;
        }
        Ok(&self.me)
    }
}
