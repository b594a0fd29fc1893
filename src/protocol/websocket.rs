//! Messages of the WebSocket: the server's are the events of a stream, and these.

#[cfg(feature = "typed")]
use super::*;

describe! {
    /// What the client says.
    typescript WebSocketClientMessage {
"type WebSocketClientMessage = WebSocketCreateMessage | WebSocketSteerMessage;"
    }

    /// Asks for a response. Whether it streams is no question here, and background is not possible.
    typescript WebSocketCreateMessage {
"interface WebSocketCreateMessage extends Omit<ResponseCreateParamsBase, \"stream_options\" | \"background\"> {
  type: \"response.create\";
  /** OpenAI's: `false` only warms up. */
  generate?: boolean;
  /** OpenAI's: tells responses apart that go on at the same time. */
  stream_id?: string;
}"
    }

    /// OpenAI's: gives a response in progress more to go by.
    object WebSocketSteerMessage {
        type: "response.steer",
        /// The response in progress.
        previous_response_id: String,
        input: Input,
        stream_id?: String,
    }

    /// What the server says.
    union WebSocketServerMessage {
        Error(WebSocketErrorEvent),
        SteerAccepted(ResponseSteerAcceptedEvent),
        SteerPending(ResponseSteerPendingEvent),
        SteerFailed(ResponseSteerFailedEvent),
        Event(ResponseStreamEvent),
    }

    /// A request was refused, or the connection comes to its end (`websocket_connection_limit_reached`, after an hour).
    object WebSocketErrorEvent {
        type: "error",
        /// The HTTP status that the error would have.
        status: Integer,
        error: WebSocketErrorInfo,
    }

    /// What went wrong.
    object WebSocketErrorInfo {
        kind as "type"?: String,
        /// For programs. `previous_response_not_found`: begin anew, with the whole input.
        code~: String,
        /// For people.
        message~: String,
        /// The field of the request that is to blame.
        param?: String | null,
    }

    /// The response goes on with what it was given.
    plain_event ResponseSteerAcceptedEvent { "response.steer.accepted"; }

    /// The response will look at what it was given.
    plain_event ResponseSteerPendingEvent { "response.steer.pending"; }

    /// The response does not look at what it was given.
    plain_event ResponseSteerFailedEvent { "response.steer.failed"; }
}

/// Asks for a response. Whether it streams is no question here, and background is not possible.
#[cfg(feature = "typed")]
#[derive(Debug, Clone, PartialEq)]
pub struct WebSocketCreateMessage {
    /// What to ask for, without `background` and `stream_options`. OpenAI's `generate` and `stream_id` go into its `extra`.
    pub request: ResponseCreateParamsBase,
}

#[cfg(feature = "typed")]
impl Wire for WebSocketCreateMessage {
    fn read(value: &Value) -> Option<Self> {
        let mut request = ResponseCreateParamsBase::read(value)?;
        let kind = request.extra.shift_remove("type")?;
        (kind == "response.create").then_some(Self { request })
    }

    fn write(&self) -> Value {
        let mut message = Object::new();
        message.insert("type".into(), "response.create".into());
        if let Value::Object(request) = self.request.write() {
            message
                .extend(request.into_iter().filter(|(name, _)| !["background", "stream_options"].contains(&&**name)));
        }
        Value::Object(message)
    }
}

#[cfg(feature = "typed")]
serde_by_wire! { WebSocketCreateMessage }

/// What the client says.
#[cfg(feature = "typed")]
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "a variant is its type")]
#[allow(clippy::large_enum_variant, reason = "the large variant is the one there nearly always is")]
pub enum WebSocketClientMessage {
    Create(WebSocketCreateMessage),
    Steer(WebSocketSteerMessage),
}

#[cfg(feature = "typed")]
impl Wire for WebSocketClientMessage {
    fn read(value: &Value) -> Option<Self> {
        let create = WebSocketCreateMessage::read(value).map(Self::Create);
        create.or_else(|| WebSocketSteerMessage::read(value).map(Self::Steer))
    }

    fn write(&self) -> Value {
        match self {
            Self::Create(message) => message.write(),
            Self::Steer(message) => message.write(),
        }
    }
}

#[cfg(feature = "typed")]
serde_by_wire! { WebSocketClientMessage }
