//! How quickly the ink changes from pixel to pixel.
use crate::error::{Result, finite, within};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2};

// ANCHOR: sharpness
/// The Laplacian of an image of so many rows and columns: four times a pixel, less its
/// four neighbours. Pixels on the edge have no four neighbours, and are left out.
pub fn laplacian(image: ArrayView2<f64>) -> Result<Array2<f64>> {
    finite("the image", image)?;
    let (rows, columns) = image.dim();
    within("the image's rows", rows as f64, 3.0, 1e6, ": the edge is left out")?;
    within("the image's columns", columns as f64, 3.0, 1e6, ": the edge is left out")?;
    Ok(Array2::from_shape_fn((rows - 2, columns - 2), |(i, j)| {
        let at = |i: usize, j: usize| image[[i, j]];
        let around = at(i, j + 1) + at(i + 2, j + 1) + at(i + 1, j) + at(i + 1, j + 2);
        4.0 * at(i + 1, j + 1) - around // (eq:laplacian)
    }))
}

/// The sharpness of each image, one a row: the mean of |Laplacian| over the pixels that
/// are not on the edge.
pub fn sharpness(images: ArrayView2<f64>, width: usize) -> Result<Array1<f64>> {
    images.rows().into_iter().map(|image| of_one(image, width)).collect()
}
// ANCHOR_END: sharpness

fn of_one(image: ArrayView1<f64>, width: usize) -> Result<f64> {
    within("the width", width as f64, 3.0, 1e6, ": the edge is left out")?;
    let rest = image.len() % width;
    within("what is left of the last row", rest as f64, 0.0, 0.0, ": rows are whole")?;
    let rows = image.len() / width;
    let table = Array2::from_shape_fn((rows, width), |(i, j)| image[i * width + j]);
    let bends = laplacian(table.view())?;
    Ok(bends.mapv(f64::abs).sum() / bends.len() as f64)
}

/// The mean sharpness of a set of images.
pub fn mean_sharpness(images: ArrayView2<f64>, width: usize) -> Result<f64> {
    finite("the images", images)?;
    let each = sharpness(images, width)?;
    Ok(each.sum() / each.len() as f64)
}
