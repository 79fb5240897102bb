//! Users: the people of an enterprise. A `user_id` is unique within its enterprise.

use crate::clock::Millis;
use crate::db::Conn;
use crate::db::prelude::*;
use crate::store::ids::EnterpriseId;
use crate::store::page::{distinct, end_of_prefix};
use crate::store::rows::insert_rows;
use crate::store::schema::users;
use crate::store::schema::users::dsl;
use crate::store::text::words;
use crate::store::{CacheTag, Page, Paged, Result, total};

words! {
    /// The role of a user, in the enterprise or in a class (iClass, appendix 3.1).
    Role {
        /// The super administrator, created with the enterprise.
        Superadmin = "superadmin",
        /// An administrator.
        Admin = "admin",
        /// A teacher.
        Teacher = "teacher",
        /// An assistant of the teacher.
        Assistant = "assistant",
        /// A student. The example of `member/add` spells it `stduent`, so clients do too.
        Student = "student" | "stduent",
        /// An observer.
        Supervisor = "supervisor",
        /// A visitor without an account.
        Visitor = "visitor",
    }
}

impl Role {
    /// The roles that moderate classes: hosts and administrators.
    pub(in crate::store) const MODERATORS: [Self; 4] = [Self::Teacher, Self::Assistant, Self::Admin, Self::Superadmin];

    /// Whether this role in a class allows moderating it.
    #[must_use]
    pub fn can_moderate(self) -> bool {
        Self::MODERATORS.contains(&self)
    }

    /// Whether this role administers the whole enterprise.
    #[must_use]
    pub fn is_administrator(self) -> bool {
        matches!(self, Self::Superadmin | Self::Admin)
    }
}

words! {
    /// The gender (iClass, appendix 3.8).
    Gender {
        /// Male; the default.
        Male = "male",
        /// Female.
        Female = "female",
    }
}

/// A user.
#[derive(Clone, Debug, Queryable, Identifiable, AsChangeset)]
#[diesel(table_name = users, treat_none_as_null = true)]
pub struct User {
    /// The row id, assigned in ascending order.
    pub id: i64,
    /// The enterprise of the user.
    pub enterprise_id: EnterpriseId,
    /// The id that the enterprise chose.
    pub user_id: String,
    /// The role, unless a class gives another one.
    pub role: Role,
    /// The display name.
    pub nickname: String,
    /// The gender.
    pub gender: Gender,
    /// The URL of the avatar; empty for a default one of Lectern.
    pub avatar: String,
    /// The telephone number.
    pub phone_no: String,
    /// The e-mail address.
    pub e_mail: String,
    /// SHA-256 of the `user_token`.
    pub token_hash: String,
    /// Argon2 hash of the password, if there is one.
    pub password_hash: Option<String>,
    /// When the user was registered.
    pub regist_time: Millis,
    /// When the user was last updated.
    pub update_time: Millis,
    /// A description.
    pub description: String,
}

impl User {
    /// What is left of a deleted user: the id, the role of then, and no way to sign in.
    #[must_use]
    pub fn former(enterprise_id: EnterpriseId, user_id: String, role: Role) -> Self {
        let nothing = String::new;
        Self {
            id: 0,
            enterprise_id,
            nickname: user_id.clone(),
            user_id,
            role,
            gender: Gender::Male,
            avatar: nothing(),
            phone_no: nothing(),
            e_mail: nothing(),
            token_hash: nothing(),
            password_hash: None,
            regist_time: 0,
            update_time: 0,
            description: nothing(),
        }
    }
}

