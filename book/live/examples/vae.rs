//! The C functions of the live figures on variational autoencoders. The page holds the pointers that the `new`
//! functions give.
use live::vae::{beta::Beta, gaps::Gaps, plane::Plane, random::Random};

fn boxed<T>(value: latent::Result<T>) -> *mut T {
    value.map_or(std::ptr::null_mut(), |v| Box::into_raw(Box::new(v)))
}

/// The trained network at the middle of its plane; null if that failed.
#[unsafe(no_mangle)]
pub extern "C" fn vae_plane_new() -> *mut Plane {
    boxed(Plane::new())
}

/// Six f64: see [`Plane::state`].
/// # Safety
/// `plane` comes from [`vae_plane_new`]; so it does below.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vae_plane_state(plane: *const Plane) -> *const f64 {
    unsafe { &*plane }.state.as_ptr()
}

/// Three f64 for each of 1500 digits: see [`Plane::codes`].
/// # Safety
/// See [`vae_plane_state`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vae_plane_codes(plane: *const Plane) -> *const f64 {
    unsafe { &*plane }.codes.as_ptr()
}

/// 70 rows of 70 f64: see [`Plane::shade`].
/// # Safety
/// See [`vae_plane_state`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vae_plane_shade(plane: *const Plane) -> *const f64 {
    unsafe { &*plane }.shade.as_ptr()
}

/// 64 f64: see [`Plane::image`].
/// # Safety
/// See [`vae_plane_state`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vae_plane_image(plane: *const Plane) -> *const f64 {
    unsafe { &*plane }.image.as_ptr()
}

/// Moves z.
/// # Safety
/// See [`vae_plane_state`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vae_plane_place(plane: *mut Plane, x: f64, y: f64) {
    unsafe { &mut *plane }.place(x, y);
}

/// Moves z to a hole.
/// # Safety
/// See [`vae_plane_state`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vae_plane_hole(plane: *mut Plane) {
    unsafe { &mut *plane }.hole();
}

/// Moves z to where the codes are densest.
/// # Safety
/// See [`vae_plane_state`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vae_plane_crowd(plane: *mut Plane) {
    unsafe { &mut *plane }.crowd();
}

/// Twelve draws.
#[unsafe(no_mangle)]
pub extern "C" fn vae_random_new() -> *mut Random {
    Box::into_raw(Box::default())
}

/// Fifteen f64: see [`Random::state`].
/// # Safety
/// `random` comes from [`vae_random_new`]; so it does below.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vae_random_state(random: *const Random) -> *const f64 {
    unsafe { &*random }.state.as_ptr()
}

/// Five f64 for each of twelve draws: see [`Random::draws`].
/// # Safety
/// See [`vae_random_state`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vae_random_draws(random: *const Random) -> *const f64 {
    unsafe { &*random }.draws.as_ptr()
}

/// 101 f64: see [`Random::curve`].
/// # Safety
/// See [`vae_random_state`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vae_random_curve(random: *const Random) -> *const f64 {
    unsafe { &*random }.curve.as_ptr()
}

/// Moves q.
/// # Safety
/// See [`vae_random_state`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vae_random_place(random: *mut Random, mean: f64, sd: f64) {
    unsafe { &mut *random }.place(mean, sd);
}

/// z², 0; the bound of the tiny decoder, 1.
/// # Safety
/// See [`vae_random_state`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vae_random_choose(random: *mut Random, which: u32) {
    unsafe { &mut *random }.choose(which);
}

/// Holds the draws where they are, 1; lets them move with q, 0.
/// # Safety
/// See [`vae_random_state`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vae_random_hold(random: *mut Random, held: u32) {
    unsafe { &mut *random }.hold(held != 0);
}

/// Draws anew, where q is.
/// # Safety
/// See [`vae_random_state`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vae_random_again(random: *mut Random) {
    unsafe { &mut *random }.again();
}

/// Back to the opening.
/// # Safety
/// See [`vae_random_state`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vae_random_reset(random: *mut Random) {
    unsafe { &mut *random }.reset();
}

/// The image 010 of the tiny decoder; null if that failed.
#[unsafe(no_mangle)]
pub extern "C" fn vae_gaps_new() -> *mut Gaps {
    boxed(Gaps::new())
}

/// Nine f64: see [`Gaps::state`].
/// # Safety
/// `gaps` comes from [`vae_gaps_new`]; so it does below.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vae_gaps_state(gaps: *const Gaps) -> *const f64 {
    unsafe { &*gaps }.state.as_ptr()
}

/// Three times 161 f64: see [`Gaps::curves`].
/// # Safety
/// See [`vae_gaps_state`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vae_gaps_curves(gaps: *const Gaps) -> *const f64 {
    unsafe { &*gaps }.curves.as_ptr()
}

/// Another image, from 0 to 7.
/// # Safety
/// See [`vae_gaps_state`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vae_gaps_choose(gaps: *mut Gaps, image: usize) {
    unsafe { &mut *gaps }.choose(image);
}

/// Moves q.
/// # Safety
/// See [`vae_gaps_state`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vae_gaps_place(gaps: *mut Gaps, mean: f64, sd: f64) {
    unsafe { &mut *gaps }.place(mean, sd);
}

/// Moves q to where the encoder says.
/// # Safety
/// See [`vae_gaps_state`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vae_gaps_encode(gaps: *mut Gaps) {
    unsafe { &mut *gaps }.encode();
}

/// Moves q to the best one.
/// # Safety
/// See [`vae_gaps_state`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vae_gaps_best(gaps: *mut Gaps) {
    unsafe { &mut *gaps }.best();
}

/// A network that has learnt nothing; null if that failed.
#[unsafe(no_mangle)]
pub extern "C" fn vae_beta_new() -> *mut Beta {
    boxed(Beta::new())
}

/// Seven f64: see [`Beta::state`].
/// # Safety
/// `beta` comes from [`vae_beta_new`]; so it does below.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vae_beta_state(beta: *const Beta) -> *const f64 {
    unsafe { &*beta }.state.as_ptr()
}

/// Three f64 for each of 297 digits: see [`Beta::codes`].
/// # Safety
/// See [`vae_beta_state`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vae_beta_codes(beta: *const Beta) -> *const f64 {
    unsafe { &*beta }.codes.as_ptr()
}

/// 64 f64 for each of 36 images: see [`Beta::images`].
/// # Safety
/// See [`vae_beta_state`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vae_beta_images(beta: *const Beta) -> *const f64 {
    unsafe { &*beta }.images.as_ptr()
}

/// One step of training; 1 if it was possible.
/// # Safety
/// See [`vae_beta_state`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vae_beta_step(beta: *mut Beta) -> u32 {
    unsafe { &mut *beta }.step().into()
}

/// Brings codes and images up to date.
/// # Safety
/// See [`vae_beta_state`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vae_beta_look(beta: *mut Beta) {
    unsafe { &mut *beta }.look();
}

/// Brings fit and cost up to date.
/// # Safety
/// See [`vae_beta_state`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vae_beta_score(beta: *mut Beta) {
    unsafe { &mut *beta }.score();
}

/// What the cost is multiplied by.
/// # Safety
/// See [`vae_beta_state`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vae_beta_weigh(beta: *mut Beta, weight: f64) {
    unsafe { &mut *beta }.weigh(weight);
}

/// Forgets everything but the multiplier.
/// # Safety
/// See [`vae_beta_state`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vae_beta_reset(beta: *mut Beta) {
    unsafe { &mut *beta }.reset();
}
