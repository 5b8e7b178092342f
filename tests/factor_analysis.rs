//! Chapter 2: the laws of its module.
