//! Users: registration, profiles, and tokens and passwords that are stored as hashes.

mod profiles;
mod registration;
mod removal;
mod secrets;

use lectern::db::{Conn, QueryError};
use lectern::domain::Error;
use serde_json::{Value, json};

use crate::support::service::Enterprise;

impl Enterprise<'_> {
    async fn user(&self, user_id: &str) -> Value {
        self.ok("user/info", json!({"user_id": user_id})).await["user_info"].clone()
    }

    async fn user_ids(&self) -> Vec<String> {
        let users = self.ok("user/list", json!({})).await;
        users["list"].as_array().unwrap().iter().map(|user| user["user_id"].as_str().unwrap().to_owned()).collect()
    }

    /// Registers a user with this field, and returns the code.
    async fn register_with(&self, user_id: &str, field: &str, value: &Value) -> Value {
        let mut user = json!({"user_id": user_id, "role": "student"});
        user[field] = value.clone();
        self.call("user/register", json!({"list": [user]})).await
    }

    async fn row(&self, user_id: &str) -> Row {
        let (enterprise_id, user_id) = (self.enterprise_id, user_id.to_owned());
        let row = move |conn: &mut Conn| Ok::<_, Error>(stored(conn, enterprise_id, &user_id)?);
        self.service.app.db.read(row).await.unwrap()
    }
}

fn people(count: usize) -> Vec<Value> {
    (0..count).map(|n| json!({"user_id": format!("u{n}"), "role": "student"})).collect()
}

/// All text columns of a user row.
#[derive(diesel::QueryableByName, Clone, Debug, PartialEq)]
struct Row {
    #[diesel(sql_type = diesel::sql_types::Text)]
    texts: String,
    #[diesel(sql_type = diesel::sql_types::Text)]
    token_hash: String,
    #[diesel(sql_type = diesel::sql_types::Nullable<diesel::sql_types::Text>)]
    password_hash: Option<String>,
}

fn stored(conn: &mut Conn, enterprise_id: i64, user_id: &str) -> Result<Row, QueryError> {
    use lectern::db::prelude::*;
    let query = diesel::sql_query(format!(
        "SELECT user_id || '|' || role || '|' || nickname || '|' || gender || '|' || avatar || '|' || phone_no || '|' \
         || e_mail || '|' || token_hash || '|' || COALESCE(password_hash, '') AS texts, token_hash, password_hash \
         FROM users WHERE enterprise_id = {enterprise_id} AND user_id = '{user_id}'"
    ));
    query.get_result(conn)
}
