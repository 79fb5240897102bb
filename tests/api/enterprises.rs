//! What an enterprise changes of itself, and what its operator does.
