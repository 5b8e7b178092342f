//! The C functions of chapter 3's live figure. The page holds the pointer that `elbo_new` gives.
use live::elbo::Bar;

/// A bar with its opening q.
#[unsafe(no_mangle)]
pub extern "C" fn elbo_new() -> *mut Bar {
    Box::into_raw(Box::default())
}

/// The numbers: see [`Bar::state`].
/// # Safety
/// `bar` comes from [`elbo_new`]; so it does below.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn elbo_state(bar: *const Bar) -> *const f64 {
    unsafe { &*bar }.state.as_ptr()
}

/// The curves: see [`Bar::curves`].
/// # Safety
/// See [`elbo_state`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn elbo_curves(bar: *const Bar) -> *const f64 {
    unsafe { &*bar }.curves.as_ptr()
}

/// How many numbers all curves have together.
/// # Safety
/// See [`elbo_state`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn elbo_length(bar: *const Bar) -> usize {
    unsafe { &*bar }.curves.len()
}

/// Chooses the model.
/// # Safety
/// See [`elbo_state`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn elbo_choose(bar: *mut Bar, model: usize) {
    unsafe { &mut *bar }.choose(model);
}

/// Moves q.
/// # Safety
/// See [`elbo_state`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn elbo_place(bar: *mut Bar, mean: f64, sd: f64) {
    unsafe { &mut *bar }.place(mean, sd);
}

/// Moves q to the best one.
/// # Safety
/// See [`elbo_state`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn elbo_best(bar: *mut Bar) {
    unsafe { &mut *bar }.best();
}

/// Moves q to where it began.
/// # Safety
/// See [`elbo_state`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn elbo_reset(bar: *mut Bar) {
    unsafe { &mut *bar }.reset();
}
