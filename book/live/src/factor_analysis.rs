//! Chapter 2's live figure.
