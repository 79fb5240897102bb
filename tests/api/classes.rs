//! The life of a class.
