//! The inputs that fuzzers started from and failed at: what must hold for any bytes holds for them, and for others like
//! them. `cargo xtask fuzz` looks for more.
#![cfg(not(target_arch = "wasm32"))]

mod block;
mod growing;
mod standard;
mod streams;
mod targets;
mod told;

use std::fs;
use std::path::Path;
use targets::TARGETS;

/// How many others are made of each input.
const MUTATIONS: u32 = 200;

#[test]
fn what_must_hold_holds_for_every_input_of_the_corpus_and_others_like_them() {
    for (target, check) in TARGETS {
        let corpus = inputs(target);
        assert!(!corpus.is_empty(), "{target} has inputs to start from");
        let mut random = 0x9E37_79B9_u32;
        for (name, input) in &corpus {
            // The last line of a failing test says which one it was.
            eprintln!("{target}/{name}");
            check(input);
            for at in 0..MUTATIONS {
                let mutated = mutated(input, &mut random);
                eprintln!("{target}/{name}, mutation {at}: {:?}", String::from_utf8_lossy(&mutated));
                check(&mutated);
            }
        }
    }
}

fn inputs(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let files = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut inputs: Vec<(String, Vec<u8>)> = files
        .map(|file| file.expect("a file").path())
        .map(|path| (path.file_name().expect("a name").to_string_lossy().into_owned(), fs::read(path).expect("bytes")))
        .collect();
    inputs.sort();
    inputs
}

/// The input with a byte changed, put in or taken out, or a piece said twice, in some places.
fn mutated(input: &[u8], random: &mut u32) -> Vec<u8> {
    let mut bytes = input.to_owned();
    let mut below = |bound: usize| {
        *random ^= *random << 13;
        *random ^= *random >> 17;
        *random ^= *random << 5;
        *random as usize % bound.max(1)
    };
    for _ in 0..=below(3) {
        let at = below(bytes.len());
        let byte = b"\"\\{}[],:0u\n\xFF"[below(12)];
        match below(5) {
            _ if bytes.is_empty() => bytes.push(byte),
            0 => bytes[at] = byte,
            1 => bytes[at] ^= 1 << below(8),
            2 => bytes.insert(at, byte),
            3 => drop(bytes.remove(at)),
            _ => {
                let piece = bytes[at..bytes.len().min(at + below(40))].to_owned();
                let to = below(bytes.len());
                bytes.splice(to..to, piece);
            }
        }
    }
    bytes
}
