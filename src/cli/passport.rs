//! `countersign passport …`: the verbs of the embedded authority.

use std::ffi::OsString;
use std::future::Future;
use std::io::{self, Write};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, Subcommand};
use rustls_pki_types::CertificateDer;
use serde_json::{Value, json};

use super::exit::Exit;
use crate::daemon::launch::{self, Report};
use crate::daemon::{control, pidfile};
use crate::passport::config::Config;
use crate::passport::local::Local;
use crate::passport::serve::ServeError;
use crate::passport::{Fault, Home, init, serve};
use crate::secret::Source;

/// How long a start may take.
const START: Duration = Duration::from_secs(30);
/// How long a stop may take: the answers under way are finished first.
const STOP: Duration = Duration::from_secs(15);
/// How long a running authority may take to answer an administrator.
const ACT: Duration = Duration::from_secs(10);
/// Mode of an exported certificate: it is public.
const PUBLIC_FILE: u32 = 0o644;

/// The embedded authority.
#[derive(Debug, Args)]
pub struct PassportArgs {
    /// Its folder; `passport` in the estate when not given
    #[arg(long, value_name = "DIR", global = true)]
    home: Option<PathBuf>,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Make a new authority: folders, keys, certificates, the user system
    Init(InitArgs),
    /// Serve until stopped
    Serve {
        /// Started by `start`: report on standard output and leave the terminal
        #[arg(long, hide = true)]
        detached: bool,
    },
    /// Start it in the background and wait until it is ready
    Start,
    /// Stop it
    Stop,
    /// Whether it runs; ends with 5 when it does not
    Status,
    /// The certificate requests
    Requests,
    /// Validate or sign a request that waits
    Approve {
        /// The request's id
        id: String,
    },
    /// Refuse a request that waits
    Refuse {
        /// The request's id
        id: String,
        /// Why, for whoever asked
        #[arg(long)]
        reason: String,
    },
    /// What was decided, and why
    Audit {
        /// How many of the newest lines
        #[arg(long, default_value_t = 100, value_name = "N")]
        limit: u32,
    },
    /// Its certificates
    #[command(subcommand)]
    Certificate(CertificateVerb),
    /// The components it knows
    #[command(subcommand)]
    Component(ComponentVerb),
    /// System properties
    #[command(subcommand)]
    Property(PropertyVerb),
}

#[derive(Debug, Args)]
struct InitArgs {
    /// The name by which clients reach it
    #[arg(long, default_value = "localhost")]
    host: String,
    /// Port for registration
    #[arg(long, default_value_t = 6453, value_name = "PORT")]
    https_port: u16,
    /// Port that requires a client certificate
    #[arg(long, default_value_t = 6666, value_name = "PORT")]
    client_auth_port: u16,
    /// Domain of its users
    #[arg(long, default_value = "Synchrony")]
    domain: String,
    /// Address that both ports listen on
    #[arg(long, default_value = "127.0.0.1", value_name = "IP")]
    listen: IpAddr,
    /// Where the password of the user system comes from: `generate`, `stdin`, `file:PATH` …
    #[arg(long, default_value = "generate", value_name = "SOURCE")]
    system_password_from: String,
}

#[derive(Debug, Subcommand)]
enum CertificateVerb {
    /// Write a certificate to a file
    Export {
        /// `Default_HTTPS`, `Default_HTTPS_Client_Auth` or `ca`
        name: String,
        /// The file
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// As PEM text instead of DER
        #[arg(long)]
        pem: bool,
    },
}

#[derive(Debug, Subcommand)]
enum ComponentVerb {
    /// Take a component's CSD in
    Import {
        /// The CSD, an XML file
        file: PathBuf,
    },
    /// Those that are known, and which secret each proved last
    List,
}

#[derive(Debug, Subcommand)]
enum PropertyVerb {
    /// Show one
    Get {
        /// Its name
        name: String,
    },
    /// Change one; it counts at once
    Set {
        /// Its name
        name: String,
        /// Its value
        value: String,
    },
    /// Show all
    List,
}

