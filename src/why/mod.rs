//! Chapter 0: why latent variables. The small experiments behind its pictures.
