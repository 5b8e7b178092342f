//! The commands: `cargo run` alone serves the book.
use crate::{check, fetch, figures, lab, press, reproduce, serve, train, whole};
use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use std::path::{Path, PathBuf};

/// Latent-variable models, from PCA to variational autoencoders: the book and its tools.
#[derive(Parser)]
#[command(name = "cargo run --", version, about)]
struct Cli {
    /// Without a command: serve.
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Draw what is stale, render, serve on 127.0.0.1, open the browser, and follow every change
    Serve {
        /// The port to try first
        #[arg(long, default_value_t = 3000)]
        port: u16,
        /// Leave the browser closed
        #[arg(long)]
        no_open: bool,
    },
    /// Draw what is stale, and render the pages into book/html
    Build {
        /// List mistakes, and render all the same
        #[arg(long)]
        draft: bool,
    },
    /// Draw all figures and look up all numbers anew
    Figures {
        /// Only those whose code has changed since
        #[arg(long)]
        stale: bool,
    },
    /// Render the book, and print it into book/latent.pdf with the browser that is here
    Pdf,
    /// Render the book, and pack it into book/latent.epub
    Epub,
    /// Check everything that a command can check
    Check,
    /// Write the notebooks from their sources
    Notebooks {
        /// With the solutions in place of the stubs, into this folder
        #[arg(long)]
        solved: Option<PathBuf>,
    },
    /// Set up Jupyter with a Rust kernel for this book, and open the first notebook
    Lab {
        /// Set up everything, and start nothing
        #[arg(long)]
        setup_only: bool,
    },
    /// Download a data set, verify it, and put it where the book looks for it
    Fetch {
        /// Which one
        #[arg(value_enum)]
        set: fetch::Set,
        /// A folder or an address to take the files from instead
        #[arg(long)]
        from: Option<String>,
    },
    /// Train a variational autoencoder, on the book's data or on your own
    Train(Box<train::Args>),
    /// Fit a published model to the published data, and print both results
    Reproduce {
        /// Which one
        #[arg(value_enum)]
        what: reproduce::What,
    },
}

/// Reads the command line and does what it says.
pub fn run() -> Result<()> {
    press::listen_to_mdbook();
    let root = root()?;
    match Cli::parse().command.unwrap_or(Command::Serve { port: 3000, no_open: false }) {
        Command::Serve { port, no_open } => serve::run(&root, port, !no_open),
        Command::Build { draft } => {
            press::refresh(&root)?;
            let render = if draft { press::draft } else { press::build };
            render(&root).map(|out| println!("{}", out.display()))
        }
        Command::Figures { stale } => figures::draw_all(&root, stale).map(drop),
        Command::Pdf => whole::pdf(&root).map(|to| println!("{}", to.display())),
        Command::Epub => whole::epub(&root).map(|to| println!("{}", to.display())),
        Command::Check => check::run(&root),
        Command::Notebooks { solved } => crate::exercise::write_all(&root, solved.as_deref()),
        Command::Lab { setup_only } => lab::run(&root, !setup_only),
        Command::Fetch { set, from } => fetch::run(set, from.as_deref()),
        Command::Train(args) => train::run(&args),
        Command::Reproduce { what } => reproduce::run(what),
    }
}

/// The folder with book.toml: asked for at run time, because a build folder may be shared by several checkouts.
pub fn root() -> Result<PathBuf> {
    let here = std::env::current_dir()?;
    let package = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let start = package.as_deref().unwrap_or(&here);
    let found = start.ancestors().find(|dir: &&Path| dir.join("book.toml").is_file());
    found
        .map(Path::to_path_buf)
        .context("no book.toml here or in a folder above: run this inside the book's folder")
}
