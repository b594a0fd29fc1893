//! What the command line asks for.

use crate::fuzz;
use crate::test::{self, STAGES};
use std::fmt::Write as _;

/// A command with its arguments, checked.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Help,
    Setup,
    Build,
    Pack,
    /// The flags that go through to the demo.
    Demo(Vec<String>),
    /// The flags that go through to the benchmark.
    Bench(Vec<String>),
    /// The rows of the table; none means all.
    Compat(Vec<String>),
    /// The flags that go through to the soak.
    Soak(Vec<String>),
    /// The targets, and how many seconds each.
    Fuzz(Vec<&'static str>, u32),
    /// The flags that go through to the cases.
    Faults(Vec<String>),
    /// The names of the stages; none means all.
    Test(Vec<&'static str>),
}

const TABLE: [(&str, &str); 11] = [
    ("help", "this table"),
    ("setup", "get what building needs and is missing"),
    ("build", "make pkg/, the npm package"),
    ("pack", "build, then make the tarball that npm would publish"),
    ("demo [--once] [--port N]", "build, stream one answer, then serve the playground"),
    (
        "bench [--quick]",
        "build, then measure the package; --strict fails on missed targets, --check only compares events",
    ),
    (
        "faults [--quick]",
        "build, then cut streams and handshakes everywhere and count what comes of it; --only CASE for one of them",
    ),
    ("fuzz [target …]", "look for inputs that break something, a minute for each target; --seconds N"),
    (
        "soak [--quick]",
        "build, then see whether memory and sockets stay flat under load; --only NAME runs one of the loads",
    ),
    ("test [stage …]", "run all stages, or the ones named"),
    ("compat [row …]", "try the package in every environment, or the ones named, and write the table"),
];

/// The text of `cargo xtask help`.
pub(crate) fn help() -> String {
    let mut text = String::from("Usage: cargo xtask <command>\n\nCommands:\n");
    for (command, about) in TABLE {
        let _ = writeln!(text, "  {command:<25} {about}");
    }
    text.push_str("\nStages of test, in order:\n");
    for stage in &STAGES {
        let _ = writeln!(text, "  {:<25} {}", stage.name, stage.about);
    }
    text
}

/// Reads the arguments after `cargo xtask`; the error is one sentence.
pub(crate) fn parse(arguments: &[String]) -> Result<Command, String> {
    let Some((command, rest)) = arguments.split_first() else {
        return Ok(Command::Help);
    };
    let asks_for_help = |argument: &String| matches!(argument.as_str(), "--help" | "-h");
    if asks_for_help(command) || rest.iter().any(asks_for_help) {
        return Ok(Command::Help);
    }
    match command.as_str() {
        "help" => Ok(Command::Help),
        "setup" => none(command, rest, Command::Setup),
        "build" => none(command, rest, Command::Build),
        "pack" => none(command, rest, Command::Pack),
        "demo" => demo(rest),
        "bench" => bench(rest),
        "faults" => quick_or_only(command, "case", rest).map(Command::Faults),
        "fuzz" => fuzz(rest),
        "soak" => quick_or_only(command, "load", rest).map(Command::Soak),
        "test" => stages(rest),
        "compat" => Ok(Command::Compat(rest.to_vec())),
        _ => Err(format!("there is no command {command:?}; `cargo xtask help` lists them")),
    }
}

fn none(command: &str, rest: &[String], parsed: Command) -> Result<Command, String> {
    match rest.first() {
        None => Ok(parsed),
        Some(argument) => Err(format!("`cargo xtask {command}` takes no arguments, and {argument:?} was given")),
    }
}

fn demo(rest: &[String]) -> Result<Command, String> {
    let mut flags = Vec::new();
    let mut arguments = rest.iter();
    while let Some(argument) = arguments.next() {
        let port = match argument.split_once('=') {
            None if argument == "--once" => {
                flags.push(argument.clone());
                continue;
            }
            None if argument == "--port" => arguments.next().map_or("", String::as_str),
            Some(("--port", port)) => port,
            _ => {
                return Err(format!("`cargo xtask demo` takes --once and --port N, and {argument:?} was given"));
            }
        };
        let port: u16 = port.parse().map_err(|_| format!("--port wants a number from 0 to 65535, not {port:?}"))?;
        flags.extend(["--port".to_owned(), port.to_string()]);
    }
    Ok(Command::Demo(flags))
}

fn bench(rest: &[String]) -> Result<Command, String> {
    let flags = ["--quick", "--strict", "--check"];
    match rest.iter().find(|argument| !flags.contains(&argument.as_str())) {
        None => Ok(Command::Bench(rest.to_vec())),
        Some(argument) => Err(format!("`cargo xtask bench` takes {}, and {argument:?} was given", flags.join(", "))),
    }
}

/// Reads what the commands take that run many things, a part of them or one.
fn quick_or_only(command: &str, what: &str, rest: &[String]) -> Result<Vec<String>, String> {
    let mut flags = Vec::new();
    let mut arguments = rest.iter();
    while let Some(argument) = arguments.next() {
        let name = match argument.split_once('=') {
            None if argument == "--quick" => {
                flags.push(argument.clone());
                continue;
            }
            None if argument == "--only" => arguments.next().map_or("", String::as_str),
            Some(("--only", name)) => name,
            _ => {
                return Err(format!(
                    "`cargo xtask {command}` takes --quick and --only NAME, and {argument:?} was given"
                ));
            }
        };
        if name.is_empty() || name.starts_with('-') {
            return Err(format!("--only wants the name of a {what}, not {name:?}"));
        }
        flags.extend(["--only".to_owned(), name.to_owned()]);
    }
    Ok(flags)
}

fn fuzz(rest: &[String]) -> Result<Command, String> {
    let (mut targets, mut seconds) = (Vec::new(), 60);
    let mut arguments = rest.iter();
    while let Some(argument) = arguments.next() {
        let number = match argument.split_once('=') {
            None if argument == "--seconds" => arguments.next().map_or("", String::as_str),
            Some(("--seconds", number)) => number,
            _ => {
                let target = fuzz::TARGETS.into_iter().find(|target| target == argument).ok_or_else(|| {
                    let known = fuzz::TARGETS.join(", ");
                    format!("there is no fuzz target {argument:?}; the targets are {known}")
                })?;
                targets.push(target);
                continue;
            }
        };
        seconds = number.parse().map_err(|_| format!("--seconds wants a number, not {number:?}"))?;
    }
    if targets.is_empty() {
        targets.extend(fuzz::TARGETS);
    }
    Ok(Command::Fuzz(targets, seconds))
}

fn stages(rest: &[String]) -> Result<Command, String> {
    let mut named = Vec::new();
    for argument in rest {
        let stage = test::find(argument).ok_or_else(|| {
            let known: Vec<&str> = STAGES.iter().map(|stage| stage.name).collect();
            format!("there is no stage {argument:?}; the stages are {}", known.join(", "))
        })?;
        named.push(stage.name);
    }
    Ok(Command::Test(named))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Command, String> {
        let arguments: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        parse(&arguments)
    }

    #[test]
    fn nothing_is_a_question() {
        assert_eq!(parsed(""), Ok(Command::Help));
        assert_eq!(parsed("--help"), Ok(Command::Help));
        assert_eq!(parsed("build -h"), Ok(Command::Help));
    }

    #[test]
    fn plain_commands() {
        assert_eq!(parsed("setup"), Ok(Command::Setup));
        assert_eq!(parsed("build"), Ok(Command::Build));
        assert_eq!(parsed("pack"), Ok(Command::Pack));
    }

    #[test]
    fn what_is_unknown_is_named() {
        for (line, word) in [
            ("biuld", "biuld"),
            ("build --fast", "--fast"),
            ("demo --twice", "--twice"),
            ("demo once", "once"),
            ("bench --fast", "--fast"),
            ("faults --slow", "--slow"),
            ("faults --only", ""),
            ("test native nativ", "nativ"),
            ("fuzz ssee", "ssee"),
            ("soak twice", "twice"),
            ("soak --only --quick", "--quick"),
            ("fuzz --seconds soon", "soon"),
            ("--once", "--once"),
        ] {
            let sentence = parsed(line).expect_err(line);
            assert!(sentence.contains(&format!("{word:?}")), "{sentence}");
        }
    }

    #[test]
    fn fuzz_takes_targets_and_a_time() {
        assert_eq!(parsed("fuzz"), Ok(Command::Fuzz(fuzz::TARGETS.to_vec(), 60)));
        assert_eq!(parsed("fuzz sse json --seconds 5"), Ok(Command::Fuzz(vec!["sse", "json"], 5)));
        assert_eq!(parsed("fuzz --seconds=7 event"), Ok(Command::Fuzz(vec!["event"], 7)));
    }

    #[test]
    fn demo_flags_go_through() {
        let flags = |words: &[&str]| Ok(Command::Demo(words.iter().map(|&word| word.to_owned()).collect()));
        assert_eq!(parsed("demo"), flags(&[]));
        assert_eq!(parsed("demo --once --port 8080"), flags(&["--once", "--port", "8080"]));
        assert_eq!(parsed("demo --port=0"), flags(&["--port", "0"]));
        for line in ["demo --port", "demo --port x", "demo --port 65536", "demo --port --once"] {
            assert!(parsed(line).is_err(), "{line}");
        }
    }

    #[test]
    fn bench_flags_go_through() {
        let flags = |words: &[&str]| Ok(Command::Bench(words.iter().map(|&word| word.to_owned()).collect()));
        assert_eq!(parsed("bench"), flags(&[]));
        assert_eq!(parsed("bench --quick --strict"), flags(&["--quick", "--strict"]));
    }

    #[test]
    fn faults_flags_go_through() {
        let flags = |words: &[&str]| Ok(Command::Faults(words.iter().map(|&word| word.to_owned()).collect()));
        assert_eq!(parsed("faults"), flags(&[]));
        assert_eq!(parsed("faults --quick"), flags(&["--quick"]));
        assert_eq!(parsed("faults --only=text:end:7"), flags(&["--only", "text:end:7"]));
    }

    #[test]
    fn soak_flags_go_through() {
        let flags = |words: &[&str]| Ok(Command::Soak(words.iter().map(|&word| word.to_owned()).collect()));
        assert_eq!(parsed("soak"), flags(&[]));
        assert_eq!(parsed("soak --quick --only=aborts"), flags(&["--quick", "--only", "aborts"]));
        assert_eq!(parsed("soak --only aborts"), flags(&["--only", "aborts"]));
    }

    #[test]
    fn stages_by_name() {
        assert_eq!(parsed("test"), Ok(Command::Test(Vec::new())));
        assert_eq!(parsed("test native fmt"), Ok(Command::Test(vec!["native", "fmt"])));
    }

    #[test]
    fn rows_go_through() {
        assert_eq!(parsed("compat"), Ok(Command::Compat(Vec::new())));
        assert_eq!(parsed("compat deno bun"), Ok(Command::Compat(vec!["deno".to_owned(), "bun".to_owned()])));
    }

    #[test]
    fn help_names_everything() {
        let text = help();
        for word in ["setup", "build", "pack", "demo", "bench", "faults", "soak", "test", "compat"] {
            assert!(text.contains(&format!("\n  {word}")), "{word}");
        }
        assert!(STAGES.iter().all(|stage| text.contains(stage.name)));
    }
}
