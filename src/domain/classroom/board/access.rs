//! Finding and locking the board, and who may change it.

use super::name::PageName;
use crate::db::Conn;
use crate::domain::classroom::actor::Actor;
use crate::domain::classroom::{class, member};
use crate::domain::{Error, Field, Forbidden, Problem, Result};
use crate::store;
use crate::store::Json;
use crate::store::classroom::board::Board;
use crate::store::classroom::class::Class;
use crate::store::content::document::binding;
use crate::store::ids::{ClassId, EnterpriseId};

/// The whiteboard page that every class begins with.
const FIRST: i64 = 1;

/// Returns the class of an actor. It can't be deleted before the end of the transaction, but it is not locked, so that drawing
/// waits for nothing but drawing.
pub(super) fn hold_class(conn: &mut Conn, actor: Actor<'_>) -> Result<Class> {
    let Actor { enterprise_id, class_id, .. } = actor;
    store::classroom::class::hold(conn, enterprise_id, class_id)?.ok_or(Error::UnknownClass(class_id))
}

/// Whether a user moderates the class. Others must be allowed to draw, and be inside.
pub(super) fn check_draws(conn: &mut Conn, class: &Class, user_id: &str) -> Result<bool> {
    if member::can_moderate(conn, class, user_id)? {
        return Ok(true);
    }
    let Class { enterprise_id, class_id, .. } = *class;
    let session = store::classroom::session::open_of(conn, enterprise_id, class_id, user_id)?;
    if session.is_some_and(|session| session.may_draw()) {
        return Ok(false);
    }
    let why = Error::Forbidden(Forbidden::MayNotDraw { user_id: user_id.to_owned(), class_id });
    Err(member::refusal(conn, class, user_id, why)?)
}

/// Returns the class of an actor who moderates it, which must not be over, and its locked board.
pub(super) fn lock_as_moderator(conn: &mut Conn, actor: Actor<'_>) -> Result<Board> {
    let class = hold_class(conn, actor)?;
    member::check_moderator(conn, &class, actor.user_id)?;
    class::check_not_over(&class)?;
    lock(conn, actor.enterprise_id, actor.class_id)
}

/// Returns the board of a class and locks it.
pub(super) fn lock(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<Board> {
    if let Some(board) = store::classroom::board::lock(conn, enterprise_id, class_id)? {
        return Ok(board);
    }
    let new = first(enterprise_id, class_id);
    store::classroom::board::insert_board(conn, &new)?;
    // Another transaction may have inserted and changed it meanwhile.
    Ok(store::classroom::board::lock(conn, enterprise_id, class_id)?.unwrap_or(new))
}

/// The board that every class begins with.
pub(super) fn first(enterprise_id: EnterpriseId, class_id: ClassId) -> Board {
    Board {
        class_id,
        enterprise_id,
        shown_page: PageName::Whiteboard(FIRST).to_string(),
        shown_step: 0,
        whiteboards: Json::new(vec![FIRST]),
        last_whiteboard: FIRST,
        items: 0,
        bytes: 0,
    }
}

/// Returns a page of the board by its name.
///
/// # Errors
/// [`Error::Invalid`] when the class has no such page.
pub(super) fn require_page(conn: &mut Conn, board: &Board, page: &str) -> Result<PageName> {
    let name = PageName::parse(page);
    let is_there = match &name {
        Some(PageName::Whiteboard(number)) => board.whiteboards.contains(number),
        Some(PageName::Document { doc_id, number }) => {
            let pages = binding::pages_of(conn, board.enterprise_id, board.class_id, doc_id)?;
            pages.is_some_and(|pages| (1..=pages).contains(number))
        }
        None => false,
    };
    name.filter(|_| is_there).ok_or_else(|| {
        let page = page.chars().take(100).collect();
        Error::invalid(Field::BoardPage, Problem::NoBoardPage(page))
    })
}
