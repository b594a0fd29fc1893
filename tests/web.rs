//! The edge in a page.
#![cfg(target_arch = "wasm32")]

mod edge;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
