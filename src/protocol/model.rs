//! The models a server offers.

describe! {
    /// The models a server offers.
    object ModelList {
        object?: "list",
        data: [Model],
    }

    /// A model. All but the id depends on the server; fields of a vendor's own are there at run time.
    object Model {
        /// What `model` of a request takes.
        id: String,
        object?: ModelKind,
        /// Unix time in seconds.
        created?: Integer,
        owned_by?: String,
        name?: String,
        display_name?: String,
        description?: String,
        /// Tokens of input and output together, at most; null: unknown.
        context_length?: Integer | null,
        /// Tokens; null: unknown.
        max_input_tokens?: Integer | null,
        /// Tokens; null: unknown.
        max_output_tokens?: Integer | null,
        /// `text`, `image`, …; some servers write them with capitals.
        input_modalities?: [String],
        output_modalities?: [String],
        /// The APIs that serve the model; `openai-response` stands for this one.
        supported_endpoint_types?: [String],
    }

    /// That it is a model.
    open_choice ModelKind {
        Model = "model",
    }
}
