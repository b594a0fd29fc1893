//! The README as it stands in the package.

use crate::inputs;

/// Leaves the links to files that the package has, and of those to other files of the checkout, which lead nowhere there, the words.
pub(crate) fn packed(text: &str, is_in_checkout: impl Fn(&str) -> bool) -> String {
    let mut packed = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("](") {
        let target =
            behind.split_once(')').map(|(target, behind)| (target.split('#').next().unwrap_or(target), behind));
        packed.push_str(before);
        let words = packed.rfind('[');
        rest = match (target, words) {
            (Some((file, behind)), Some(words)) if !inputs::FROM_ROOT.contains(&file) && is_in_checkout(file) => {
                packed.remove(words);
                behind
            }
            _ => {
                packed.push_str("](");
                behind
            }
        };
    }
    packed + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_files_that_are_not_packed_are_words_and_all_others_stay() {
        let checkout = ["SECURITY.md", "bench/RESULTS.md", "src"];
        for (text, expected) in [
            ("see [a](bench/RESULTS.md), [b](SECURITY.md).", "see a, [b](SECURITY.md)."),
            ("[a](bench/RESULTS.md#top) and [b](#streams)", "a and [b](#streams)"),
            ("[a](https://a.example/src) [b](nowhere.md)", "[a](https://a.example/src) [b](nowhere.md)"),
            ("handlers[name](JSON.parse(json)) and [a](src)", "handlers[name](JSON.parse(json)) and a"),
            ("](src) [a](src", "](src) [a](src"),
        ] {
            assert_eq!(packed(text, |file| checkout.contains(&file)), expected);
        }
    }
}
