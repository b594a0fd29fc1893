//! What must not stand in a body, and what must.
//!
//! Servers differ, and know fields that this client does not: refused is only what no server could accept.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use super::kind::Kind;
use crate::error::{Class, Error};
use crate::json::{Value, write_string};
use crate::scan::either;
use crate::text::{decimal, fill};

/// Which request a body belongs to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Operation {
    /// `POST /responses`
    Create,
    /// `POST /responses/compact`
    Compact,
    /// `POST /responses/input_tokens`
    Count,
    /// Any other: its body is sent as it is.
    #[default]
    Other,
}

/// The fields that the specification gives no `null`, though they may be missing; `*` stands for every element. Most
/// servers take a `null` there for an error, and whoever writes one means the same as leaving the field out.
const NEVER_NULL: &[&[&str]] = &[
    &["background"],
    &["include"],
    &["service_tier"],
    &["store"],
    &["stream"],
    &["truncation"],
    &["stream_options", "include_obfuscation"],
    &["text", "verbosity"],
    &["text", "format", "description"],
    &["tool_choice", "mode"],
    &["tools", "*", "strict"],
    &["input", "*", "phase"],
    &["input", "*", "content", "*", "annotations"],
];

/// The types of the fields that are of one type everywhere.
const TYPES: &[(&str, Kind)] = &[
    ("model", Kind::Text),
    ("previous_response_id", Kind::Text),
    ("stream", Kind::Flag),
    ("background", Kind::Flag),
    ("store", Kind::Flag),
    ("parallel_tool_calls", Kind::Flag),
    ("max_output_tokens", Kind::Number),
    ("max_tool_calls", Kind::Number),
    ("temperature", Kind::Number),
    ("top_p", Kind::Number),
    ("presence_penalty", Kind::Number),
    ("frequency_penalty", Kind::Number),
    ("top_logprobs", Kind::Number),
    ("include", Kind::List),
    ("tools", Kind::List),
    ("metadata", Kind::Map),
    ("reasoning", Kind::Map),
    ("stream_options", Kind::Map),
    ("text", Kind::Map),
];

/// What may stand in for an input, and for a model.
const INSTEAD_OF_INPUT: [&str; 3] = ["previous_response_id", "conversation", "prompt"];
const INSTEAD_OF_MODEL: [&str; 2] = ["models", "prompt"];

/// The body as it is sent.
///
/// # Errors
/// `invalid_request` when no server could accept it; the message names the field.
pub(super) fn prepared(
    operation: Operation,
    stream: bool,
    body: Option<Cow<'_, str>>,
) -> Result<Option<String>, Error> {
    if operation == Operation::Other {
        return Ok(body.map(Cow::into_owned));
    }
    let body = body.unwrap_or_default();
    // `JSON.stringify` wrote it: reading it twice would say nothing new, and bodies with images are large.
    let value = Value::known(&body);
    check(operation, stream, value)?;
    if may_hold_null(body.as_bytes()) {
        let mut cleaned = String::with_capacity(body.len());
        if write_without_nulls(value, NEVER_NULL, &mut cleaned) {
            return Ok(Some(cleaned));
        }
    }
    Ok(Some(body.into_owned()))
}

/// Whether there may be a `null` that must go: only behind a colon. To look for a single character is fast, and bodies may
/// hold images.
fn may_hold_null(mut rest: &[u8]) -> bool {
    while let Some(colon) = either(rest, b':', b':') {
        rest = rest.get(colon + 1..).unwrap_or_default().trim_ascii_start();
        if rest.starts_with(b"null") {
            return true;
        }
    }
    false
}

