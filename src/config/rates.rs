//! How often something may be done, for each address, account and enterprise. An instance counts what it serves itself.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;
use std::time::Duration;

use clap::Args;

/// How often something may be done: so many times at once, and as many again in each period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rate {
    /// Without a limit.
    Off,
    /// This many times in each period.
    Per(NonZeroU32, Period),
}

/// The period of a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// A second.
    Second,
    /// A minute.
    Minute,
    /// An hour.
    Hour,
}

impl Period {
    /// How long it is.
    #[must_use]
    pub fn duration(self) -> Duration {
        match self {
            Self::Second => Duration::from_secs(1),
            Self::Minute => Duration::from_mins(1),
            Self::Hour => Duration::from_hours(1),
        }
    }
}

impl FromStr for Rate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "off" {
            return Ok(Self::Off);
        }
        let parsed = text.split_once('/').and_then(|(count, period)| {
            let period = match period {
                "s" => Period::Second,
                "m" => Period::Minute,
                "h" => Period::Hour,
                _ => return None,
            };
            Some(Self::Per(count.parse().ok()?, period))
        });
        parsed.ok_or_else(|| "must be like 20/s, 300/m or 1000/h, or off".to_owned())
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off => f.write_str("off"),
            Self::Per(count, Period::Second) => write!(f, "{count}/s"),
            Self::Per(count, Period::Minute) => write!(f, "{count}/m"),
            Self::Per(count, Period::Hour) => write!(f, "{count}/h"),
        }
    }
}

/// How often something may be done. Calls that an enterprise signs are counted for the enterprise only.
#[derive(Args, Clone, Debug)]
pub struct RateConfig {
    /// Attempts to sign in from one address
    #[arg(long = "limit-sign-ins-per-address", env = "LECTERN_LIMIT_SIGN_INS_PER_ADDRESS", default_value = "6000/h")]
    pub sign_ins_per_address: Rate,

    /// Attempts to sign in to one account from one address
    #[arg(long = "limit-sign-ins-per-account", env = "LECTERN_LIMIT_SIGN_INS_PER_ACCOUNT", default_value = "600/h")]
    pub sign_ins_per_account: Rate,

