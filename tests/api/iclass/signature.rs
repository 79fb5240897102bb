//! The signature of requests.

mod keys;
mod parameters;
mod validity;

use lectern::domain::tenancy::enterprise::Draft;
use lectern::protocol::iclass::sign::sign;

use crate::support::service::{Enterprise, Service};

/// The example of appendix 2 of the document.
const KEY: &str = "DzXpbluRsmo1JkoFxzKMNg5ifrA4GRlU";

const EXPIRE_TIME: i64 = 1_548_247_837;
const SIGN: &str = "28374bd8cff400ac4906414780fbe387";

/// The default maximum validity of a signature.
const MAX_AGE: i64 = 604_800;

/// Sends this query and body, and returns the `error_code` and the message. The HTTP status is always 200.
async fn ask(service: &Service, query: &str, body: &str) -> (i64, String) {
    let url = format!("{}/paas/v1/business/info?{query}", service.url);
    let response = service.http.post(url).body(body.to_owned()).send().await.unwrap();
    assert_eq!(response.status(), 200);
    let answer: serde_json::Value = response.json().await.unwrap();
    (answer["error_code"].as_i64().unwrap(), answer["error_msg"].as_str().unwrap().to_owned())
}

async fn code(service: &Service, query: &str, body: &str) -> i64 {
    ask(service, query, body).await.0
}

/// A service at the time of the example, with its enterprise.
async fn example(service: &Service) -> Enterprise<'_> {
    service.clock.set((EXPIRE_TIME - 120) * 1000);
    let draft =
        Draft { name: "Example".into(), sdkappid: Some(1_400_127_140), tic_key: Some(KEY.into()), ..Draft::default() };
    service.enterprise_of(draft).await
}

#[test]
fn the_example_of_the_appendix_holds() {
    assert_eq!(sign(KEY, EXPIRE_TIME), SIGN);
}

#[tokio::test]
async fn the_example_of_the_appendix_is_let_in() {
    let service = Service::start();
    let enterprise = example(&service).await;
    let query = format!("sdkappid=1400127140&random=37926&expire_time={EXPIRE_TIME}&sign={SIGN}");
    assert_eq!(code(&service, &query, "").await, 0);
    assert_eq!(enterprise.sdkappid, 1_400_127_140);
}

#[tokio::test]
async fn every_single_flipped_bit_is_refused() {
    let service = Service::start();
    example(&service).await;
    for at in 0..SIGN.len() {
        for bit in 0..8 {
            let mut flipped = SIGN.as_bytes().to_vec();
            flipped[at] ^= 1 << bit;
            let escaped = flipped.iter().fold(String::new(), |text, byte| format!("{text}%{byte:02X}"));
            let query = format!("sdkappid=1400127140&random=1&expire_time={EXPIRE_TIME}&sign={escaped}");
            let (code, message) = ask(&service, &query, "").await;
            assert_eq!((code, message.as_str()), (10217, "sign: wrong"), "byte {at}, bit {bit}");
        }
    }
    // The unmodified escapes are accepted.
    let escaped = SIGN.bytes().fold(String::new(), |text, byte| format!("{text}%{byte:02X}"));
    assert_eq!(code(&service, &format!("sdkappid=1400127140&expire_time={EXPIRE_TIME}&sign={escaped}"), "").await, 0);
}

#[tokio::test]
async fn a_signature_of_another_length_or_case_is_refused() {
    let service = Service::start();
    example(&service).await;
    for wrong in [SIGN.to_uppercase(), SIGN[..31].to_owned(), format!("{SIGN}0"), format!("{SIGN}%00"), "0".repeat(32)]
    {
        let query = format!("sdkappid=1400127140&expire_time={EXPIRE_TIME}&sign={wrong}");
        assert_eq!(ask(&service, &query, "").await, (10217, "sign: wrong".into()), "{wrong}");
    }
}
