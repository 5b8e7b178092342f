//! Networks and runs on disk, as safetensors: names and shapes as PyTorch has them, so that either can read the
//! other's files. A file is written beside its place and then moved there: a broken run leaves the last one whole.
use super::adam::Adam;
use super::engine::{Bend, Engine};
use super::net::{Likelihood, Sizes, Table, Vae};
use super::train::{Plan, Run};
use crate::error::{Error, Result};
use crate::pca::autoencoder::failed;
use ::safetensors::{Dtype as Kind, SafeTensors, serialize, tensor::TensorView};
use dfdx::prelude::*;
use rand::{SeedableRng, rngs::StdRng};
use std::{collections::HashMap, fs, io::Write, path::Path};

/// Writes the network.
pub fn save<D: Engine<f32>>(net: &mut Vae<f32, D>, path: &Path) -> Result<()> {
    let words = describe(net);
    let tables = tables(net, None);
    write(path, &tables, &words)
}

/// Reads a network. Files that say nothing of their likelihood are Bernoulli with tanh between the layers.
pub fn load<D: Engine<f32>>(path: &Path, device: &D) -> Result<Vae<f32, D>> {
    let bytes = fs::read(path).map_err(|e| Error::file(path, e))?;
    net_from(&bytes, device).map_err(|why| Error::file(path, why))
}

/// Reads a network from what a file holds.
pub fn net_from<D: Engine<f32>>(
    bytes: &[u8],
    device: &D,
) -> std::result::Result<Vae<f32, D>, String> {
    let file = File::read(bytes)?;
    let mut net = file.empty(device)?;
    file.fill(&mut net, "")?;
    Ok(net)
}

impl<D: Engine<f32>> Run<f32, D> {
    /// Writes the run: the network, the optimiser's memory, and how far it is.
    pub fn save(&mut self, path: &Path) -> Result<()> {
        let mut words = describe(&self.net);
        words.push_str(&format!(";done={};steps={}", self.done, self.adam.steps));
        let tables = tables(&mut self.net, Some(&self.adam));
        write(path, &tables, &words)
    }

    /// Goes on where a run that was written down stopped. The plan is not in the file: give the same one.
    pub fn resume(path: &Path, plan: Plan, device: &D) -> Result<Self> {
        let bytes = fs::read(path).map_err(|e| Error::file(path, e))?;
        Self::restored(&bytes, plan, device).map_err(|why| Error::file(path, why))
    }

    fn restored(bytes: &[u8], plan: Plan, device: &D) -> std::result::Result<Self, String> {
        let file = File::read(bytes)?;
        let mut run = Run::new(net_from(bytes, device)?, plan).map_err(|e| e.to_string())?;
        file.fill_moments(&mut run.net, &mut run.adam)?;
        run.done = file.number("done")?;
        run.adam.steps = file.number("steps")?;
        Ok(run)
    }
}

/// A name, a shape as PyTorch has it, and the entries row by row.
type Entry = (String, Vec<usize>, Vec<u8>);

/// Every parameter; with Adam's memory, that too.
fn tables<D: Engine<f32>>(net: &mut Vae<f32, D>, adam: Option<&Adam<f32, D>>) -> Vec<Entry> {
    let mut all = vec![];
    for (i, (name, table)) in net.parameters().into_iter().enumerate() {
        if let Some(adam) = adam {
            all.push(entry(format!("adam.first.{name}"), &adam.first[i]));
            all.push(entry(format!("adam.second.{name}"), &adam.second[i]));
        }
        all.push(entry(name, table));
    }
    all
}

/// A bias is a table of one row here, and a list there.
fn entry<D: Engine<f32>>(name: String, table: &Table<f32, D>) -> Entry {
    let (rows, columns) = *table.shape();
    let flat = !name.ends_with(".weight");
    let shape = if flat { vec![rows * columns] } else { vec![rows, columns] };
    (name, shape, table.as_vec().iter().flat_map(|v| v.to_le_bytes()).collect())
}

fn write(path: &Path, tables: &[Entry], words: &str) -> Result<()> {
    let mut views = vec![];
    for (name, shape, bytes) in tables {
        let view = TensorView::new(Kind::F32, shape.clone(), bytes);
        views.push((name.clone(), view.map_err(failed)?));
    }
    let about = HashMap::from([("latent".to_string(), words.to_string())]);
    let bytes = serialize(views, &Some(about)).map_err(failed)?;
    replace(path, &bytes).map_err(|e| Error::file(path, e))
}

/// Puts a file in its place in one move, once every byte of it is on the disk.
pub fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    let mut file = fs::File::create(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    fs::rename(&beside, path)
}

fn describe<D: Engine<f32>>(net: &Vae<f32, D>) -> String {
    let likelihood = match net.likelihood {
        Likelihood::Bernoulli => "bernoulli".into(),
        Likelihood::Gaussian(sd) => format!("gaussian {sd}"),
        Likelihood::Shared => "shared".into(),
        Likelihood::Predicted => "predicted".into(),
        Likelihood::Continuous => "continuous".into(),
        Likelihood::Logistic(levels) => format!("logistic {levels}"),
    };
    let bend = match net.bend {
        Bend::Tanh => "tanh",
        Bend::Relu => "relu",
    };
    format!("likelihood={likelihood};bend={bend}")
}

