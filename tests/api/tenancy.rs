//! No enterprise ever reaches the rows of another.
