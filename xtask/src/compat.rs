//! `cargo xtask compat`: the package in every environment of the table.

use crate::Result;
use crate::chrome::Chrome;
use crate::paths::{self, root, which};
use crate::sh::{Cmd, clock};
use crate::{debian, pack, setup};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

/// A browser of which the table has rows, beside Chromium.
struct Browser {
    /// What says where its program is.
    variable: &'static str,
    programs: &'static [&'static str],
    /// What Debian has it in.
    packages: &'static str,
    cost: &'static str,
}

const FIREFOX: Browser = Browser {
    variable: "FIREFOX_PATH",
    programs: &["firefox-esr", "firefox"],
    packages: "firefox-esr",
    cost: "about 80 MB",
};

/// Its driver, which starts it; and the display that it needs.
const WEBKIT: Browser = Browser {
    variable: "WEBKIT_DRIVER",
    programs: &["WebKitWebDriver"],
    packages: "webkit2gtk-driver xvfb xauth",
    cost: "about 60 MB",
};

/// Builds the package, gets what is missing, and tries the rows that are named; none named means all, and then the table
/// is written. What cannot be had here the table names as not run.
pub(crate) fn run(rows: &[String]) -> Result<ExitCode> {
    let begin = Instant::now();
    setup::run()?;
    let tarball = pack::run()?;
    let folder = root().join("tests").join("package");
    setup::npm_ci(&folder, "what the package's tests need")?;
    let mut command = Cmd::new("node").arg(folder.join("compat.mjs")).arg(tarball).args(rows);
    match Chrome::get() {
        Ok(chrome) => command = chrome.tell(command),
        Err(reason) => println!("Chromium is not here: {reason}"),
    }
    for browser in [FIREFOX, WEBKIT] {
        if let Some(program) = browser.get()? {
            command = command.env(browser.variable, program);
        }
    }
    let outcome = command.stream();
    println!("in {}", clock(begin.elapsed()));
    outcome.map(|()| ExitCode::SUCCESS)
}

impl Browser {
    /// Finds it, or gets it where that can be done without asking.
    fn get(&self) -> Result<Option<PathBuf>> {
        if let Some(found) = paths::named(self.variable)?.or_else(|| self.find()) {
            return Ok(Some(found));
        }
        if debian::can_install()
            && let Err(reason) = debian::install(self.packages, self.cost)
        {
            println!("{reason}");
        }
        Ok(self.find())
    }

    fn find(&self) -> Option<PathBuf> {
        self.programs.iter().find_map(|name| which(name))
    }
}
