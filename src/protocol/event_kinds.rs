//! The kinds of event: what the events of a kind have in common, in the words of `describe!`.

/// An event of the stream as a whole.
macro_rules! plain_event {
    (@$what:ident $docs:tt $name:ident { $type:literal; $($body:tt)* }) => {
        object! { @$what $docs $name {
            type: $type,
            /// Grows from event to event. Some servers leave it out.
            sequence_number~: Integer,
            $($body)*
        } }
    };
}

/// An event with the whole response.
macro_rules! response_event {
    (@$what:ident $docs:tt $name:ident { $type:literal; }) => {
        plain_event! { @$what $docs $name { $type;
            /// The response as it stands.
            response: (ResponseObject),
        } }
    };
}

/// An event of an item, told by its place alone.
macro_rules! item_event {
    (@$what:ident $docs:tt $name:ident { $type:literal; $($body:tt)* }) => {
        plain_event! { @$what $docs $name { $type;
            /// The item's place in the response's `output`, from 0: the surest way to tell which item is meant.
            output_index~: Integer,
            $($body)*
        } }
    };
}

/// An event of an item.
macro_rules! call_event {
    (@$what:ident $docs:tt $name:ident { $type:literal; $($body:tt)* }) => {
        item_event! { @$what $docs $name { $type;
            item_id~: String,
            $($body)*
        } }
    };
}

/// An event of a part of an item's content.
macro_rules! content_event {
    (@$what:ident $docs:tt $name:ident { $type:literal; $($body:tt)* }) => {
        call_event! { @$what $docs $name { $type;
            /// The part's place in the item's `content`, from 0.
            content_index~: Integer,
            $($body)*
        } }
    };
}

/// An event of a part of a reasoning item's summary.
macro_rules! summary_event {
    (@$what:ident $docs:tt $name:ident { $type:literal; $($body:tt)* }) => {
        call_event! { @$what $docs $name { $type;
            /// The part's place in the item's `summary`, from 0.
            summary_index~: Integer,
            $($body)*
        } }
    };
}
