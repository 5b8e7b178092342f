//! The C functions of chapter 6's live figures. The page holds the pointers that `…_new` gives.
use live::mean_field::{Prune, Tied};

/// A correlated Gaussian at its opening start.
#[unsafe(no_mangle)]
pub extern "C" fn mean_field_tied_new() -> *mut Tied {
    Box::into_raw(Box::default())
}

/// Where the means have been: two f64 each.
/// # Safety
/// `tied` comes from [`mean_field_tied_new`]; so it does below.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mean_field_tied_path(tied: *const Tied) -> *const f64 {
    unsafe { &*tied }.path.as_ptr().cast()
}

/// How many places the path has.
/// # Safety
/// See [`mean_field_tied_path`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mean_field_tied_places(tied: *const Tied) -> usize {
    unsafe { &*tied }.path.len()
}

/// What there is to say: see [`Tied::state`].
/// # Safety
/// See [`mean_field_tied_path`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mean_field_tied_state(tied: *const Tied) -> *const f64 {
    unsafe { &*tied }.state.as_ptr()
}

/// The half step that is due; 1 if it moved.
/// # Safety
/// See [`mean_field_tied_path`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mean_field_tied_half(tied: *mut Tied) -> u32 {
    unsafe { &mut *tied }.half().into()
}

/// Takes a half step back; 1 if there was one.
/// # Safety
/// See [`mean_field_tied_path`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mean_field_tied_back(tied: *mut Tied) -> u32 {
    unsafe { &mut *tied }.back().into()
}

/// Begins elsewhere.
/// # Safety
/// See [`mean_field_tied_path`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mean_field_tied_restart(tied: *mut Tied, x: f64, y: f64) {
    unsafe { &mut *tied }.restart([x, y]);
}

/// Another correlation.
/// # Safety
/// See [`mean_field_tied_path`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mean_field_tied_correlate(tied: *mut Tied, rho: f64) {
    unsafe { &mut *tied }.correlate(rho);
}

/// Six components on Old Faithful.
#[unsafe(no_mangle)]
pub extern "C" fn mean_field_prune_new() -> *mut Prune {
    Box::into_raw(Box::default())
}

/// The rows: two f64 each.
/// # Safety
/// `prune` comes from [`mean_field_prune_new`]; so it does below.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mean_field_prune_rows(prune: *const Prune) -> *const f64 {
    unsafe { &*prune }.rows.as_ptr()
}

/// How many numbers the rows are.
/// # Safety
/// See [`mean_field_prune_rows`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mean_field_prune_size(prune: *const Prune) -> usize {
    unsafe { &*prune }.rows.len()
}

/// What there is to say: see [`Prune::state`].
/// # Safety
/// See [`mean_field_prune_rows`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mean_field_prune_state(prune: *const Prune) -> *const f64 {
    unsafe { &*prune }.state.as_ptr()
}

/// The bound after each step.
/// # Safety
/// See [`mean_field_prune_rows`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mean_field_prune_trace(prune: *const Prune) -> *const f64 {
    unsafe { &*prune }.trace.as_ptr()
}

/// One step; 1 if the bound still rises.
/// # Safety
/// See [`mean_field_prune_rows`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mean_field_prune_step(prune: *mut Prune) -> u32 {
    unsafe { &mut *prune }.step().into()
}

/// Begins again with K components and another prior count α.
/// # Safety
/// See [`mean_field_prune_rows`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mean_field_prune_start(prune: *mut Prune, k: usize, alpha: f64) {
    unsafe { &mut *prune }.start(k, alpha);
}
