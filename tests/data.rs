//! The tables are what they claim to be, and a file that is not gets an error that says so.
use latent::data::{
    arc, digits, idx, iris, mnist, noisy_axis, old_faithful, swiss_roll, wine,
};
use latent::linalg::second_moment;
use rand::{SeedableRng, rngs::StdRng};
use std::io::Write;

fn rng() -> StdRng {
    StdRng::seed_from_u64(11)
}

#[test]
fn the_tables_are_whole() {
    for (table, shape, sum, classes) in [
        (iris(), (150, 4), 2078.7, 3),
        (wine(), (178, 13), 159_975.295_999, 3),
        (digits(), (1797, 64), 561_718.0, 10),
        (old_faithful(), (272, 2), 20_232.677, 0),
    ] {
        assert_eq!(table.x.dim(), shape);
        assert!((table.x.sum() - sum).abs() < 1e-8 * sum, "{} {sum}", table.x.sum());
        assert_eq!(table.class.iter().max().map_or(0, |c| c + 1), classes);
        assert_eq!(table.class.len(), if classes > 0 { shape.0 } else { 0 });
        assert!(table.columns.is_empty() || table.columns.len() == shape.1);
    }
    assert_eq!(iris().x[[34, 3]], 0.2, "Fisher's row 35, which another copy has wrong");
    assert_eq!(digits().only(0).nrows(), 178);
    let (train, test) = digits().split(1500);
    assert_eq!((train.nrows(), test.nrows()), (1500, 297));
    assert_eq!(digits().split(99_999).1.nrows(), 0);
}

#[test]
fn synthetic_sets_have_the_factors_they_claim() {
    let curve = arc(4000, 0.1, &mut rng());
    let off =
        curve.x.rows().into_iter().map(|r| (r.dot(&r).sqrt() - 1.0).powi(2)).sum::<f64>()
            / 4000.0;
    assert!(
        (off.sqrt() - 0.1).abs() < 0.01,
        "noise of 0.1 across the circle: {}",
        off.sqrt()
    );
    let sheet = swiss_roll(2000, 0.0, &mut rng());
    for (row, t) in sheet.x.rows().into_iter().zip(&sheet.t) {
        assert!(
            (row[0].hypot(row[2]) - t).abs() < 1e-12,
            "the distance from the axis is the angle"
        );
    }
    assert_eq!(sheet.x.column(1), sheet.h);
    let s = second_moment(noisy_axis(20_000, 2.0, &mut rng()).view());
    for (got, want) in
        [(s[[0, 0]], 1.09), (s[[0, 1]], 1.0), (s[[2, 2]], 4.0), (s[[0, 2]], 0.0)]
    {
        assert!((got - want).abs() < 0.1, "{got} {want}");
    }
    assert_eq!(
        arc(5, 0.1, &mut rng()).x,
        arc(5, 0.1, &mut rng()).x,
        "the same seed, the same data"
    );
}

fn file(magic: u32, sizes: &[u32], bytes: &[u8]) -> Vec<u8> {
    let head = std::iter::once(magic).chain(sizes.iter().copied()).flat_map(u32::to_be_bytes);
    head.chain(bytes.iter().copied()).collect()
}

#[test]
fn idx_reads_what_it_should() {
    let found = idx::parse(&file(0x803, &[2, 1, 3], &[1, 2, 3, 4, 5, 6])[..]).unwrap();
    assert_eq!((found.sizes, found.bytes), (vec![2, 1, 3], vec![1, 2, 3, 4, 5, 6]));
    assert_eq!(idx::parse(&file(0x801, &[0], &[])[..]).unwrap().bytes, Vec::<u8>::new());
}

