//! Documents in the console: finding one, its pages, converting it again, and deleting it.

use lectern::domain::tenancy::audit::AuditAction;
use serde_json::json;

use super::deliveries::audited;
use crate::iclass::conversions::{convert, document, host, start, wait_for_finished};
use crate::support::converter::{Play, Scripted, broken};
use crate::support::receiver::Receiver;
use crate::support::service::Enterprise;
use crate::support::visitor::Visitor;
use crate::support::webhooks;

fn list(enterprise: &Enterprise<'_>) -> String {
    format!("/e/{}/documents", enterprise.sdkappid)
}

#[tokio::test]
async fn a_document_that_failed_is_found_converted_again_and_shown_with_its_pages() {
    let converter =
        Scripted::new(|_, earlier| if earlier == 0 { Play::Fail(vec![40], broken()) } else { Play::Pages(vec![50]) });
    let (service, host, receiver) = (start(converter, &[]), host(), Receiver::start());
    let enterprise = webhooks::subscribed(&service, &receiver.url).await;
    let doc_id = convert(&enterprise, &host, json!({"doc_name": "Fractions", "owner": "lin"})).await;
    wait_for_finished(&receiver, 1).await;
    let address = format!("{}/one?id={doc_id}", list(&enterprise));

    let support = Visitor::by_link(&enterprise, "support", "s").await;
    let page = support.open(&format!("{}?search=Frac&owner=lin", list(&enterprise))).await;
    for text in ["Fractions", "Conversion failed", "lin"] {
        page.must_show(text);
    }
    support.open(&format!("{}?search=Fun", list(&enterprise))).await.must_show("No document matches.");
    support.open(&format!("{}?owner=wang", list(&enterprise))).await.must_show("No document matches.");
    let page = support.open(&address).await;
    page.must_show(&broken().to_string());
    assert!(!page.html.contains("/convert\"") && !page.html.contains("/delete\""), "support is offered a change");

    let admin = Visitor::by_link(&enterprise, "admin", "li").await;
    admin.open(&address).await.must_show("Convert again");
    let convert_again = format!("{}/convert", list(&enterprise));
    let page = admin.post(&convert_again, &[("id", &doc_id)]).await;
    assert_eq!(page.location, format!("/console{address}&done=convert"));
    wait_for_finished(&receiver, 2).await;
    assert_eq!(document(&enterprise, &doc_id).await["transcode_code"], 0);
    let page = admin.open(&address).await;
    page.must_show("Ready");
    assert!(!page.html.contains("/convert\""), "what did not fail is not converted again");
    assert_eq!(page.html.matches("<img src=\"").count(), 3);
    let thumbnail = page.html.split("<img src=\"").nth(1).unwrap();
    assert!(thumbnail.starts_with(&format!("{}/", service.url)), "{thumbnail}");

    // Once more changes nothing.
    assert_eq!(admin.post(&convert_again, &[("id", &doc_id)]).await.status, 303);
    assert_eq!(document(&enterprise, &doc_id).await["transcode_status"], "finished");
    assert!(audited(&service).await.iter().any(|entry| entry.action == AuditAction::DocumentConvert));
}

#[tokio::test]
async fn a_document_is_deleted_by_those_who_may_and_in_their_enterprise_alone() {
    let (service, host) = (start(Scripted::willing(), &[]), host());
    let (mine, other) = (service.enterprise().await, service.enterprise().await);
    let (own, foreign) = (convert(&mine, &host, json!({})).await, convert(&other, &host, json!({})).await);
    let admin = Visitor::by_link(&mine, "admin", "li").await;
    admin.open(&list(&mine)).await;
    for change in ["convert", "delete"] {
        let path = format!("{}/{change}", list(&mine));
        assert_eq!(admin.post(&path, &[("id", &foreign)]).await.status, 404, "{change}");
        assert_eq!(admin.post(&path, &[("id", "none")]).await.status, 404, "{change}");
    }
    assert_eq!(admin.get(&format!("{}/one?id={foreign}", list(&mine))).await.status, 404);
    let page = admin.post(&format!("{}/delete", list(&mine)), &[("id", &own)]).await;
    assert_eq!(page.location, format!("/console{}?done=deleted", list(&mine)));
    admin.open(&format!("{}?done=deleted", list(&mine))).await.must_show("The document was deleted.");
    mine.refused("document/info", json!({ "doc_id": own }), 10003).await;
    other.ok("document/info", json!({ "doc_id": foreign })).await;
    let deleted: Vec<_> =
        audited(&service).await.into_iter().filter(|entry| entry.action == AuditAction::DocumentDelete).collect();
    assert_eq!((deleted.len(), deleted[0].target.as_str()), (1, own.as_str()));
}

#[tokio::test]
async fn an_address_that_is_none_of_the_web_is_no_link() {
    let service = start(Scripted::willing(), &[]);
    let enterprise = service.enterprise().await;
    let fields = json!({"doc_url": "https://files.example.com/a.pptx", "doc_name": "a"});
    let doc_id = enterprise.ok("document/add", fields).await["doc_id"].as_str().unwrap().to_owned();
    let write = |conn: &mut lectern::db::Conn| {
        use diesel::connection::SimpleConnection;
        Ok::<_, lectern::db::Error>(conn.batch_execute("UPDATE documents SET doc_url = 'javascript:alert(1)'")?)
    };
    service.app.db.write(write).await.unwrap();
    let admin = Visitor::by_link(&enterprise, "admin", "li").await;
    let page = admin.open(&format!("{}/one?id={doc_id}", list(&enterprise))).await;
    assert!(!page.html.contains("javascript:"));
}
