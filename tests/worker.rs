//! The edge in a dedicated worker, where there is no `window`.
#![cfg(all(target_arch = "wasm32", not(feature = "typed")))]

mod edge;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);
