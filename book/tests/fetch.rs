//! `fetch` against a server that behaves, one that breaks off, one that lies, and none at all.
use book::{Job, download};
use sha2::{Digest, Sha256};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, Mutex};

/// How a server answers.
#[derive(Clone, Copy)]
enum Manner {
    Whole,
    BreaksOffAfter(usize),
    IgnoresRanges,
    Lies,
}

/// Serves `bytes` on a free port, and remembers which ranges were asked for.
fn serve(bytes: Vec<u8>, manner: Manner) -> (String, Arc<Mutex<Vec<usize>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/file", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(vec![]));
    let note = asked.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (mut reader, mut stream) =
                (BufReader::new(stream.try_clone().unwrap()), stream);
            let (mut line, mut from) = (String::new(), 0);
            while reader.read_line(&mut line).unwrap() > 2 {
                let lower = line.to_lowercase();
                if let Some(range) = lower.strip_prefix("range: bytes=") {
                    from = range.trim().trim_end_matches('-').parse().unwrap();
                }
                line.clear();
            }
            note.lock().unwrap().push(from);
            let start = if matches!(manner, Manner::IgnoresRanges) { 0 } else { from };
            let mut body = bytes[start..].to_vec();
            let length = body.len();
            match manner {
                Manner::BreaksOffAfter(n) if from == 0 => body.truncate(n),
                Manner::Lies => body[0] ^= 1,
                _ => {}
            }
            let status = if start > 0 { "206 Partial Content" } else { "200 OK" };
            let _ = write!(
                stream,
                "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
            );
            let _ = stream.write_all(&body);
        }
    });
    (address, asked)
}

fn bytes() -> Vec<u8> {
    (0..200_000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

fn get(addresses: &[&str], to: &Path) -> Result<(), String> {
    let (sum, size) = (sha256(&bytes()), bytes().len() as u64);
    let addresses = addresses.iter().map(|a| a.to_string()).collect();
    download(&Job { addresses, to, size, sha256: &sum }).map_err(|e| format!("{e:#}"))
}

#[test]
fn a_whole_file_arrives_and_is_not_fetched_twice() {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("file.gz");
    let (address, asked) = serve(bytes(), Manner::Whole);
    get(&[&address], &to).unwrap();
    assert_eq!(std::fs::read(&to).unwrap(), bytes());
    get(&[&address], &to).unwrap();
    assert_eq!(*asked.lock().unwrap(), [0]);
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1, "nothing else is left behind");
}

#[test]
fn a_broken_download_is_taken_up_where_it_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("file.gz");
    let (address, asked) = serve(bytes(), Manner::BreaksOffAfter(120_000));
    let error = get(&[&address], &to).unwrap_err();
    assert!(error.contains("stopped at") && error.contains("is kept"), "{error}");
    assert!(!to.exists(), "no half file under the real name");
    get(&[&address], &to).unwrap();
    assert_eq!(std::fs::read(&to).unwrap(), bytes());
    assert_eq!(*asked.lock().unwrap(), [0, 120_000]);
}

#[test]
fn a_server_without_ranges_sends_all_again() {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("file.gz");
    std::fs::write(folder.path().join("file.gz.part"), vec![9; 1000]).unwrap();
    let (address, _) = serve(bytes(), Manner::IgnoresRanges);
    get(&[&address], &to).unwrap();
    assert_eq!(std::fs::read(&to).unwrap(), bytes());
}

#[test]
fn wrong_bytes_are_thrown_away_and_the_next_mirror_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("file.gz");
    let ((liar, _), (honest, _)) =
        (serve(bytes(), Manner::Lies), serve(bytes(), Manner::Whole));
    let error = get(&[&liar], &to).unwrap_err();
    assert!(
        error.contains("SHA-256") && error.contains("thrown away") && !to.exists(),
        "{error}"
    );
    get(&[&liar, &honest], &to).unwrap();
    assert_eq!(std::fs::read(&to).unwrap(), bytes());
}

#[test]
fn offline_it_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("file.gz");
    let error = get(&["http://127.0.0.1:9/file"], &to).unwrap_err();
    for word in ["could not be fetched", "http://127.0.0.1:9/file", "--from", "file.gz"] {
        assert!(error.contains(word), "{word}: {error}");
    }
    std::fs::write(folder.path().join("mine"), bytes()).unwrap();
    get(&[folder.path().join("mine").to_str().unwrap()], &to).unwrap();
    assert_eq!(std::fs::read(&to).unwrap(), bytes(), "a path on disk will do");
}
