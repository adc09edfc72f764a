//! A real PostgreSQL of Debian's, on a free port of the loopback address, stopped when dropped.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

const PASSWORD: &str = "pw of the database";
/// Tells the tests of this binary to keep their authorities in databases of this server.
pub const SERVER: &str = "COUNTERSIGN_TEST_POSTGRES";

pub struct Server {
    folder: TempDir,
    port: u16,
}

impl Server {
    /// Ready to be connected to.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
        let password = folder.path().join("password");
        std::fs::write(&password, format!("{PASSWORD}\n")).expect("written");
        if rustix::process::geteuid().is_root() {
            ended_well("chown", &Command::new("chown").arg("-R").arg("postgres:").arg(folder.path()).output());
        }
        let server = Self { folder, port };
        let from = format!("--pwfile={}", password.display());
        server.run("initdb", &["-U", "countersign", "--auth=scram-sha-256", &from, "-E", "UTF8", "--no-locale", "-N"]);
        let options = format!("-c listen_addresses=127.0.0.1 -p {port} -k {} -c max_connections=200", server.path());
        let log = server.folder.path().join("log");
        server.run("pg_ctl", &["-w", "-l", log.to_str().expect("text"), "-o", &options, "start"]);
        server
    }

    /// The address of one of its databases.
    pub fn address(&self, database: &str) -> String {
        format!("postgres://countersign:{}@127.0.0.1:{}/{database}", PASSWORD.replace(' ', "%20"), self.port)
    }

    /// A new, empty database: its address.
    pub async fn database(&self) -> String {
        new_database(&self.address("postgres")).await
    }

    /// Dies and comes back, on the same port.
    pub fn restart(&self) {
        let log = self.folder.path().join("log");
        self.run("pg_ctl", &["-w", "-m", "immediate", "-l", log.to_str().expect("text"), "restart"]);
    }

    fn path(&self) -> &str {
        self.folder.path().to_str().expect("text")
    }

    /// Runs one of PostgreSQL's programs on the data of this server; none of them works for root.
    fn run(&self, program: &str, arguments: &[&str]) {
        let program = programs().join(program);
        let mut command = if rustix::process::geteuid().is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(&program);
            command
        } else {
            Command::new(&program)
        };
        let data = self.folder.path().join("data");
        command.arg("-D").arg(data).args(arguments).current_dir("/").env("LC_ALL", "C.UTF-8");
        ended_well(&program.display().to_string(), &command.output());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.run("pg_ctl", &["-m", "immediate", "stop"]);
    }
}

/// Where the authority of a test keeps its data: in a new database of the server that the tests were told of, else in a
/// file of its home.
pub async fn told() -> Option<String> {
    match std::env::var(SERVER) {
        Ok(server) => Some(new_database(&server).await),
        Err(_) => None,
    }
}

/// The same for those who cannot wait, within a runtime or without.
pub fn told_at_once() -> Option<String> {
    std::thread::scope(|scope| scope.spawn(|| runtime().block_on(told())).join().expect("asked"))
}

/// A new, empty database on the server of this address.
async fn new_database(server: &str) -> String {
    let name = format!("t{:016x}", rand::random::<u64>());
    let mut connection = PgConnection::connect(server).await.expect("connected");
    let create = format!("CREATE DATABASE {name}");
    sqlx::query(AssertSqlSafe(create)).execute(&mut connection).await.expect("made");
    let (front, _) = server.rsplit_once('/').expect("an address");
    format!("{front}/{name}")
}

/// Tells, as often as it is asked, whether an authority is writing in the database of this address.
pub fn writes(address: &str) -> impl FnMut() -> bool + use<> {
    const TURN: &str = "SELECT EXISTS (SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
                        WHERE locktype = 'advisory' AND datname = current_database())";
    let runtime = runtime();
    let mut connection = runtime.block_on(PgConnection::connect(address)).expect("connected");
    move || runtime.block_on(sqlx::query_scalar(TURN).fetch_one(&mut connection)).expect("told")
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime")
}

/// Runs tests of this binary once more, with their authorities in databases of a server of their own.
pub fn run_again(which: &[&str]) {
    let server = Server::start();
    let me = std::env::current_exe().expect("a path");
    let mut tests = Command::new(me);
    tests.args(which).args(["--test-threads", "4"]).env(SERVER, server.address("postgres"));
    let ended = tests.output().expect("run");
    let said = String::from_utf8_lossy(&ended.stdout);
    let is_any = !said.contains("running 0 tests");
    assert!(ended.status.success() && is_any && said.contains("test result: ok"), "{said}");
}

fn programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").expect("PostgreSQL: see tests/run for its package");
    let newest = versions.map(|entry| entry.expect("an entry").path()).max();
    newest.expect("a version").join(Path::new("bin"))
}

fn ended_well(program: &str, ended: &std::io::Result<Output>) {
    let output = ended.as_ref().unwrap_or_else(|error| panic!("{program} cannot be run: {error}"));
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
}
