use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** Is told, once for each `start` or `pull`, what came of it. */
export interface CallObserver {
  /** After `start`: the head of the answer is in. The body is untouched until the first `pull`. */
  head(response: Response): void;
  /**
   * After `pull`: the events of one chunk, as the text of a JSON array; how many comments the server sent; and how many
   * deviations there are by now.
   */
  events(json: string, events: number, heartbeats: number, deviations: number): void;
  /** After `pull`: the answer is complete. */
  end(): void;
  /** After either: the error as the text of a JSON record, what was thrown, and the answer's headers. */
  fail(record: string, cause: unknown, headers: Headers | undefined): void;
}
"#;

#[wasm_bindgen]
extern "C" {
    /// Is told what came of a `start` or a `pull`: see the TypeScript declaration.
    #[wasm_bindgen(typescript_type = "CallObserver")]
    #[derive(Debug, Clone)]
    pub type CallObserver;

    #[wasm_bindgen(method, catch)]
    pub(super) fn head(this: &CallObserver, response: &JsValue) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(super) fn events(
        this: &CallObserver,
        json: &str,
        events: usize,
        heartbeats: usize,
        deviations: usize,
    ) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(super) fn end(this: &CallObserver) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch)]
    pub(super) fn fail(this: &CallObserver, record: &str, cause: &JsValue, headers: &JsValue) -> Result<(), JsValue>;
}
