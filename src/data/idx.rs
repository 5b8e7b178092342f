//! The IDX format of MNIST: a magic number, big-endian sizes, then bytes. Every claim of the header is checked.
use crate::error::{Error, Result};
use std::io::Read;
use std::path::Path;

/// An array of bytes, at most three-dimensional.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idx {
    /// The sizes: (count) for labels, (count, rows, columns) for images.
    pub sizes: Vec<usize>,
    /// The values, last index fastest.
    pub bytes: Vec<u8>,
}

/// No array here may claim more: MNIST's largest has 47 million bytes.
const MOST: usize = 1 << 30;

/// Reads a file, packed by gzip or not: its first two bytes tell.
pub fn read(path: &Path) -> Result<Idx> {
    let bytes = std::fs::read(path).map_err(|e| Error::file(path, e))?;
    let parsed = if bytes.starts_with(&[0x1f, 0x8b]) {
        parse(flate2::read::GzDecoder::new(&bytes[..]))
    } else {
        parse(&bytes[..])
    };
    parsed.map_err(|why| Error::file(path, why))
}

/// Reads one array, and refuses what is too short, too long or not of bytes. Never reads more than the header allows.
pub fn parse(mut from: impl Read) -> std::result::Result<Idx, String> {
    let magic = word(&mut from, "magic number")?;
    let count = (magic & 0xff) as usize;
    if magic >> 8 != 0x08 || !(1..=3).contains(&count) {
        return Err(format!(
            "magic number {magic:#010x}: an IDX file of bytes begins with 0x00000801, 0x00000802 or 0x00000803"
        ));
    }
    let mut sizes = vec![];
    for axis in 0..count {
        sizes.push(word(&mut from, &format!("size of axis {axis}"))? as usize);
    }
    let claimed = sizes
        .iter()
        .try_fold(1usize, |total, &n| total.checked_mul(n))
        .filter(|&n| n <= MOST);
    let Some(claimed) = claimed else {
        return Err(format!(
            "its header claims {sizes:?} bytes, more than {MOST}: not a file of this book"
        ));
    };
    let mut bytes = vec![];
    from.take(claimed as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|e| format!("{e} (after {} bytes): fetch it again", bytes.len()))?;
    match bytes.len() {
        n if n == claimed => Ok(Idx { sizes, bytes }),
        n if n < claimed => Err(format!(
            "cut short: its header claims {claimed} bytes, and it holds {n}; fetch it again"
        )),
        _ => Err(format!(
            "too long: more than the {claimed} bytes that its header claims; fetch it again"
        )),
    }
}

fn word(from: &mut impl Read, what: &str) -> std::result::Result<u32, String> {
    let mut four = [0; 4];
    from.read_exact(&mut four).map_err(|e| format!("no {what}: {e}; fetch it again"))?;
    Ok(u32::from_be_bytes(four))
}
