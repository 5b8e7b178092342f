//! The C functions of the live figures on blurry samples. The page holds the pointers that the `new` functions give.
use live::blurriness::{modes::Two, pixels::World, sharpness::Sharpness};

/// Two peaks at −3 and 3.
#[unsafe(no_mangle)]
pub extern "C" fn blurriness_modes_new() -> *mut Two {
    Box::into_raw(Box::default())
}

/// What there is to say: see [`Two::state`].
/// # Safety
/// `two` comes from [`blurriness_modes_new`]; so it does below.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn blurriness_modes_state(two: *const Two) -> *const f64 {
    unsafe { &*two }.state.as_ptr()
}

/// 161 f64 a curve: see [`Two::curves`].
/// # Safety
/// See [`blurriness_modes_state`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn blurriness_modes_curves(two: *const Two) -> *const f64 {
    unsafe { &*two }.curves.as_ptr()
}

/// Three f64 a place: see [`Two::fork`].
/// # Safety
/// See [`blurriness_modes_state`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn blurriness_modes_fork(two: *const Two) -> *const f64 {
    unsafe { &*two }.fork.as_ptr()
}

/// How many f64 the fork has.
/// # Safety
/// See [`blurriness_modes_state`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn blurriness_modes_size(two: *const Two) -> usize {
    unsafe { &*two }.fork.len()
}

/// Another half distance, and another share.
/// # Safety
/// See [`blurriness_modes_state`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn blurriness_modes_place(two: *mut Two, half: f64, share: f64) {
    unsafe { &mut *two }.place(half, share);
}

/// One more column of the fork; 1 if another is to come.
/// # Safety
/// See [`blurriness_modes_state`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn blurriness_modes_advance(two: *mut Two) -> u32 {
    unsafe { &mut *two }.advance().into()
}

/// Two images with one code.
#[unsafe(no_mangle)]
pub extern "C" fn blurriness_pixels_new() -> *mut World {
    Box::into_raw(Box::default())
}

/// What there is to say: see [`World::state`].
/// # Safety
/// `world` comes from [`blurriness_pixels_new`]; so it does below.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn blurriness_pixels_state(world: *const World) -> *const f64 {
    unsafe { &*world }.state.as_ptr()
}

/// Two f64 for each of sixty draws.
/// # Safety
/// See [`blurriness_pixels_state`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn blurriness_pixels_draws(world: *const World) -> *const f64 {
    unsafe { &*world }.draws.as_ptr()
}

/// Two images, or three.
/// # Safety
/// See [`blurriness_pixels_state`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn blurriness_pixels_among(world: *mut World, count: usize) {
    unsafe { &mut *world }.among(count);
}

/// What the code gives to the first image.
/// # Safety
/// See [`blurriness_pixels_state`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn blurriness_pixels_weigh(world: *mut World, weight: f64) {
    unsafe { &mut *world }.weigh(weight);
}

/// Moves an image, or the picture: see [`World::place`].
/// # Safety
/// See [`blurriness_pixels_state`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn blurriness_pixels_place(
    world: *mut World,
    which: usize,
    x: f64,
    y: f64,
) {
    unsafe { &mut *world }.place(which, x, y);
}

/// The picture is the best one again.
/// # Safety
/// See [`blurriness_pixels_state`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn blurriness_pixels_best(world: *mut World) {
    unsafe { &mut *world }.best();
}

/// What is drawn: see [`World::draw`].
/// # Safety
/// See [`blurriness_pixels_state`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn blurriness_pixels_draw(world: *mut World, kind: u32) {
    unsafe { &mut *world }.draw(kind);
}

/// New draws.
/// # Safety
/// See [`blurriness_pixels_state`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn blurriness_pixels_again(world: *mut World) {
    unsafe { &mut *world }.again();
}

/// The trained decoders; null if what is carried cannot be read.
#[unsafe(no_mangle)]
pub extern "C" fn blurriness_sharpness_new() -> *mut Sharpness {
    Sharpness::new().map_or(std::ptr::null_mut(), |all| Box::into_raw(Box::new(all)))
}

/// 64 f64 for each of 32 pictures: see [`Sharpness::pictures`].
/// # Safety
/// `all` comes from [`blurriness_sharpness_new`]; so it does below.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn blurriness_sharpness_pictures(all: *const Sharpness) -> *const f64 {
    unsafe { &*all }.pictures.as_ptr()
}

/// Four f64 a run: see [`Sharpness::scores`].
/// # Safety
/// See [`blurriness_sharpness_pictures`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn blurriness_sharpness_scores(all: *const Sharpness) -> *const f64 {
    unsafe { &*all }.scores.as_ptr()
}

/// One f64 a run: the standard deviation of its pixels.
/// # Safety
/// See [`blurriness_sharpness_pictures`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn blurriness_sharpness_sds(all: *const Sharpness) -> *const f64 {
    unsafe { &*all }.sds.as_ptr()
}

/// Another run.
/// # Safety
/// See [`blurriness_sharpness_pictures`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn blurriness_sharpness_choose(all: *mut Sharpness, which: usize) {
    unsafe { &mut *all }.choose(which);
}

/// The next eight digits.
/// # Safety
/// See [`blurriness_sharpness_pictures`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn blurriness_sharpness_turn(all: *mut Sharpness) {
    unsafe { &mut *all }.turn();
}

/// New codes from the prior.
/// # Safety
/// See [`blurriness_sharpness_pictures`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn blurriness_sharpness_again(all: *mut Sharpness) {
    unsafe { &mut *all }.again();
}

/// Scores one more run; 1 if another is left.
/// # Safety
/// See [`blurriness_sharpness_pictures`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn blurriness_sharpness_advance(all: *mut Sharpness) -> u32 {
    unsafe { &mut *all }.advance().into()
}
