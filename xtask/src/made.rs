//! What was made of what: a step whose inputs are what they were, and whose outputs lie untouched, has nothing to do.

use crate::Result;
use crate::fingerprint::Fingerprint;
use crate::paths;
use std::path::{Path, PathBuf};

/// Makes the outputs, files or folders, of the inputs, unless they were made of these and are as they were made then. Says
/// whether anything was made. By the name of the step it is known what was made the last time.
pub(crate) fn unless_made(
    step: &str,
    inputs: &Fingerprint,
    outputs: &[PathBuf],
    make: impl FnOnce() -> Result,
) -> Result<bool> {
    unless_stamped(&paths::root().join("target").join("made").join(step), inputs, outputs, make)
}

fn unless_stamped(
    stamp: &Path,
    inputs: &Fingerprint,
    outputs: &[PathBuf],
    make: impl FnOnce() -> Result,
) -> Result<bool> {
    if paths::read(stamp).is_ok_and(|known| line(inputs, outputs).is_ok_and(|line| line == known)) {
        return Ok(false);
    }
    make()?;
    paths::make_folder_of(stamp)?;
    paths::write(stamp, &line(inputs, outputs)?)?;
    Ok(true)
}

/// By what the outputs hold, since whoever removes or changes one wants it made again, or it is half of what failed.
fn line(inputs: &Fingerprint, outputs: &[PathBuf]) -> Result<String> {
    Ok(format!("{} {}\n", inputs.word(), Fingerprint::new().files(outputs)?.word()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paths::scratch;
    use std::fs;

    /// Makes `out/whole` of the word, and says whether it had to.
    fn make(folder: &Path, word: &str) -> bool {
        let out = folder.join("out");
        let inputs = Fingerprint::new().text(word);
        unless_stamped(&folder.join("stamps/whole"), &inputs, std::slice::from_ref(&out), || {
            paths::fresh_folder(&out)?;
            paths::write(&out.join("whole"), word)
        })
        .expect("it can be made")
    }

    #[test]
    fn what_is_there_is_made_once() {
        let folder = scratch("once");
        assert!(make(&folder, "a"));
        assert!(!make(&folder, "a"));
        assert!(!make(&folder, "a"));
    }

    #[test]
    fn other_inputs_make_it_anew_also_those_of_the_time_before() {
        let folder = scratch("inputs");
        for word in ["a", "b", "a"] {
            assert!(make(&folder, word), "{word}");
            assert_eq!(paths::read(&folder.join("out/whole")).as_deref(), Ok(word));
        }
    }

    #[test]
    fn an_output_that_was_touched_is_made_anew() {
        let folder = scratch("outputs");
        let whole = folder.join("out/whole");
        let touches: [fn(&Path); 4] = [
            |whole| fs::remove_file(whole).expect("it is there"),
            |whole| fs::write(whole, "other").expect("it can be written"),
            |whole| fs::write(whole.with_file_name("another"), "").expect("it can be written"),
            |whole| fs::remove_dir_all(whole.parent().expect("its folder")).expect("it is there"),
        ];
        make(&folder, "a");
        for touch in touches {
            touch(&whole);
            assert!(make(&folder, "a"));
            assert!(!make(&folder, "a"));
        }
    }

    #[test]
    fn what_failed_is_tried_again() {
        let folder = scratch("failed");
        make(&folder, "a");
        let out = folder.join("out");
        let inputs = Fingerprint::new().text("b");
        let failed = unless_stamped(&folder.join("stamps/whole"), &inputs, std::slice::from_ref(&out), || {
            paths::write(&out.join("whole"), "half")?;
            Err("it broke".to_owned())
        });
        assert_eq!(failed, Err("it broke".to_owned()));
        assert!(make(&folder, "b"));
        assert!(!make(&folder, "b"));
    }
}
