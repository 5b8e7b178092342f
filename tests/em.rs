//! Chapter 4: the laws of expectation maximisation.
