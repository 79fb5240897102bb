//! `lectern sign`.

use clap::Args;
use lectern::clock::Clock;
use lectern::config::DatabaseConfig;
use lectern::domain;
use lectern::protocol::iclass::sign;

use super::database::in_database;
use super::output::Outcome;

/// Prints a URL that is signed with the enterprise's key.
#[derive(Args)]
pub struct Sign {
    #[command(flatten)]
    database: DatabaseConfig,
    /// The enterprise
    #[arg(long)]
    sdkappid: i64,
    /// How long the signature is valid
    #[arg(long, default_value = "1h")]
    expires_in: humantime::Duration,
    /// The address of the service, which the URL begins with
    #[arg(long, env = "LECTERN_PUBLIC_URL", default_value = "http://127.0.0.1:8080")]
    public_url: String,
    /// The call, such as /paas/v1/class/info
    path: String,
}

pub fn run(args: &Sign) -> Outcome {
    let sdkappid = args.sdkappid;
    let enterprise = in_database(&args.database, move |conn| domain::tenancy::enterprise::require(conn, sdkappid))?;
    let seconds = i64::try_from(args.expires_in.as_secs())?;
    let query = sign::query(&enterprise, Clock::System.now(), seconds);
    println!("{}/{}?{query}", args.public_url.trim_end_matches('/'), args.path.trim_start_matches('/'));
    Ok(())
}
