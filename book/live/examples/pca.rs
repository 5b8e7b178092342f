//! The C functions of chapter 1's live figure. The page holds the pointer that `pca_new` gives.
use live::pca::Cloud;

/// A cloud with its opening points.
#[unsafe(no_mangle)]
pub extern "C" fn pca_new() -> *mut Cloud {
    Box::into_raw(Box::default())
}

/// Where the points are: two f64 each.
/// # Safety
/// `cloud` comes from [`pca_new`]; so it does below.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pca_points(cloud: *const Cloud) -> *const f64 {
    unsafe { &*cloud }.x.as_ptr()
}

/// How many points there are.
/// # Safety
/// See [`pca_points`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pca_count(cloud: *const Cloud) -> usize {
    unsafe { &*cloud }.x.nrows()
}

/// What there is to draw: see [`Cloud::state`].
/// # Safety
/// See [`pca_points`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pca_state(cloud: *const Cloud) -> *const f64 {
    unsafe { &*cloud }.state.as_ptr()
}

/// Puts a point elsewhere.
/// # Safety
/// See [`pca_points`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pca_place(cloud: *mut Cloud, point: usize, x: f64, y: f64) {
    unsafe { &mut *cloud }.place(point, [x, y]);
}

/// Steps of gradient descent.
/// # Safety
/// See [`pca_points`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pca_descend(cloud: *mut Cloud, steps: usize) {
    unsafe { &mut *cloud }.descend(steps);
}

/// Begins again from other weights.
/// # Safety
/// See [`pca_points`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pca_restart(cloud: *mut Cloud, x: f64, y: f64) {
    unsafe { &mut *cloud }.restart([x, y]);
}