#[test]
fn idx_refuses_hostile_bytes() {
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("nothing", vec![], "magic number"),
        ("half a magic number", vec![0, 0], "magic number"),
        ("a PNG", b"\x89PNG\r\n\x1a\n....".to_vec(), "begins with"),
        ("floats", file(0x0d03, &[1, 1, 1], &[0; 4]), "begins with"),
        ("no axes", file(0x800, &[], &[]), "begins with"),
        ("four axes", file(0x804, &[1, 1, 1, 1], &[0]), "begins with"),
        ("no sizes", file(0x803, &[2], &[]), "size of axis 1"),
        ("cut short", file(0x803, &[2, 2, 2], &[0; 7]), "holds 7"),
        ("too long", file(0x803, &[2, 2, 2], &[0; 9]), "too long"),
        ("a lie of four billion rows", file(0x803, &[u32::MAX, 28, 28], &[0; 64]), "claims"),
        (
            "a product that overflows",
            file(0x803, &[u32::MAX, u32::MAX, u32::MAX], &[]),
            "claims",
        ),
    ];
    for (name, bytes, word) in cases {
        let e = idx::parse(&bytes[..]).unwrap_err();
        assert!(e.contains(word), "{name}: {e}");
    }
    let whole = file(0x803, &[2, 2, 2], &[7; 8]);
    for cut in 0..whole.len() {
        assert!(idx::parse(&whole[..cut]).is_err(), "cut at {cut}");
    }
}

#[test]
fn a_packed_file_that_lies_is_not_unpacked_in_full() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bomb.gz");
    let mut packed = flate2::write::GzEncoder::new(
        std::fs::File::create(&path).unwrap(),
        flate2::Compression::best(),
    );
    packed.write_all(&file(0x803, &[2, 2, 2], &[])).unwrap();
    packed.write_all(&vec![0; 50_000_000]).unwrap();
    packed.finish().unwrap();
    let e = idx::read(&path).unwrap_err().to_string();
    assert!(e.contains("bomb.gz") && e.contains("too long"), "{e}");
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..15]).unwrap();
    assert!(idx::read(&path).unwrap_err().to_string().contains("fetch it again"));
    assert!(idx::read(&folder.path().join("none")).unwrap_err().to_string().contains("none"));
}

#[test]
fn mnist_by_path() {
    let folder = tempfile::tempdir().unwrap();
    let missing = mnist::load_from(folder.path()).unwrap_err().to_string();
    assert!(missing.contains("fetch mnist") && missing.contains("LATENT_DATA"), "{missing}");
    let images = file(0x803, &[2, 1, 2], &[0, 255, 51, 0]);
    for name in ["train-images-idx3-ubyte", "t10k-images-idx3-ubyte"] {
        std::fs::write(folder.path().join(name), &images).unwrap();
    }
    for name in ["train-labels-idx1-ubyte", "t10k-labels-idx1-ubyte"] {
        std::fs::write(folder.path().join(name), file(0x801, &[2], &[3, 9])).unwrap();
    }
    let set = mnist::load_from(folder.path()).unwrap();
    assert_eq!(set.train, ndarray::array![[0.0, 1.0], [0.2, 0.0]]);
    assert_eq!(set.test_class, vec![3, 9]);
    std::fs::write(
        folder.path().join("t10k-labels-idx1-ubyte"),
        file(0x801, &[3], &[3, 9, 1]),
    )
    .unwrap();
    assert!(
        mnist::load_from(folder.path())
            .unwrap_err()
            .to_string()
            .contains("[3] labels for 2 images")
    );
    std::fs::write(folder.path().join("t10k-images-idx3-ubyte"), file(0x801, &[2], &[3, 9]))
        .unwrap();
    assert!(
        mnist::load_from(folder.path()).unwrap_err().to_string().contains("images have 3")
    );
}

#[test]
fn black_and_white_digits_come_as_text_or_as_bytes() {
    use latent::data::binarised;
    let folder = tempfile::tempdir().unwrap();
    let image = |one: usize| -> Vec<u8> { (0..784).map(|d| u8::from(d == one)).collect() };
    let line = |one: usize| {
        let digits: Vec<String> = image(one).iter().map(u8::to_string).collect();
        digits.join(" ") + "\n"
    };
    for (file, ones) in binarised::FILES.iter().zip([vec![3, 5], vec![7], vec![783]]) {
        let text: String = ones.into_iter().map(line).collect();
        std::fs::write(folder.path().join(file.name), text).unwrap();
    }
    let set = binarised::load_from(folder.path()).unwrap();
    assert_eq!((set.train.nrows(), set.valid.nrows(), set.test.nrows()), (2, 1, 1));
    assert_eq!((set.train[[1, 5]], set.test[[0, 783]], set.train.sum()), (1.0, 1.0, 2.0));

    // The same in bytes, where the text is missing.
    std::fs::remove_file(folder.path().join("binarized_mnist_valid.amat")).unwrap();
    let bytes = folder.path().join("binarized_mnist_valid-images-idx3-ubyte");
    let write = |body: &[u8]| {
        let mut idx = vec![0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 28, 0, 0, 0, 28];
        idx.extend(body);
        std::fs::write(&bytes, idx).unwrap();
    };
    write(&image(7));
    assert_eq!(binarised::load_from(folder.path()).unwrap().valid, set.valid);
    write(&[128; 784]);
    let says =
        |folder: &std::path::Path| binarised::load_from(folder).unwrap_err().to_string();
    assert!(says(folder.path()).contains("greys"));
    std::fs::remove_file(&bytes).unwrap();
    assert!(says(folder.path()).contains("fetch binarised-mnist"));
    for (text, word) in [("0 1 2\n", "byte 4"), ("0 1\n", "2 pixels in 1 images")] {
        std::fs::write(folder.path().join("binarized_mnist_valid.amat"), text).unwrap();
        assert!(says(folder.path()).contains(word), "{}", says(folder.path()));
    }
}

