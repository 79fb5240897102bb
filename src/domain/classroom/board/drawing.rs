//! Drawing on a page: adding, removing and restoring items.

use std::collections::{HashMap, HashSet};

use super::access::{check_draws, hold_class, lock, require_page};
use super::item;
use crate::clock::Millis;
use crate::db::Conn;
use crate::domain::classroom::actor::Actor;
use crate::domain::classroom::log::{Audience, LogEvent};
use crate::domain::classroom::{class, log};
use crate::domain::{Error, Forbidden, Limit, OperationProblem, Result};
use crate::store;
use crate::store::Json;
use crate::store::classroom::board::{Board, Filled, Item, NewItem, Operation, Place};

/// Maximum number of items on one page, removed ones included.
const MAX_ON_PAGE: i64 = 20_000;
/// Maximum number of items of one class, removed ones included.
const MAX_OF_CLASS: i64 = 200_000;
/// Maximum size of the items of one class, in bytes.
const MAX_BYTES: i64 = 64 * 1024 * 1024;
/// How many quarters of these limits those who don't moderate may use, so that they can't keep a moderator from drawing.
const QUARTERS_FOR_ALL: i64 = 3;

/// Applies operations to a page, all or none. An item that is there already adds nothing, so a client may send again what it
/// does not know the answer to. Ids of items that are not there are ignored. Returns the number of the entry in the log of the
/// class; `None` if nothing changed, or if nobody follows the class.
///
/// # Errors
/// [`Error::UnknownClass`], [`Error::ClassEnded`]; [`Error::Forbidden`] for those who may not draw, and for those who don't
/// moderate when they clear the page, or remove or restore what others drew; [`Error::Invalid`]; [`Error::LimitReached`].
pub fn draw(
    conn: &mut Conn,
    actor: Actor<'_>,
    page: String,
    operations: Vec<Operation>,
    now: Millis,
) -> Result<Option<i64>> {
    let class = hold_class(conn, actor)?;
    let moderates = check_draws(conn, &class, actor.user_id)?;
    class::check_not_over(&class)?;
    item::check(&operations)?;
    let board = lock(conn, actor.enterprise_id, actor.class_id)?;
    require_page(conn, &board, &page)?;
    let ids = ids(&operations);
    let there = store::classroom::board::places(conn, &board, &page, &ids)?;
    let mut change = Change::of(actor, moderates, (board, &page), there);
    for (index, operation) in operations.into_iter().enumerate() {
        change.apply(conn, index, operation)?;
    }
    if change.effects.is_empty() {
        return Ok(None);
    }
    let operations = change.write(conn)?;
    let event = LogEvent::Drawn { page, user_id: actor.user_id.to_owned(), operations };
    log::append(conn, (actor.enterprise_id, actor.class_id), &Audience::Everyone, &event, now)
}

/// The ids of all items that operations name.
fn ids(operations: &[Operation]) -> Vec<String> {
    let mut ids: HashSet<&str> = HashSet::new();
    for operation in operations {
        match operation {
            Operation::Add(item) => ids.extend([item.id.as_str()]),
            Operation::Remove(some) | Operation::Restore(some) => ids.extend(some.iter().map(String::as_str)),
            Operation::Clear => {}
        }
    }
    ids.into_iter().map(str::to_owned).collect()
}

/// An item that operations name.
struct Known {
    stored: Stored,
    user_id: String,
    was_removed: bool,
    is_removed: bool,
}

/// Whether an item is new.
enum Stored {
    /// It is at this position of the page.
    At(i64),
    /// It is added.
    Not(Item),
}

/// What operations change on a page.
struct Change<'a> {
    actor: Actor<'a>,
    moderates: bool,
    board: Board,
    page: &'a str,
    known: HashMap<String, Known>,
    /// The ids of new items, in their order.
    added: Vec<String>,
    is_cleared: bool,
    /// The operations without what changes nothing.
    effects: Vec<Operation>,
}

