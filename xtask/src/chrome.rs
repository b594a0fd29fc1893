//! The browser that the tests drive, and its driver: found, or on a Debian machine run by root, installed.

use crate::Result;
use crate::debian;
use crate::paths::{is_program, named, which};
use crate::sh::Cmd;
use std::path::PathBuf;

/// A browser and the driver that goes with it.
#[derive(Debug)]
pub(crate) struct Chrome {
    pub(crate) browser: PathBuf,
    pub(crate) driver: PathBuf,
}

const NAMES: [&str; 5] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

const PLACES: [&str; 4] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Google/Chrome/Application/chrome.exe",
];

const MISSING: &str = "the browser tests need Chromium or Chrome, and chromedriver of the same version: install both, \
                       or say where they are in CHROME_PATH and CHROMEDRIVER";

impl Chrome {
    /// Finds both, or gets them where that can be done without asking.
    pub(crate) fn get() -> Result<Self> {
        if let Some(found) = Self::find()? {
            return Ok(found);
        }
        if !debian::can_install() {
            return Err(MISSING.to_owned());
        }
        debian::install("chromium chromium-driver", "about 130 MB")
            .map_err(|failure| format!("{failure}; {MISSING}"))?;
        Self::find()?.ok_or_else(|| MISSING.to_owned())
    }

    fn find() -> Result<Option<Self>> {
        let browser = match named("CHROME_PATH")? {
            Some(path) => Some(path),
            None => NAMES
                .iter()
                .find_map(|name| which(name))
                .or_else(|| PLACES.iter().map(PathBuf::from).find(|place| is_program(place))),
        };
        let driver = match named("CHROMEDRIVER")? {
            Some(path) => Some(path),
            None => which("chromedriver"),
        };
        Ok(browser.zip(driver).map(|(browser, driver)| Self { browser, driver }))
    }

    /// The same, for a program to find them.
    pub(crate) fn tell(&self, command: Cmd) -> Cmd {
        command.env("CHROME_PATH", &self.browser).env("CHROMEDRIVER", &self.driver)
    }
}
