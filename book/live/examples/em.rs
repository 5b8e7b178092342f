//! The C functions of chapter 4's live figure. The page holds the pointer that `em_new` gives.
use live::em::{REACH, SIDE, Stairs};

/// A staircase at its opening start.
#[unsafe(no_mangle)]
pub extern "C" fn em_new() -> *mut Stairs {
    Box::into_raw(Box::default())
}

/// Heights along each side of the map.
#[unsafe(no_mangle)]
pub extern "C" fn em_side() -> usize {
    SIDE
}

/// How far the map reaches.
#[unsafe(no_mangle)]
pub extern "C" fn em_reach() -> f64 {
    REACH
}

/// The map: how far below the top, row by row, from below.
/// # Safety
/// `stairs` comes from [`em_new`]; so it does below.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn em_depths(stairs: *const Stairs) -> *const f64 {
    unsafe { &*stairs }.depths.as_ptr()
}

/// Where the climb has been: two f64 each.
/// # Safety
/// See [`em_depths`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn em_path(stairs: *const Stairs) -> *const f64 {
    unsafe { &*stairs }.path.as_ptr().cast()
}

/// How many places the path has.
/// # Safety
/// See [`em_depths`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn em_places(stairs: *const Stairs) -> usize {
    unsafe { &*stairs }.path.len()
}

/// What there is to say: see [`Stairs::state`].
/// # Safety
/// See [`em_depths`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn em_state(stairs: *const Stairs) -> *const f64 {
    unsafe { &*stairs }.state.as_ptr()
}

/// An E step; 1 if anything moved.
/// # Safety
/// See [`em_depths`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn em_e(stairs: *mut Stairs) -> u32 {
    unsafe { &mut *stairs }.e_step().into()
}

/// An M step; 1 if anything moved.
/// # Safety
/// See [`em_depths`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn em_m(stairs: *mut Stairs) -> u32 {
    unsafe { &mut *stairs }.m_step().into()
}

/// The half step that is due; 1 if anything moved.
/// # Safety
/// See [`em_depths`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn em_half(stairs: *mut Stairs) -> u32 {
    unsafe { &mut *stairs }.half().into()
}

/// Takes a half step back; 1 if there was one.
/// # Safety
/// See [`em_depths`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn em_back(stairs: *mut Stairs) -> u32 {
    unsafe { &mut *stairs }.back().into()
}

/// Begins elsewhere.
/// # Safety
/// See [`em_depths`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn em_restart(stairs: *mut Stairs, u: f64, w: f64) {
    unsafe { &mut *stairs }.restart([u, w]);
}

/// Another noise variance.
/// # Safety
/// See [`em_depths`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn em_noise(stairs: *mut Stairs, psi: f64) {
    unsafe { &mut *stairs }.noise(psi);
}
