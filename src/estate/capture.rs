//! Running a command of a product within a deadline, and keeping what it writes.

use std::io::{self, PipeReader, PipeWriter, Read};
use std::os::fd::OwnedFd;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::io::ioctl_fionbio;
use rustix::process::{Pid, PidfdFlags, Signal, kill_process_group, pidfd_open};

use super::command::{Input, begin};
use super::kept::Kept;

/// How long a command that was told to end has for it before it is killed.
pub const GRACE: Duration = Duration::from_secs(3);

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// With this exit code.
    Code(i32),
    /// A signal of this number ended it.
    Signal(i32),
    /// It did not end within this deadline, and was ended with everything that it had started.
    Late(Duration),
}

/// A command that has ended.
pub struct Captured {
    /// How.
    pub end: End,
    /// What it wrote to standard output and standard error, in the order in which it came.
    pub output: Kept,
}

/// Runs a command until it ends, or until the deadline is over. Then its whole process group is told to end (SIGTERM)
/// and, after [`GRACE`], killed.
///
/// Its end counts, not the end of its output: a process that it leaves behind may keep the output open as long as it
/// likes, and loses what it writes there from then on.
///
/// # Errors
/// It cannot be started or waited for.
pub fn capture(argv: &[String], input: Input<'_>, deadline: Duration) -> io::Result<Captured> {
    captured(argv, input, deadline, |writer| Ok(Stdio::from(OwnedFd::from(writer.try_clone()?))))
}

/// The same for a command whose standard output alone counts: what it writes to standard error is not kept.
///
/// # Errors
/// It cannot be started or waited for.
pub fn capture_output(argv: &[String], input: Input<'_>, deadline: Duration) -> io::Result<Captured> {
    captured(argv, input, deadline, |_| Ok(Stdio::null()))
}

fn captured(
    argv: &[String],
    input: Input<'_>,
    deadline: Duration,
    errors: impl FnOnce(&PipeWriter) -> io::Result<Stdio>,
) -> io::Result<Captured> {
    let until = Instant::now() + deadline;
    let (reader, writer) = io::pipe()?;
    let child = begin(argv, input, |command| {
        command.stderr(errors(&writer)?).stdout(writer);
        Ok(())
    })?;
    let mut running = Running::watch(child, reader)?;
    if running.wait(Some(until), Until::Ended)? {
        let end = running.reap()?;
        return Ok(running.captured(end));
    }
    running.signal(Signal::TERM);
    running.wait(Some(Instant::now() + GRACE), Until::Silent)?;
    // Those too that ended their first process and stayed themselves; the process is not reaped yet, so the group's
    // number cannot be another's.
    running.signal(Signal::KILL);
    running.wait(Some(Instant::now() + GRACE), Until::Silent)?;
    running.reap()?;
    Ok(running.captured(End::Late(deadline)))
}

/// What is waited for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Until {
    /// The command's own process ended.
    Ended,
    /// And nobody holds its output open any more.
    Silent,
}

/// A process group of ours: killed and reaped if it is given up.
struct Running {
    child: Child,
    group: Option<Pid>,
    ended: OwnedFd,
    reader: Option<PipeReader>,
    output: Kept,
    reaped: bool,
}

impl Running {
    fn watch(mut child: Child, reader: PipeReader) -> io::Result<Self> {
        let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
        let ended = group
            .ok_or_else(|| io::Error::other("it has no process id"))
            .and_then(|pid| Ok(pidfd_open(pid, PidfdFlags::empty())?))
            .and_then(|ended| ioctl_fionbio(&reader, true).map(|()| ended).map_err(Into::into));
        match ended {
            Ok(ended) => Ok(Self { child, group, ended, reader: Some(reader), output: Kept::default(), reaped: false }),
            Err(error) => {
                child.kill()?;
                child.wait()?;
                Err(error)
            }
        }
    }

    /// Reads what it writes until what is waited for has happened; `false` when it has not until then.
    fn wait(&mut self, until: Option<Instant>, wanted: Until) -> io::Result<bool> {
        let mut ended = false;
        loop {
            let left = until.map(|until| until.saturating_duration_since(Instant::now()));
            let spent = left == Some(Duration::ZERO);
            let (process, output) = self.poll(left, ended)?;
            ended |= process;
            if output || ended {
                self.read(ended)?;
            }
            match wanted {
                Until::Ended if ended => return Ok(true),
                Until::Silent if ended && self.reader.is_none() => return Ok(true),
                _ if spent => return Ok(false),
                _ => {}
            }
        }
    }

