//! Input that no client should send: a clear error each time, and nothing half done.
