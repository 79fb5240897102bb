//! The same steps on the service with a real database.

use diesel::prelude::*;
use lectern::db::{Conn, Db};
use lectern::domain;
use lectern::domain::classroom::class;
use lectern::domain::classroom::session;
use lectern::domain::classroom::session::{Component, JoinRequest, Kick};
use lectern::domain::events::endpoint::modify_enterprise;
use lectern::domain::events::event::Extra;
use lectern::domain::tenancy::enterprise;
use lectern::domain::tenancy::enterprise::{Draft, Enterprise, Patch};
use lectern::domain::tenancy::secret;
use lectern::domain::tenancy::user;
use lectern::domain::tenancy::user::Role;
use lectern::presence::{Presence, Settings};
use lectern::store::ids::ClassId;

use super::{CLASSES, Device, INTERVAL, LEASE, Step, USERS};

/// The school of the steps, on a database that one process after the other uses.
pub struct School {
    pub db: Db,
    pub enterprise: Enterprise,
    pub class_ids: [ClassId; CLASSES],
    pub presence: Presence,
    pub now: i64,
}

pub fn name(user: usize) -> String {
    format!("u{user}")
}

/// The token of a device. The first device has the token from the registration.
fn token_hash(enterprise: &Enterprise, (user, device): Device) -> String {
    secret::hash_token(&format!("{} {user} {device}", enterprise.enterprise_id))
}

fn presence(now: i64) -> Presence {
    let settings = Settings {
        heartbeat: std::time::Duration::from_millis(INTERVAL.unsigned_abs()),
        overrun: std::time::Duration::from_hours(1),
    };
    Presence::new(settings, now)
}

impl School {
    pub async fn found(db: &Db, now: i64) -> Self {
        let found = move |conn: &mut Conn| {
            let sdkappid = enterprise::create(conn, Draft::default(), now)?.sdkappid;
            let callback_events = Some(vec![Extra::JoinClass, Extra::QuitClass]);
            modify_enterprise(conn, sdkappid, Patch { callback_events, ..Patch::default() })?;
            let enterprise = enterprise::require(conn, sdkappid)?;
            let id = enterprise.enterprise_id;
            let people = ["t"].map(str::to_owned).into_iter().chain((0..USERS).map(name));
            let drafts = people.map(|user_id| {
                let role = if user_id == "t" { Role::Teacher } else { Role::Student };
                user::Draft::of(user_id, role)
            });
            user::register(conn, id, drafts.collect(), now)?;
            for device in (0..USERS).flat_map(|user| [(user, 0), (user, 1)]) {
                let (hash, user_id) = (token_hash(&enterprise, device), name(device.0));
                let statement =
                    format!("INSERT INTO tokens VALUES ('{hash}', {id}, '{user_id}', 0, {}, NULL)", i64::MAX);
                diesel::sql_query(statement).execute(conn)?;
            }
            let patch = || class::Patch {
                teacher_id: Some("t".into()),
                stop_time: Some(now + 1_000_000_000_000),
                ..class::Patch::default()
            };
            let class_ids = [class::create(conn, id, patch(), now)?, class::create(conn, id, patch(), now)?];
            Ok::<_, domain::Error>((enterprise, class_ids))
        };
        let (enterprise, class_ids) = db.write(found).await.unwrap();
        Self { db: db.clone(), enterprise, class_ids, presence: presence(now), now }
    }

    pub async fn write<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Conn, &Enterprise) -> domain::Result<T> + Send + 'static,
    ) -> domain::Result<T> {
        let enterprise = self.enterprise.clone();
        self.db.write(move |conn| f(conn, &enterprise)).await
    }

    pub fn component(&self, device: Device) -> Component {
        Component { user_id: name(device.0), token_hash: token_hash(&self.enterprise, device), lease: LEASE }
    }

    pub async fn work(&self) {
        self.presence.work(&self.db, self.now).await.unwrap();
    }

    pub async fn begin(&mut self, away: i64) {
        self.now += away;
        self.presence = presence(self.now);
        self.work().await;
    }

    /// Makes a step. A rejected step changes nothing, which the comparison shows.
    pub async fn take(&mut self, step: &Step) {
        let (now, class_ids) = (self.now, self.class_ids);
        match *step {
            Step::Join(device, class) => {
                let component = self.component(device);
                let token_hash = component.token_hash.clone();
                let join = move |conn: &mut Conn, enterprise: &Enterprise| {
                    session::join(conn, enterprise, class_ids[class], JoinRequest::of_component(&component), now)
                };
                if self.write(join).await.is_ok() {
                    self.presence.forget(class_ids[class], &token_hash);
                }
            }
            Step::Quit(device, class) => {
                let component = self.component(device);
                let token_hash = component.token_hash.clone();
                let quit = move |conn: &mut Conn, enterprise: &Enterprise| {
                    session::quit_as_component(conn, enterprise, class_ids[class], &component, now)
                };
                self.write(quit).await.unwrap();
                self.presence.forget(class_ids[class], &token_hash);
            }
            Step::Heartbeat(device, class) => {
                let component = self.component(device);
                let (id, class_id) = (self.enterprise.enterprise_id, class_ids[class]);
                let _ = self.presence.heartbeat(&self.db, id, ClassId(class_id.0), component, now).await;
            }
            Step::JoinByCall(user, class) => {
                let join = move |conn: &mut Conn, enterprise: &Enterprise| {
                    session::join(conn, enterprise, class_ids[class], JoinRequest::of_user(&name(user)), now)
                };
                let _ = self.write(join).await;
            }
            Step::QuitByCall(user, class) => {
                let quit = move |conn: &mut Conn, enterprise: &Enterprise| {
                    session::quit(conn, enterprise, class_ids[class], &name(user), now)
                };
                self.write(quit).await.unwrap();
            }
            Step::Kick(user, class) => {
                let kick = move |conn: &mut Conn, enterprise: &Enterprise| {
                    session::kick(conn, enterprise, class_ids[class], Kick { user_id: &name(user), by: "t" }, now)
                };
                self.write(kick).await.unwrap();
            }
            Step::Allow(user, class) => {
                let allow = move |conn: &mut Conn, enterprise: &Enterprise| {
                    session::allow(conn, enterprise.enterprise_id, class_ids[class], &name(user), "t")
                };
                self.write(allow).await.unwrap();
            }
            Step::Pass(time) => {
                self.now += time;
                self.work().await;
            }
            Step::Back(time) => self.now -= time,
            Step::Crash(away) => self.begin(away).await,
            Step::Restart(away) => {
                self.presence.write_down(&self.db, now).await.unwrap();
                self.begin(away).await;
            }
        }
    }
}
