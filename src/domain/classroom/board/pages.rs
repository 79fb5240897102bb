//! The pages of a board: which is shown, and which whiteboard pages there are.

use super::access::{lock, lock_as_moderator, require_page};
use super::name::PageName;
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::classroom::actor::Actor;
use crate::domain::classroom::log;
use crate::domain::classroom::log::{Audience, LogEvent};
use crate::domain::{Error, Field, Limit, Problem, Result};
use crate::store;
use crate::store::Json;
use crate::store::classroom::board::{Board, BoardState};
use crate::store::ids::{ClassId, EnterpriseId};

/// Maximum number of whiteboard pages of a class.
const MAX_WHITEBOARDS: usize = 100;

/// The state of a board.
pub(super) fn state_of(board: &Board) -> BoardState {
    let whiteboards = board.whiteboards.iter().map(|number| PageName::Whiteboard(*number).to_string()).collect();
    BoardState { shown_page: board.shown_page.clone(), shown_step: board.shown_step, whiteboards }
}

/// Shows a page of the board to all.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::ClassEnded`]; [`Error::Forbidden`] for those who don't moderate the class;
/// [`Error::Invalid`] when there is no such page.
pub fn show(conn: &mut Conn, actor: Actor<'_>, page: &str, step: i64, now: Millis) -> Result<()> {
    let mut board = lock_as_moderator(conn, actor)?;
    let page = require_page(conn, &board, page)?.to_string();
    if board.shown_page == page && board.shown_step == step {
        return Ok(());
    }
    (board.shown_page, board.shown_step) = (page, step);
    write(conn, &board, now)
}

/// Adds a whiteboard page after the others, and returns its name.
///
/// # Errors
/// As [`show`]; [`Error::LimitReached`].
pub fn add_page(conn: &mut Conn, actor: Actor<'_>, now: Millis) -> Result<String> {
    let mut board = lock_as_moderator(conn, actor)?;
    if board.whiteboards.len() >= MAX_WHITEBOARDS {
        return Err(Error::LimitReached { limit: Limit::Whiteboards, retry_after: None });
    }
    // A number is never used twice, so that nothing that was meant for a removed page is drawn on another one.
    board.last_whiteboard += 1;
    let numbers = board.whiteboards.iter().copied().chain([board.last_whiteboard]).collect();
    board.whiteboards = Json::new(numbers);
    write(conn, &board, now)?;
    Ok(PageName::Whiteboard(board.last_whiteboard).to_string())
}

/// Removes a whiteboard page with everything on it. If it is shown, the page before it is shown then, or the one after it.
///
/// # Errors
/// As [`show`]; [`Error::Invalid`] also for the page of a document, and for the only whiteboard page.
pub fn remove_page(conn: &mut Conn, actor: Actor<'_>, page: &str, now: Millis) -> Result<()> {
    let mut board = lock_as_moderator(conn, actor)?;
    let invalid = |problem| Error::invalid(Field::BoardPage, problem);
    let PageName::Whiteboard(number) = require_page(conn, &board, page)? else {
        return Err(invalid(Problem::NotWhiteboard(page.to_owned())));
    };
    let left: Vec<i64> = board.whiteboards.iter().copied().filter(|other| *other != number).collect();
    let before = left.iter().rev().find(|other| **other < number).or(left.first());
    let Some(beside) = before.copied() else { return Err(invalid(Problem::LastWhiteboard(page.to_owned()))) };
    if board.shown_page == page {
        (board.shown_page, board.shown_step) = (PageName::Whiteboard(beside).to_string(), 0);
    }
    board.whiteboards = Json::new(left);
    let removed = store::classroom::board::remove(conn, &board, page)?;
    board.items -= removed.items;
    board.bytes -= removed.bytes;
    write(conn, &board, now)
}

/// Shows the first whiteboard page, if a page of one of these documents is shown, because the class does not have them any
/// more. What was drawn on them stays, for when they are added again. Returns what to append to the log of the class.
pub(in crate::domain::classroom) fn documents_left(
    conn: &mut Conn,
    (enterprise_id, class_id): (EnterpriseId, ClassId),
    doc_ids: &[String],
) -> Result<Option<LogEvent>> {
    let shows = |board: &Board| match PageName::parse(&board.shown_page) {
        Some(PageName::Document { doc_id, .. }) => doc_ids.contains(&doc_id),
        _ => false,
    };
    let found = store::classroom::board::find(conn, enterprise_id, class_id)?;
    if !found.is_some_and(|board| shows(&board)) {
        return Ok(None);
    }
    let mut board = lock(conn, enterprise_id, class_id)?;
    let Some(first) = board.whiteboards.first().filter(|_| shows(&board)) else { return Ok(None) };
    (board.shown_page, board.shown_step) = (PageName::Whiteboard(*first).to_string(), 0);
    store::classroom::board::update(conn, &board)?;
    Ok(Some(LogEvent::Board { board: state_of(&board) }))
}

fn write(conn: &mut Conn, board: &Board, now: Millis) -> Result<()> {
    store::classroom::board::update(conn, board)?;
    let event = LogEvent::Board { board: state_of(board) };
    log::append(conn, (board.enterprise_id, board.class_id), &Audience::Everyone, &event, now)?;
    Ok(())
}
