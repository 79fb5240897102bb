//! What real clients send, and what every answer looks like, whatever the call.
