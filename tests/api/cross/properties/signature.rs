//! Only the right signature is accepted, and only while it is valid.

use std::sync::LazyLock;

use lectern::db::Db;
use lectern::domain::tenancy::enterprise;
use lectern::domain::tenancy::enterprise::Enterprise as Row;
use lectern::protocol::iclass::sign;
use lectern::protocol::iclass::sign::Error as SignError;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::support::database::Database;
use crate::support::service::BEGIN;

/// An enterprise with these keys. The old one is valid until `until`.
pub fn enterprise(tic_key: String, old: Option<String>, until: Option<i64>) -> Row {
    static ANY: LazyLock<Row> = LazyLock::new(|| {
        let database = Database::create();
        let db = Db::open(&database.url).unwrap();
        db.migrate().unwrap();
        let made = db.write(|conn| enterprise::create(conn, enterprise::Draft::default(), 0));
        tokio::runtime::Runtime::new().unwrap().block_on(made).unwrap()
    });
    Row { tic_key, old_tic_key: old, old_tic_key_until: until, ..ANY.clone() }
}

fn key() -> impl Strategy<Value = String> {
    "[!-~]{16,40}"
}

const MAX_AGE: i64 = 604_800;
const NOW: i64 = BEGIN * 1000 + 999;

fn check(row: &Row, given: &str, expire_time: i64) -> Result<(), SignError> {
    sign::check(row, Some(given), Some(expire_time), NOW, MAX_AGE)
}

proptest! {
    #[test]
    fn the_right_signature_is_accepted_exactly_within_its_time(
        key in key(),
        ahead in prop_oneof![-100_000_i64..700_000, Just(-1), Just(0), Just(MAX_AGE), Just(MAX_AGE + 1)],
    ) {
        let expire_time = BEGIN + ahead;
        let expected = match ahead {
            ..0 => Err(SignError::Expired),
            0..=MAX_AGE => Ok(()),
            _ => Err(SignError::TooFarAhead(MAX_AGE)),
        };
        let right = sign::sign(&key, expire_time);
        prop_assert_eq!(check(&enterprise(key, None, None), &right, expire_time), expected);
    }

    #[test]
    fn no_other_text_is_a_signature(key in key(), ahead in 0..MAX_AGE, other in any::<String>()) {
        let expire_time = BEGIN + ahead;
        let right = sign::sign(&key, expire_time);
        let expected = if other.is_empty() { SignError::NoSign } else { SignError::Wrong };
        prop_assume!(other != right);
        prop_assert_eq!(check(&enterprise(key, None, None), &other, expire_time), Err(expected));
    }

    #[test]
    fn nothing_near_the_signature_is_one(key in key(), ahead in 0..MAX_AGE, at in 0_usize..32, digit in "[0-9a-fA-F]") {
        let expire_time = BEGIN + ahead;
        let right = sign::sign(&key, expire_time);
        prop_assert!(right.len() == 32 && right.bytes().all(|b| b"0123456789abcdef".contains(&b)));
        let (mut changed, mut doubled, mut shorter) = (right.clone(), right.clone(), right.clone());
        changed.replace_range(at..=at, &digit);
        doubled.insert_str(at, &digit);
        shorter.remove(at);
        let row = enterprise(key, None, None);
        let near = [changed, doubled, shorter, right.to_uppercase(), format!(" {right}"), format!("{right}\0")];
        for other in near.into_iter().filter(|other| *other != right) {
            prop_assert_eq!(check(&row, &other, expire_time), Err(SignError::Wrong), "{:?}", other);
        }
    }

    #[test]
    fn a_signature_is_good_for_its_key_and_its_time_alone(keys in vec(key(), 2), ahead in vec(0..MAX_AGE, 2)) {
        let (mine, theirs) = (enterprise(keys[0].clone(), None, None), &keys[1]);
        prop_assume!(keys[0] != keys[1] && ahead[0] != ahead[1]);
        let expire_time = BEGIN + ahead[0];
        for other in [sign::sign(theirs, expire_time), sign::sign(&keys[0], BEGIN + ahead[1])] {
            prop_assert_eq!(check(&mine, &other, expire_time), Err(SignError::Wrong));
        }
    }

    #[test]
    fn the_key_before_the_rotation_is_good_until_its_grace_is_over(keys in vec(key(), 2), left in -1000_i64..1000) {
        let expire_time = BEGIN + 60;
        let row = enterprise(keys[0].clone(), Some(keys[1].clone()), Some(NOW + left));
        prop_assert_eq!(check(&row, &sign::sign(&keys[0], expire_time), expire_time), Ok(()));
        let old = check(&row, &sign::sign(&keys[1], expire_time), expire_time);
        prop_assert_eq!(old.is_ok(), left >= 0 || keys[0] == keys[1]);
    }
}
