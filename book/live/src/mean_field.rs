//! The live figures of the chapter on mean field.
