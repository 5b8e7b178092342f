//! Chapter 3's live figure.
