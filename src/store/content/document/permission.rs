//! Who may see a document.

use crate::store::text::words;

words! {
    /// Who may see a document.
    Permission {
        /// Everybody of the enterprise.
        Public = "public",
        /// Only its owner.
        Private = "private",
    }
}
