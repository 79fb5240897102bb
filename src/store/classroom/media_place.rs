//! Which instance's media server has which class. Several instances share a database server only; an embedded database has no
//! such rows.

use diesel::sql_types::BigInt;

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::jobs;
use crate::store::Result;
use crate::store::ids::{ClassId, EnterpriseId};
use crate::store::schema::media_instances;
use crate::store::schema::media_places::dsl;

/// How many packets in a second a class counts that was placed a moment ago, and so is not in the load yet.
const NEW_CLASS: i64 = 500;

/// Records that an instance is alive, and how busy it is.
pub fn renew_instance(conn: &mut Conn, instance_id: i64, load: i64, lease_until: Millis) -> Result<()> {
    let values = (media_instances::load.eq(load), media_instances::lease_until.eq(lease_until));
    diesel::insert_into(media_instances::table)
        .values((media_instances::instance_id.eq(instance_id), values))
        .on_conflict(media_instances::instance_id)
        .do_update()
        .set(values)
        .execute(conn)
        .map(drop)
}

/// Renews the places of an instance. Returns the classes that it still has.
pub fn renew(conn: &mut Conn, instance_id: i64, class_ids: &[ClassId], lease_until: Millis) -> Result<Vec<ClassId>> {
    diesel::update(dsl::media_places.filter(dsl::instance_id.eq(instance_id)).filter(dsl::class_id.eq_any(class_ids)))
        .set(dsl::lease_until.eq(lease_until))
        .returning(dsl::class_id)
        .get_results(conn)
}

/// Returns the instance that has a class.
pub fn find(conn: &mut Conn, enterprise_id: EnterpriseId, class_id: ClassId, now: Millis) -> Result<Option<i64>> {
    let (before, after) = jobs::expired(now);
    dsl::media_places
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::lease_until.between(before, after))
        .select(dsl::instance_id)
        .get_result(conn)
        .optional()
}

/// Returns the live instance that has the least to do.
pub fn least_loaded(conn: &mut Conn, now: Millis) -> Result<Option<i64>> {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = BigInt)]
        instance_id: i64,
    }
    let (before, after) = jobs::expired(now);
    let found = diesel::sql_query(
        "SELECT instance_id FROM media_instances AS i WHERE lease_until BETWEEN $1 AND $2 \
         ORDER BY load + $3 * (SELECT count(*) FROM media_places AS p WHERE p.instance_id = i.instance_id), instance_id \
         LIMIT 1",
    )
    .bind::<BigInt, _>(before)
    .bind::<BigInt, _>(after)
    .bind::<BigInt, _>(NEW_CLASS)
    .get_result::<Found>(conn)
    .optional()?;
    Ok(found.map(|found| found.instance_id))
}

/// Places a class that no live instance has. Does nothing if another transaction was quicker.
pub fn place(
    conn: &mut Conn,
    (enterprise_id, class_id): (EnterpriseId, ClassId),
    instance_id: i64,
    now: Millis,
    lease_until: Millis,
) -> Result<()> {
    let (before, after) = jobs::expired(now);
    let place = (dsl::instance_id.eq(instance_id), dsl::lease_until.eq(lease_until));
    let expired = dsl::media_places
        .filter(dsl::class_id.eq(class_id))
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(dsl::lease_until.lt(before).or(dsl::lease_until.gt(after)));
    if diesel::update(expired).set(place).execute(conn)? == 0 {
        diesel::insert_into(dsl::media_places)
            .values((dsl::class_id.eq(class_id), dsl::enterprise_id.eq(enterprise_id), place))
            .on_conflict_do_nothing()
            .execute(conn)?;
    }
    Ok(())
}

/// Removes an instance with all its places, because it stops.
pub fn give_up(conn: &mut Conn, instance_id: i64) -> Result<()> {
    diesel::delete(media_instances::table.filter(media_instances::instance_id.eq(instance_id))).execute(conn)?;
    diesel::delete(dsl::media_places.filter(dsl::instance_id.eq(instance_id))).execute(conn).map(drop)
}

/// Removes instances and places whose leases ended before a time.
pub fn remove_old(conn: &mut Conn, before: Millis) -> Result<()> {
    diesel::delete(media_instances::table.filter(media_instances::lease_until.lt(before))).execute(conn)?;
    diesel::delete(dsl::media_places.filter(dsl::lease_until.lt(before))).execute(conn).map(drop)
}