/// A user to insert.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = users, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the fields of User")]
pub struct NewUser {
    pub enterprise_id: EnterpriseId,
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

/// Reserves a number from the sequence of row ids, so no row ever gets it. It is used for a generated `user_id`.
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

/// Inserts users. Users whose `user_id` is taken are skipped, even if it was taken during this transaction. Returns
/// whether all were inserted.
pub fn insert(conn: &mut Conn, new: &[NewUser]) -> Result<bool> {
    one_list_at_a_time(conn, new)?;
    let added = insert_rows!(conn, dsl::users, new, on_conflict_do_nothing)?;
    Ok(added == new.len())
}

/// Serialises inserts of several users. Two lists with the same ids in different order would deadlock. Sorting the
/// lists would change the order of registration.
fn one_list_at_a_time(conn: &mut Conn, new: &[NewUser]) -> Result<()> {
    if let [first, _, ..] = new { one_at_a_time(conn, first.enterprise_id) } else { Ok(()) }
}

/// Serialises transactions of an enterprise from here on. SQLite has a single writer anyway.
pub fn one_at_a_time(conn: &mut Conn, enterprise_id: EnterpriseId) -> Result<()> {
    if let Conn::Postgres(c) = conn {
        // A negative key does not collide with the locks for the order of events.
        diesel::sql_query("SELECT pg_advisory_xact_lock(-$1)")
            .bind::<diesel::sql_types::BigInt, _>(enterprise_id)
            .execute(c)?;
    }
    Ok(())
}

diesel::define_sql_function! {
    /// The SQL function `lower`.
    fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text;
}

/// Whether a `user_id` exists that differs at most in case. It compares ASCII letters only, which both databases fold
/// alike.
pub fn is_alike(conn: &mut Conn, enterprise_id: EnterpriseId, user_id: &str) -> Result<bool> {
    let alike = dsl::users
        .filter(dsl::enterprise_id.eq(enterprise_id))
        .filter(lower(dsl::user_id).eq(user_id.to_ascii_lowercase()));
    diesel::select(diesel::dsl::exists(alike)).get_result(conn)
}

/// Returns a user.
pub fn find(conn: &mut Conn, enterprise_id: EnterpriseId, user_id: &str) -> Result<Option<User>> {
    one(enterprise_id, user_id).get_result(conn).optional()
}

/// Returns a user and locks the row until the transaction ends.
pub fn lock(conn: &mut Conn, enterprise_id: EnterpriseId, user_id: &str) -> Result<Option<User>> {
    let query = one(enterprise_id, user_id);
    match conn {
        Conn::Sqlite(c) => query.get_result(c).optional(),
        Conn::Postgres(c) => query.for_no_key_update().get_result(c).optional(),
    }
}

#[diesel::dsl::auto_type(no_type_alias)]
fn one<'a>(enterprise_id: EnterpriseId, user_id: &'a str) -> _ {
    dsl::users.filter(dsl::enterprise_id.eq(enterprise_id)).filter(dsl::user_id.eq(user_id))
}

/// Returns the existing users among `user_ids`.
pub fn find_all(conn: &mut Conn, enterprise_id: EnterpriseId, user_ids: &[String]) -> Result<Vec<User>> {
    dsl::users.filter(dsl::enterprise_id.eq(enterprise_id)).filter(dsl::user_id.eq_any(user_ids)).load(conn)
}

/// Updates all columns of a user.
pub fn update(conn: &mut Conn, user: &User) -> Result<()> {
    CacheTag::User(user.enterprise_id, user.user_id.clone()).changes();
    CacheTag::Users(user.enterprise_id).changes();
    diesel::update(dsl::users.find(user.id))
        .filter(dsl::enterprise_id.eq(user.enterprise_id))
        .set(user)
        .execute(conn)
        .map(drop)
}

/// Deletes a user. Nothing refers to the row: what they did and what is reserved for them is under their id.
pub fn delete(conn: &mut Conn, user: &User) -> Result<()> {
    CacheTag::User(user.enterprise_id, user.user_id.clone()).changes();
    CacheTag::Users(user.enterprise_id).changes();
    diesel::delete(dsl::users.find(user.id)).filter(dsl::enterprise_id.eq(user.enterprise_id)).execute(conn).map(drop)
}

/// Filters for a list of users.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The roles; empty for all.
    pub roles: Vec<Role>,
    /// The prefix of the `user_id`; empty for all.
    pub prefix: String,
}

/// Returns users in order of registration. With a prefix, the total is counted row by row, because the counters do not
/// cover prefixes.
pub fn list(conn: &mut Conn, enterprise_id: EnterpriseId, filter: &Filter, page: Page) -> Result<Paged<User>> {
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
