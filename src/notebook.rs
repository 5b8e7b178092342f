//! What a Rust notebook needs of the library: rich output, and panics of one line.
use std::io::Write;

/// Hands `body` to the notebook as output of type `mime`. The last one of each type in a cell is shown.
pub fn emit(mime: &str, body: &str) {
    let mut out = std::io::stdout().lock();
    let _ = write!(out, "EVCXR_BEGIN_CONTENT {mime}\n{body}\nEVCXR_END_CONTENT\n");
    let _ = out.flush();
}

/// The text of a panic.
pub fn panic_text(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|s| s.to_string());
    text.or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".into())
}

/// From here on a panic prints one line that says what is kept, in place of a trace through the kernel.
/// On stdout, because the kernel does not wait for stderr: the message would land under the next cell.
pub fn short_panics() {
    std::panic::set_hook(Box::new(|info| {
        println!(
            "this cell panicked at: {}\nVariables that it had not moved are kept; new ones are not.",
            panic_text(info.payload())
        );
    }));
}
