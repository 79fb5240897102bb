//! Reads of single classes.
//!
//! On PostgreSQL a transaction costs four round trips, whatever it reads. Requests for classes that wait at the same time
//! therefore share one: while two reads are under way, those that come gather, and the next read serves them all. A request
//! that comes alone waits for nothing.

use std::collections::HashMap;
use std::mem::take;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

use crate::db;
use crate::db::Db;
use crate::domain::classroom::class;
use crate::domain::classroom::class::{Class, Member};
use crate::domain::ids::{ClassId, EnterpriseId};
use crate::domain::{Error, Result};

/// How many reads are under way at most.
const READERS: usize = 2;

type Found = (Class, Vec<Member>);

/// Reads of single classes.
#[derive(Clone, Default)]
pub struct ClassReads {
    gathered: Arc<Mutex<Gathered>>,
}

#[derive(Default)]
struct Gathered {
    waiting: HashMap<(EnterpriseId, ClassId), Vec<oneshot::Sender<Result<Found>>>>,
    readers: usize,
}

impl ClassReads {
    /// A class with its members.
    ///
    /// # Errors
    /// [`Error::UnknownClass`], or the database's own error.
    pub async fn class(&self, db: &Db, enterprise_id: EnterpriseId, class_id: ClassId) -> Result<Found> {
        if db.is_embedded() {
            return db.read(move |conn| class::info(conn, enterprise_id, class_id)).await;
        }
        let (sender, receiver) = oneshot::channel();
        let is_reader_needed = {
            let mut gathered = self.gathered.lock().unwrap_or_else(PoisonError::into_inner);
            gathered.waiting.entry((enterprise_id, class_id)).or_default().push(sender);
            let needed = gathered.readers < READERS;
            gathered.readers += usize::from(needed);
            needed
        };
        if is_reader_needed {
            // A task of its own also serves the others when the caller goes away.
            tokio::spawn(self.clone().read_all(db.clone()));
        }
        receiver.await.unwrap_or_else(|_| Err(db::Error::Unavailable("the read broke off".into()).into()))
    }

    /// Reads until nobody waits.
    async fn read_all(self, db: Db) {
        loop {
            let wanted = {
                let mut gathered = self.gathered.lock().unwrap_or_else(PoisonError::into_inner);
                if gathered.waiting.is_empty() {
                    gathered.readers -= 1;
                    return;
                }
                take(&mut gathered.waiting)
            };
            let keys: Vec<(EnterpriseId, ClassId)> = wanted.keys().copied().collect();
            let read = db.read(move |conn| {
                let mut found = HashMap::new();
                for (enterprise_id, class_ids) in by_enterprise(&keys) {
                    let theirs = class::info_of_each(conn, enterprise_id, &class_ids)?;
                    found.extend(theirs.into_iter().map(|(class_id, class)| ((enterprise_id, class_id), class)));
                }
                Ok::<_, Error>(found)
            });
            let found = read.await;
            for (key, callers) in wanted {
                for caller in callers {
                    let answer = match &found {
                        Ok(found) => found.get(&key).cloned().ok_or(Error::UnknownClass(key.1)),
                        Err(error) => Err(db::Error::Unavailable(error.to_string()).into()),
                    };
                    // It fails when the caller has gone away.
                    let _ = caller.send(answer);
                }
            }
        }
    }
}

fn by_enterprise(keys: &[(EnterpriseId, ClassId)]) -> HashMap<EnterpriseId, Vec<ClassId>> {
    let mut grouped: HashMap<_, Vec<ClassId>> = HashMap::new();
    for (enterprise_id, class_id) in keys {
        grouped.entry(*enterprise_id).or_default().push(*class_id);
    }
    grouped
}
