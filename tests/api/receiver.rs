//! A receiver of callbacks: a real HTTP server that notes what it is sent and answers as a test says.
