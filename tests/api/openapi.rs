//! The description of the protocol and the pages beside it.