fn npy(header: &str, body: &[u8]) -> Vec<u8> {
    let mut out = b"\x93NUMPY\x01\x00".to_vec();
    out.extend((header.len() as u16).to_le_bytes());
    out.extend(header.as_bytes());
    out.extend(body);
    out
}

#[test]
fn npy_files_give_their_numbers_row_by_row() {
    let numbers = [0.5f32, -1.0, 2.0, 3.25, 4.0, 5.5];
    let body: Vec<u8> = numbers.iter().flat_map(|v| v.to_le_bytes()).collect();
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n";
    let x = latent::data::npy::parse(&npy(header, &body)).unwrap();
    assert_eq!(x, ndarray::array![[0.5, -1.0, 2.0], [3.25, 4.0, 5.5]]);
    let wide: Vec<u8> = numbers.iter().flat_map(|v| f64::from(*v).to_le_bytes()).collect();
    let header = "{'shape': (2, 3, 1), 'fortran_order': False, 'descr': '<f8'}";
    assert_eq!(latent::data::npy::parse(&npy(header, &wide)).unwrap(), x);
    let header = "{'descr': '|u1', 'fortran_order': False, 'shape': (6,)}";
    let bytes = latent::data::npy::parse(&npy(header, &[0, 1, 2, 3, 4, 255])).unwrap();
    assert_eq!(bytes.dim(), (6, 1));
    assert_eq!(bytes[[5, 0]], 255.0);
}

#[test]
fn a_lying_npy_file_is_refused_with_a_reason() {
    let refused = |bytes: &[u8], why: &str| {
        let got = latent::data::npy::parse(bytes).unwrap_err();
        assert!(got.contains(why), "{got}");
    };
    let head = |descr: &str, order: &str, shape: &str| {
        format!("{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}")
    };
    let whole = npy(&head("|u1", "False", "(2, 2)"), &[1, 2, 3, 4]);
    for length in 0..whole.len() {
        assert!(latent::data::npy::parse(&whole[..length]).is_err(), "{length} bytes");
    }
    refused(b"hello", "no NPY file");
    refused(b"\x93NUMPY\x09\x00\x00\x00", "no NPY file");
    refused(
        &npy(&head("|u1", "False", "(2, 2)"), &[1; 5]),
        "claims 4 bytes of numbers and holds 5",
    );
    refused(&npy(&head("|u1", "True", "(2, 2)"), &[1; 4]), "column by column");
    refused(&npy(&head("<i8", "False", "(2, 2)"), &[1; 32]), "of kind `<i8`");
    refused(&npy(&head("|u1", "False", "(2, -2)"), &[1; 4]), "has the shape");
    refused(&npy(&head("|u1", "False", "()"), &[1; 4]), "rows are needed");
    let much = "(18446744073709551615, 18446744073709551615)";
    refused(&npy(&head("|u1", "False", much), &[1; 4]), "more than");
    refused(&npy("{'descr': '|u1'}", &[1; 4]), "without `fortran_order`");
    refused(&npy("\u{e9}{", &[1; 4]), "without `descr`");
    let missing = latent::data::npy::read(std::path::Path::new("nowhere.npy")).unwrap_err();
    assert!(matches!(missing, latent::Error::File { .. }));
}
