//! The certificate authorities that receivers of webhooks are checked against.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::support::PATIENCE;
use crate::support::process::Process;
use crate::support::school::School;

fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "The school's own");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A receiver with a certificate for this machine. It reports each request, or why there is none.
async fn receive(listener: TcpListener, acceptor: TlsAcceptor, seen: UnboundedSender<Result<String, String>>) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let answered = async {
            let mut stream = BufReader::new(acceptor.accept(stream).await?);
            let (mut line, mut length) = (String::new(), 0);
            while stream.read_line(&mut line).await? > 2 {
                if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length: ") {
                    length = value.trim().parse().unwrap();
                }
                line.clear();
            }
            let mut body = vec![0; length];
            stream.read_exact(&mut body).await?;
            stream
                .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 16\r\nConnection: close\r\n\r\n{\"error_code\":0}")
                .await?;
            stream.shutdown().await?;
            Ok::<_, std::io::Error>(String::from_utf8(body).unwrap())
        };
        let _ = seen.send(answered.await.map_err(|error| error.to_string()));
    }
}

async fn next(seen: &mut UnboundedReceiver<Result<String, String>>) -> Result<String, String> {
    tokio::time::timeout(PATIENCE, seen.recv()).await.expect("nothing was sent").unwrap()
}

#[tokio::test]
async fn ssl_cert_file_names_the_authorities_of_receivers() {
    let folder = tempfile::tempdir().unwrap();
    let authority = authority();
    let root = folder.path().join("root.pem");
    std::fs::write(&root, authority.pem()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate =
        CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("https://localhost:{}/events", listener.local_addr().unwrap().port());
    let (sender, mut seen) = unbounded_channel();
    let receiving = tokio::spawn(receive(listener, TlsAcceptor::from(Arc::new(config)), sender));

    let school = School::in_folder(folder.path(), &address).await;
    let (process, client) = school.open(&["--callback-retry-seconds", "0.2"]);
    client.begin(1).await;
    let refused = next(&mut seen).await;
    assert!(refused.is_err(), "an unknown authority was trusted: {refused:?}");
    process.kill();

    let export = format!("export SSL_CERT_FILE={}", root.display());
    let _process = Process::start_after(&export, &school.database_url, &["--callback-retry-seconds", "0.2"]);
    // What was not delivered before comes now.
    let received = loop {
        if let Ok(body) = next(&mut seen).await {
            break body;
        }
    };
    assert!(received.contains("class_begin"), "{received}");
    receiving.abort();
}
