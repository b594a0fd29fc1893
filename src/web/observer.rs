use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** Is told, once for each `start` or `pull`, what came of it. */
export interface CallObserver {
  /** After `start`: the head of the answer is in. The body is untouched until the first `pull`. */
  head(response: Response): void;
  /**
   * After `pull`: the events of one chunk, as the text of a JSON array; how many comments the server sent; how many
   * deviations there are by now; and whether nothing but the end follows, so that the next `pull` is answered at once.
   */
  events(json: string, events: number, heartbeats: number, deviations: number, isLast: boolean): void;
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
    fn head(this: &CallObserver, response: &JsValue) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch)]
    fn events(
        this: &CallObserver,
        json: &str,
        events: usize,
        heartbeats: usize,
        deviations: usize,
        is_last: bool,
    ) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch)]
    fn end(this: &CallObserver) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch)]
    fn fail(this: &CallObserver, record: &str, cause: &JsValue, headers: &JsValue) -> Result<(), JsValue>;
}

/// Who is told what came of a `start` or a `pull`.
#[derive(Debug)]
pub(super) enum Observer {
    JavaScript(CallObserver),
    #[cfg(feature = "typed")]
    Rust(alloc::rc::Rc<super::typed::Listener>),
}

impl Observer {
    pub(super) fn head(&self, response: &JsValue) -> Result<(), JsValue> {
        match self {
            Self::JavaScript(observer) => observer.head(response),
            #[cfg(feature = "typed")]
            Self::Rust(listener) => listener.hear(super::typed::Told::Head),
        }
    }

    pub(super) fn events(
        &self,
        json: &str,
        events: usize,
        heartbeats: usize,
        deviations: usize,
        is_last: bool,
    ) -> Result<(), JsValue> {
        match self {
            Self::JavaScript(observer) => observer.events(json, events, heartbeats, deviations, is_last),
            #[cfg(feature = "typed")]
            Self::Rust(listener) => listener.hear(super::typed::Told::Events(json.to_owned())),
        }
    }

    pub(super) fn end(&self) -> Result<(), JsValue> {
        match self {
            Self::JavaScript(observer) => observer.end(),
            #[cfg(feature = "typed")]
            Self::Rust(listener) => listener.hear(super::typed::Told::End),
        }
    }

    pub(super) fn fail(&self, record: &str, cause: &JsValue, headers: &JsValue) -> Result<(), JsValue> {
        match self {
            Self::JavaScript(observer) => observer.fail(record, cause, headers),
            #[cfg(feature = "typed")]
            Self::Rust(listener) => listener.hear(super::typed::Told::Failed),
        }
    }
}
