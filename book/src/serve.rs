//! A file server with live reload, on the standard library alone. It follows the prose, the theme and the code.
use crate::{files, has_extension, press};
use anyhow::{Context, Result};
use std::io::{BufRead, BufReader, IsTerminal, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

/// Which build the pages are of; a browser that learns of another reloads.
static VERSION: AtomicU64 = AtomicU64::new(0);

const RELOAD: &str = "<script>(() => { let seen; new EventSource('/__reload').onmessage = e => { if (seen && seen !== e.data) location.reload(); seen = e.data; }; })()</script>";

/// Draws, builds, serves, until it is stopped.
pub fn run(root: &Path, port: u16, open: bool) -> Result<()> {
    let me = std::env::current_exe()?; // asked for now: a rebuilt binary replaces the file
    press::refresh(root)?;
    let out = press::build(root)?;
    let listener = TcpListener::bind(("127.0.0.1", port))
        .or_else(|_| TcpListener::bind(("127.0.0.1", 0)))
        .context("no free port")?;
    let port = listener.local_addr()?.port();
    let url = format!("http://127.0.0.1:{port}/");
    VERSION.store(
        SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_millis() as u64,
        Ordering::SeqCst,
    );
    eprintln!("The book is at {url} and follows every change. Ctrl-C stops it.");
    if open && std::io::stderr().is_terminal() {
        open_browser(&url);
    }
    let watched = root.to_path_buf();
    std::thread::spawn(move || watch(&watched, &me, port));
    for stream in listener.incoming().flatten() {
        let out = out.clone();
        std::thread::spawn(move || drop(answer(stream, &out)));
    }
    Ok(())
}

fn open_browser(url: &str) {
    let mut command = match () {
        () if cfg!(target_os = "macos") => Command::new("open"),
        () if cfg!(windows) => Command::new("explorer"),
        () => Command::new("xdg-open"),
    };
    let _ = command.arg(url).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
}

/// What the book is made of, and when each part last changed.
fn state(root: &Path, code: bool) -> Vec<(PathBuf, SystemTime)> {
    let mut all = vec![root.join("book.toml"), root.join("Cargo.toml")];
    for dir in [
        "chapters",
        "src",
        "tests",
        "notebooks",
        "book/src",
        "book/theme",
        "book/live",
        "book/figures",
    ] {
        all.extend(files(&root.join(dir), &|_| true));
    }
    all.push(root.join("book/numbers.toml"));
    all.retain(|p| has_extension(p, &["rs"]) == code);
    all.into_iter()
        .filter_map(|p| Some((p.clone(), std::fs::metadata(&p).ok()?.modified().ok()?)))
        .collect()
}

fn watch(root: &Path, me: &Path, port: u16) {
    let (mut prose, mut code) = (state(root, false), state(root, true));
    loop {
        std::thread::sleep(Duration::from_millis(100));
        let (prose_now, code_now) = (state(root, false), state(root, true));
        if (&prose_now, &code_now) == (&prose, &code) {
            continue;
        }
        let new_code = code_now != code;
        match press::build(root) {
            Ok(_) => _ = VERSION.fetch_add(1, Ordering::SeqCst),
            Err(e) => eprintln!("The old pages stay: {e:#}"),
        }
        if new_code {
            start_anew(root, me, port);
        }
        (prose, code) = (prose_now, code_now);
    }
}

/// Code has changed: the press is compiled again and takes this one's place, so that its figures are drawn by the new code.
fn start_anew(root: &Path, me: &Path, port: u16) {
    eprintln!("Code has changed: compiling.");
    if !Command::new("cargo")
        .current_dir(root)
        .args(["build", "--quiet", "--package", "book"])
        .status()
        .is_ok_and(|s| s.success())
    {
        eprintln!("It does not compile yet; the old pages stay.");
        return;
    }
    let mut next = Command::new(me);
    next.args(["serve", "--no-open", "--port", &port.to_string()]);
    #[cfg(unix)]
    eprintln!("not restarted: {}", std::os::unix::process::CommandExt::exec(&mut next));
    #[cfg(not(unix))]
    if next.spawn().is_ok() {
        std::process::exit(0);
    }
}

fn kind(path: &Path) -> &'static str {
    match path.extension().and_then(|e| e.to_str()).unwrap_or("") {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    }
}

/// The file that a request asks for; nothing outside `out`.
fn file_for(target: &str, out: &Path) -> Option<PathBuf> {
    let path = target.split(['?', '#']).next()?.trim_start_matches('/').replace("%20", " ");
    let honest = !path.contains(['\\', ':', '%']) && path.split('/').all(|part| part != "..");
    let mut file = Some(out.join(path)).filter(|_| honest)?;
    if file.is_dir() {
        file.push("index.html");
    }
    Some(file).filter(|f| f.is_file())
}

fn answer(mut stream: TcpStream, out: &Path) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut reader = BufReader::new(stream.try_clone()?).take_lines();
    let Some(request) = reader.next() else { return Ok(()) };
    while reader.next().is_some_and(|header| !header.trim().is_empty()) {}
    let mut words = request.split(' ');
    let (method, target) = (words.next().unwrap_or(""), words.next().unwrap_or("/"));
    if target == "/__reload" {
        return tell_of_changes(stream);
    }
    let found = file_for(target, out);
    let status = if found.is_some() { "200 OK" } else { "404 Not Found" };
    let file = found.unwrap_or_else(|| out.join("404.html"));
    let mut body = std::fs::read(&file).unwrap_or_else(|_| b"not found".to_vec());
    if has_extension(&file, &["html"]) && std::env::var_os("NO_RELOAD").is_none() {
        body.extend_from_slice(RELOAD.as_bytes());
    }
    let head = format!(
        "Content-Type: {}\r\nContent-Length: {}\r\nCache-Control: no-cache\r\nConnection: close",
        kind(&file),
        body.len()
    );
    write!(stream, "HTTP/1.1 {status}\r\n{head}\r\nX-Content-Type-Options: nosniff\r\n\r\n")?;
    if method == "HEAD" { Ok(()) } else { stream.write_all(&body) }
}

/// Lines of a request, none longer than a browser would write.
trait TakeLines: BufRead + Sized {
    fn take_lines(self) -> impl Iterator<Item = String> {
        std::io::Read::take(self, 64 * 1024).lines().map_while(Result::ok)
    }
}
impl<R: BufRead> TakeLines for R {}

fn tell_of_changes(mut stream: TcpStream) -> std::io::Result<()> {
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n\r\n"
    )?;
    let mut told = 0;
    loop {
        let now = VERSION.load(Ordering::SeqCst);
        if now == told {
            write!(stream, ":\n\n")?
        } else {
            write!(stream, "retry: 300\ndata: {now}\n\n")?
        }
        told = now;
        std::thread::sleep(Duration::from_millis(100));
    }
}
