//! The C functions of chapter 2's live figure. The page holds the pointer that `factor_analysis_new` gives.
use live::factor_analysis::Cloud;

/// A cloud with its opening noise and unit.
#[unsafe(no_mangle)]
pub extern "C" fn factor_analysis_new() -> *mut Cloud {
    Box::into_raw(Box::default())
}

/// The rows: three f64 each.
/// # Safety
/// `cloud` comes from [`factor_analysis_new`]; so it does below.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn factor_analysis_points(cloud: *const Cloud) -> *const f64 {
    unsafe { &*cloud }.x.as_ptr()
}

/// How many rows there are.
/// # Safety
/// See [`factor_analysis_points`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn factor_analysis_count(cloud: *const Cloud) -> usize {
    unsafe { &*cloud }.x.nrows()
}

/// What there is to draw: see [`Cloud::state`].
/// # Safety
/// See [`factor_analysis_points`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn factor_analysis_state(cloud: *const Cloud) -> *const f64 {
    unsafe { &*cloud }.state.as_ptr()
}

/// Another noise, as a standard deviation, and another unit of the third column.
/// # Safety
/// See [`factor_analysis_points`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn factor_analysis_set(cloud: *mut Cloud, noise: f64, unit: f64) {
    unsafe { &mut *cloud }.set(noise, unit);
}
