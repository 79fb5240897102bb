//! Visitors: people without an account, for whom one is made when they ask to enter a public class. It ends a day after
//! that class.

use std::collections::BTreeSet;
use std::net::IpAddr;

use super::class::rules;
use super::log;
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::tenancy::user::{Role, Ticket, User};
use crate::domain::tenancy::{name, token, user};
use crate::domain::{Error, Field, Forbidden, Problem, Result};
use crate::store;
use crate::store::classroom::class::Class;
use crate::store::classroom::visitor::Visitor;
use crate::store::ids::{ClassId, EnterpriseId};

/// How long an account lasts after its class ended or was deleted, in milliseconds: a day.
const KEPT: Millis = 86_400_000;

/// Who asks for the account, when no back end vouches for them.
#[derive(Clone, Debug, Default)]
pub struct Stranger {
    /// The address of the client, if it is known.
    pub address: Option<IpAddr>,
    /// The token that the client had from an earlier account, and the user it was shown with.
    pub earlier: Option<(Option<String>, String)>,
}

/// Checks that visitors may enter a class. A stranger does not learn whether a class that is not public exists.
pub(super) fn check_public(class: &Class, stranger: Option<&Stranger>) -> Result<()> {
    rules::check_public(class)
        .map_err(|error| if stranger.is_some() { Error::UnknownClass(class.class_id) } else { error })
}

/// Makes an account for a visitor of a locked class. A stranger may not have been put out of the class before, and may
/// not call themselves as the teacher or an assistant.
pub(super) fn create(
    conn: &mut Conn,
    class: &Class,
    nickname: Option<String>,
    stranger: Option<&Stranger>,
    now: Millis,
) -> Result<Ticket> {
    let (enterprise_id, class_id) = (class.enterprise_id, class.class_id);
    let mut nickname = nickname.filter(|nickname| !nickname.is_empty());
    let mut network = String::new();
    if let Some(stranger) = stranger {
        network = stranger.address.map(network_of).unwrap_or_default();
        check_not_put_out(conn, class, stranger, &network, now)?;
        nickname = nickname.map(|given| name::chosen(Field::Nickname, &given)).transpose()?;
        if let Some(nickname) = &nickname {
            check_name(conn, class, nickname)?;
        }
    }
    let ticket = user::create_visitor(conn, enterprise_id, nickname, now)?;
    let user_id = ticket.user_id.clone();
    let new = Visitor { enterprise_id, user_id, class_id, network, create_time: now, expire_time: None };
    store::classroom::visitor::insert(conn, &new)?;
    Ok(ticket)
}

fn check_not_put_out(conn: &mut Conn, class: &Class, stranger: &Stranger, network: &str, now: Millis) -> Result<()> {
    let (enterprise_id, class_id) = (class.enterprise_id, class.class_id);
    let put_out = || Error::Forbidden(Forbidden::PutOutBefore { class_id });
    if !network.is_empty() && store::classroom::visitor::is_banned_from(conn, enterprise_id, class_id, network)? {
        return Err(put_out());
    }
    let Some((user_id, token_hash)) = &stranger.earlier else { return Ok(()) };
    match token::holder(conn, enterprise_id, user_id.as_deref(), token_hash, now) {
        Ok(holder) if store::classroom::ban::exists(conn, enterprise_id, class_id, &holder.user.user_id)? => {
            Err(put_out())
        }
        // Pages send whatever token they have.
        Ok(_) | Err(Error::DeadToken) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Checks a visitor who enters a locked class with the account that they have. It may have been made for another class,
/// whose teacher has another name, or in advance by somebody who was put out since.
pub(super) fn check_account(conn: &mut Conn, class: &Class, user: &User) -> Result<()> {
    let (enterprise_id, class_id) = (class.enterprise_id, class.class_id);
    if user.role != Role::Visitor {
        return Ok(());
    }
    let Some(account) = store::classroom::visitor::find(conn, enterprise_id, &user.user_id)? else { return Ok(()) };
    if account.class_id != class_id {
        check_name(conn, class, &user.nickname)?;
    }
    if !account.network.is_empty()
        && store::classroom::visitor::is_banned_from(conn, enterprise_id, class_id, &account.network)?
        && store::classroom::session::last(conn, enterprise_id, class_id, &user.user_id)?.is_none()
    {
        return Err(Error::Forbidden(Forbidden::PutOutBefore { class_id }));
    }
    Ok(())
}

/// Checks that a name doesn't look like that of the teacher or an assistant of a class.
fn check_name(conn: &mut Conn, class: &Class, nickname: &str) -> Result<()> {
    let enterprise_id = class.enterprise_id;
    let hosts = store::classroom::member::hosts(conn, enterprise_id, class.class_id)?;
    let registered = store::tenancy::user::find_all(conn, enterprise_id, &hosts)?;
    let shown = |user_id: &String| {
        let user = registered.iter().find(|user| user.user_id == *user_id);
        user.map(|user| user.nickname.as_str()).filter(|name| !name.is_empty()).unwrap_or(user_id).to_owned()
    };
    if hosts.iter().any(|user_id| name::look_alike(nickname, &shown(user_id))) {
        return Err(Error::invalid(Field::Nickname, Problem::LooksLikeHost));
    }
    Ok(())
}

/// The network that counts as one visitor: the address, or the 64 bits of IPv6 that a household gets.
fn network_of(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// Sets the time at which the accounts of classes end that end or are deleted now.
pub(super) fn expire(conn: &mut Conn, enterprise_id: EnterpriseId, class_ids: &[ClassId], now: Millis) -> Result<()> {
    Ok(store::classroom::visitor::expire(conn, enterprise_id, class_ids, now.saturating_add(KEPT))?)
}

/// The accounts of any enterprise that have ended, the earliest first.
///
/// # Errors
/// Only those of the database.
pub fn due(conn: &mut Conn, now: Millis, at_most: i64) -> Result<Vec<(EnterpriseId, String)>> {
    Ok(store::classroom::visitor::due(conn, now, at_most)?)
}

/// Ends accounts with their tokens. A visitor who is inside another class by then gets out of it without heartbeats.
/// Attendance keeps their ids.
///
/// # Errors
/// Only those of the database.
pub fn end(conn: &mut Conn, due: &[(EnterpriseId, String)], now: Millis) -> Result<()> {
    let mut inside: BTreeSet<(ClassId, EnterpriseId, &str)> = BTreeSet::new();
    for (enterprise_id, user_id) in due {
        let class_ids = store::classroom::session::classes_of_user(conn, *enterprise_id, user_id)?;
        inside.extend(class_ids.into_iter().map(|class_id| (class_id, *enterprise_id, user_id.as_str())));
    }
    // Classes are always locked in id order.
    for (class_id, enterprise_id, _) in &inside {
        store::classroom::class::lock(conn, *enterprise_id, *class_id)?;
    }
    for (enterprise_id, user_id) in due {
        store::classroom::visitor::remove(conn, *enterprise_id, user_id)?;
    }
    // They have no name any more.
    inside.into_iter().try_for_each(|(class_id, enterprise_id, user_id)| {
        log::members(conn, (enterprise_id, class_id), [user_id], now)
    })
}
