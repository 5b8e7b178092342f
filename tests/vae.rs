//! Chapter 7: the laws of variational autoencoders that need no network.
