//! JSON that is still being written: the value as JavaScript has it, and what it is to be.

use openresponses_wasm::json::PartialParser;
use serde_json::Value as Tree;

/// What reads operations: a value that grows, as JavaScript's does.
#[derive(Debug, Default)]
pub(crate) struct Live {
    pub(crate) parser: PartialParser,
    pub(crate) value: Option<Node>,
    /// The place that is meant, from the outside in.
    pub(crate) path: Vec<Step>,
    pub(crate) completed: Vec<String>,
    pub(crate) invalid: Option<String>,
}

#[derive(Debug, Clone)]
pub(crate) enum Step {
    Member(String),
    Element(usize),
}

#[derive(Debug, Clone)]
pub(crate) enum Node {
    Object(Vec<(String, Node)>),
    Array(Vec<Node>),
    Text(String),
    Other(Tree),
}

impl Live {
    pub(crate) fn push(&mut self, piece: &str) {
        for (operation, operand) in operations(&mut self.parser, piece) {
            assert!(self.invalid.is_none(), "nothing follows an error");
            match (operation, operand) {
                (0, Operand::Number(index)) => *self.step() = Step::Element(index as usize),
                (1, Operand::Text(name)) => *self.step() = Step::Member(name),
                (2, Operand::Text(more)) => match self.step() {
                    Step::Member(name) => name.push_str(&more),
                    Step::Element(_) => panic!("more of the name of an element"),
                },
                (3, Operand::Text(text)) => self.put(Node::Text(text)),
                (4, Operand::Text(more)) => match self.place() {
                    Some(Node::Text(text)) => text.push_str(&more),
                    other => panic!("more of what is no string: {other:?}"),
                },
                (5, Operand::Text(number)) => self.put(Node::Other(trusted(&number))),
                (6, Operand::Number(which)) => {
                    self.put(Node::Other(trusted(["null", "false", "true"][which as usize])))
                }
                (7, Operand::Number(is_array)) => {
                    self.put(if is_array == 0 { Node::Object(Vec::new()) } else { Node::Array(Vec::new()) });
                    self.path.push(Step::Element(usize::MAX));
                }
                (8, Operand::Number(ends)) => {
                    self.path.truncate(self.path.len() - ends as usize);
                    self.complete();
                }
                (9, Operand::Text(reason)) => self.invalid = Some(reason),
                other => panic!("no operation: {other:?}"),
            }
        }
    }

    fn step(&mut self) -> &mut Step {
        self.path.last_mut().expect("something encloses it")
    }

    fn place(&mut self) -> Option<&mut Node> {
        self.path.iter().fold(self.value.as_mut(), |node, step| match (node?, step) {
            (Node::Object(members), Step::Member(name)) => {
                members.iter_mut().find(|(known, _)| known == name).map(|(_, node)| node)
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
                Step::Member(name) => name.clone(),
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
            Self::Object(members) => members.iter().map(|(name, node)| (name.clone(), node.tree())).collect(),
            Self::Array(elements) => elements.iter().map(Self::tree).collect(),
            Self::Text(text) => Tree::String(text.clone()),
            Self::Other(tree) => tree.clone(),
        }
    }
}

/// What stands behind an operation.
#[derive(Debug, PartialEq)]
pub(crate) enum Operand {
    Number(u32),
    Text(String),
    /// Of a surrogate pair.
    Half(u32),
}

/// What a piece comes to, as JavaScript reads it.
pub(crate) fn operations(parser: &mut PartialParser, piece: &str) -> Vec<(u32, Operand)> {
    parser.forget();
    parser.push(piece.as_bytes());
    let told = parser.operations();
    let text: Vec<u16> = std::str::from_utf8(told.text()).expect("UTF-8").encode_utf16().collect();
    assert_eq!(told.is_ascii(), told.text().is_ascii());
    let mut rest = text.as_slice();
    let (pairs, []) = told.columns().as_chunks::<2>() else { panic!("an operation without an operand") };
    let told = pairs
        .iter()
        .map(|&[operation, operand]| {
            let operand = match operation {
                0 | 6..=8 => Operand::Number(operand),
                _ if operand & 1 << 31 != 0 => Operand::Half(operand & 0xFFFF),
                _ => {
                    let string;
                    (string, rest) = rest.split_at(operand as usize);
                    Operand::Text(String::from_utf16(string).expect("whole characters"))
                }
            };
            (operation, operand)
        })
        .collect();
    assert!(rest.is_empty(), "all of the text is some string's");
    told
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
