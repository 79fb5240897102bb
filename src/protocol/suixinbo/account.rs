//! `svc=account`: registration, login and logout.

use serde::Serialize;
use utoipa::ToSchema;

use super::asked::CommandRequest;
use super::error::{ApiError, Code};
use super::fields::Fields;
use super::reply::{Answer, done, reply};
use crate::clock::seconds;
use crate::domain;
use crate::domain::classroom::{room, sign_in};
use crate::domain::school::registration;
use crate::domain::tenancy::enterprise::Enterprise;
use crate::domain::tenancy::quota::Counted;
use crate::domain::tenancy::user;
use crate::domain::tenancy::user::{Draft, Role};
use crate::domain::tenancy::{name, secret, token};
use crate::domain::{Field, Limit};
use crate::http::client;
use crate::integrations::tencent::usersig;
use crate::state::{AppState, LoginKey, Who};

/// The longest id, in characters.
const ID_CHARS: usize = 128;
/// The administrator of an application at the hosted chat service, unless another was chosen there. A login answers a ticket of
/// that service for the id, so nobody may open an account with this one.
const CHAT_ADMINISTRATOR: &str = "administrator";
/// The longest password, in bytes. Clients send it as base64.
const PASSWORD_BYTES: usize = 1024;

enum Command {
    Regist { id: String, password: String, role: Role },
    Login { id: String, password: String },
    Logout { token_hash: String },
}

/// Runs a command of the service.
pub async fn answer(cmd: &str, command: &CommandRequest<'_>) -> Answer {
    let parse = match cmd {
        "regist" => Command::regist,
        "login" => Command::login,
        "logout" => Command::logout,
        _ => return Err(ApiError::no_such_command()),
    };
    let fields = command.fields()?;
    let host = command.host(&fields).await?;
    parse(&fields)?.apply(command, &host).await
}

impl Command {
    fn regist(fields: &Fields) -> Result<Self, ApiError> {
        let (id, password) = (name::chosen(Field::User, &fields.filled("id", ID_CHARS)?)?, password(fields)?);
        let role = if fields.one_of("role", 0..=1)? == 1 { Role::Teacher } else { Role::Student };
        Ok(Self::Regist { id, password, role })
    }

    fn login(fields: &Fields) -> Result<Self, ApiError> {
        Ok(Self::Login { id: fields.filled("id", ID_CHARS)?, password: password(fields)? })
    }

    fn logout(fields: &Fields) -> Result<Self, ApiError> {
        Ok(Self::Logout { token_hash: secret::hash_token(fields.token()?) })
    }

    async fn apply(self, command: &CommandRequest<'_>, host: &Enterprise) -> Answer {
        match self {
            Self::Regist { id, password, role } => regist(command, host, id, password, role).await,
            Self::Login { id, password } => login(command, host, id, password).await,
            Self::Logout { token_hash } => logout(command.app, host, token_hash).await,
        }
    }
}

/// The password as it was sent. The base64 is not decoded.
fn password(fields: &Fields) -> Result<String, ApiError> {
    let password = fields.secret("pwd")?;
    if password.len() > PASSWORD_BYTES {
        return Err(ApiError::invalid("pwd", &format!("has more than {PASSWORD_BYTES} bytes")));
    }
    Ok(password.to_owned())
}

async fn regist(command: &CommandRequest<'_>, host: &Enterprise, id: String, password: String, role: Role) -> Answer {
    let app = command.app;
    let address = Some(client::counted_address(command.request));
    app.rates.take(Limit::Registrations, &Who { address, ..Who::enterprise(host.enterprise_id) })?;
    if id.eq_ignore_ascii_case(CHAT_ADMINISTRATOR) {
        return Err(domain::Error::UsersExist(vec![id]).into());
    }
    // Checked before the password is hashed, because hashing is expensive. The write below checks again.
    let (enterprise, wanted) = (host.clone(), id.clone());
    app.db.read(move |conn| registration::check(conn, &enterprise, &wanted, role)).await?;
    app.check_quota(host.enterprise_id, Counted::Users, 1).await?;
    let password_hash = app.passwords.hash(password).await?;
    let draft = Draft {
        user_id: id,
        role,
        nickname: None,
        gender: None,
        avatar: None,
        phone_no: None,
        e_mail: None,
        password_hash: Some(password_hash),
    };
    let (enterprise, now) = (host.clone(), app.now());
    app.db.write(move |conn| registration::open(conn, &enterprise, draft, now)).await?;
    done()
}

#[derive(Serialize, ToSchema)]
#[schema(as = SuixinboSignedIn)]
pub(super) struct SignedIn {
    #[serde(rename = "userSig")]
    user_sig: String,
    token: String,
    /// 1 for a teacher.
    role: i64,
}

async fn login(command: &CommandRequest<'_>, host: &Enterprise, id: String, password: String) -> Answer {
    let (app, enterprise_id) = (command.app, host.enterprise_id);
    let address = client::counted_address(command.request);
    let key = LoginKey { enterprise_id: Some(enterprise_id), user_id: id.clone(), address };
    let attempt = app.begin_sign_in(key)?;
    let found = app.db.read(move |conn| user::with_chosen_id(conn, enterprise_id, &id)).await?;
    // An account that doesn't exist gets the answer of a wrong password, after the same work.
    let stored = found.as_ref().and_then(|user| user.password_hash.clone());
    let is_right = app.passwords.is(stored, password).await?;
    attempt.settle(is_right);
    let user = found.filter(|_| is_right).ok_or_else(|| ApiError::new(Code::Password, "wrong id or password"))?;
    let (now, user_id, role) = (app.now(), user.user_id.clone(), i64::from(room::is_teacher(user.role)));
    let (token, ended) = app.db.write(move |conn| sign_in::grant_alone(conn, &user, now)).await?;
    app.presence.forget_all(&ended);
    let user_sig = usersig::sign(&host.private_key, host.sdkappid, &user_id, now, seconds(token::GOOD_FOR));
    reply(SignedIn { user_sig, token, role })
}

async fn logout(app: &AppState, host: &Enterprise, token_hash: String) -> Answer {
    let (enterprise_id, now, hash) = (host.enterprise_id, app.now(), token_hash.clone());
    match app.db.write(move |conn| token::end(conn, enterprise_id, &hash, now)).await {
        Err(domain::Error::DeadToken) => Err(ApiError::new(Code::SignedOut, "signed out already")),
        ended => {
            ended?;
            app.presence.forget_all(&[token_hash]);
            done()
        }
    }
}
