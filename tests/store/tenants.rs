//! Every function of the store that takes an enterprise only reaches rows of that enterprise, whatever other ids it gets.

mod changing;
mod chat;
mod classroom;
mod deleted;
mod finding;
mod removing;
mod said;
mod school;

use lectern::db::Db;
use lectern::domain;
use lectern::domain::Error;
use lectern::domain::classroom::class::Patch;
use lectern::domain::events::event as events;
use lectern::store::chat::group;
use lectern::store::chat::group_deletion;
use lectern::store::classroom::ban;
use lectern::store::classroom::ban::Ban;
use lectern::store::classroom::bind;
use lectern::store::classroom::class;
use lectern::store::classroom::idempotency;
use lectern::store::classroom::idempotency::Answered;
use lectern::store::classroom::member;
use lectern::store::classroom::member::Member;
use lectern::store::classroom::session;
use lectern::store::content::document;
use lectern::store::content::document::binding;
use lectern::store::content::file;
use lectern::store::events::delivery;
use lectern::store::events::event;
use lectern::store::ids::{ClassId, DeliveryId, EnterpriseId, EventId};
use lectern::store::tenancy::channel;
use lectern::store::tenancy::enterprise as enterprises;
use lectern::store::tenancy::enterprise_token;
use lectern::store::tenancy::user;
use lectern::store::tenancy::user::Role;
use lectern::store::{Page, Start};

use crate::{enterprise, new_user};
use chat::{found_writing, promised, writing};
use classroom::{add_reports, add_room, file_key, found, found_of_room, kept, new_document, new_session};
use school::{Managed, found_managed, managed};

const ALL: Page = Page { start: Start::Index(0), size: 1000 };
const KEY: &str = "key";

fn answered(enterprise_id: EnterpriseId, class_id: ClassId) -> Answered {
    Answered { enterprise_id, idempotency_key: KEY.into(), body_hash: "hash".into(), class_id, create_time: 1 }
}

/// A tenant with a row of every kind. All tenants have the same user ids and the same key.
#[derive(Clone)]
struct Tenant {
    id: EnterpriseId,
    sdkappid: i64,
    class_id: ClassId,
    doc_id: String,
    delivery_id: DeliveryId,
    managed: Managed,
    group_key: i64,
}

async fn tenant(db: &Db, sdkappid: i64) -> Tenant {
    let id = enterprise(db, sdkappid).await;
    let doc_id = format!("doc-{sdkappid}");
    let doc = new_document(EnterpriseId(id), &doc_id);
    let made = db.write(move |conn| {
        user::insert(conn, &[new_user(EnterpriseId(id), "u1"), new_user(EnterpriseId(id), "u2")])?;
        let reserved = ["u1", "u2"].map(|user_id| Member { user_id: user_id.into(), role: Role::Student });
        let patch = Patch { teacher_id: Some("u1".into()), members: Some(reserved.into()), ..Patch::default() };
        let class_id = domain::classroom::class::create(conn, EnterpriseId(id), patch, 1)?;
        session::insert(conn, &new_session(EnterpriseId(id), class_id, "u1"))?;
        add_reports(conn, EnterpriseId(id), class_id)?;
        ban::insert(conn, &Ban { class_id, user_id: "u2".into(), enterprise_id: EnterpriseId(id), create_time: 1 })?;
        document::insert(conn, &doc)?;
        let number = document::numbers(conn, EnterpriseId(id), std::slice::from_ref(&doc.doc_id))?;
        binding::insert(conn, EnterpriseId(id), class_id, &number.into_values().collect::<Vec<_>>())?;
        file::insert(conn, &kept(EnterpriseId(id)))?;
        add_room(conn, EnterpriseId(id), class_id)?;
        assert!(idempotency::claim(conn, &answered(EnterpriseId(id), class_id))?);
        let text = domain::chat::filter::WordFilter::default().mask("hello".into());
        let draft = domain::classroom::chat::Draft {
            group_id: None,
            receiver_id: None,
            user_id: "u1".into(),
            content: domain::classroom::chat::Content::Text(text),
            random: Some(1),
        };
        domain::classroom::chat::send(conn, EnterpriseId(id), class_id, draft, 1)?;
        said::say(conn, EnterpriseId(id), class_id)?;
        group_deletion::insert(conn, &[promised(EnterpriseId(id))])?;
        let row = enterprises::find(conn, sdkappid)?.unwrap();
        events::test(conn, &row, 1)?;
        events::relay(conn)?;
        let deliveries = delivery::list(conn, EnterpriseId(id), &delivery::Filter::default(), ALL)?;
        let group_key = writing(conn, EnterpriseId(id), class_id)?;
        Ok::<_, Error>((class_id, deliveries[0].0.delivery_id, managed(conn, EnterpriseId(id))?, group_key))
    });
    let (class_id, delivery_id, managed, group_key) = made.await.unwrap();
    Tenant { id: EnterpriseId(id), sdkappid, class_id, doc_id, delivery_id, managed, group_key }
}

/// All rows of a tenant, as text.
async fn rows(db: &Db, tenant: &Tenant) -> String {
    let Tenant { id, class_id, sdkappid, managed, group_key, .. } = tenant.clone();
    let all = db.read(move |conn| {
        Ok::<_, Error>(format!(
            "{} {:?} {} {} {} {:?} {:?} {} {:#?} {:?} {:?} {:#?} {:#?} {:#?} {:#?} {:#?} {:#?} {:#?} {:#?} {:#?} {:#?} {:#?} {:#?} {:#?}",
            said::found_said(conn, id, id, class_id)?,
            said::words(conn, id)?,
            found(conn, id, class_id)?,
            found_managed(conn, id, managed)?,
            found_writing(conn, id, id, group_key, managed.organization_id)?,
            enterprise_token::list(conn, id)?,
            channel::list(conn, id)?,
            found_of_room(conn, id, class_id)?,
            bind::of_class(conn, id, class_id, None, ALL)?,
            enterprises::find(conn, sdkappid)?,
            class::list(conn, id, &class::Filter::default(), ALL)?,
            user::list(conn, id, &user::Filter::default(), ALL)?,
            document::list(conn, id, &document::Filter::default(), ALL)?,
            member::list(conn, id, class_id)?,
            session::inside(conn, id, class_id, ALL)?,
            session::seen(conn, id, class_id, ALL)?,
            ban::exists(conn, id, class_id, "u2")?,
            idempotency::find(conn, id, KEY)?,
            event::feed(conn, id, None, EventId(0), 1000)?,
            delivery::list(conn, id, &delivery::Filter::default(), ALL)?,
            group::of_class(conn, id, class_id)?,
            domain::classroom::chat::messages(conn, id, class_id, None, ALL)?.rows,
            binding::list(conn, id, class_id, None, ALL)?,
            file::of_key(conn, &file_key(id))?,
        ))
    });
    format!("{} {}", all.await.unwrap(), promises(db, tenant.id).await)
}

/// The group deletions of a tenant, as text. The query locks them.
async fn promises(db: &Db, id: EnterpriseId) -> String {
    let due = db.write(|conn| Ok::<_, Error>(group_deletion::due(conn, 5, 10)?)).await.unwrap();
    format!("{:?}", due.iter().filter(|deletion| deletion.enterprise_id == id).collect::<Vec<_>>())
}
