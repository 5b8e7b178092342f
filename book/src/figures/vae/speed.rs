//! What a training step costs, measured: the tables that `benches vae-cost` and `benches/versus.py vae` wrote.
use crate::figures::prelude::*;
