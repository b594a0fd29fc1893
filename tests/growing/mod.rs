//! JSON that is still being written: the value as JavaScript has it, and what it is to be.

use openresponses_wasm::json::PartialParser;
use serde_json::Value as Tree;
use serde_json::value::RawValue;

/// What reads operations: a value that grows, as JavaScript's does.
#[derive(Debug, Default)]
pub(crate) struct Live {
    pub(crate) parser: PartialParser,
    pub(crate) value: Option<Node>,
    /// The place that is meant, from the outside in.
    pub(crate) path: Vec<Step>,
    pub(crate) completed: Vec<String>,
    pub(crate) invalid: Option<String>,
    /// The bytes of all operations.
    pub(crate) told: usize,
}

#[derive(Debug, Clone)]
pub(crate) enum Step {
    Member(String),
    Element(usize),
}

/// Strings stay as they are written until all of them is there: their pieces may end within a surrogate pair.
#[derive(Debug, Clone)]
pub(crate) enum Node {
    Object(Vec<(String, Node)>),
    Array(Vec<Node>),
    Text(String),
    Other(Tree),
}

impl Live {
    pub(crate) fn push(&mut self, piece: &str) {
        let operations = self.parser.push(piece);
        self.told += operations.len();
        let parts: Vec<Box<RawValue>> = serde_json::from_str(&operations).expect("operations");
        let mut parts = parts.iter().map(|part| part.get());
        while let Some(operation) = parts.next() {
            assert!(self.invalid.is_none(), "nothing follows an error");
            let operand = parts.next().expect("an operand");
            match operation {
                "0" if operand.starts_with('"') => *self.step() = Step::Member(inside(operand).to_owned()),
                "0" => *self.step() = Step::Element(operand.parse().expect("an index")),
                "1" => match self.step() {
                    Step::Member(name) => name.push_str(inside(operand)),
                    Step::Element(_) => panic!("more of the name of an element"),
                },
                "2" if operand.starts_with('"') => self.put(Node::Text(inside(operand).to_owned())),
                "2" => self.put(Node::Other(trusted(operand))),
                "3" => match self.place() {
                    Some(Node::Text(text)) => text.push_str(inside(operand)),
                    other => panic!("more of what is no string: {other:?}"),
                },
                "4" => {
                    self.put(if operand == "{}" { Node::Object(Vec::new()) } else { Node::Array(Vec::new()) });
                    self.path.push(Step::Element(usize::MAX));
                }
                "5" => {
                    let ends: usize = operand.parse().expect("a number");
                    self.path.truncate(self.path.len() - ends);
                    self.complete();
                }
                "6" => self.invalid = Some(inside(operand).to_owned()),
                other => panic!("no operation: {other}"),
            }
        }
    }

    fn step(&mut self) -> &mut Step {
        self.path.last_mut().expect("something encloses it")
    }

    fn place(&mut self) -> Option<&mut Node> {
        self.path.iter().fold(self.value.as_mut(), |node, step| match (node?, step) {
            (Node::Object(members), Step::Member(name)) => {
                members.iter_mut().find(|(known, _)| decoded(known) == decoded(name)).map(|(_, node)| node)
            }
            (Node::Array(elements), Step::Element(index)) => elements.get_mut(*index),
            (node, step) => panic!("{step:?} in {node:?}"),
        })
    }

    fn put(&mut self, new: Node) {
        if let Some(place) = self.place() {
            *place = new;
            return;
        }
        let Some(step) = self.path.pop() else {
            self.value = Some(new);
            return;
        };
        match (self.place(), &step) {
            (Some(Node::Object(members)), Step::Member(name)) => members.push((name.clone(), new)),
            (Some(Node::Array(elements)), Step::Element(index)) if *index == elements.len() => elements.push(new),
            (node, step) => panic!("{step:?} in {node:?}"),
        }
        self.path.push(step);
    }

    fn complete(&mut self) {
        let value = self.place().expect("what is complete is there").tree();
        let path: Vec<String> = self
            .path
            .iter()
            .map(|step| match step {
                Step::Member(name) => decoded(name),
                Step::Element(index) => index.to_string(),
            })
            .collect();
        self.completed.push(format!("{}={value}", path.join(".")));
    }

    pub(crate) fn tree(&self) -> Option<Tree> {
        self.value.as_ref().map(Node::tree)
    }
}

impl Node {
    fn tree(&self) -> Tree {
        match self {
            Self::Object(members) => members.iter().map(|(name, node)| (decoded(name), node.tree())).collect(),
            Self::Array(elements) => elements.iter().map(Self::tree).collect(),
            Self::Text(text) => Tree::String(decoded(text)),
            Self::Other(tree) => tree.clone(),
        }
    }
}

/// A string's text between its quotes.
fn inside(string: &str) -> &str {
    string.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).expect("a string")
}

fn decoded(escaped: &str) -> String {
    serde_json::from_str(&format!("\"{escaped}\"")).expect("a string")
}

pub(crate) fn trusted(text: &str) -> Tree {
    serde_json::from_str(text).expect("valid JSON")
}

pub(crate) fn pushed<'a>(pieces: impl IntoIterator<Item = &'a str>) -> Live {
    let mut live = Live::default();
    for piece in pieces {
        live.push(piece);
    }
    live
}

/// The longest beginning of `prefix` that is JSON once a word is completed and what is open is closed.
pub(crate) fn mended(prefix: &str) -> Option<Tree> {
    let ends = ["true", "false", "null"].into_iter().flat_map(|word| (1..word.len()).map(|at| &word[at..]));
    let as_it_is = std::iter::once("").chain(ends).find_map(|end| closed(prefix, end));
    as_it_is.or_else(|| prefix.char_indices().rev().find_map(|(at, _)| closed(&prefix[..at], "")))
}

/// The value of `text` with the rest of a word, if it does not end in a string, and with what is open closed.
fn closed(text: &str, word_end: &str) -> Option<Tree> {
    let mut closing = Vec::new();
    let mut in_string = false;
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => in_string = !in_string,
            b'\\' => drop(bytes.next()),
            b'{' if !in_string => closing.push('}'),
            b'[' if !in_string => closing.push(']'),
            b'}' | b']' if !in_string => drop(closing.pop()),
            _ => (),
        }
    }
    let quote = if in_string { "\"" } else { "" };
    let closing: String = closing.into_iter().rev().collect();
    let is_possible = !in_string || word_end.is_empty();
    is_possible.then(|| serde_json::from_str(&format!("{text}{word_end}{quote}{closing}")).ok()).flatten()
}
