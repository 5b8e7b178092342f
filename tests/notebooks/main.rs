//! The exercises without Jupyter: every stub fails its check with words that help, every solution passes, and
//! the cells that are no exercises run.
mod blurriness;
mod elbo;
mod em;
mod factor_analysis;
mod mean_field;
mod mixture;
mod pca;
mod vae;
mod why;

#[path = "../../notebooks/pca.rs"]
#[allow(unused, clippy::all)]
mod pca_set;

#[path = "../../notebooks/factor_analysis.rs"]
#[allow(unused, clippy::all)]
mod factor_analysis_set;

#[path = "../../notebooks/elbo.rs"]
#[allow(unused, clippy::all)]
mod elbo_set;

#[path = "../../notebooks/em.rs"]
#[allow(unused, clippy::all)]
mod em_set;

#[path = "../../notebooks/mixture.rs"]
#[allow(unused, clippy::all)]
mod mixture_set;

#[path = "../../notebooks/mean_field.rs"]
#[allow(unused, clippy::all)]
mod mean_field_set;

#[path = "../../notebooks/vae.rs"]
#[allow(unused, clippy::all)]
mod vae_set;

#[path = "../../notebooks/blurriness.rs"]
#[allow(unused, clippy::all)]
mod blurriness_set;

#[path = "../../notebooks/why.rs"]
#[allow(unused, clippy::all)]
mod why_set;

use latent::check::Verdict;

/// Each set: its source, and what its checks say of every stub and every solution.
type Set = (&'static str, fn() -> Vec<(&'static str, Verdict, Verdict)>);

const SETS: &[Set] = &[
    (include_str!("../../notebooks/pca.rs"), pca_set::verdicts),
    (include_str!("../../notebooks/factor_analysis.rs"), factor_analysis_set::verdicts),
    (include_str!("../../notebooks/elbo.rs"), elbo_set::verdicts),
    (include_str!("../../notebooks/em.rs"), em_set::verdicts),
    (include_str!("../../notebooks/mixture.rs"), mixture_set::verdicts),
    (include_str!("../../notebooks/mean_field.rs"), mean_field_set::verdicts),
    (include_str!("../../notebooks/vae.rs"), vae_set::verdicts),
    (include_str!("../../notebooks/blurriness.rs"), blurriness_set::verdicts),
    (include_str!("../../notebooks/why.rs"), why_set::verdicts),
];

fn fails_with(verdict: Verdict, words: &str) {
    assert!(matches!(&verdict, Verdict::Fail(text) if text.contains(words)), "{verdict}");
}

#[test]
fn every_exercise_is_tried() {
    for (source, verdicts) in SETS {
        let named: Vec<&str> = source
            .lines()
            .filter_map(|l| l.strip_prefix("//% exercise ")?.split(' ').next())
            .collect();
        let tried: Vec<&str> = verdicts().iter().map(|(name, ..)| *name).collect();
        assert_eq!(named, tried);
        let least = if source.contains("notebook 00-") { 6 } else { 9 };
        assert!(named.len() >= least);
        assert!(source.contains("Find the bug"));
    }
}

#[test]
fn stubs_fail_and_solutions_pass() {
    for (name, stub, solution) in SETS.iter().flat_map(|(_, verdicts)| verdicts()) {
        // these are called after what their functions make together
        let whole = ["round_trip", "features", "order"].contains(&name);
        let todo = matches!(&stub, Verdict::Todo(text) if text.contains(name) || whole);
        let wrong = matches!(&stub, Verdict::Fail(text) if text.len() > 40);
        assert!(todo || wrong, "{name}: {stub}");
        assert!(solution.is_pass(), "{name}: {solution}");
    }
}
