//! The edge in a page.
#![cfg(all(target_arch = "wasm32", not(feature = "typed")))]

mod edge;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