/// The number after those words.
fn after<N: std::str::FromStr>(text: &str, words: &str) -> Option<N> {
    text.strip_prefix(words)?.parse().ok()
}

/// A file's tables and the words it has for them.
struct File<'a> {
    tables: SafeTensors<'a>,
    words: HashMap<String, String>,
}

impl<'a> File<'a> {
    fn read(bytes: &'a [u8]) -> std::result::Result<File<'a>, String> {
        let bad = |e| format!("no whole safetensors file ({e:?}); write or copy it again");
        let tables = SafeTensors::deserialize(bytes).map_err(bad)?;
        let (_, about) = SafeTensors::read_metadata(bytes).map_err(bad)?;
        let about = about.metadata().as_ref().and_then(|m| m.get("latent")).cloned();
        let words = about.unwrap_or_default();
        let pairs = words.split(';').filter_map(|p| p.split_once('='));
        Ok(File { tables, words: pairs.map(|(k, v)| (k.into(), v.into())).collect() })
    }

    fn number<N: std::str::FromStr>(&self, key: &str) -> std::result::Result<N, String> {
        let found = self.words.get(key).and_then(|v| v.parse().ok());
        found.ok_or_else(|| format!("says nothing of `{key}`: a network, and no run"))
    }

    fn likelihood(&self) -> std::result::Result<Likelihood, String> {
        match self.words.get("likelihood").map_or("bernoulli", String::as_str) {
            "bernoulli" => Ok(Likelihood::Bernoulli),
            "shared" => Ok(Likelihood::Shared),
            "predicted" => Ok(Likelihood::Predicted),
            "continuous" => Ok(Likelihood::Continuous),
            other => None
                .or_else(|| Some(Likelihood::Gaussian(after(other, "gaussian ")?)))
                .or_else(|| Some(Likelihood::Logistic(after(other, "logistic ")?)))
                .ok_or_else(|| format!("has a likelihood `{other}` that is not known here")),
        }
    }

    /// A network of the file's widths.
    fn empty<D: Engine<f32>>(&self, device: &D) -> std::result::Result<Vae<f32, D>, String> {
        let shape = |name: &str| {
            let found = self.tables.tensor(name).ok().filter(|t| t.shape().len() == 2);
            found.map(|t| (t.shape()[0], t.shape()[1]))
        };
        let hidden: Vec<usize> =
            (0..).map_while(|i| shape(&format!("encoder.{i}.weight"))).map(|s| s.0).collect();
        let (latent, top) = shape("mean.weight").ok_or("holds no table `mean.weight`")?;
        let pixels = shape("encoder.0.weight").map_or(top, |s| s.1);
        let sizes = Sizes { pixels, hidden, latent };
        let rng = &mut StdRng::seed_from_u64(0); // every entry is overwritten
        let net = Vae::new(&sizes, self.likelihood()?, device, rng);
        let bend = match self.words.get("bend").map(String::as_str) {
            Some("relu") => Bend::Relu,
            _ => Bend::Tanh,
        };
        net.map(|net| net.bent(bend)).map_err(|e| e.to_string())
    }

    fn fill<D: Engine<f32>>(
        &self,
        net: &mut Vae<f32, D>,
        start: &str,
    ) -> std::result::Result<(), String> {
        for (name, table) in net.parameters() {
            self.copy(&format!("{start}{name}"), table)?;
        }
        Ok(())
    }

    fn fill_moments<D: Engine<f32>>(
        &self,
        net: &mut Vae<f32, D>,
        adam: &mut Adam<f32, D>,
    ) -> std::result::Result<(), String> {
        for (i, (name, _)) in net.parameters().into_iter().enumerate() {
            self.copy(&format!("adam.first.{name}"), &mut adam.first[i])?;
            self.copy(&format!("adam.second.{name}"), &mut adam.second[i])?;
        }
        Ok(())
    }

    fn copy<D: Engine<f32>>(
        &self,
        name: &str,
        to: &mut Table<f32, D>,
    ) -> std::result::Result<(), String> {
        let from =
            self.tables.tensor(name).map_err(|_| format!("holds no table `{name}`"))?;
        let (rows, columns) = *to.shape();
        let fits =
            from.shape() == [rows, columns] || (rows == 1 && from.shape() == [columns]);
        if !fits || from.dtype() != Kind::F32 {
            let (got, kind) = (from.shape(), from.dtype());
            return Err(format!(
                "`{name}` is {kind:?} {got:?}, but F32 [{rows}, {columns}] is needed"
            ));
        }
        let bytes = from.data().chunks_exact(4);
        let values: Vec<f32> =
            bytes.map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        if let Some(at) = values.iter().position(|v| !v.is_finite()) {
            return Err(format!("`{name}` holds {} at {at}", values[at]));
        }
        to.copy_from(&values);
        Ok(())
    }
}
