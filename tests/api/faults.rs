//! What must not be lost: kills, stops, failing statements, a full disk.
