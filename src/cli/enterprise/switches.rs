//! The words of `lectern enterprise` for what an enterprise switches on: its protocols, and who may open accounts.

use lectern::domain::tenancy::enterprise::Protocols;
use lectern::domain::tenancy::settings::{Product, Registration};

/// The protocol that is always on, with its components.
const ALWAYS: &str = "iclass";
const CHANNELS: &str = "niuclass";
const ROOMS: &str = "suixinbo";
const IM: &str = "im";

/// Parses the list of `--protocols`. The one that is always on need not be in it.
pub fn protocols(list: &str) -> Result<Protocols, String> {
    let mut on = Protocols::default();
    for word in list.split(',').map(str::trim).filter(|word| !word.is_empty()) {
        match word {
            ALWAYS => {}
            CHANNELS => on.channels = true,
            ROOMS => on.rooms = true,
            IM => on.im = true,
            _ => return Err(format!("{word:?} is none of {ALWAYS}, {CHANNELS}, {ROOMS} and {IM}")),
        }
    }
    Ok(on)
}

/// The names of the protocols that are on.
pub fn names(on: Protocols) -> Vec<&'static str> {
    let all = [(true, ALWAYS), (on.channels, CHANNELS), (on.rooms, ROOMS), (on.im, IM)];
    all.into_iter().filter_map(|(is_on, name)| is_on.then_some(name)).collect()
}

/// Parses `--open-registration`. `true` and `false` are what it took before there were roles.
pub fn registration(word: &str) -> Result<Registration, String> {
    match word {
        "off" | "false" => Ok(Registration::Off),
        "pupils" | "true" => Ok(Registration::Pupils),
        "teachers" => Ok(Registration::Teachers),
        _ => Err("must be off, pupils or teachers".into()),
    }
}

/// Parses `--recording`.
pub fn product(word: &str) -> Result<Product, String> {
    serde_json::from_value(word.into()).map_err(|_| "must be composed, tracks or audio".into())
}
