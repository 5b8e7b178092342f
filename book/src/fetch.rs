//! `cargo run -- fetch mnist`: resumed where it stopped, verified, and moved into place only when whole.
//!
//! The addresses are plain http, which spares the book a TLS library: what arrives is held to its published SHA-256.
use crate::bar::Bar;
use anyhow::{Context, Result, bail, ensure};
use latent::data::{binarised, mnist};
use sha2::{Digest, Sha256};
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What can be fetched.
#[derive(Clone, Copy, clap::ValueEnum)]
pub enum Set {
    /// 70,000 handwritten digits, 11.6 MB
    Mnist,
    /// The same in black and white, drawn once by Larochelle and Murray, 110 MB of text
    BinarisedMnist,
}

/// A set's files, where they go, and where they may be had.
fn files(set: Set) -> (&'static [mnist::File], PathBuf, &'static [&'static str]) {
    match set {
        Set::Mnist => (
            &mnist::FILES,
            mnist::folder(),
            &[
                "http://storage.googleapis.com/cvdf-datasets/mnist",
                "http://ossci-datasets.s3.amazonaws.com/mnist",
            ],
        ),
        Set::BinarisedMnist => (
            &binarised::FILES,
            binarised::folder(),
            &["http://www.cs.toronto.edu/~larocheh/public/datasets/binarized_mnist"],
        ),
    }
}

/// One file to bring.
pub struct Job<'a> {
    /// Where it may be had: each tried in turn.
    pub addresses: Vec<String>,
    /// Where it goes.
    pub to: &'a Path,
    /// Its size in bytes.
    pub size: u64,
    /// Its SHA-256, in hexadecimal.
    pub sha256: &'a str,
}

/// Brings a set to the folder where the library looks for it.
pub fn run(set: Set, from: Option<&str>) -> Result<()> {
    let (files, folder, mirrors) = files(set);
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    for file in files {
        let to = folder.join(file.name);
        let places = from.map_or(mirrors.to_vec(), |place| vec![place]);
        let addresses = places
            .iter()
            .map(|place| format!("{}/{}", place.trim_end_matches('/'), file.name))
            .collect();
        download(&Job { addresses, to: &to, size: file.size, sha256: file.sha256 })?;
    }
    eprintln!("the set is in {}", folder.display());
    Ok(())
}

/// Brings one file, unless it is there and whole. A stopped download is taken up where it stopped.
pub fn download(job: &Job<'_>) -> Result<()> {
    let name = job.to.file_name().unwrap_or_default().to_string_lossy();
    if digest(job.to).is_ok_and(|d| d == job.sha256) {
        eprintln!("{name}: here already, and whole");
        return Ok(());
    }
    let part = PathBuf::from(format!("{}.part", job.to.display()));
    let mut said = vec![];
    for address in &job.addresses {
        match bring(address, &part, job).and_then(|()| verify(&part, job)) {
            Ok(()) => {
                return fs::rename(&part, job.to)
                    .with_context(|| job.to.display().to_string());
            }
            Err(e) => said.push(format!("  {address}: {e:#}")),
        }
    }
    bail!(
        "{name} could not be fetched:\n{}\nWithout a network: put the file there by hand ({}), or name a folder or a mirror with --from. What has arrived so far is kept.",
        said.join("\n"),
        job.to.display()
    )
}

fn verify(part: &Path, job: &Job<'_>) -> Result<()> {
    let found = digest(part)?;
    if found != job.sha256 {
        fs::remove_file(part)?;
        bail!("its SHA-256 is {found}, and {} was published: thrown away", job.sha256);
    }
    Ok(())
}

fn digest(path: &Path) -> Result<String> {
    let (mut file, mut hash, mut buffer) =
        (File::open(path)?, Sha256::new(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(crate::hex(&hash.finalize())),
            n => hash.update(&buffer[..n]),
        }
    }
}

/// Adds what is missing of `part`.
fn bring(address: &str, part: &Path, job: &Job<'_>) -> Result<()> {
    let have = fs::metadata(part).map_or(0, |m| m.len());
    if have == job.size {
        return Ok(());
    }
    let (mut source, start): (Box<dyn Read>, u64) = if address.starts_with("http") {
        ensure!(
            !address.starts_with("https"),
            "use http: the file is held to its SHA-256, and this program brings no TLS"
        );
        request(address, if have < job.size { have } else { 0 })?
    } else {
        (Box::new(File::open(address)?), 0)
    };
    let mut file = OpenOptions::new()
        .create(true)
        .append(start > 0)
        .write(true)
        .truncate(start == 0)
        .open(part)?;
    let (mut done, mut buffer) = (start, vec![0; 1 << 16]);
    let name = job.to.file_name().unwrap_or_default().to_string_lossy();
    let mut bar = Bar::new(&name, job.size);
    loop {
        let n = source
            .read(&mut buffer)
            .with_context(|| format!("stopped at {done} of {} bytes", job.size))?;
        if n == 0 {
            break;
        }
        done += n as u64;
        ensure!(
            done <= job.size,
            "sends more than the {} bytes that were published",
            job.size
        );
        file.write_all(&buffer[..n])?;
        bar.show(done, "");
    }
    file.sync_all()?;
    bar.end(&format!("{} bytes", job.size));
    ensure!(done == job.size, "stopped at {done} of {} bytes", job.size);
    Ok(())
}

/// The body of an answer, and the byte of the file that it begins with.
fn request(address: &str, from: u64) -> Result<(Box<dyn Read>, u64)> {
    let config = ureq::Agent::config_builder()
        .timeout_connect(Some(Duration::from_secs(10)))
        .timeout_recv_response(Some(Duration::from_secs(20)));
    let agent: ureq::Agent = config.build().into();
    let mut get = agent.get(address);
    if from > 0 {
        get = get.header("Range", format!("bytes={from}-"));
    }
    let answer = get.call()?;
    let resumed = answer.status() == 206;
    Ok((Box::new(answer.into_body().into_reader()), if resumed { from } else { 0 }))
}