/// How a verb ended, and its line for people.
struct Ended(Exit, String);

/// Runs one verb. `estate` is where the home is when `--home` does not say; `as_json` prints results as JSON.
pub fn run(args: PassportArgs, estate: &Path, as_json: bool) -> Exit {
    let home = Home::new(absolute(args.home.unwrap_or_else(|| estate.join("passport"))));
    match verb(args.verb, &home, as_json) {
        Ok(()) => Exit::Done,
        Err(Ended(exit, line)) => {
            if !line.is_empty() {
                eprintln!("{line}");
            }
            exit
        }
    }
}

fn verb(verb: Verb, home: &Home, as_json: bool) -> Result<(), Ended> {
    match verb {
        Verb::Init(args) => initialise(args, home),
        Verb::Serve { detached } => block_on(serve_until_stopped(home, detached))?,
        Verb::Start => start(home),
        Verb::Stop => stop(home),
        Verb::Status => status(home, as_json),
        Verb::Requests => {
            let requests = locally(home, async |local| local.requests().await)?;
            print(
                as_json,
                || json!(requests),
                || {
                    let line = |one: &crate::passport::requests::Listed| {
                        let reason = one.reason.as_deref().map(|reason| format!(": {reason}")).unwrap_or_default();
                        format!(
                            "{}  {}/{}  {}  {}{reason}",
                            one.id, one.component, one.instance, one.received, one.status
                        )
                    };
                    requests.iter().map(line).collect()
                },
            );
            Ok(())
        }
        Verb::Approve { id } => {
            let answer = act(home, &json!({ "do": "approve", "id": id }))?;
            let status = answer["status"].as_str().unwrap_or_default().to_owned();
            print(as_json, || json!({ "id": id, "status": status }), || vec![format!("{id}: {status}")]);
            Ok(())
        }
        Verb::Refuse { id, reason } => act(home, &json!({ "do": "refuse", "id": id, "reason": reason })).map(drop),
        Verb::Audit { limit } => {
            let lines = locally(home, async |local| local.audit(limit).await)?;
            print(as_json, || json!({ "lines": lines }), || lines.clone());
            Ok(())
        }
        Verb::Certificate(CertificateVerb::Export { name, out, pem }) => export(home, &name, &out, pem),
        Verb::Component(verb) => component(verb, home, as_json),
        Verb::Property(verb) => property(verb, home, as_json),
    }
}

fn initialise(args: InitArgs, home: &Home) -> Result<(), Ended> {
    let source: Source = args
        .system_password_from
        .parse()
        .map_err(|error| Ended(Exit::Usage, format!("--system-password-from {error}")))?;
    let password = match source {
        Source::Generate => None,
        source => Some(source.read().map_err(|error| Ended(Exit::Refused, error.to_string()))?),
    };
    let config = Config {
        host: args.host,
        listen: args.listen,
        https_port: args.https_port,
        client_auth_port: args.client_auth_port,
        domain: args.domain,
    };
    block_on(init::init(home, &config, password))?.map_err(|fault| ended(&fault))?;
    eprintln!("PassPort was made in {}", home.path().display());
    Ok(())
}

async fn serve_until_stopped(home: &Home, detached: bool) -> Result<(), Ended> {
    crate::secret::harden_process();
    if detached {
        launch::leave_session();
    }
    let ready = match serve::open(home).await {
        Ok(ready) => ready,
        Err(error) => {
            let exit = refusal(&error);
            if !detached {
                return Err(Ended(exit, error.to_string()));
            }
            launch::report(&Report { code: exit.code(), message: error.to_string() })
                .map_err(|error| failed(&error))?;
            return Err(Ended(exit, String::new()));
        }
    };
    if detached {
        launch::report(&Report { code: 0, message: String::new() }).map_err(|error| failed(&error))?;
    } else {
        println!("PassPort is ready: {}", ready.address());
    }
    ready.serve().await.map_err(|error| failed(&error))
}

