//! What `check` costs a place, beyond merely reading the places' files. Prints figures and judges nothing.
//!
//! `cargo bench --bench check` installs an estate into a temporary folder on free ports, lays down many more places that
//! hold its secret, in every format, and has them proved to its authority. Equal secrets are proved once a component, so
//! proofs, and the one stretching of the key that a process pays for a secret, are told apart from what each place costs.

#![expect(clippy::expect_used, reason = "a bench that cannot run says why and stops")]

#[path = "common/figures.rs"]
mod figures;

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use countersign::alignment::{Gathered, Verdict, Written, held};
use countersign::estate::Estate;
use countersign::estate::home::components;
use countersign::forms::Format;
use countersign::registration::site::Site;
use countersign::secret::Secret;

use figures::{median, milliseconds};

const SIZES: [usize; 3] = [10, 1_000, 10_000];
const RUNS: usize = 9;
/// What a place should stay under, above reading its file.
const GOAL: Duration = Duration::from_micros(20);
const FORMATS: [&str; 2] = ["properties", "xml"];

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let dir = folder.path().join("estate");
    install(&dir);
    let estate = Estate::read(&dir).expect("readable").expect("an estate");
    let secret = held(&dir, &estate).expect("places").pop().expect("a secret");
    let sites: Vec<Arc<Site>> = components(&dir, &estate.components)
        .iter()
        .flat_map(|one| one.sites(&estate.authority))
        .map(Arc::new)
        .collect();

    let home = folder.path().join("places");
    let most = SIZES.into_iter().max().expect("a size");
    let paths: Vec<PathBuf> = (0..most).map(|number| lay_down(&home, number, &secret)).collect();
    let places: Vec<Written<'_>> =
        paths.iter().enumerate().map(|(number, path)| place(&home, path, &sites, number)).collect();

    let first = timed(|| prove(&places[..1])).1;
    let later: Vec<_> = (0..RUNS).map(|_| timed(|| prove(&places[..1])).1).collect();
    let later = median(&later);
    println!("{:>10.1} ms  one proof ({RUNS} runs, median)", milliseconds(later));
    println!("{:>10.1} ms  more for the first, which stretches the key", milliseconds(first.saturating_sub(later)));
    println!(
        "{:>8}  {:>10}  {:>10}  {:>12}  {:>7}  {:>14}",
        "places", "read, ms", "check, ms", "above, us", "ratio", "proofs, ms"
    );
    for size in SIZES {
        measure(&places[..size]);
    }
    let status = countersign(&dir).args(["uninstall", "--yes"]).stderr(Stdio::null()).status();
    assert!(status.expect("uninstall runs").success(), "uninstall failed");
}

/// One line: reading alone, reading as `check` does, what lies between the two for a place, and the proofs.
fn measure(places: &[Written<'_>]) {
    let count = u32::try_from(places.len()).expect("a count");
    let (mut read, mut gathered, mut proved) = (Vec::new(), Vec::new(), Vec::new());
    let mut proofs = 0;
    for _ in 0..RUNS {
        read.push(timed(|| places.iter().map(|place| std::fs::read(place.path).expect("read").len()).sum::<usize>()).1);
        let (found, time) = timed(|| Gathered::read(places));
        gathered.push(time);
        proofs = found.proofs();
        let (found, time) = timed(|| found.prove());
        proved.push(time);
        assert!(found.len() == places.len() && found.iter().all(|found| found.verdict == Verdict::Aligned));
    }
    let (read, gathered, proved) = (median(&read), median(&gathered), median(&proved));
    let above = gathered.saturating_sub(read) / count;
    let ratio = above.as_secs_f64() / GOAL.as_secs_f64();
    println!(
        "{count:>8}  {:>10.2}  {:>10.2}  {:>12.2}  {ratio:>7.2}  {:>8.1} for {proofs}",
        milliseconds(read),
        milliseconds(gathered),
        above.as_secs_f64() * 1e6,
        milliseconds(proved),
    );
}

fn prove(places: &[Written<'_>]) {
    assert!(Gathered::read(places).prove().iter().all(|found| found.verdict == Verdict::Aligned), "not aligned");
}

/// A place as products have them: the secret among other settings, in one format after the other.
fn lay_down(home: &Path, number: usize, secret: &Secret) -> PathBuf {
    let format: Format = FORMATS[number % FORMATS.len()].parse().expect("a format");
    let folder = home.join(format!("product-{}", number / 100)).join("conf");
    std::fs::create_dir_all(&folder).expect("made");
    let path = folder.join(format!("access-{number}"));
    let content = format.write(template(format).as_bytes(), key(format), secret).expect("written");
    std::fs::write(&path, &*content).expect("on disk");
    path
}

fn template(format: Format) -> &'static str {
    match format {
        Format::Properties => {
            concat!(
                include_str!("../installer-assets/b2bi/Integrator/conf/passport-access.properties"),
                "\n# Others\npassport.host = localhost\npassport.port: 6453\nretry.delay=\\\n    250 ms\n"
            )
        }
        _ => include_str!("../installer-assets/b2bi/Interchange/conf/passport-access.xml"),
    }
}

fn key(format: Format) -> &'static str {
    match format {
        Format::Properties => "passport.shared.secret",
        _ => "sharedSecret",
    }
}

fn place<'a>(home: &'a Path, path: &'a Path, sites: &[Arc<Site>], number: usize) -> Written<'a> {
    let format = FORMATS[number % FORMATS.len()];
    let key = key(format.parse().expect("a format"));
    Written {
        home,
        path,
        format,
        form: "plain",
        key,
        twins: &[],
        owner: "",
        mode: "0644",
        site: Some(sites[number % sites.len()].clone()),
    }
}

fn install(dir: &Path) {
    let ports = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").expect("a free port"));
    let [https, client_auth] = ports.each_ref().map(|held| held.local_addr().expect("an address").port());
    drop(ports);
    let answers = concat!(env!("CARGO_MANIFEST_DIR"), "/installer-assets/answers/quickstart.toml");
    let status = countersign(dir)
        .args(["install", "--yes", "--answers", answers])
        .args(["--set", &format!("authority.https_port={https}")])
        .args(["--set", &format!("authority.client_auth_port={client_auth}")])
        .stderr(Stdio::null())
        .status();
    assert!(status.expect("the installation starts").success(), "the installation failed");
}

fn countersign(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    command.arg("--estate").arg(dir).stdin(Stdio::null()).stdout(Stdio::null());
    command
}

fn timed<T>(act: impl FnOnce() -> T) -> (T, Duration) {
    let since = Instant::now();
    let done = act();
    (done, since.elapsed())
}
