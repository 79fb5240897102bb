//! The protocols, one folder each: routes, wire types and error codes over the same domain. None imports another.

pub mod iclass;
pub mod im;
pub mod niuclass;
pub mod suixinbo;
