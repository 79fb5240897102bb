//! Courseware.