    /// Waits for the end of the process, unless that is known, and for output.
    fn poll(&self, left: Option<Duration>, ended: bool) -> io::Result<(bool, bool)> {
        let mut watched = Vec::with_capacity(2);
        if !ended {
            watched.push(PollFd::new(&self.ended, PollFlags::IN));
        }
        if let Some(reader) = &self.reader {
            watched.push(PollFd::new(reader, PollFlags::IN));
        }
        let left =
            left.map(|left| Timespec { tv_sec: left.as_secs().cast_signed(), tv_nsec: left.subsec_nanos().into() });
        match poll(&mut watched, left.as_ref()) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        let mut told = watched.iter().map(|one| !one.revents().is_empty());
        let process = !ended && told.next().unwrap_or_default();
        Ok((process, told.next().unwrap_or_default()))
    }

    /// Takes what is there; all of it at the end, but no more than a pipe holds: somebody may go on writing.
    fn read(&mut self, all: bool) -> io::Result<()> {
        let mut buffer = [0; 1 << 14];
        for _ in 0..if all { 128 } else { 1 } {
            let Some(reader) = &mut self.reader else { return Ok(()) };
            match reader.read(&mut buffer) {
                Ok(0) => self.reader = None,
                Ok(read) => self.output.add(&buffer[..read]),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn captured(mut self, end: End) -> Captured {
        Captured { end, output: std::mem::take(&mut self.output) }
    }

    fn signal(&self, signal: Signal) {
        if let Some(group) = self.group {
            // It fails only where nobody is left.
            let _ = kill_process_group(group, signal);
        }
    }

    fn reap(&mut self) -> io::Result<End> {
        let status = self.child.wait()?;
        self.reaped = true;
        Ok(status.code().map_or_else(|| End::Signal(status.signal().unwrap_or_default()), End::Code))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.reaped {
            self.signal(Signal::KILL);
            let _ = self.child.wait();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str, seconds: u64) -> (End, String) {
        let argv = ["sh", "-c", script].map(str::to_owned);
        let captured = capture(&argv, Input::Nothing, Duration::from_secs(seconds)).expect("started");
        (captured.end, String::from_utf8_lossy(&captured.output.bytes()).into_owned())
    }

    #[test]
    fn both_outputs_come_in_their_order_and_the_end_is_told() {
        assert_eq!(sh("echo one; echo two >&2; echo three; exit 7", 60), (End::Code(7), "one\ntwo\nthree\n".into()));
        assert_eq!(sh("echo last; kill -9 $$", 60), (End::Signal(9), "last\n".into()));
    }

    #[test]
    fn a_child_that_keeps_the_output_open_is_not_waited_for() {
        let begun = Instant::now();
        let (end, text) = sh("sleep 60 & echo $!", 50);
        assert!(begun.elapsed() < Duration::from_secs(40));
        assert_eq!(end, End::Code(0));
        let left = text.trim().parse().ok().and_then(Pid::from_raw).expect("a process id");
        rustix::process::kill_process(left, Signal::KILL).expect("it still runs");
    }

    #[test]
    fn the_whole_group_is_ended_at_the_deadline_even_if_it_ignores_being_told() {
        let dir = tempfile::tempdir().expect("a folder");
        let pipe = dir.path().join("alive");
        rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, 0o600.into(), 0).expect("made");
        let flags = rustix::fs::OFlags::RDONLY | rustix::fs::OFlags::NONBLOCK;
        let reader = rustix::fs::open(&pipe, flags, rustix::fs::Mode::empty()).expect("opened");
        let script = format!(
            "trap '' TERM; exec 9<>{0}; (trap '' TERM; while :; do sleep 1; done) & echo on; wait; \
                              while :; do sleep 1; done",
            pipe.display()
        );
        let (end, text) = sh(&script, 1);
        assert_eq!((end, text.as_str()), (End::Late(Duration::from_secs(1)), "on\n"));
        let wait = Timespec { tv_sec: 10, tv_nsec: 0 };
        let mut held = [PollFd::new(&reader, PollFlags::IN)];
        poll(&mut held, Some(&wait)).expect("polled");
        assert_eq!(held[0].revents(), PollFlags::HUP, "nobody holds it open any more");
    }

    #[test]
    fn who_ends_when_told_is_not_killed() {
        let (end, text) = sh("trap 'echo tidied; exit 3' TERM; echo on; sleep 60 & wait", 1);
        assert_eq!((end, text.as_str()), (End::Late(Duration::from_secs(1)), "on\ntidied\n"));
    }

    #[test]
    fn output_without_end_is_bounded_and_ends_with_the_deadline() {
        let argv = ["yes"].map(str::to_owned);
        let captured = capture(&argv, Input::Nothing, Duration::from_secs(2)).expect("started");
        assert_eq!(captured.end, End::Late(Duration::from_secs(2)));
        assert!(captured.output.lost() > 0 && captured.output.bytes().starts_with(b"y\ny\n"));
    }
}
