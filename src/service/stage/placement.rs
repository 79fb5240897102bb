//! Which instance has a class. The first who connects places it on the instance that has the least to do; an instance keeps
//! its classes by renewing their leases.

use tokio::sync::RwLock;

use crate::clock::{Clock, Millis};
use crate::db::{Conn, Db};
use crate::domain::Result;
use crate::domain::ids::{ClassId, EnterpriseId};
use crate::store::classroom::{media_place, media_request};

/// How long an instance has a class without a renewal, in milliseconds. It is renewed every second.
const LEASE: Millis = 3_000;
/// After how long what an instance left behind is removed, in milliseconds.
const LEFT_BEHIND: Millis = 60_000;

/// The places of this instance among others that share its database.
pub(super) struct Placement {
    db: Db,
    clock: Clock,
    /// The number of this instance.
    pub instance_id: i64,
    /// Whether the instance has given up its places. Read while leases are written, so that none comes after that.
    has_given_up: RwLock<bool>,
}

impl Placement {
    pub fn new(db: Db, clock: Clock) -> Self {
        Self { db, clock, instance_id: rand::random(), has_given_up: RwLock::new(false) }
    }

    /// Returns the instance that has a class; `None` if none has.
    pub async fn find(&self, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<Option<i64>> {
        let now = self.clock.now();
        self.db.read(move |conn| Ok(media_place::find(conn, enterprise_id, class_id, now)?)).await
    }

    /// Returns the instance that has a class, and places the class before if none has it; `None` if no instance can take it.
    pub async fn place(&self, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<Option<i64>> {
        if let Some(instance_id) = self.find(enterprise_id, class_id).await? {
            return Ok(Some(instance_id));
        }
        let (own, now) = (self.instance_id, self.clock.now());
        let until = now.saturating_add(LEASE);
        let place = move |conn: &mut Conn| {
            let best = media_place::least_loaded(conn, now)?;
            if best.is_none() {
                // The first renewal after the start is still to come.
                media_place::renew_instance(conn, own, 0, until)?;
            }
            media_place::place(conn, (enterprise_id, class_id), best.unwrap_or(own), now, until)?;
            Ok(media_place::find(conn, enterprise_id, class_id, now)?)
        };
        let has_given_up = self.has_given_up.read().await;
        if *has_given_up {
            return Ok(None);
        }
        self.db.write(place).await
    }

    /// Renews the leases of this instance. Returns the classes that it has lost.
    pub async fn renew(&self, load: u64, class_ids: Vec<ClassId>) -> Result<Vec<ClassId>> {
        let (own, now) = (self.instance_id, self.clock.now());
        let (load, until) = (i64::try_from(load).unwrap_or(i64::MAX), now.saturating_add(LEASE));
        let has_given_up = self.has_given_up.read().await;
        if *has_given_up {
            return Ok(Vec::new());
        }
        let renew = move |conn: &mut Conn| {
            media_place::renew_instance(conn, own, load, until)?;
            let kept = media_place::renew(conn, own, &class_ids, until)?;
            Ok(class_ids.into_iter().filter(|class_id| !kept.contains(class_id)).collect())
        };
        self.db.write(renew).await
    }

    /// Gives up all classes, because this instance stops. Others can have them at once.
    pub async fn give_up(&self) -> Result<()> {
        let own = self.instance_id;
        *self.has_given_up.write().await = true;
        self.db.write(move |conn| Ok(media_place::give_up(conn, own)?)).await
    }

    /// Removes what instances that died have left behind.
    pub async fn remove_old(&self) -> Result<()> {
        let before = self.clock.now().saturating_sub(LEFT_BEHIND);
        let remove = move |conn: &mut Conn| {
            media_place::remove_old(conn, before)?;
            Ok(media_request::remove_old(conn, before)?)
        };
        self.db.write(remove).await
    }
}
