//! `cargo run`: the book's one door.
fn main() -> std::process::ExitCode {
    match book::cli::run() {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("error: {e:#}");
            std::process::ExitCode::FAILURE
        }
    }
}
