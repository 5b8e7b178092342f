//! Chapter 4's live figure.
