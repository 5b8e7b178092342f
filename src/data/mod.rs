//! What the models are fitted to: four small tables, synthetic sets whose factors are known, and MNIST by path.
pub mod binarised;
pub mod idx;
pub mod mnist;
pub mod npy;
mod synthetic;
mod tables;

pub use synthetic::{Curve, Roll, arc, noisy_axis, swiss_roll, tilted_cloud};
pub use tables::{Table, digits, iris, old_faithful, wine};

use std::path::PathBuf;

/// Where large sets are looked for: `$LATENT_DATA`, else `latent-book` in the user's cache folder.
pub fn home() -> PathBuf {
    let var = |name| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    let user = || var("HOME").or_else(|| var("USERPROFILE")).unwrap_or_default();
    let cache = || {
        if cfg!(windows) {
            var("LOCALAPPDATA").unwrap_or_else(user)
        } else if cfg!(target_os = "macos") {
            user().join("Library/Caches")
        } else {
            var("XDG_CACHE_HOME").unwrap_or_else(|| user().join(".cache"))
        }
    };
    var("LATENT_DATA").unwrap_or_else(|| cache().join("latent-book"))
}
