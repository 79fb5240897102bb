//! Looking after deliveries: the feed, the calls and the command line.
