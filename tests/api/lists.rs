//! Paging: offset, size, order, filters.
