//! The C functions of chapter 5's live figures. The page holds the pointers that the two `new` functions give.
use live::mixture::{Cloud, REACH, Templates};

fn boxed<T>(value: latent::Result<T>) -> *mut T {
    value.map_or(std::ptr::null_mut(), |v| Box::into_raw(Box::new(v)))
}

/// Old Faithful and the bad start; null if that failed.
#[unsafe(no_mangle)]
pub extern "C" fn mixture_new() -> *mut Cloud {
    boxed(Cloud::new())
}

/// How far the cloud reaches.
#[unsafe(no_mangle)]
pub extern "C" fn mixture_reach() -> f64 {
    REACH
}

/// Three f64 for each point.
/// # Safety
/// `cloud` comes from [`mixture_new`]; so it does below.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixture_rows(cloud: *const Cloud) -> *const f64 {
    unsafe { &*cloud }.rows.as_ptr()
}

/// How many points there are.
/// # Safety
/// See [`mixture_rows`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixture_count(cloud: *const Cloud) -> usize {
    unsafe { &*cloud }.rows.len() / 3
}

/// Twelve f64: see [`Cloud::ellipses`].
/// # Safety
/// See [`mixture_rows`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixture_ellipses(cloud: *const Cloud) -> *const f64 {
    unsafe { &*cloud }.ellipses.as_ptr()
}

/// Six f64: see [`Cloud::state`].
/// # Safety
/// See [`mixture_rows`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixture_state(cloud: *const Cloud) -> *const f64 {
    unsafe { &*cloud }.state.as_ptr()
}

/// Why the last half step was refused, in UTF-8.
/// # Safety
/// See [`mixture_rows`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixture_words(cloud: *const Cloud) -> *const u8 {
    unsafe { &*cloud }.words.as_ptr()
}

/// How many bytes those words have.
/// # Safety
/// See [`mixture_rows`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixture_words_length(cloud: *const Cloud) -> usize {
    unsafe { &*cloud }.words.len()
}

/// The half step that is due; 1 if it was taken.
/// # Safety
/// See [`mixture_rows`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixture_half(cloud: *mut Cloud) -> u32 {
    unsafe { &mut *cloud }.half().into()
}

/// Takes a half step back; 1 if there was one.
/// # Safety
/// See [`mixture_rows`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixture_back(cloud: *mut Cloud) -> u32 {
    unsafe { &mut *cloud }.back().into()
}

/// One point more; 1 if there was room.
/// # Safety
/// See [`mixture_rows`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixture_drop(cloud: *mut Cloud, x: f64, y: f64) -> u32 {
    unsafe { &mut *cloud }.drop_point(x, y).into()
}

/// The bad start, 0; the good one, 1; the one that collapses, 2.
/// # Safety
/// See [`mixture_rows`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixture_restart(cloud: *mut Cloud, kind: u32) {
    unsafe { &mut *cloud }.restart(kind);
}

/// No points, 0; Old Faithful, 1.
/// # Safety
/// See [`mixture_rows`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixture_data(cloud: *mut Cloud, which: u32) {
    let cloud = unsafe { &mut *cloud };
    match which {
        0 => cloud.clear(),
        _ => cloud.geyser(),
    }
}

/// Three templates at their start; null if that failed.
#[unsafe(no_mangle)]
pub extern "C" fn mixture_templates_new() -> *mut Templates {
    boxed(Templates::new())
}

/// 64 f64 for each template.
/// # Safety
/// `templates` comes from [`mixture_templates_new`]; so it does below.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixture_templates_theta(templates: *const Templates) -> *const f64 {
    unsafe { &*templates }.theta.as_ptr()
}

/// The rows that each template accounts for.
/// # Safety
/// See [`mixture_templates_theta`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixture_templates_counts(templates: *const Templates) -> *const f64 {
    unsafe { &*templates }.counts.as_ptr()
}

/// Four f64: see [`Templates::state`].
/// # Safety
/// See [`mixture_templates_theta`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixture_templates_state(templates: *const Templates) -> *const f64 {
    unsafe { &*templates }.state.as_ptr()
}

/// One step of EM; 1 if it gained more than a thousandth of a nat.
/// # Safety
/// See [`mixture_templates_theta`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixture_templates_step(templates: *mut Templates) -> u32 {
    unsafe { &mut *templates }.step().into()
}

/// Begins again with so many templates, elsewhere for every seed.
/// # Safety
/// See [`mixture_templates_theta`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mixture_templates_restart(
    templates: *mut Templates,
    k: usize,
    seed: usize,
) {
    unsafe { &mut *templates }.restart(k, seed);
}
