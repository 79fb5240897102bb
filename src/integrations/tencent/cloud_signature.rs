//! Signatures for the hosted cloud. Clients need them to upload to its storage and its video service, and to call its API.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;
use url::form_urlencoded::byte_serialize;

/// The hash of an API signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    /// `HmacSHA1`.
    Sha1,
    /// `HmacSHA256`.
    Sha256,
}

/// The HTTP method of an API call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// The parameters are in the query.
    Get,
    /// The parameters are in a form.
    Post,
}

impl Method {
    /// The name that is signed.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// The fields of a storage signature.
#[derive(Clone, Copy, Debug)]
pub struct Upload<'a> {
    /// The account that owns the storage.
    pub appid: i64,
    /// The bucket.
    pub bucket: &'a str,
    /// The id of the key.
    pub secret_id: &'a str,
    /// When the signature expires, in seconds; 0 for a signature that can be used once.
    pub expires: i64,
    /// The time of the signature, in seconds.
    pub now: i64,
    /// A random number.
    pub random: u32,
    /// The file: a path in the bucket, or `/appid/bucket/path` in a signature that can be used once.
    pub file: &'a str,
}

/// Signs an upload to the storage (COS, version 4).
#[must_use]
pub fn sign_upload(secret_key: &str, upload: &Upload<'_>) -> String {
    let Upload { appid, bucket, secret_id, expires, now, random, file } = upload;
    with_text(secret_key, &format!("a={appid}&b={bucket}&k={secret_id}&e={expires}&t={now}&r={random}&f={file}"))
}

/// Signs an upload to the video service.
#[must_use]
pub fn sign_video_upload(secret_key: &str, secret_id: &str, now: i64, expires: i64, random: u32) -> String {
    let secret_id: String = byte_serialize(secret_id.as_bytes()).collect();
    with_text(secret_key, &format!("secretId={secret_id}&currentTimeStamp={now}&expireTime={expires}&random={random}"))
}

/// The signature of a text, followed by the text, in base64.
fn with_text(secret_key: &str, text: &str) -> String {
    let mut signed = hmac::<Hmac<Sha1>>(secret_key, text);
    signed.extend_from_slice(text.as_bytes());
    STANDARD.encode(signed)
}

/// A call of the cloud API, version 2.
#[derive(Clone, Copy, Debug)]
pub struct ApiCall<'a> {
    /// The HTTP method.
    pub method: Method,
    /// The host name.
    pub host: &'a str,
    /// The path.
    pub path: &'a str,
    /// The parameters, in any order.
    pub params: &'a [(String, String)],
}

/// Signs an API call (version 2): the parameters sorted by name, bytewise and not URL-encoded. The signature is not URL-encoded
/// either.
#[must_use]
pub fn sign_call(secret_key: &str, hash: Hash, call: ApiCall<'_>) -> String {
    let ApiCall { method, host, path, params } = call;
    let mut sorted: Vec<(&str, &str)> = params.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    sorted.sort_unstable();
    let pairs = sorted.into_iter().filter(|(name, _)| *name != "Signature");
    let pairs: Vec<String> = pairs.map(|(name, value)| format!("{}={value}", name.replace('_', "."))).collect();
    let text = format!("{}{host}{path}?{}", method.as_str(), pairs.join("&"));
    match hash {
        Hash::Sha1 => STANDARD.encode(hmac::<Hmac<Sha1>>(secret_key, &text)),
        Hash::Sha256 => STANDARD.encode(hmac::<Hmac<Sha256>>(secret_key, &text)),
    }
}

