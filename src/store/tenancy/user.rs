//! Users: the people of an enterprise, unique by `user_id` within it.

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::page::{distinct, end_of_prefix};
use crate::store::rows::insert_rows;
use crate::store::schema::users;
use crate::store::schema::users::dsl;
use crate::store::text::words;
use crate::store::{CacheTag, Page, Paged, Result, total};

words! {
    /// What somebody is, in the enterprise or in one class (iClass, appendix 3.1).
    Role {
        /// Made with the enterprise.
        Superadmin = "superadmin",
        /// Administrates.
        Admin = "admin",
        /// Gives classes.
        Teacher = "teacher",
        /// Helps the teacher.
        Assistant = "assistant",
        /// Learns. The example of `member/add` spells it `stduent`, so clients do.
        Student = "student" | "stduent",
        /// Looks in.
        Supervisor = "supervisor",
        /// Came without an account.
        Visitor = "visitor",
    }
}

impl Role {
    /// Those who give a class and those who administrate.
    pub(in crate::store) const LEADERS: [Self; 4] = [Self::Teacher, Self::Assistant, Self::Admin, Self::Superadmin];

    /// Whether they give a class when they have this role in it.
    #[must_use]
    pub fn can_moderate(self) -> bool {
        Self::LEADERS.contains(&self)
    }

    /// Whether they look after everything of the enterprise.
    #[must_use]
    pub fn administrates(self) -> bool {
        matches!(self, Self::Superadmin | Self::Admin)
    }
}

words! {
    /// iClass, appendix 3.8.
    Gender {
        /// The default.
        Male = "male",
        /// The other.
        Female = "female",
    }
}

/// A person.
#[derive(Clone, Debug, Queryable, Identifiable, AsChangeset)]
#[diesel(table_name = users, treat_none_as_null = true)]
pub struct User {
    /// Counts up with creation.
    pub id: i64,
    /// Whose user this is.
    pub enterprise_id: i64,
    /// The id the enterprise gave.
    pub user_id: String,
    /// What they are where a class says nothing else.
    pub role: Role,
    /// The name shown.
    pub nickname: String,
    /// Their gender.
    pub gender: Gender,
    /// The address of their picture; empty for one of Lectern's.
    pub avatar: String,
    /// Their telephone number.
    pub phone_no: String,
    /// Their mail address.
    pub e_mail: String,
    /// SHA-256 of the `user_token`.
    pub token_hash: String,
    /// Argon2 of the password, when there is one.
    pub password_hash: Option<String>,
    /// When they were registered.
    pub regist_time: Millis,
    /// When they were last changed.
    pub update_time: Millis,
    /// What there is to say of them.
    pub description: String,
}

/// What a new user starts with.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = users, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the fields of User")]
pub struct NewUser {
    pub enterprise_id: i64,
    pub user_id: String,
    pub role: Role,
    pub nickname: String,
    pub gender: Gender,
    pub avatar: String,
    pub phone_no: String,
    pub e_mail: String,
    pub token_hash: String,
    pub password_hash: Option<String>,
    pub regist_time: Millis,
    pub update_time: Millis,
}

/// Takes a number that is the id of no user's row, now or later, for a user whose `user_id` nobody chooses.
pub fn reserve_number(conn: &mut Conn) -> Result<i64> {
    #[derive(QueryableByName)]
    struct Reserved {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        id: i64,
    }
    let reserved: Reserved = match conn {
        Conn::Sqlite(c) => {
            diesel::sql_query("UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'users' RETURNING seq AS id")
                .get_result(c)?
        }
        Conn::Postgres(c) => {
            diesel::sql_query("SELECT nextval(pg_get_serial_sequence('users', 'id')) AS id").get_result(c)?
        }
    };
    Ok(reserved.id)
}

/// Adds users; says whether all of them. Those whose id is in use, even since this transaction looked, are left out.
pub fn insert(conn: &mut Conn, new: &[NewUser]) -> Result<bool> {
    one_list_at_a_time(conn, new)?;
    let added = insert_rows!(conn, dsl::users, new.iter(), on_conflict_do_nothing)?;
    Ok(added == new.len())
}

/// Two lists with the same ids in another order would wait for each other in a circle; sorted they would be registered in
/// another order than they were given.
fn one_list_at_a_time(conn: &mut Conn, new: &[NewUser]) -> Result<()> {
    if let [first, _, ..] = new { one_at_a_time(conn, first.enterprise_id) } else { Ok(()) }
}

