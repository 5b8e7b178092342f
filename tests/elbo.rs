//! Chapter 3: the laws of its module.