/// HMAC takes keys of any length.
fn hmac<M: Mac + KeyInit>(key: &str, text: &str) -> Vec<u8> {
    <M as KeyInit>::new_from_slice(key.as_bytes())
        .map(|mac| mac.chain_update(text.as_bytes()).finalize().into_bytes().to_vec())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The worked examples of the vendor's documents.
    const KEY: &str = "bLcPnl88WU30VY57ipRhSePfPdOfSruK";
    const API_ID: &str = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3gnPhESA";
    const API_KEY: &str = "Gu5t9xGARNpq86cd98joQYCN3Cozk1qA";

    fn upload(expires: i64, file: &str) -> String {
        let secret_id = "AKIDUfLUEUigQiXqm7CVSspKJnuaiIKtxqAv";
        let (appid, bucket, now, random) = (200_001, "newbucket", 1_437_995_644, 2_081_660_421);
        sign_upload(KEY, &Upload { appid, bucket, secret_id, expires, now, random, file })
    }

    #[test]
    fn an_upload_is_signed_as_published() {
        assert_eq!(
            upload(1_437_995_704, ""),
            "wHgvVkXpcZ3d+G0rOkAJml3R5NdhPTIwMDAwMSZiPW5ld2J1Y2tldCZrPUFLSURVZkxVRVVpZ1FpWHFtN0NWU3NwS0pudWFpSUt0eHFBdiZlPTE0Mzc5OTU3MDQmdD0xNDM3OTk1NjQ0JnI9MjA4MTY2MDQyMSZmPQ=="
        );
        assert_eq!(
            upload(0, "/200001/newbucket/tencent_test.jpg"),
            "rUbXBVKcp4tdZKkm5wz6//DqLIdhPTIwMDAwMSZiPW5ld2J1Y2tldCZrPUFLSURVZkxVRVVpZ1FpWHFtN0NWU3NwS0pudWFpSUt0eHFBdiZlPTAmdD0xNDM3OTk1NjQ0JnI9MjA4MTY2MDQyMSZmPS8yMDAwMDEvbmV3YnVja2V0L3RlbmNlbnRfdGVzdC5qcGc="
        );
    }

    #[test]
    fn a_call_is_signed_as_published_in_whatever_order_its_parameters_come() {
        let mut params = [
            ("Timestamp", "1465185768"),
            ("Action", "DescribeInstances"),
            ("InstanceIds.0", "ins-09dx96dg"),
            ("Nonce", "11886"),
            ("Region", "ap-guangzhou"),
            ("SecretId", API_ID),
            ("SignatureMethod", "HmacSHA256"),
            ("Signature", "left out"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let sign = |params: &[_]| {
            let call = ApiCall { method: Method::Get, host: "cvm.api.qcloud.com", path: "/v2/index.php", params };
            sign_call(API_KEY, Hash::Sha256, call)
        };
        assert_eq!(sign(&params), "0EEm/HtGRr/VJXTAD9tYMth1Bzm3lLHz5RCDv1GdM8s=");
        params.reverse();
        assert_eq!(sign(&params), "0EEm/HtGRr/VJXTAD9tYMth1Bzm3lLHz5RCDv1GdM8s=");
    }

    #[test]
    fn an_underscore_becomes_a_dot_after_sorting() {
        let params = |names: [&str; 2]| names.map(|name| (name.to_owned(), "1".to_owned()));
        let sign = |params: &[_]| {
            sign_call(API_KEY, Hash::Sha1, ApiCall { method: Method::Post, host: "h", path: "/p", params })
        };
        // A digit sorts before the underscore and after the dot.
        let text = "POSTh/p?a1=1&a.b=1";
        assert_eq!(sign(&params(["a_b", "a1"])), STANDARD.encode(hmac::<Hmac<Sha1>>(API_KEY, text)));
    }

    #[test]
    fn an_upload_of_a_video_is_signed_as_published() {
        assert_eq!(
            sign_video_upload(API_KEY, API_ID, 1_465_185_768, 1_465_272_168, 11_886),
            "isCixSORD0WpKBkpopsPo39sf/tzZWNyZXRJZD1BS0lEejhrcmJzSjV5S0JaUXBuNzRXRmttTFB4M2duUGhFU0EmY3VycmVudFRpbWVTdGFtcD0xNDY1MTg1NzY4JmV4cGlyZVRpbWU9MTQ2NTI3MjE2OCZyYW5kb209MTE4ODY="
        );
    }
}