    /// Attempts to enter classes with their passwords from one address
    #[arg(
        long = "limit-class-passwords-per-address",
        env = "LECTERN_LIMIT_CLASS_PASSWORDS_PER_ADDRESS",
        default_value = "6000/h"
    )]
    pub class_passwords_per_address: Rate,

    /// Attempts of one account to enter classes with their passwords
    #[arg(
        long = "limit-class-passwords-per-account",
        env = "LECTERN_LIMIT_CLASS_PASSWORDS_PER_ACCOUNT",
        default_value = "300/h"
    )]
    pub class_passwords_per_account: Rate,

    /// Accounts that people open themselves from one address
    #[arg(
        long = "limit-registrations-per-address",
        env = "LECTERN_LIMIT_REGISTRATIONS_PER_ADDRESS",
        default_value = "3000/h"
    )]
    pub registrations_per_address: Rate,

    /// Accounts that people open themselves in one enterprise
    #[arg(
        long = "limit-registrations-per-enterprise",
        env = "LECTERN_LIMIT_REGISTRATIONS_PER_ENTERPRISE",
        default_value = "20000/h"
    )]
    pub registrations_per_enterprise: Rate,

    /// Visitors from one address
    #[arg(long = "limit-visitors-per-address", env = "LECTERN_LIMIT_VISITORS_PER_ADDRESS", default_value = "6000/h")]
    pub visitors_per_address: Rate,

    /// Visitors of one enterprise
    #[arg(
        long = "limit-visitors-per-enterprise",
        env = "LECTERN_LIMIT_VISITORS_PER_ENTERPRISE",
        default_value = "50000/h"
    )]
    pub visitors_per_enterprise: Rate,

    /// Rooms that one account opens
    #[arg(long = "limit-rooms-per-account", env = "LECTERN_LIMIT_ROOMS_PER_ACCOUNT", default_value = "60/h")]
    pub rooms_per_account: Rate,

    /// Reports of one account
    #[arg(long = "limit-reports-per-account", env = "LECTERN_LIMIT_REPORTS_PER_ACCOUNT", default_value = "1200/m")]
    pub reports_per_account: Rate,

    /// Reports in one enterprise
    #[arg(
        long = "limit-reports-per-enterprise",
        env = "LECTERN_LIMIT_REPORTS_PER_ENTERPRISE",
        default_value = "300000/m"
    )]
    pub reports_per_enterprise: Rate,

    /// The size of the reports of one account, in KiB
    #[arg(
        long = "limit-report-kib-per-account",
        env = "LECTERN_LIMIT_REPORT_KIB_PER_ACCOUNT",
        default_value = "4096/m"
    )]
    pub report_kib_per_account: Rate,

    /// The size of the reports in one enterprise, in KiB
    #[arg(
        long = "limit-report-kib-per-enterprise",
        env = "LECTERN_LIMIT_REPORT_KIB_PER_ENTERPRISE",
        default_value = "524288/m"
    )]
    pub report_kib_per_enterprise: Rate,

    /// Calls of one account that draw on a board
    #[arg(long = "limit-drawings-per-account", env = "LECTERN_LIMIT_DRAWINGS_PER_ACCOUNT", default_value = "1200/m")]
    pub drawings_per_account: Rate,

    /// Offers of one account to the media server
    #[arg(
        long = "limit-media-connects-per-account",
        env = "LECTERN_LIMIT_MEDIA_CONNECTS_PER_ACCOUNT",
        default_value = "30/m"
    )]
    pub media_connects_per_account: Rate,

    /// Chat messages of one account
    #[arg(long = "limit-messages-per-account", env = "LECTERN_LIMIT_MESSAGES_PER_ACCOUNT", default_value = "600/m")]
    pub messages_per_account: Rate,

    /// Chat messages in one enterprise
    #[arg(
        long = "limit-messages-per-enterprise",
        env = "LECTERN_LIMIT_MESSAGES_PER_ENTERPRISE",
        default_value = "300000/m"
    )]
    pub messages_per_enterprise: Rate,

    /// Images that one account uploads for chats
    #[arg(long = "limit-images-per-account", env = "LECTERN_LIMIT_IMAGES_PER_ACCOUNT", default_value = "60/m")]
    pub images_per_account: Rate,

    /// Images that are uploaded for chats in one enterprise
    #[arg(
        long = "limit-images-per-enterprise",
        env = "LECTERN_LIMIT_IMAGES_PER_ENTERPRISE",
        default_value = "30000/m"
    )]
    pub images_per_enterprise: Rate,

    /// New classes, lessons and rooms of one enterprise
    #[arg(
        long = "limit-classes-per-enterprise",
        env = "LECTERN_LIMIT_CLASSES_PER_ENTERPRISE",
        default_value = "100000/h"
    )]
    pub classes_per_enterprise: Rate,

    /// IM calls without a token, reports of the recorder and `business/base/info` from one address
    #[arg(
        long = "limit-open-calls-per-address",
        env = "LECTERN_LIMIT_OPEN_CALLS_PER_ADDRESS",
        default_value = "12000/m"
    )]
    pub open_calls_per_address: Rate,
}

#[cfg(test)]
mod tests {
    use super::Rate;

    #[test]
    fn a_rate_is_shown_as_it_is_given() {
        for text in ["off", "1/s", "300/m", "4294967295/h"] {
            assert_eq!(text.parse::<Rate>().map(|rate| rate.to_string()), Ok(text.to_owned()));
        }
        for text in ["", "0/s", "1", "1/d", "-1/s", "4294967296/h", "1/ s", "Off"] {
            assert!(text.parse::<Rate>().is_err(), "{text}");
        }
    }
}
