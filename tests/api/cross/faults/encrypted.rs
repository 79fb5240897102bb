//! TLS to the database server: the requirements in the address are enforced.

use std::path::Path;

use diesel::sql_types::{Bool, Text};
use diesel::{QueryableByName, RunQueryDsl};
use lectern::db::{Conn, Db, Error};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};

use crate::support::cluster::Cluster;

/// A certificate authority.
fn authority(name: &str) -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// Configures TLS on a server with a certificate for these names.
fn certify(cluster: &Cluster, authority: &CertifiedIssuer<'static, KeyPair>, names: &[&str]) {
    let key = KeyPair::generate().unwrap();
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    let mut params = CertificateParams::new(names.clone()).unwrap();
    params.distinguished_name.push(DnType::CommonName, &names[0]);
    let certificate = params.signed_by(&key, authority).unwrap();
    cluster.add_file("server.crt", &certificate.pem());
    cluster.add_file("server.key", &key.serialize_pem());
}

#[derive(QueryableByName)]
struct Session {
    #[diesel(sql_type = Bool)]
    ssl: bool,
    #[diesel(sql_type = Text)]
    version: String,
}

/// The TLS version of a connection to an address; `None` without TLS.
async fn encryption(url: &str) -> Result<Option<String>, Error> {
    let ask = |conn: &mut Conn| {
        let own = "SELECT ssl, coalesce(version, '') AS version FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
        let session: Session = diesel::sql_query(own).get_result(conn)?;
        Ok::<_, Error>(session.ssl.then_some(session.version))
    };
    Db::open(url)?.read(ask).await
}

async fn refusal(url: &str) -> String {
    match encryption(url).await {
        Err(Error::Unavailable(why)) => {
            assert!(!why.contains("sesame"), "{why}");
            why
        }
        other => panic!("{url}: {other:?}"),
    }
}

fn verified(cluster: &Cluster, root: &Path) -> String {
    format!("{}?sslmode=verify-full&sslrootcert={}", cluster.url(), root.display())
}

#[tokio::test]
#[ignore = "on PostgreSQL"]
async fn a_database_server_is_trusted_only_with_a_certificate_for_its_name_from_the_given_authority() {
    let (ours, strange) = (authority("Ours"), authority("Strange"));
    let folder = tempfile::tempdir().unwrap();
    let (our_root, strange_root) = (folder.path().join("ours.pem"), folder.path().join("strange.pem"));
    std::fs::write(&our_root, ours.pem()).unwrap();
    std::fs::write(&strange_root, strange.pem()).unwrap();
    let cluster = Cluster::create();

    cluster.start();
    let why = refusal(&verified(&cluster, &our_root)).await;
    assert!(why.contains("does not support SSL"), "{why}");

    cluster.configure("ssl = on\n");
    certify(&cluster, &ours, &["127.0.0.1", "localhost"]);
    cluster.restart_at_once();
    let tls = encryption(&verified(&cluster, &our_root)).await.unwrap();
    assert!(tls.as_deref().is_some_and(|version| version.starts_with("TLSv1.")), "{tls:?}");
    let why = refusal(&verified(&cluster, &strange_root)).await;
    assert!(why.contains("certificate verify failed"), "{why}");
    let why = refusal(&verified(&cluster, &folder.path().join("none.pem"))).await;
    assert!(why.contains("none.pem"), "{why}");

    certify(&cluster, &ours, &["database.example.com"]);
    cluster.restart_at_once();
    let why = refusal(&verified(&cluster, &our_root)).await;
    assert!(why.contains("database.example.com") && why.contains("does not match"), "{why}");
}
