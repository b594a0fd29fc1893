//! The project's commands: `cargo xtask help` lists them.
//!
//! Everything a command needs beyond Rust and Node.js stays inside the checkout; nothing is installed for the user,
//! save the browsers that the tests drive on a Debian machine run by root.
#![allow(clippy::print_stdout, reason = "a command-line program speaks to the user on standard output")]

mod bench;
mod build;
mod chrome;
mod cli;
mod compat;
mod debian;
mod demo;
mod fallback;
mod faults;
mod fingerprint;
mod fuzz;
mod inline;
mod inputs;
mod lock;
mod made;
mod pack;
mod paths;
mod readme;
mod setup;
mod sh;
mod soak;
mod test;

use cli::Command;
use lock::Lock;
use std::process::ExitCode;

/// Success, or one sentence that says what went wrong.
type Result<T = ()> = std::result::Result<T, String>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let command = match cli::parse(&arguments) {
        Ok(command) => command,
        Err(sentence) => {
            eprintln!("xtask: {sentence}");
            return ExitCode::from(2);
        }
    };
    match run(command, &arguments.join(" ")) {
        Ok(code) => code,
        Err(sentence) => {
            eprintln!("xtask: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command, line: &str) -> Result<ExitCode> {
    let lock = (command != Command::Help).then(|| Lock::take(line)).transpose()?;
    match command {
        Command::Help => {
            print!("{}", cli::help());
            Ok(ExitCode::SUCCESS)
        }
        Command::Setup => {
            setup::run()?;
            println!("Everything that building needs is here.");
            Ok(ExitCode::SUCCESS)
        }
        Command::Build => build::run().map(|()| ExitCode::SUCCESS),
        Command::Pack => pack::run().map(|_| ExitCode::SUCCESS),
        Command::Demo(flags) => demo::run(&flags, lock),
        Command::Bench(flags) => bench::run(&flags),
        Command::Compat(rows) => compat::run(&rows),
        Command::Faults(flags) => faults::run(&flags).map(|()| ExitCode::SUCCESS),
        Command::Fuzz(targets, seconds) => fuzz::run(&targets, seconds).map(|()| ExitCode::SUCCESS),
        Command::Soak(flags) => soak::run(&flags).map(|()| ExitCode::SUCCESS),
        Command::Test(stages) => test::run(&stages),
    }
}