fn start(home: &Home) -> Result<(), Ended> {
    if let Some(pid) = pidfile::holder(&home.pid_file()).map_err(|error| failed(&error))? {
        eprintln!("PassPort is already running with pid {pid}");
        return Ok(());
    }
    if !home.config().exists() {
        let error = ServeError::NoHome(home.path().display().to_string());
        return Err(Ended(Exit::Refused, error.to_string()));
    }
    let arguments: [OsString; 5] =
        ["passport".into(), "serve".into(), "--home".into(), home.path().into(), "--detached".into()];
    let report = launch::start(&arguments, &home.log(), START)
        .map_err(|error| Ended(Exit::PutBack, format!("PassPort did not start: {error}")))?;
    if report.code == 0 { Ok(()) } else { Err(Ended(Exit::from_code(report.code), report.message)) }
}

fn stop(home: &Home) -> Result<(), Ended> {
    let Some(pid) = pidfile::holder(&home.pid_file()).map_err(|error| failed(&error))? else {
        eprintln!("PassPort is not running");
        return Ok(());
    };
    let asked = control::ask(&home.admin_socket(), &json!({ "do": "stop" }), ACT);
    let gone = pidfile::wait_until_free(&home.pid_file(), STOP).map_err(|error| failed(&error))?;
    match (gone, asked) {
        (true, _) => Ok(()),
        (false, Ok(_)) => {
            Err(Ended(Exit::PutBack, format!("PassPort (pid {pid}) did not end within {} s", STOP.as_secs())))
        }
        (false, Err(error)) => {
            Err(Ended(Exit::PutBack, format!("PassPort (pid {pid}) could not be asked to stop: {error}")))
        }
    }
}

fn status(home: &Home, as_json: bool) -> Result<(), Ended> {
    let pid = pidfile::holder(&home.pid_file()).map_err(|error| failed(&error))?;
    let answer = pid.map(|_| control::ask(&home.admin_socket(), &json!({ "do": "status" }), ACT)).transpose();
    let answer = answer.map_err(|error| Ended(Exit::CannotTell, format!("PassPort does not answer: {error}")))?;
    let config = Config::read(home).map_err(|error| Ended(Exit::CannotTell, error.to_string()))?;
    let process = if pid.is_some() { "running" } else { "stopped" };
    let answer = answer.unwrap_or_default();
    let running = |key: &str| answer.get(key).cloned().unwrap_or_default();
    let port = |key: &str, configured: u16| answer.get(key).cloned().unwrap_or(json!(configured));
    let ports = [port("https_port", config.https_port), port("client_auth_port", config.client_auth_port)];
    print(
        as_json,
        || {
            json!({
                "process": process, "https_port": ports[0], "client_auth_port": ports[1],
                "version": running("version"), "pid": pid,
            })
        },
        || {
            let pid = pid.map(|pid| format!(", pid {pid}")).unwrap_or_default();
            vec![format!("PassPort is {process}{pid}: HTTPS {}, client authentication {}", ports[0], ports[1])]
        },
    );
    if pid.is_some() { Ok(()) } else { Err(Ended(Exit::CannotTell, String::new())) }
}

fn export(home: &Home, name: &str, out: &Path, pem: bool) -> Result<(), Ended> {
    let certificate = locally(home, async |local| local.certificate(name).await)?;
    let bytes = if pem { pem_text(&certificate).into_bytes() } else { certificate.to_vec() };
    crate::fs::replace(out, &bytes, PUBLIC_FILE)
        .map_err(|error| Ended(Exit::Refused, format!("{} cannot be written: {error}", out.display())))
}