/// Lets one transaction of an enterprise at a time go on from here. SQLite has one writer anyway.
pub fn one_at_a_time(conn: &mut Conn, enterprise_id: i64) -> Result<()> {
    if let Conn::Postgres(c) = conn {
        // Below zero, where no lock of the order of events is.
        diesel::sql_query("SELECT pg_advisory_xact_lock(-$1)")
            .bind::<diesel::sql_types::BigInt, _>(enterprise_id)
            .execute(c)?;
    }
    Ok(())
}

diesel::define_sql_function! {
    /// Of the databases' own.
    fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text;
}

/// Whether somebody's id has the same letters, whatever their case: of ASCII letters, which both databases fold alike.
pub fn is_alike(conn: &mut Conn, enterprise_id: i64, user_id: &str) -> Result<bool> {
    let alike = dsl::users
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(lower(dsl::user_id).eq(user_id.to_ascii_lowercase()));
    diesel::select(diesel::dsl::exists(alike)).get_result(conn)
}

/// One user.
pub fn find(conn: &mut Conn, enterprise_id: i64, user_id: &str) -> Result<Option<User>> {
    one(enterprise_id, user_id).get_result(conn).optional()
}

/// One user, locked until the transaction ends.
pub fn lock(conn: &mut Conn, enterprise_id: i64, user_id: &str) -> Result<Option<User>> {
    let query = one(enterprise_id, user_id);
    match conn {
        Conn::Sqlite(c) => query.get_result(c).optional(),
        Conn::Postgres(c) => query.for_no_key_update().get_result(c).optional(),
    }
}

#[diesel::dsl::auto_type(no_type_alias)]
fn one<'a>(enterprise_id: i64, user_id: &'a str) -> _ {
    dsl::users.filter(dsl::enterprise_id.eq(enterprise_id)).filter(dsl::user_id.eq(user_id))
}

/// Those of `user_ids` that exist.
pub fn find_all(conn: &mut Conn, enterprise_id: i64, user_ids: &[String]) -> Result<Vec<User>> {
    dsl::users.filter(dsl::enterprise_id.eq(enterprise_id)).filter(dsl::user_id.eq_any(user_ids)).load(conn)
}

/// Writes every column of a user that was changed.
pub fn update(conn: &mut Conn, user: &User) -> Result<()> {
    CacheTag::User(user.enterprise_id, user.user_id.clone()).changes();
    CacheTag::Users(user.enterprise_id).changes();
    diesel::update(dsl::users.find(user.id))
        .filter(dsl::enterprise_id.eq(user.enterprise_id))
        .set(user)
        .execute(conn)
        .map(drop)
}

/// Which users a list shows.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only these roles; empty for all.
    pub roles: Vec<Role>,
    /// Only ids that begin so.
    pub prefix: String,
}

/// Users in the order of their registration. Those of a prefix cost what there are of them, as no counter knows them.
pub fn list(conn: &mut Conn, enterprise_id: i64, filter: &Filter, page: Page) -> Result<Paged<User>> {
    let matching = || {
        let mut query = dsl::users.filter(dsl::enterprise_id.eq(enterprise_id)).into_boxed();
        query = match filter.roles.as_slice() {
            [] => query,
            [role] => query.filter(dsl::role.eq(role)),
            roles => query.filter(dsl::role.eq_any(distinct(roles))),
        };
        if !filter.prefix.is_empty() {
            query = query.filter(dsl::user_id.ge(&filter.prefix));
            if let Some(end) = end_of_prefix(&filter.prefix) {
                query = query.filter(dsl::user_id.lt(end));
            }
        }
        query
    };
    let total = if filter.prefix.is_empty() {
        let wanted = |kind: &str| filter.roles.is_empty() || filter.roles.iter().any(|role| role.as_str() == kind);
        total::of(conn, enterprise_id, "user", wanted)?
    } else {
        matching().count().get_result_boxed(conn)?
    };
    let on_page = matching()
        .filter(dsl::id.gt(page.after().unwrap_or(0)))
        .order(dsl::id)
        .offset(page.offset())
        .limit(page.limit());
    let rows = if page.is_far() {
        let ids: Vec<i64> = on_page.select(dsl::id).load_boxed(conn)?;
        dsl::users.filter(dsl::enterprise_id.eq(enterprise_id)).filter(dsl::id.eq_any(ids)).order(dsl::id).load(conn)?
    } else {
        on_page.load_boxed(conn)?
    };
    Ok(Paged::new(total, page, rows, |user: &User| user.id))
}
