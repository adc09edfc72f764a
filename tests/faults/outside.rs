//! Faults that come from outside while the secret is changed: each ends with its exit code, and the estate is all old, all
//! new, or brought there by the verb that the exit code names.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use crate::bench::{Bench, Reached, Side, Way};
use crate::estate::Ended;
use crate::nobody::NobodysEstate;
use crate::trace::{Op, ops};
use crate::verbs::{CUTOVER, OVERLAP};

const PLACE: &str = "b2bi/Integrator/conf/passport-access.properties";

fn whole(bench: &Bench, side: Side) {
    assert_eq!(bench.faults(side), [""; 0], "the estate is not all {side:?}");
}

/// An estate in the middle of an overlap: both engines are about to be moved.
fn before_the_move() -> Bench {
    let bench = Bench::new(OVERLAP);
    bench.reset();
    bench.killed_at("before 1");
    bench
}

/// Runs `resume` or another verb to its end with this exit code.
fn ends(bench: &Bench, verb: &str, code: i32) -> Ended {
    let ended = bench.estate.run(&[verb]);
    assert_eq!(ended.code, code, "{verb}: {ended:#?}");
    ended
}

fn signal(pid: &str, signal: Signal) {
    kill_process(pid.parse().ok().and_then(Pid::from_raw).expect("a process"), signal).expect("told");
}

/// Starts the verb of a bench and reads its progress up to a line that says this.
fn started(bench: &Bench, said: &str) -> (std::process::Child, impl Iterator<Item = String>) {
    let mut command = bench.command();
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("started");
    let mut lines = BufReader::new(child.stderr.take().expect("its progress")).lines().map_while(Result::ok);
    assert!(lines.by_ref().any(|line| line.contains(said)), "{said:?} was never said");
    (child, lines)
}

#[test]
fn a_disk_that_is_full_at_any_write_of_a_rotation_leaves_a_whole_estate() {
    let bench = Bench::new(OVERLAP);
    let is_write = |op: &&Op| matches!(op, Op::Write { .. } | Op::Overwrite { .. });
    let writes = ops(&bench.rehearsal).iter().filter(is_write).count();
    assert!(writes > 10, "{writes} writes");
    let mut half = Vec::new();
    for write in 1..=writes {
        bench.reset();
        let (ended, _) = bench.run(&[("COUNTERSIGN_DISK_FULL_AT", write.to_string())]);
        let side = match ended.code {
            0 => Side::New,
            1 | 3 => Side::Old,
            8 => {
                ends(&bench, "resume", 0);
                Side::New
            }
            10 => {
                ends(&bench, "rollback", 0);
                Side::Old
            }
            code => panic!("write {write} ended with {code}: {ended:#?}"),
        };
        half.extend(bench.faults(side).into_iter().map(|fault| format!("write {write}, exit {}: {fault}", ended.code)));
    }
    assert_eq!(half, [""; 0]);
}

#[test]
fn a_place_in_a_folder_that_cannot_be_written_is_refused_before_anything_is_touched() {
    let nobodys = NobodysEstate::installed();
    let estate = &nobodys.estate;
    let folder = estate.path("b2bi/Integrator/conf");
    let set = |mode| std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(mode)).expect("mode");
    let before = std::fs::read(estate.path(PLACE)).expect("the place");
    set(0o500);
    let refused = nobodys.run(&["rotate", "--yes"]);
    set(0o700);
    assert_eq!(refused.code, 3, "{refused:#?}");
    assert!(refused.stderr.contains("Integrator/conf"), "{}", refused.stderr);
    assert_eq!(std::fs::read(estate.path(PLACE)).expect("the place"), before);
    assert_eq!(nobodys.run(&["check"]).code, 0);
}

#[test]
fn a_place_that_is_a_link_out_of_its_product_is_refused_and_what_it_leads_to_stays() {
    let bench = Bench::new(OVERLAP);
    bench.reset();
    let (place, outside) = (bench.estate.path(PLACE), bench.estate.folder().join("outside"));
    std::fs::rename(&place, &outside).expect("moved out");
    symlink(&outside, &place).expect("linked");
    let before = std::fs::read(&outside).expect("read");
    let (refused, _) = bench.run(&[]);
    assert_eq!(refused.code, 3, "{refused:#?}");
    assert_eq!(std::fs::read(&outside).expect("read"), before);
    std::fs::rename(&outside, &place).expect("moved back");
    whole(&bench, Side::Old);
}

