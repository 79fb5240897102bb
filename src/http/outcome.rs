//! What a protocol says about a response, for the log and the metrics. It puts these into the extensions of the response.

/// The protocol's result code. Without it, the call succeeded.
#[derive(Clone, Copy, Debug)]
pub struct Answered(pub i64);

/// The name of the call, for a protocol whose calls have one path.
#[derive(Clone, Debug)]
pub struct Called {
    /// The protocol.
    pub protocol: &'static str,
    /// The call; `None` if there is no such call.
    pub call: Option<String>,
}

/// The limit that refused the call.
#[derive(Clone, Copy, Debug)]
pub struct Limited(pub &'static str);
