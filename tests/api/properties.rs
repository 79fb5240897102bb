//! What holds for all inputs: signatures, the life of a class, paging.
