//! Which paths lead to something in the storage.

use object_store::path::Path;

use super::error::Error;

/// The longest name of a folder or file on the usual file systems, in bytes.
const LONGEST_NAME: usize = 255;

/// The place of a path. No path leads out of the storage, or to a file that is being written: the name of such a file ends in
/// `#` and a number.
pub(super) fn place(path: &str) -> Result<Path, Error> {
    let is_partial = |name: &str| {
        name.rsplit_once('#').is_some_and(|(_, tail)| !tail.is_empty() && tail.bytes().all(|b| b.is_ascii_digit()))
    };
    let is_name = |name: &str| !name.is_empty() && name.len() <= LONGEST_NAME && !is_partial(name);
    if !path.split('/').all(is_name) {
        return Err(Error::Missing);
    }
    Path::parse(path).map_err(|_| Error::Missing)
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn no_path_leads_out() {
        for path in ["../x", "a/../../x", "a/..", "a/./b", "a//b", "a/\0", "a/\n", "..", ".", "", "/a", "a/", "a/b#1"] {
            assert!(place(path).is_err(), "{path:?}");
        }
        assert!(place(&"a".repeat(256)).is_err());
        assert_eq!(place("a/第一课 1.pptx").unwrap().as_ref(), "a/第一课 1.pptx");
    }
}
