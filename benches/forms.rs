//! What one place costs in each shape: reading it, comparing it with a secret, writing another one.
//!
//! `cargo bench --bench forms` works on files of two hundred lines, as products have them. Each figure is set against a
//! limit, and reading also against merely counting the file's lines in the same run, so that a busy machine shows in
//! both. Ends with an error when one is above its limit.

#![expect(clippy::expect_used, reason = "a bench that cannot run says why and stops")]

use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use countersign::forms::{Form, Format, Shape};
use countersign::secret::Secret;

/// What reading or writing may take; the file is read twice and copied to write one value.
const LIMIT: Duration = Duration::from_millis(2);
const RUNS: usize = 25;
/// Acts in one run, so that the clock's own steps do not count.
const REPEATED: u32 = 20;
const LINES: usize = 200;
const FORMS: [Form; 4] = [Form::Plain, Form::Quoted, Form::Base64, Form::Hex];

fn main() -> ExitCode {
    let [old, new] = ["q8Zr2LxW0aTn5VbK7mYcP4hJ", "vR9dUe3sXo6GtB1iNfHk8yQz"].map(|text| Secret::new(text.to_owned()));
    println!("{LINES} lines a file, {RUNS} runs of {REPEATED}, medians in us; 1.00 is {} ms", LIMIT.as_millis());
    println!(
        "{:<18} {:>8} {:>8} {:>8} {:>8} {:>7} {:>7}",
        "shape", "lines", "read", "compare", "write", "read/1", "write/1"
    );
    let mut slow = Vec::new();
    for format in Format::ALL {
        for form in FORMS {
            let shape = Shape { format, form };
            let text = laid_down(shape, &old);
            let lines = median(|| assert!(black_box(text.split(|byte| *byte == b'\n').count()) > 0, "no lines"));
            let read = median(|| drop(black_box(held(shape, &text))));
            let compare = median(|| assert!(held(shape, &text).same_as(&old), "another value")).saturating_sub(read);
            let write = median(|| drop(black_box(shape.write(&text, key(format), &new).expect("written"))));
            let ratio = |time: Duration| time.as_secs_f64() / LIMIT.as_secs_f64();
            println!(
                "{:<18} {:>8.2} {:>8.2} {:>8.2} {:>8.2} {:>7.2} {:>7.2}",
                format!("{format} {form}"),
                microseconds(lines),
                microseconds(read),
                microseconds(compare),
                microseconds(write),
                ratio(read),
                ratio(write),
            );
            if read > LIMIT || write > LIMIT {
                slow.push(format!("{format} {form}"));
            }
        }
    }
    if slow.is_empty() {
        return ExitCode::SUCCESS;
    }
    eprintln!("above the limit: {}", slow.join(", "));
    ExitCode::FAILURE
}

fn held(shape: Shape, text: &[u8]) -> Secret {
    shape.read(text, key(shape.format)).expect("readable").expect("there")
}

/// A file that holds the secret, in the middle of other settings.
fn laid_down(shape: Shape, secret: &Secret) -> Vec<u8> {
    let half = |line: &dyn Fn(usize) -> String, from: usize| (from..from + LINES / 2).map(line).collect::<String>();
    let (line, place, around): (&dyn Fn(usize) -> String, &str, [&str; 2]) = match shape.format {
        Format::Properties => (&|at| format!("# About {at}\nsetting.{at} = value \\u00e9 {at}\n"), "k = x\n", ["", ""]),
        Format::Ini => (&|at| format!("; About {at}\nsetting-{at} = value {at}\n"), "k = x\n", ["", ""]),
        Format::Toml => (&|at| format!("# About {at}\nsetting-{at} = [{at}, 'value']\n"), "k = \"x\"\n", ["", ""]),
        Format::Xml => (
            &|at| format!("<!-- About {at} -->\n<setting n='{at}'>a &amp; b</setting>\n"),
            "<k>x</k>\n",
            ["<a>", "</a>"],
        ),
        Format::Json => {
            (&|at| format!("\"setting-{at}\": [{at}.5, \"value\"],\n"), "\"k\": \"x\",\n", ["{", "\"z\": 1}"])
        }
        Format::Yaml => (&|at| format!("# About {at}\nsetting-{at}: [{at}, value]\n"), "k: \"x\"\n", ["", ""]),
        Format::Words => (&|at| format!("# About {at}\nhost-{at}:1812 value {at}\n"), "k x 3\n", ["", ""]),
        Format::Whole => (&|_| String::new(), "x\n", ["", ""]),
    };
    let [before, after] = around;
    let text = [before, &half(line, 0), place, &half(line, LINES / 2), after].concat();
    shape.write(text.as_bytes(), key(shape.format), secret).expect("written").to_vec()
}

fn key(format: Format) -> &'static str {
    match format {
        Format::Words => "k 2",
        Format::Whole => "",
        _ => "k",
    }
}

/// The median time of one act.
fn median(act: impl Fn()) -> Duration {
    let run = || {
        let since = Instant::now();
        (0..REPEATED).for_each(|_| act());
        since.elapsed() / REPEATED
    };
    let mut times: Vec<Duration> = (0..RUNS).map(|_| run()).collect();
    times.sort_unstable();
    times[RUNS / 2]
}

fn microseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