#[test]
fn a_place_that_became_a_link_in_the_middle_of_a_change_is_never_written_through() {
    let bench = before_the_move();
    let (place, outside) = (bench.estate.path(PLACE), bench.estate.folder().join("outside"));
    std::fs::rename(&place, &outside).expect("moved out");
    symlink(&outside, &place).expect("linked");
    let before = std::fs::read(&outside).expect("read");
    let ended = bench.estate.run(&["resume"]);
    assert!([1, 10].contains(&ended.code), "{ended:#?}");
    assert_eq!(std::fs::read(&outside).expect("read"), before);
    std::fs::rename(&outside, &place).expect("moved back");
    ends(&bench, "rollback", 0);
    whole(&bench, Side::Old);
}

#[test]
fn a_place_that_its_product_rewrites_in_the_middle_keeps_what_was_written() {
    let bench = before_the_move();
    let place = bench.estate.path(PLACE);
    let text = std::fs::read_to_string(&place).expect("read");
    std::fs::write(&place, format!("# written by the product itself\n{text}")).expect("written");
    ends(&bench, "resume", 0);
    whole(&bench, Side::New);
    let text = std::fs::read_to_string(&place).expect("read");
    assert!(text.starts_with("# written by the product itself\n"));
}

#[test]
fn a_place_refuses_a_character_before_anything_is_touched() {
    let bench = Bench::new(OVERLAP);
    bench.reset();
    let secret = bench.estate.folder().join("secret");
    std::fs::write(&secret, "a secret with a tab\tin it").expect("written");
    std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o600)).expect("closed");
    let source = format!("file:{}", secret.display());
    let refused = bench.estate.run(&["rotate", "--yes", "--secret-from", &source]);
    assert_eq!(refused.code, 3, "{refused:#?}");
    assert!(!refused.stderr.contains("in it"), "{}", refused.stderr);
    whole(&bench, Side::Old);
}

#[test]
fn a_product_that_does_not_come_up_is_named_and_can_be_put_back_once_it_can() {
    let bench = Bench::new(CUTOVER);
    bench.reset();
    let (config, kept) = (bench.estate.path("b2bi/common/conf/b2bi.toml"), bench.estate.folder().join("kept"));
    std::fs::rename(&config, &kept).expect("kept");
    std::fs::write(&config, "exchange_port = \"none\"\n").expect("broken");
    let (failed, _) = bench.run(&[]);
    assert_eq!(failed.code, 10, "{failed:#?}");
    assert!(failed.stdout.contains("Integrator"), "{failed:#?}");
    assert_eq!(bench.estate.run(&["rotate", "--yes"]).code, 8);
    std::fs::rename(&kept, &config).expect("mended");
    ends(&bench, "rollback", 0);
    whole(&bench, Side::Old);
}

/// Gives a place its earlier content again, as a product does that writes its settings when it starts.
fn old_place(bench: &Bench) {
    let from = bench.prepared().join(PLACE);
    let copied = Command::new("cp").arg("-p").args([from, bench.estate.path(PLACE)]).status().expect("cp");
    assert!(copied.success());
}

#[test]
fn a_product_that_comes_up_with_the_old_secret_puts_everything_back() {
    let bench = Bench::new(CUTOVER);
    bench.reset();
    let start = bench.steps.iter().position(|step| step == "Start Integrator").expect("such a step");
    bench.killed_at(&format!("before {start}"));
    old_place(&bench);
    let ended = ends(&bench, "resume", 1);
    assert!(ended.stderr.contains("Integrator"), "{ended:#?}");
    whole(&bench, Side::Old);
}

