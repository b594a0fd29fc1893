//! Running programs: what is shown while they run, and one clear sentence when they fail.

use crate::Result;
use crate::lock;
use crate::paths;
use std::collections::VecDeque;
use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::path::Path;
use std::process::{self, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// How many of a failed program's lines are shown again.
const TAIL: usize = 30;

/// How often a silent step says that it lives.
const TICK: Duration = Duration::from_secs(10);

/// A program with its arguments. It gets no standard input, so that nothing can wait for an answer.
#[derive(Debug)]
pub(crate) struct Cmd {
    inner: process::Command,
    name: String,
    shown: String,
}

impl Cmd {
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        let program = program.as_ref();
        let name = Path::new(program)
            .file_stem()
            .map_or_else(|| program.to_string_lossy().into_owned(), |stem| stem.to_string_lossy().into_owned());
        let mut inner = process::Command::new(program);
        inner.current_dir(paths::root()).stdin(Stdio::null());
        inner.env(lock::INHERITED, lock::path());
        // What cargo tells this program about its own package would make crates compile again that look at it.
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy();
            if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
                inner.env_remove(name.as_ref());
            }
        }
        Self { inner, shown: name.clone(), name }
    }

    pub(crate) fn npm() -> Self {
        Self::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
    }

    /// A package's own program in `node_modules`, started by Node.js itself: the same on every system.
    pub(crate) fn node_modules(script: &str) -> Self {
        Self::new("node").arg(paths::root().join("node_modules").join(script))
    }

    pub(crate) fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        let argument = argument.as_ref();
        self.shown.push(' ');
        self.shown.push_str(&paths::shown(Path::new(argument)));
        self.inner.arg(argument);
        self
    }

    pub(crate) fn args<A: AsRef<OsStr>>(self, arguments: impl IntoIterator<Item = A>) -> Self {
        arguments.into_iter().fold(self, Self::arg)
    }

    /// Arguments of one line, parted by blanks.
    pub(crate) fn words(self, line: &str) -> Self {
        self.args(line.split_whitespace())
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.inner.env(name, value);
        self
    }

    pub(crate) fn folder(mut self, folder: &Path) -> Self {
        self.inner.current_dir(folder);
        self
    }

    /// Runs with its output going straight to the user.
    pub(crate) fn stream(mut self) -> Result {
        println!("$ {}", self.shown);
        let status = self.status()?;
        self.check(status)
    }

    /// Runs in the user's terminal, input included, and hands back how it ended.
    pub(crate) fn interactive(mut self) -> Result<ExitStatus> {
        self.inner.stdin(Stdio::inherit());
        self.status()
    }

    /// Runs a long, dull step: `why` first, a sign of life now and then, the time at the end, and the program's last
    /// lines only when it fails.
    pub(crate) fn watch(mut self, why: &str) -> Result {
        println!("{why}");
        flush();
        let begin = Instant::now();
        let mut child = self
            .inner
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| self.cannot_start(&error))?;
        let (sender, lines) = mpsc::channel();
        if let Some(pipe) = child.stdout.take() {
            read_lines(pipe, sender.clone());
        }
        if let Some(pipe) = child.stderr.take() {
            read_lines(pipe, sender);
        }
        let mut tail: VecDeque<String> = VecDeque::with_capacity(TAIL);
        let mut next_tick = begin + TICK;
        loop {
            match lines.recv_timeout(next_tick.saturating_duration_since(Instant::now())) {
                Ok(line) => {
                    if tail.len() == TAIL {
                        tail.pop_front();
                    }
                    tail.push_back(line);
                }
                Err(RecvTimeoutError::Timeout) => {
                    let last = tail.back().map_or("working", |line| line.trim());
                    println!("  {:>10}  {last}", clock(begin.elapsed()));
                    flush();
                    next_tick += TICK;
                }
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        let status = child.wait().map_err(|error| format!("cannot wait for {}: {error}", self.name))?;
        if !status.success() {
            println!("  failed after {}; its last lines:", clock(begin.elapsed()));
            for line in &tail {
                println!("  | {line}");
            }
            flush();
        }
        self.check(status)?;
        println!("  done in {}", clock(begin.elapsed()));
        Ok(())
    }

    /// Runs and hands back what the program printed; its messages are shown only when it fails.
    pub(crate) fn read(mut self) -> Result<String> {
        let output = self.inner.stderr(Stdio::piped()).output().map_err(|error| self.cannot_start(&error))?;
        if !output.status.success() {
            eprint!("{}", String::from_utf8_lossy(&output.stderr));
        }
        self.check(output.status)?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// What the program printed, when it is there, starts and succeeds; otherwise nothing, and no word about it.
    pub(crate) fn probe(mut self) -> Option<String> {
        let output = self.inner.stderr(Stdio::null()).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    }

    fn status(&mut self) -> Result<ExitStatus> {
        flush();
        self.inner.status().map_err(|error| self.cannot_start(&error))
    }

    fn cannot_start(&self, error: &std::io::Error) -> String {
        format!("cannot start {}: {error}", self.name)
    }

    fn check(&self, status: ExitStatus) -> Result {
        if status.success() {
            return Ok(());
        }
        let how = status
            .code()
            .map_or_else(|| "was stopped by a signal".to_owned(), |code| format!("ended with status {code}"));
        Err(format!("`{}` {how}", self.shown))
    }
}

fn read_lines(pipe: impl Read + Send + 'static, sender: mpsc::Sender<String>) {
    thread::spawn(move || {
        let mut reader = BufReader::new(pipe);
        let mut bytes = Vec::new();
        while reader.read_until(b'\n', &mut bytes).is_ok_and(|count| count > 0) {
            let line = String::from_utf8_lossy(&bytes).trim_end().to_owned();
            bytes.clear();
            if !line.is_empty() && sender.send(line).is_err() {
                break;
            }
        }
    });
}

/// What this program has printed must stand before what the next one prints. A reader that went away is no error.
fn flush() {
    let _ = std::io::stdout().flush();
}

/// A duration as a reader wants it.
pub(crate) fn clock(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds >= 60 {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    } else {
        format!("{:.1} s", time.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_well() {
        assert_eq!(clock(Duration::from_millis(1250)), "1.2 s");
        assert_eq!(clock(Duration::from_secs(127)), "2 min 07 s");
    }

    #[test]
    fn what_is_started_knows_the_lock_that_is_held_for_it() {
        let command = Cmd::new("node");
        let value = command.inner.get_envs().find(|(name, _)| *name == lock::INHERITED).and_then(|(_, value)| value);
        assert_eq!(value, Some(lock::path().as_os_str()));
    }

    #[test]
    fn a_missing_program_is_one_sentence() {
        let sentence = Cmd::new("no-such-program-anywhere").read().expect_err("it is not there");
        assert!(sentence.starts_with("cannot start no-such-program-anywhere: "), "{sentence}");
    }

    #[test]
    fn a_failure_names_the_command_and_its_status() {
        assert_eq!(Cmd::new("rustc").words("--print no-such-thing").probe().map(drop), None);
        let sentence = Cmd::new("rustc").words("--print no-such-thing").read().expect_err("rustc refuses");
        assert_eq!(sentence, "`rustc --print no-such-thing` ended with status 1");
    }
}