fn component(verb: ComponentVerb, home: &Home, as_json: bool) -> Result<(), Ended> {
    match verb {
        ComponentVerb::Import { file } => {
            let unreadable =
                |error: io::Error| Ended(Exit::Refused, format!("{} cannot be read: {error}", file.display()));
            let csd = std::fs::read_to_string(&file).map_err(unreadable)?;
            let (identity, new) = locally(home, async |local| local.import(&csd).await)?;
            print(
                as_json,
                || json!({ "identity": identity, "new": new }),
                || {
                    let how = if new { "is new" } else { "was known" };
                    vec![format!("{} {} ({}) {how}", identity.name, identity.version, identity.group)]
                },
            );
        }
        ComponentVerb::List => {
            let components = locally(home, async |local| local.components().await)?;
            print(as_json, || components.clone(), || component_lines(&components));
        }
    }
    Ok(())
}

fn component_lines(components: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let line = |one: &Value| {
        let who = &one["identity"];
        let parts = ["name", "version", "group", "instance"].map(|part| text(&who[part])).join("  ");
        format!("{parts}  proved {} {}", text(&one["proved"]["secret_id"]), text(&one["proved"]["time"]))
    };
    components.as_array().map(|all| all.iter().map(line).collect()).unwrap_or_default()
}

fn property(verb: PropertyVerb, home: &Home, as_json: bool) -> Result<(), Ended> {
    let properties = match verb {
        PropertyVerb::Set { name, value } => {
            return locally(home, async |local| local.set_property(&name, &value).await);
        }
        PropertyVerb::Get { name } => {
            let value = locally(home, async |local| local.property(&name).await)?;
            print(as_json, || json!({ "name": name, "value": value }), || vec![value.clone()]);
            return Ok(());
        }
        PropertyVerb::List => locally(home, async |local| local.properties().await)?,
    };
    let as_object = || properties.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    print(as_json, as_object, || properties.iter().map(|(name, value)| format!("{name} = {value}")).collect());
    Ok(())
}

/// One act of a running authority.
fn act(home: &Home, request: &Value) -> Result<Value, Ended> {
    if pidfile::holder(&home.pid_file()).map_err(|error| failed(&error))?.is_none() {
        return Err(Ended(
            Exit::CannotTell,
            "PassPort is not running: start it with `countersign passport start`".into(),
        ));
    }
    control::ask(&home.admin_socket(), request, ACT).map_err(|error| Ended(Exit::Refused, error.to_string()))
}

/// Works on the database of this home.
fn locally<T>(home: &Home, work: impl AsyncFnOnce(&Local) -> Result<T, Fault>) -> Result<T, Ended> {
    let done = async {
        let local = Local::open(home).await?;
        let result = work(&local).await;
        local.close().await;
        result
    };
    block_on(done)?.map_err(|fault| ended(&fault))
}

fn block_on<T>(future: impl Future<Output = T>) -> Result<T, Ended> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| failed(&error))?;
    Ok(runtime.block_on(future))
}

fn print(as_json: bool, json: impl FnOnce() -> Value, lines: impl FnOnce() -> Vec<String>) {
    let lines = if as_json { vec![json().to_string()] } else { lines() };
    let mut out = io::stdout().lock();
    for line in lines {
        // Whoever reads may have gone already, such as `head`.
        let _ = writeln!(out, "{line}");
    }
}

fn ended(fault: &Fault) -> Ended {
    let exit = if matches!(fault, Fault::Refused(_)) { Exit::Refused } else { Exit::PutBack };
    Ended(exit, fault.to_string())
}

fn refusal(error: &ServeError) -> Exit {
    match error {
        ServeError::Fault(fault) => ended(fault).0,
        _ => Exit::Refused,
    }
}

fn failed(error: &io::Error) -> Ended {
    Ended(Exit::PutBack, error.to_string())
}

fn absolute(path: PathBuf) -> PathBuf {
    // A detached server works from the root folder.
    std::path::absolute(&path).unwrap_or(path)
}

fn pem_text(certificate: &CertificateDer<'_>) -> String {
    use base64::Engine;
    let text = base64::engine::general_purpose::STANDARD.encode(certificate);
    let lines: Vec<&str> = (0..text.len()).step_by(64).map(|at| &text[at..text.len().min(at + 64)]).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}
