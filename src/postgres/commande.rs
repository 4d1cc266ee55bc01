//! Running a command beside the private PostgreSQL.

use std::{
    ffi::OsString,
    io::IsTerminal,
    os::unix::process::ExitStatusExt,
    process::{ExitCode, ExitStatus},
};

use anyhow::Context;
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use tokio::{
    process::Command,
    signal::unix::{SignalKind, signal},
};

use super::PostgresPrive;

/// Runs `commande` with `DATABASE_URL` set to the server's address, passes signals on to it, and returns its exit code
/// (128 + the signal's number when a signal killed it).
///
/// # Errors
/// When the command is empty or cannot be started.
pub async fn executer(prive: &PostgresPrive, commande: &[OsString]) -> anyhow::Result<ExitCode> {
    let (programme, arguments) = commande.split_first().context("commande vide")?;
    let mut fin_demandee = signal(SignalKind::terminate())?;
    let mut interruption = signal(SignalKind::interrupt())?;
    let mut enfant = Command::new(programme)
        .args(arguments)
        .env("DATABASE_URL", prive.url())
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("impossible d’exécuter {}", programme.display()))?;
    // A terminal's Ctrl-C already reaches the command, which belongs to the same group.
    let terminal = std::io::stdin().is_terminal();
    loop {
        tokio::select! {
            fin = enfant.wait() => return Ok(code(fin?)),
            _ = fin_demandee.recv() => transmettre(enfant.id(), Signal::SIGTERM),
            _ = interruption.recv(), if !terminal => transmettre(enfant.id(), Signal::SIGINT),
        }
    }
}

fn transmettre(pid: Option<u32>, signal: Signal) {
    if let Some(pid) = pid.and_then(|pid| i32::try_from(pid).ok()) {
        // A command that has just ended needs no signal.
        let _ = kill(Pid::from_raw(pid), signal);
    }
}

fn code(fin: ExitStatus) -> ExitCode {
    let code = fin.code().or_else(|| fin.signal().map(|signal| 128 + signal));
    code.and_then(|code| u8::try_from(code).ok())
        .map_or(ExitCode::FAILURE, ExitCode::from)
}
