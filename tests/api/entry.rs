//! The pages behind the addresses of a class, and the avatars.
