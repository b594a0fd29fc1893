#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| openresponses_wasm_fuzz::check("exchange", bytes));
