//! Who is let in: the signature of a request.
