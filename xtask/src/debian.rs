//! Installing the system's packages, where that can be done without asking: on a Debian machine, by root.

use crate::Result;
use crate::paths::which;
use crate::sh::Cmd;
use std::path::Path;

pub(crate) fn can_install() -> bool {
    let root = || Cmd::new("id").arg("-u").probe().is_some_and(|id| id.trim() == "0");
    Path::new("/etc/debian_version").exists() && which("apt-get").is_some() && root()
}

/// Installs packages, given in one line; `cost` says how much they are.
pub(crate) fn install(packages: &str, cost: &str) -> Result {
    Cmd::new("apt-get")
        .words("update -q")
        .watch(&format!("Getting the list of the system's packages, to install {packages}"))?;
    Cmd::new("apt-get")
        .words("install -y -q --no-install-recommends")
        .words(packages)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .watch(&format!("Installing {packages} ({cost}, under a minute, once)"))
}