fn check(operation: Operation, stream: bool, body: Value<'_>) -> Result<(), Error> {
    if !body.is_object() {
        return Err(invalid("The request must be an object", &[]));
    }
    let (mut has_model, mut has_input) = (false, false);
    let (mut no_model_needed, mut no_input_needed) = (false, false);
    let mut streamed = false;
    for (name, value) in body.members() {
        if value.is_null() {
            continue;
        }
        if let Some((_, kind)) = TYPES.iter().find(|(field, _)| *field == name)
            && !kind.fits(value)
        {
            return Err(invalid("The field {} must be {}", &[&name, kind.words()]));
        }
        match &*name {
            "model" => has_model = value.text() != "\"\"",
            "input" => {
                has_input = true;
                check_input(value)?;
            }
            "stream" => streamed = value.as_bool() == Some(true),
            _ => (),
        }
        no_model_needed |= INSTEAD_OF_MODEL.contains(&&*name);
        no_input_needed |= INSTEAD_OF_INPUT.contains(&&*name);
    }
    let needs_model = match operation {
        Operation::Create => !no_model_needed,
        Operation::Compact => true,
        Operation::Count | Operation::Other => false,
    };
    if needs_model && !has_model {
        return Err(invalid("The field model is missing: it names the model to ask, such as \"openai/gpt-5.4\"", &[]));
    }
    if operation == Operation::Create {
        if !has_input && !no_input_needed {
            return Err(invalid(
                "The field input is missing: it is a string, or an array of items. Only after a previous_response_id, \
                 in a conversation or with a prompt can it be left out",
                &[],
            ));
        }
        if streamed != stream {
            return Err(invalid("The field stream says something else than the call expects", &[]));
        }
    }
    Ok(())
}

fn check_input(input: Value<'_>) -> Result<(), Error> {
    if !Kind::Text.fits(input) && !input.is_array() {
        return Err(invalid("The field input must be a string or an array of items", &[]));
    }
    for (index, item) in input.elements().enumerate() {
        let path = fill("input[{}]", &[&decimal(index as u64)]);
        check_element(item, &path)?;
        for (name, list) in item.members().filter(|(name, _)| name == "content" || name == "output") {
            for (part_index, part) in list.elements().enumerate() {
                check_element(part, &fill("{}.{}[{}]", &[&path, &name, &decimal(part_index as u64)]))?;
            }
        }
    }
    Ok(())
}

/// Items and parts are objects with something in them. A promise is written as an object with nothing in it.
fn check_element(element: Value<'_>, path: &str) -> Result<(), Error> {
    if !element.is_object() {
        return Err(invalid("The field {} must be an object", &[path]));
    }
    if element.members().next().is_none() {
        return Err(invalid(
            "The field {} is empty: an object without anything in it, as a promise is written that nobody awaited",
            &[path],
        ));
    }
    Ok(())
}

/// Writes the value without the `null`s at these paths; tells whether there were any.
fn write_without_nulls(value: Value<'_>, paths: &[&[&str]], out: &mut String) -> bool {
    if paths.is_empty() || !value.is_array() && !value.is_object() {
        out.push_str(value.text());
        return false;
    }
    let mut dropped = false;
    if value.is_array() {
        let tails = below(paths, "*");
        out.push('[');
        for (index, element) in value.elements().enumerate() {
            if index > 0 {
                out.push(',');
            }
            dropped |= write_without_nulls(element, &tails, out);
        }
        out.push(']');
        return dropped;
    }
    out.push('{');
    let mut is_first = true;
    for (name, member) in value.members() {
        let tails = below(paths, &name);
        if member.is_null() && tails.iter().any(|tail| tail.is_empty()) {
            dropped = true;
            continue;
        }
        if !is_first {
            out.push(',');
        }
        is_first = false;
        write_string(out, &name);
        out.push(':');
        dropped |= write_without_nulls(member, &tails, out);
    }
    out.push('}');
    dropped
}

/// What is left of the paths that begin with this step.
fn below<'a>(paths: &[&'a [&'a str]], step: &str) -> Vec<&'a [&'a str]> {
    let mut tails = Vec::new();
    for path in paths {
        if let Some((first, tail)) = path.split_first()
            && *first == step
        {
            tails.push(tail);
        }
    }
    tails
}

/// The error that says what is wrong, in a sentence without its full stop, each `{}` in it replaced by the part whose turn
/// it is.
pub(super) fn invalid(what: &str, parts: &[&str]) -> Error {
    let message = fill("{}. Nothing was sent.", &[&fill(what, parts)]);
    Error::local(Class::OpenResponsesError, "invalid_request", &message)
}
