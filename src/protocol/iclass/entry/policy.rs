//! What the classroom page may load, and which devices it may use.

use url::Url;

use crate::config::Origin;

/// The `Permissions-Policy`: the page itself may use cameras, microphones, speakers and screens. What it embeds, such as animated
/// slides, may not.
pub(super) const DEVICES: &str = "camera=(self), microphone=(self), speaker-selection=(self), display-capture=(self), \
     autoplay=(self), fullscreen=(self), geolocation=()";

/// The content security policy: scripts and styles of this service, and pictures and documents of this service and of `others`.
/// `public_url` is where documents and pictures of this service are, which may be another name for the server than the one in the
/// address of the page.
pub(super) fn policy(public_url: &str, others: &[Origin]) -> String {
    let own = Url::parse(public_url).map(|url| url.origin().ascii_serialization()).unwrap_or_default();
    // Older browsers do not count web sockets as 'self'.
    let sockets = own.replacen("http", "ws", 1);
    let mut shown = vec!["'self'", own.as_str()];
    shown.extend(others.iter().map(Origin::as_source));
    let shown = shown.join(" ");
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self' {sockets}; \
         img-src {shown} data: blob:; media-src {shown} blob:; frame-src {shown}; base-uri 'none'; form-action 'none'"
    )
}

#[cfg(test)]
mod tests {
    use super::policy;

    #[test]
    fn the_policy_names_the_service_and_the_other_servers() {
        let policy = policy("https://class.example.com/sub", &["https://*.example.org".parse().unwrap()]);
        for directive in [
            "connect-src 'self' wss://class.example.com;",
            "img-src 'self' https://class.example.com https://*.example.org data: blob:;",
            "frame-src 'self' https://class.example.com https://*.example.org;",
        ] {
            assert!(policy.contains(directive), "{policy}");
        }
        assert!(!policy.contains("unsafe"));
    }
}