impl<'a> Change<'a> {
    fn of(actor: Actor<'a>, moderates: bool, (board, page): (Board, &'a str), there: Vec<Place>) -> Self {
        let known = |place: Place| {
            let Place { item_id, position, user_id, removed } = place;
            let stored = Stored::At(position);
            (item_id, Known { stored, user_id, was_removed: removed, is_removed: removed })
        };
        let known = there.into_iter().map(known).collect();
        Self { actor, moderates, board, page, known, added: Vec::new(), is_cleared: false, effects: Vec::new() }
    }

    fn apply(&mut self, conn: &mut Conn, index: usize, operation: Operation) -> Result<()> {
        match operation {
            Operation::Add(item) => self.add(conn, index, item),
            Operation::Remove(ids) => {
                let ids = self.set_removed(ids, true)?;
                self.effects.extend(ids.map(Operation::Remove));
                Ok(())
            }
            Operation::Restore(ids) => {
                let ids = self.set_removed(ids, false)?;
                self.effects.extend(ids.map(Operation::Restore));
                Ok(())
            }
            Operation::Clear => self.clear(),
        }
    }

    fn add(&mut self, conn: &mut Conn, index: usize, item: Item) -> Result<()> {
        if let Some(known) = self.known.get(&item.id) {
            let is_same = known.user_id == self.actor.user_id
                && match &known.stored {
                    Stored::At(position) => {
                        store::classroom::board::at(conn, &self.board, self.page, *position)? == item
                    }
                    Stored::Not(added) => *added == item,
                };
            return if is_same { Ok(()) } else { Err(item::in_operation(index, OperationProblem::IdInUse(item.id))) };
        }
        let stored = Stored::Not(item.clone());
        let known = Known { stored, user_id: self.actor.user_id.to_owned(), was_removed: false, is_removed: false };
        self.known.insert(item.id.clone(), known);
        self.added.push(item.id.clone());
        self.effects.push(Operation::Add(item));
        Ok(())
    }

    /// Removes items or lets them come back. Returns the ids of those that this changes; `None` if there are none.
    fn set_removed(&mut self, ids: Vec<String>, removed: bool) -> Result<Option<Vec<String>>> {
        let (mut changed, mut others) = (Vec::new(), Vec::new());
        for id in ids {
            let Some(known) = self.known.get_mut(&id) else { continue };
            if !self.moderates && known.user_id != self.actor.user_id {
                others.push(id);
            } else if known.is_removed != removed {
                known.is_removed = removed;
                changed.push(id);
            }
        }
        if others.is_empty() {
            return Ok(Some(changed).filter(|changed| !changed.is_empty()));
        }
        Err(Error::Forbidden(Forbidden::OthersItems { item_ids: others }))
    }

    fn clear(&mut self) -> Result<()> {
        if !self.moderates {
            let (user_id, class_id) = (self.actor.user_id.to_owned(), self.actor.class_id);
            return Err(Error::Forbidden(Forbidden::NotModerator { user_id, class_id }));
        }
        self.is_cleared = true;
        self.known.values_mut().for_each(|known| known.is_removed = true);
        self.effects.push(Operation::Clear);
        Ok(())
    }

    /// Writes the change, and returns the operations for the log.
    fn write(mut self, conn: &mut Conn) -> Result<Vec<Operation>> {
        if self.is_cleared {
            store::classroom::board::clear(conn, &self.board, self.page)?;
        }
        for removed in [true, false] {
            let positions: Vec<i64> = self
                .known
                .values()
                .filter(|known| known.is_removed == removed && (known.was_removed || self.is_cleared) != removed)
                .filter_map(|known| if let Stored::At(position) = known.stored { Some(position) } else { None })
                .collect();
            store::classroom::board::set_removed(conn, &self.board, self.page, &positions, removed)?;
        }
        let mut rows = Vec::with_capacity(self.added.len());
        for item_id in self.added {
            let Some(Known { stored: Stored::Not(item), user_id, is_removed, .. }) = self.known.remove(&item_id) else {
                continue;
            };
            rows.push(NewItem {
                class_id: self.board.class_id,
                page: self.page.to_owned(),
                position: 0,
                enterprise_id: self.board.enterprise_id,
                item_id,
                user_id,
                removed: is_removed,
                data: Json::new(item),
            });
        }
        if !rows.is_empty() {
            let quarters = if self.moderates { 4 } else { QUARTERS_FOR_ALL };
            insert(conn, (self.board, self.page), rows, quarters)?;
        }
        Ok(self.effects)
    }
}

/// Inserts new items at the next positions of a page, as long as no more than these quarters of the limits are used.
fn insert(conn: &mut Conn, (mut board, page): (Board, &str), mut rows: Vec<NewItem>, quarters: i64) -> Result<()> {
    let bytes = rows.iter().map(|row| count(row.data.text().len())).sum();
    let more = Filled { items: count(rows.len()), bytes };
    let on_page = store::classroom::board::fill(conn, &board, page, more)?;
    board.items += more.items;
    board.bytes += more.bytes;
    check_limits(&board, on_page, quarters)?;
    for (row, position) in rows.iter_mut().zip(on_page.items - more.items + 1..) {
        row.position = position;
    }
    store::classroom::board::insert(conn, &rows)?;
    Ok(store::classroom::board::update(conn, &board)?)
}

fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

fn check_limits(board: &Board, on_page: Filled, quarters: i64) -> Result<()> {
    let is_above = |used: i64, limit: i64| used > limit / 4 * quarters;
    let limit = if is_above(on_page.items, MAX_ON_PAGE) {
        Limit::BoardPageItems
    } else if is_above(board.items, MAX_OF_CLASS) {
        Limit::BoardItems
    } else if is_above(board.bytes, MAX_BYTES) {
        Limit::BoardBytes
    } else {
        return Ok(());
    };
    Err(Error::LimitReached { limit, retry_after: None })
}
