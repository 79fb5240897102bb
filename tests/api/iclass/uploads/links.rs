//! Addresses of files: links to private files expire, and no path escapes the folder of the file.

use serde_json::json;

use super::serving::header;
use crate::support::database::storage_url;
use crate::support::raw::{Raw, head};
use crate::support::service::Service;

#[tokio::test]
async fn a_private_file_is_shown_by_a_link_until_it_ends() {
    let service = Service::start_with(&["--file-link-seconds", "100"]);
    let enterprise = service.enterprise().await;
    let url = enterprise.upload("doc_name=a&doc_ext=png&permission=private", "secret").await;
    let parts: Vec<&str> = url.strip_prefix(&format!("{}/files/", service.url)).unwrap().split('/').collect();
    let [key, ticket, name] = parts[..] else { panic!("{url}") };
    assert!(key.starts_with('p') && name == "a.png", "{url}");
    let at = |key: &str, rest: &str| format!("{}/files/{key}/{rest}", service.url);
    let served = service.get(&url).await;
    assert_eq!((served.status().as_u16(), header(&served, "cache-control")), (200, "private, max-age=100"));
    assert_eq!(served.text().await.unwrap(), "secret");
    // Only the link gives access.
    let (expires, signature) = ticket.split_once('.').unwrap();
    let later = expires.parse::<i64>().unwrap() + 1;
    let other = if signature.starts_with('0') { '1' } else { '0' };
    for wrong in [
        "a.png".to_owned(),
        "/a.png".to_owned(),
        format!("{later}.{signature}/a.png"),
        format!("+{expires}.{signature}/a.png"),
        format!("{expires}.{other}{}/a.png", &signature[1..]),
        format!("{expires}.{}/a.png", &signature[1..]),
        format!("{expires}./a.png"),
        format!("{expires}/a.png"),
        ".../a.png".to_owned(),
        "x.y/a.png".to_owned(),
    ] {
        assert_eq!(service.status(&at(key, &wrong)).await, 403, "{wrong}");
    }
    // Neither the link of another file nor a missing file works.
    let second = enterprise.upload("permission=private", "another secret").await;
    let second = second.strip_prefix(&format!("{}/files/", service.url)).unwrap().split('/').next().unwrap();
    assert_eq!(service.status(&at(second, &format!("{ticket}/document"))).await, 403);
    assert_eq!(service.status(&at(key, &format!("{ticket}/b.png"))).await, 404);
    assert_eq!(service.status(&at(&format!("p{:032x}", 1), &format!("{ticket}/a.png"))).await, 404);
    service.pass(100);
    let served = service.get(&url).await;
    assert_eq!((served.status().as_u16(), header(&served, "cache-control")), (200, "private, max-age=0"));
    service.pass(1);
    let served = service.get(&url).await;
    assert_eq!((served.status().as_u16(), header(&served, "cache-control")), (403, "no-store"));
}

#[tokio::test]
async fn with_the_key_of_an_enterprise_its_links_end() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let url = enterprise.upload("permission=private", "secret").await;
    let (sdkappid, now) = (enterprise.sdkappid, service.clock.now());
    let rotate = move |conn: &mut _| lectern::domain::tenancy::enterprise::rotate_key(conn, sdkappid, 60_000, now);
    service.app.db.write(rotate).await.unwrap();
    service.pass(60);
    assert_eq!(service.status(&url).await, 200);
    service.pass(1);
    assert_eq!(service.status(&url).await, 403);
}

#[tokio::test]
async fn a_path_that_leads_elsewhere_leads_nowhere() {
    let service = Service::start();
    let enterprise = service.enterprise().await;
    let url = enterprise.upload("doc_name=a&doc_ext=png", "x").await;
    let folder = url.strip_suffix("/a.png").unwrap();
    let outside = storage_url(service.database_url());
    let outside = std::path::Path::new(outside.strip_prefix("file://").unwrap()).join("outside");
    std::fs::write(&outside, "secret").unwrap();
    let mut raw = Raw::connect(&service.url);
    for rest in [
        "/../outside",
        "/%2e%2e/outside",
        "/..%2foutside",
        "/%2e%2e%2foutside",
        "/%252e%252e/outside",
        "/a.png/../../outside",
        "/a.png/",
        "/a.png/x",
        "/",
        "",
        "//a.png",
        "/a.png%00",
        "/a.png%231",
        "/%2fetc/passwd",
        "/A.png",
        "/..\\outside",
        "/%ff",
    ] {
        raw.send(head("GET", &format!("{folder}{rest}"), "", 0));
        let response = raw.read("GET");
        assert!([400, 404].contains(&response.status), "{rest}: {}", response.status);
        assert!(!response.body.contains("secret"), "{rest}");
        if response.status == 400 || response.header("connection") == Some("close") {
            raw = Raw::connect(&service.url);
        }
    }
    for rest in ["/files", "/files/", "/files/x", "/files/x/y", "/files/../outside"] {
        assert_eq!(service.status(&format!("{}{rest}", service.url)).await, 404, "{rest}");
    }
}

#[tokio::test]
async fn an_address_of_a_file_is_one_of_the_own_enterprise_and_good() {
    let service = Service::start();
    let (a, b) = (service.enterprise().await, service.enterprise().await);
    let public = a.upload("", "x").await;
    let private = a.upload("permission=private", "x").await;
    for url in [&public, &private] {
        b.refused("document/add", json!({ "doc_url": url }), 10003).await;
        a.ok("document/add", json!({ "doc_url": url })).await;
    }
    service.pass(90_000);
    let message = a.refused("document/add", json!({"doc_url": private}), 10003).await;
    assert_eq!(message, "doc_url: the link to the file has expired or is wrong");
    let message =
        a.refused("document/add", json!({"doc_url": format!("{}/files/a{:032x}/x", service.url, 7)}), 10003).await;
    assert_eq!(message, "doc_url: there is no such file here");
    // An address on another host is not a file of this service, whatever its path is.
    let elsewhere = public.replace(&service.url, "https://files.example.com");
    let doc_id = a.add_upload(&elsewhere).await;
    assert_eq!(a.ok("document/info", json!({"doc_id": doc_id})).await["doc_url"], *elsewhere);
    a.ok("document/delete", json!({"doc_ids": [doc_id]})).await;
    assert_eq!(service.status(&public).await, 200);
}
