//! The core by itself, natively: what the parser, the exchange and the snapshot cost without JavaScript.
//! `cargo bench` runs it, `cargo bench -- --quick` with fewer samples. What users see is measured in `bench/`.

#[cfg(not(target_arch = "wasm32"))]
mod benchmarks;
#[cfg(not(target_arch = "wasm32"))]
mod workload;

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    let mut criterion = criterion::Criterion::default().configure_from_args();
    benchmarks::run(&mut criterion);
    criterion.final_summary();
}

#[cfg(target_arch = "wasm32")]
fn main() {}