#[test]
fn a_place_that_got_the_old_secret_again_during_an_overlap_puts_everything_back() {
    let bench = Bench::new(OVERLAP);
    bench.reset();
    bench.killed_at("after 1");
    old_place(&bench);
    ends(&bench, "resume", 1);
    whole(&bench, Side::Old);
}

#[test]
fn an_authority_killed_while_the_secret_is_staged_is_started_again_with_the_old_one() {
    let bench = Bench::new(OVERLAP);
    bench.reset();
    let (child, rest) = started(&bench, "accept the next secret");
    signal(&bench.estate.pids()[0], Signal::KILL);
    let progress: Vec<String> = rest.collect();
    let ended = child.wait_with_output().expect("ended");
    assert_eq!(ended.status.code(), Some(1), "{progress:#?}");
    whole(&bench, Side::Old);
}

/// The journal of the change that was interrupted.
fn journal(bench: &Bench) -> PathBuf {
    let mut logs = bench.logs();
    logs.sort();
    logs.pop().expect("a journal")
}

#[test]
fn a_journal_cut_in_the_middle_of_a_line_is_gone_on_with_and_put_back() {
    for (verb, side) in [("resume", Side::New), ("rollback", Side::Old)] {
        let bench = before_the_move();
        let text = std::fs::read(journal(&bench)).expect("read");
        std::fs::write(journal(&bench), &text[..text.len() - 9]).expect("cut");
        ends(&bench, verb, 0);
        whole(&bench, side);
    }
}

#[test]
fn a_journal_with_a_flipped_byte_stops_every_change_and_nothing_is_touched() {
    let bench = before_the_move();
    let whole_text = std::fs::read(journal(&bench)).expect("read");
    let mut text = whole_text.clone();
    let middle = text.len() / 2;
    text[middle] ^= 1;
    std::fs::write(journal(&bench), &text).expect("changed");
    let place = std::fs::read(bench.estate.path(PLACE)).expect("read");
    for verb in [&["resume"][..], &["rollback"], &["rotate", "--yes"], &["uninstall", "--yes"], &["stop"]] {
        let refused = bench.estate.run(verb);
        assert_eq!(refused.code, 3, "{verb:?}: {refused:#?}");
        assert!(refused.stderr.contains("is damaged at line"), "{verb:?}: {}", refused.stderr);
    }
    assert_eq!(bench.estate.run(&["status"]).code, 8);
    assert_eq!(std::fs::read(bench.estate.path(PLACE)).expect("read"), place);
    std::fs::write(journal(&bench), whole_text).expect("mended");
    ends(&bench, "rollback", 0);
    whole(&bench, Side::Old);
}

#[test]
fn of_two_administrators_at_once_the_second_is_refused() {
    let bench = Bench::new(OVERLAP);
    bench.reset();
    let (child, rest) = started(&bench, "accept the next secret");
    let pid = child.id().to_string();
    signal(&pid, Signal::STOP);
    for verb in [&["rotate", "--yes"][..], &["resume"], &["rollback"], &["uninstall", "--yes"]] {
        let refused = bench.estate.run(verb);
        assert_eq!(refused.code, 9, "{verb:?}: {refused:#?}");
        assert!(refused.stderr.contains(&format!("rotate, process {pid}")), "{verb:?}: {}", refused.stderr);
    }
    signal(&pid, Signal::CONT);
    let progress: Vec<String> = rest.collect();
    assert_eq!(child.wait_with_output().expect("ended").status.code(), Some(0), "{progress:#?}");
    whole(&bench, Side::New);
}

#[test]
fn a_clock_that_went_back_hides_no_interrupted_change() {
    let bench = Bench::new(OVERLAP);
    bench.reset();
    let later = |path: &Path| path.with_file_name("29991231-235959-000000-install.log");
    std::fs::rename(journal(&bench), later(&journal(&bench))).expect("renamed");
    let logs = bench.logs();
    bench.killed_at("inside 1");
    assert_eq!(bench.reached(&logs), Ok(Reached::Begun));
    assert_eq!(bench.estate.run(&["rotate", "--yes"]).code, 8);
    assert_eq!(bench.settle(Way::Rollback, Reached::Begun), Ok(Side::Old));
    whole(&bench, Side::Old);
}
