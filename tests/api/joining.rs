//! Coming into a class, leaving it, and the lists of who is and was there.
