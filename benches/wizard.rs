//! What the wizard costs a person: how soon it is there, how soon it answers a key, what it holds and what it burns.
//!
//! `cargo bench --bench wizard` starts the program on a terminal of its own, as a person's shell does, and beside it
//! whiptail, where it is installed, and the smallest program on the same terminal library: this one, called with
//! `hello`. `--program FILE` measures another build. Figures over their limit end it with 1.

#![expect(clippy::expect_used, reason = "a bench that cannot run says why and stops")]

#[path = "common/terminal.rs"]
mod terminal;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use portable_pty::CommandBuilder;
use ratatui::crossterm::event;

use terminal::Terminal;

const STARTS: usize = 60;
const KEYS: usize = 200;
/// Places of the large estate.
const PLACES: usize = 500;
/// Products that they belong to.
const PRODUCTS: usize = 10;
const IDLE: Duration = Duration::from_secs(10);

/// Milliseconds, MiB and ticks that are not to be exceeded.
const FIRST_FRAME: f64 = 15.0;
const KEY_TO_FRAME: f64 = 10.0;
const HELP: f64 = 5.0;
const MEMORY: f64 = 12.0;
const TICKS: f64 = 0.0;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    if arguments.get(1).is_some_and(|first| first == "hello") {
        hello();
        return ExitCode::SUCCESS;
    }
    let given = arguments.iter().position(|word| word == "--program").and_then(|at| arguments.get(at + 1));
    let program = given.map_or_else(|| env!("CARGO_BIN_EXE_countersign").into(), PathBuf::from);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut bench = Bench { program, folder: folder.path().to_owned(), over: 0 };
    println!("{:<34} {:>9} {:>9} {:>9} {:>7}", "", "median", "p95", "limit", "ratio");
    bench.first_frames();
    bench.help();
    bench.memory_and_idleness();
    bench.keys();
    if bench.over == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The smallest program on the terminal library that the wizard uses.
fn hello() {
    let mut terminal = ratatui::init();
    terminal.draw(|frame| frame.render_widget("Hello, what is the secret?", frame.area())).expect("drawn");
    let _ = event::read();
    ratatui::restore();
}

struct Bench {
    program: PathBuf,
    folder: PathBuf,
    over: usize,
}

impl Bench {
    /// From the start to the first words on the screen, each program in turn, so that all meet the same machine.
    fn first_frames(&mut self) {
        let this = std::env::current_exe().expect("a path");
        let mut hello = CommandBuilder::new(this);
        hello.arg("hello");
        let mut whiptail = CommandBuilder::new("whiptail");
        whiptail.args(["--inputbox", "What is the secret?", "10", "60"]);
        let wizard = self.wizard(&self.folder.join("estate"));
        let programs = [
            ("first frame, wizard", wizard, "asks everything first"),
            ("  ratatui hello", hello, "what is the secret"),
            ("  whiptail", whiptail, "What is the secret"),
        ];
        let mut times: [Vec<Duration>; 3] = Default::default();
        let there = programs.each_ref().map(|(_, command, _)| is_there(command));
        for _ in 0..STARTS {
            for (at, (_, command, words)) in programs.iter().enumerate().filter(|(at, _)| there[*at]) {
                let began = Instant::now();
                let mut terminal = Terminal::start(command);
                terminal.wait_for(words);
                times[at].push(began.elapsed());
                terminal.end();
            }
        }
        for (at, (name, ..)) in programs.iter().enumerate().filter(|(at, _)| there[*at]) {
            self.row(name, &times[at], (at == 0).then_some(FIRST_FRAME));
        }
        let median = |at: usize| milliseconds(quantile(&times[at], 0.5));
        for (at, (name, ..)) in programs.iter().enumerate().skip(1).filter(|(at, _)| there[*at]) {
            println!("{:<34} {:>9.2} times{}", "  wizard / other, median", median(0) / median(at), name);
        }
    }

    fn help(&mut self) {
        let times: Vec<Duration> = (0..STARTS)
            .map(|_| {
                let began = Instant::now();
                let status = Command::new(&self.program).arg("--help").stdout(Stdio::null()).status();
                assert!(status.expect("it runs").success());
                began.elapsed()
            })
            .collect();
        self.row("--help", &times, Some(HELP));
    }

    /// What it holds on the last page before the consent, with a plan made; and what it burns while nobody does anything.
    fn memory_and_idleness(&mut self) {
        let mut terminal = Terminal::start(&self.wizard(&self.folder.join("estate")));
        terminal.walk_to_review();
        let process = terminal.process();
        let before = ticks(process);
        sleep(IDLE);
        let burnt = ticks(process) - before;
        self.figure("memory on Review, MiB", memory(process, "VmRSS"), MEMORY);
        println!("{:<34} {:>9.1}", "  its peak, MiB", memory(process, "VmHWM"));
        self.figure("ticks in 10 s of idleness", burnt, TICKS);
        terminal.leave();
    }

