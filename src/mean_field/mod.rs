//! Chapter 6: mean field, one factor of q after another.
