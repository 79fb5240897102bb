//! Lists of rooms, which clients without a schedule ask for every few seconds.
//!
//! The rooms of a page and the numbers of people inside change at different times, so that each is kept for itself.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;
use std::sync::Arc;

use super::read_cache::{CacheKey, Kept, ReadCache};
use crate::db::Db;
use crate::domain::classroom::room;
use crate::domain::classroom::room::{Filter, Room};
use crate::domain::ids::{ClassId, EnterpriseId};
use crate::domain::tenancy::user::User;
use crate::domain::{CacheTag, Page, Paged, Result};

/// The longest texts of most rooms, in bytes.
const TEXTS: usize = 256;

/// How many bytes each of these takes at most: all pages, all numbers of people inside, and what is hidden from all viewers.
const BYTES: u64 = 16 << 20;

/// A cache of lists of rooms.
pub struct RoomLists {
    pages: ReadCache<Arc<Paged<Room>>>,
    inside: ReadCache<Arc<HashMap<ClassId, i64>>>,
    hidden: ReadCache<Arc<HashSet<ClassId>>>,
}

impl Default for RoomLists {
    fn default() -> Self {
        Self { pages: ReadCache::of(BYTES), inside: ReadCache::of(BYTES), hidden: ReadCache::of(BYTES) }
    }
}

impl Kept for Arc<Paged<Room>> {
    fn bytes(&self) -> usize {
        self.rows.len() * (size_of::<Room>() + TEXTS)
    }
}

impl<S: BuildHasher> Kept for Arc<HashMap<ClassId, i64, S>> {
    fn bytes(&self) -> usize {
        self.len() * size_of::<(ClassId, i64)>()
    }
}

impl<S: BuildHasher> Kept for Arc<HashSet<ClassId, S>> {
    fn bytes(&self) -> usize {
        self.len() * size_of::<ClassId>()
    }
}

impl RoomLists {
    /// A page of rooms.
    ///
    /// # Errors
    /// Those of [`room::list`], or the database's own error.
    pub async fn page(
        &self,
        db: &Db,
        enterprise_id: EnterpriseId,
        filter: Filter,
        page: Page,
    ) -> Result<Arc<Paged<Room>>> {
        let key = CacheKey { call: "rooms", enterprise_id, about: format!("{filter:?} {page:?}") };
        let effort = filter.effort(page);
        let tags = vec![CacheTag::Classes(enterprise_id)];
        let read = move |conn: &mut _| room::list(conn, enterprise_id, &filter, page).map(Arc::new);
        self.pages.get_or_load(db, key, tags, db.read_by(effort, read)).await
    }

    /// The number of people inside each of these rooms. Empty rooms are left out.
    ///
    /// # Errors
    /// The database's.
    pub async fn inside(
        &self,
        db: &Db,
        enterprise_id: EnterpriseId,
        rooms: &[Room],
    ) -> Result<Arc<HashMap<ClassId, i64>>> {
        let class_ids: Vec<ClassId> = rooms.iter().map(|room| room.class_id).collect();
        let key = CacheKey { call: "inside", enterprise_id, about: format!("{class_ids:?}") };
        let tags = class_ids.iter().map(|class_id| CacheTag::Inside(*class_id)).collect();
        let read = move |conn: &mut _| Ok(Arc::new(room::inside(conn, enterprise_id, &class_ids)?));
        self.inside.get_or_load(db, key, tags, db.read(read)).await
    }

    /// The rooms among these that are [hidden](room::hidden_from) from a viewer.
    ///
    /// # Errors
    /// The database's.
    pub async fn hidden_from(&self, db: &Db, viewer: &User, rooms: Arc<Paged<Room>>) -> Result<Arc<HashSet<ClassId>>> {
        let private: Vec<ClassId> = room::private(viewer, &rooms.rows).collect();
        if private.is_empty() {
            return Ok(Arc::default());
        }
        let (enterprise_id, about) = (viewer.enterprise_id, format!("{private:?} {}", viewer.user_id));
        let tags = private.iter().map(|class_id| CacheTag::Class(*class_id)).collect();
        let viewer = viewer.clone();
        let read = move |conn: &mut _| Ok(Arc::new(room::hidden_from(conn, &viewer, &rooms.rows)?));
        let key = CacheKey { call: "hidden", enterprise_id, about };
        self.hidden.get_or_load(db, key, tags, db.read(read)).await
    }
}