    /// From a key to the last byte of its frame, where an estate with many places shows the most.
    fn keys(&mut self) {
        let dir = self.folder.join("large");
        lay_down(&dir);
        let mut command = CommandBuilder::new(&self.program);
        command.args(["configure", "--answers", "answers.toml"]);
        command.cwd(&dir);
        let mut terminal = Terminal::start(&command);
        terminal.wait_for("asks everything first");
        for (page, shows) in
            [("Components", "App 9"), ("Alignment", "conf/client-0"), ("Review", "places for the secret")]
        {
            terminal.walk_to(page);
            terminal.wait_for(shows);
            let keys = (0..KEYS).map(|at| if at % 16 < 8 { b"\x1b[B" } else { b"\x1b[A" });
            let times: Vec<Duration> = keys.map(|key| terminal.answers(key)).collect();
            self.row(&format!("key to frame, {page}"), &times, Some(KEY_TO_FRAME));
        }
        terminal.end();
    }

    fn wizard(&self, estate: &Path) -> CommandBuilder {
        let mut command = CommandBuilder::new(&self.program);
        command.args(["--estate".as_ref(), estate.as_os_str()]);
        command.cwd(&self.folder);
        command
    }

    fn row(&mut self, name: &str, times: &[Duration], limit: Option<f64>) {
        let (median, p95) = (milliseconds(quantile(times, 0.5)), milliseconds(quantile(times, 0.95)));
        let Some(limit) = limit else { return println!("{name:<34} {median:>6.2} ms {p95:>6.2} ms") };
        self.over += usize::from(p95 > limit);
        println!("{name:<34} {median:>6.2} ms {p95:>6.2} ms {limit:>6.1} ms {:>7.2}", p95 / limit);
    }

    fn figure(&mut self, name: &str, found: f64, limit: f64) {
        self.over += usize::from(found > limit);
        println!("{name:<34} {found:>9.1} {:>9} {limit:>9.1}", "");
    }
}

/// A site of daemons whose clients read their secret from many files.
fn lay_down(dir: &Path) {
    let components: Vec<String> = (0..PRODUCTS).map(|product| format!("\"app-{product}\"")).collect();
    for product in 0..PRODUCTS {
        let home = dir.join(format!("app-{product}"));
        fs::create_dir_all(home.join("conf")).expect("made");
        let mut profile = format!(
            "format = 1\n[product]\nid = \"app-{product}\"\nname = \"App {product}\"\nrole = \"client\"\nhome = \"{}\"\n\
             [detect]\nfiles = [\"/nowhere/app-*\"]\n[[component]]\nid = \"app-{product}\"\nname = \"App {product}\"\n\
             about = \"asks for the data\"\nholds_secret = true\n[lifecycle]\napply = \"none\"\norder = {product}\n",
            home.display()
        );
        for place in 0..PLACES / PRODUCTS {
            profile += &format!(
                "[[place]]\ncomponent = \"app-{product}\"\nfile = \"conf/client-{place}.properties\"\n\
                 format = \"properties\"\nkey = \"shared.password\"\nform = \"plain\"\nmode = \"0600\"\n\
                 alphabet = \"!-~\"\nlength = [1, 128]\n"
            );
            let text = "# theirs\nhost = localhost\nshared.password = first-Secret-2026\n";
            write(&home.join(format!("conf/client-{place}.properties")), text);
        }
        write(&dir.join(format!("estate/profiles/app-{product}.toml")), &profile);
    }
    write(&dir.join("first.secret"), "first-Secret-2026");
    write(&dir.join("second.secret"), "second-Secret-2026");
    let answers = format!(
        "format = 1\nmode = \"configure\"\ncomponents = [{}]\nask = [\"estate.dir\"]\n[estate]\ndir = \"estate\"\n\
         [authority]\nkind = \"passport\"\n[secret]\nfrom = \"file:second.secret\"\n\
         previous_from = \"file:first.secret\"\n",
        components.join(", ")
    );
    write(&dir.join("answers.toml"), &answers);
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    fs::write(path, text).expect("written");
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("closed to others");
}

fn is_there(command: &CommandBuilder) -> bool {
    let program = Path::new(&command.get_argv()[0]);
    let path = std::env::var_os("PATH").unwrap_or_default();
    program.is_absolute() || std::env::split_paths(&path).any(|folder| folder.join(program).exists())
}

/// Clock ticks that a process has used, in itself and in the system.
fn ticks(process: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).expect("it runs");
    let (_, fields) = stat.rsplit_once(") ").expect("fields");
    fields.split(' ').skip(11).take(2).map(|field| field.parse::<f64>().expect("ticks")).sum()
}

/// What a process holds, in MiB.
fn memory(process: u32, what: &str) -> f64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix(what)).expect("a figure");
    let kibibytes: f64 = line.trim_matches(|c: char| !c.is_ascii_digit()).parse().expect("a number");
    kibibytes / 1024.0
}

fn quantile(times: &[Duration], part: f64) -> Duration {
    let mut times = times.to_vec();
    times.sort();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "small")]
    let at = ((times.len() as f64 * part).ceil() as usize).saturating_sub(1);
    times[at]
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
