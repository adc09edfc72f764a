//! A site for one test: a Redis, three replicas that take another secret over in three ways, and a client's file.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::estate::{Ended, ended, free_ports};

/// The secret that every site is made with.
pub const FIRST: &str = "first-Secret-2026";
/// Another one.
pub const SECOND: &str = "second-Secret-2026";

/// Every process, the primary first.
const DAEMONS: [&str; 4] = ["redis", "keep", "shadow", "mirror"];

/// How each replica takes its secret over.
const REPLICAS: [(&str, &str); 3] = [("keep", "restart"), ("shadow", "stop-write-start"), ("mirror", "reload")];

/// A Redis with replicas.
pub struct Site {
    folder: TempDir,
    port: u16,
}

impl Site {
    /// All of it runs with the first secret.
    pub fn running() -> Self {
        let [port, _] = free_ports();
        let site = Self { folder: tempfile::tempdir().expect("a temporary folder"), port };
        for (name, secret) in [("current.secret", FIRST), ("new.secret", SECOND)] {
            site.write(name, secret, 0o600);
        }
        for daemon in DAEMONS {
            site.lay_down(daemon);
        }
        site.write("app/conf/client.properties", &format!("# theirs\nredis.password = {FIRST}\n"), 0o640);
        site.write("estate/profiles/app.toml", &site.filled(APP, "app"), 0o600);
        site.write("answers.toml", &site.filled(ANSWERS, ""), 0o600);
        for daemon in DAEMONS {
            let ended = ended(Command::new(site.path(daemon).join("bin/start.sh")).env_clear().stdin(Stdio::null()));
            assert_eq!(ended.code, 0, "{ended:#?}");
        }
        site.linked();
        site
    }

    /// A path below the folder of all.
    pub fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    /// A file of it.
    pub fn text(&self, below: &str) -> String {
        fs::read_to_string(self.path(below)).expect("read")
    }

    /// Changes a file of it.
    pub fn edit(&self, below: &str, from: &str, to: &str) {
        let text = self.text(below);
        assert!(text.contains(from), "{below}: {text}");
        fs::write(self.path(below), text.replace(from, to)).expect("written");
    }

    /// Runs a verb to its end.
    pub fn run(&self, arguments: &[&str]) -> Ended {
        let mut command = Command::new(crate::program());
        command.arg("--estate").arg(self.path("estate")).current_dir(self.folder.path()).stdin(Stdio::null());
        ended(command.args(arguments))
    }

    /// Runs a verb with `--json`; its exit code and its object.
    pub fn json(&self, arguments: &[&str]) -> (i32, Value) {
        let ended = self.run(&[arguments, &["--json"]].concat());
        let value = serde_json::from_str(&ended.stdout).unwrap_or_else(|error| panic!("{error}: {ended:#?}"));
        (ended.code, value)
    }

    /// Changes the secret from the first to the second, unattended.
    pub fn change(&self, more: &[&str]) -> Ended {
        self.run(&[&["configure", "--yes", "--answers", "answers.toml"], more].concat())
    }

    /// Begins the change, and kills it when Redis was told the new secret and nothing else was done.
    pub fn killed_half_way(&self) {
        let told = self.path("redis/told");
        rustix::fs::mknodat(rustix::fs::CWD, &told, rustix::fs::FileType::Fifo, 0o600.into(), 0).expect("a pipe");
        let mut command = Command::new(crate::program());
        command.arg("--estate").arg(self.path("estate")).current_dir(self.folder.path()).stdin(Stdio::null());
        let mut run = command.args(["configure", "--yes", "--answers", "answers.toml"]).spawn().expect("started");
        let mut line = String::new();
        BufReader::new(fs::File::open(&told).expect("opened")).read_line(&mut line).expect("told");
        run.kill().expect("killed");
        run.wait().expect("gone");
        fs::remove_file(told).expect("removed");
    }

    /// What a daemon answers to these lines.
    pub fn ask(&self, daemon: &str, lines: &str) -> String {
        let socket = self.path(daemon).join("run/redis.sock");
        let mut child = Command::new("redis-cli")
            .arg("-s")
            .arg(socket)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("redis-cli starts");
        child.stdin.take().expect("a pipe").write_all(lines.as_bytes()).expect("asked");
        String::from_utf8(child.wait_with_output().expect("answered").stdout).expect("text")
    }

    /// The process id of each daemon.
    pub fn pids(&self) -> Vec<String> {
        DAEMONS.map(|daemon| self.text(&format!("{daemon}/run/redis.pid")).trim().to_owned()).into()
    }

    /// Whether the running primary and every file hold this secret and not the other, and each replica comes in with it.
    pub fn holds(&self, secret: &str) {
        let other = if secret == FIRST { SECOND } else { FIRST };
        assert!(self.ask("redis", &format!("AUTH {secret}\nPING\n")).contains("PONG"));
        assert!(self.ask("redis", &format!("AUTH {other}\n")).contains("WRONGPASS"));
        let files = DAEMONS.map(|daemon| format!("{daemon}/conf/redis.conf"));
        for file in files.iter().map(String::as_str).chain(["app/conf/client.properties"]) {
            let text = self.text(file);
            assert!(text.contains(secret) && !text.contains(other), "{file}: {text}");
        }
        self.linked();
    }

    /// Waits until every replica has come in.
    fn linked(&self) {
        let until = Instant::now() + Duration::from_secs(30);
        for (replica, _) in REPLICAS {
            while !self.ask(replica, "INFO replication\n").contains("master_link_status:up") {
                assert!(Instant::now() < until, "{replica}: {}", self.text(&format!("{replica}/redis.log")));
            }
        }
    }

    fn lay_down(&self, daemon: &str) {
        for (name, text) in [("start", START), ("stop", STOP), ("status", STATUS)] {
            self.script(daemon, name, text);
        }
        let (conf, profile) = if let Some((_, apply)) = REPLICAS.iter().find(|(replica, _)| *replica == daemon) {
            self.script(daemon, "reload", RELOAD);
            self.script(daemon, "linked", LINKED);
            let edit = if *apply == "stop-write-start" { "stopped" } else { "any" };
            let reload = if *apply == "reload" { "reload = [\"{home}/bin/reload.sh\"]" } else { "" };
            (REPLICA_CONF, REPLICA.replace("@apply@", apply).replace("@edit@", edit).replace("@reload@", reload))
        } else {
            for (name, text) in [("read", READ), ("write", WRITE), ("verdict", VERDICT)] {
                self.script(daemon, name, text);
            }
            (PRIMARY_CONF, PRIMARY.to_owned())
        };
        self.write(&format!("{daemon}/run/.keep"), "", 0o600);
        self.write(&format!("{daemon}/conf/redis.conf"), &self.filled(conf, daemon), 0o600);
        self.write(&format!("estate/profiles/{daemon}.toml"), &self.filled(&profile, daemon), 0o600);
    }

    fn script(&self, daemon: &str, name: &str, text: &str) {
        self.write(&format!("{daemon}/bin/{name}.sh"), &self.filled(text, daemon), 0o755);
    }

    fn filled(&self, text: &str, daemon: &str) -> String {
        let all = self.folder.path().to_str().expect("UTF-8");
        text.replace("@all@", all)
            .replace("@home@", &format!("{all}/{daemon}"))
            .replace("@id@", daemon)
            .replace("@port@", &self.port.to_string())
            .replace("@first@", FIRST)
    }

    fn write(&self, below: &str, text: &str, mode: u32) {
        let path = self.path(below);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("/"))).expect("a folder");
        fs::write(&path, text).expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("set");
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        for daemon in DAEMONS {
            let _ = Command::new(self.path(daemon).join("bin/stop.sh")).stdin(Stdio::null()).status();
        }
    }
}

const START: &str = "#!/bin/sh
[ ! -f '@home@/start-fails' ] || { echo 'it cannot start' >&2; exit 1; }
/usr/bin/redis-server '@home@/conf/redis.conf' || exit 1
until '@home@/bin/status.sh'; do :; done
";
const STOP: &str = "#!/bin/sh
pid=$(/bin/cat '@home@/run/redis.pid') || exit 0
kill \"$pid\" && /usr/bin/tail --pid=\"$pid\" -f /dev/null
";
const STATUS: &str = "#!/bin/sh
/usr/bin/redis-cli -s '@home@/run/redis.sock' PING >/dev/null 2>&1
";
/// Prints the secret in use to whoever knows it.
const READ: &str = "#!/bin/sh
IFS= read -r in_use
answer=$(printf 'AUTH \"%s\"\\nCONFIG GET requirepass\\n' \"$in_use\" | /usr/bin/redis-cli -s '@home@/run/redis.sock')
case $answer in
    *WRONGPASS*) exit 4 ;;
    OK*) printf '%s\\n' \"$answer\" | /usr/bin/tail -n 1 ;;
    *) exit 1 ;;
esac
";
/// Changes it, and has the server write its own file anew.
const WRITE: &str = "#!/bin/sh
IFS= read -r new
IFS= read -r in_use
answer=$(printf 'AUTH \"%s\"\\nCONFIG SET requirepass \"%s\"\\nCONFIG REWRITE\\n' \"$in_use\" \"$new\" |
    /usr/bin/redis-cli -s '@home@/run/redis.sock' | /usr/bin/tr '\\n' ' ')
[ \"$answer\" = 'OK OK OK ' ] || { echo \"$answer\" >&2; exit 1; }
[ ! -p '@home@/told' ] || echo told > '@home@/told'
";
const VERDICT: &str = "#!/bin/sh
[ ! -f '@home@/verdict-fails' ]
";
/// Takes the password from the file and comes in anew.
const RELOAD: &str = "#!/bin/sh
word=$(/usr/bin/sed -n 's/^masterauth \"\\(.*\\)\"$/\\1/p' '@home@/conf/redis.conf')
printf 'CONFIG SET masterauth \"%s\"\\nREPLICAOF NO ONE\\nREPLICAOF 127.0.0.1 @port@\\n' \"$word\" |
    /usr/bin/redis-cli -s '@home@/run/redis.sock' >/dev/null
";
const LINKED: &str = "#!/bin/sh
until printf 'INFO replication\\n' | /usr/bin/redis-cli -s '@home@/run/redis.sock' | /bin/grep -q master_link_status:up
do :; done
";

const PRIMARY_CONF: &str = "# theirs
port @port@
bind 127.0.0.1
unixsocket @home@/run/redis.sock
pidfile @home@/run/redis.pid
logfile @home@/redis.log
dir @home@/run
daemonize yes
save \"\"
repl-diskless-sync-delay 0
requirepass \"@first@\"
";
const REPLICA_CONF: &str = "# theirs
port 0
unixsocket @home@/run/redis.sock
pidfile @home@/run/redis.pid
logfile @home@/redis.log
dir @home@/run
daemonize yes
save \"\"
replicaof 127.0.0.1 @port@
masterauth \"@first@\"
";

const PRIMARY: &str = r#"format = 1
[product]
id = "redis"
name = "Redis"
role = "authority"
home = "@home@"
secret = "redis"
[detect]
files = ["@home@/conf/*.conf"]
commands = [["/usr/bin/redis-server", "--version"]]
lists = ['Redis server v=\d']
ports = [@port@]
processes = ["redis-server"]
[[component]]
id = "redis"
name = "Redis"
about = "keeps the data"
holds_secret = true
process = true
[[place]]
component = "redis"
read = ["{home}/bin/read.sh"]
write = ["{home}/bin/write.sh"]
form = "plain"
alphabet = "A-Za-z0-9_-"
length = [8, 128]
[[place]]
component = "redis"
file = "conf/redis.conf"
format = "words"
key = "requirepass 2"
form = "quoted"
mode = "0600"
alphabet = "A-Za-z0-9_-"
length = [8, 128]
rewritten = true
[lifecycle]
start = ["{home}/bin/start.sh"]
stop = ["{home}/bin/stop.sh"]
status = ["{home}/bin/status.sh"]
apply = "online"
needs_old_secret = true
deadline = 20
order = 10
ready = "redis-answers"
[[probe]]
id = "redis-answers"
kind = "command"
command = ["{home}/bin/status.sh"]
deadline = 5000
[[probe]]
id = "redis-verdict"
kind = "command"
command = ["{home}/bin/verdict.sh"]
deadline = 5000
"#;

const REPLICA: &str = r#"format = 1
[product]
id = "@id@"
name = "Replica @id@"
role = "client"
home = "@home@"
secret = "redis"
[[component]]
id = "@id@"
name = "Replica @id@"
about = "follows the data"
holds_secret = true
process = true
[[place]]
component = "@id@"
file = "conf/redis.conf"
format = "words"
key = "masterauth 2"
form = "quoted"
mode = "0600"
alphabet = "A-Za-z0-9_-"
length = [8, 128]
edit = "@edit@"
[lifecycle]
start = ["{home}/bin/start.sh"]
stop = ["{home}/bin/stop.sh"]
status = ["{home}/bin/status.sh"]
@reload@
apply = "@apply@"
deadline = 20
order = 20
after = ["redis"]
side_effects = ["@id@ copies all data anew"]
[[probe]]
id = "@id@-linked"
kind = "command"
command = ["{home}/bin/linked.sh"]
deadline = 20000
"#;

const APP: &str = r#"format = 1
[product]
id = "app"
name = "App"
role = "client"
home = "@home@"
secret = "redis"
[detect]
files = ["/nowhere/app-*"]
[[component]]
id = "app"
name = "App"
about = "asks for the data"
holds_secret = true
[[place]]
component = "app"
file = "conf/client.properties"
format = "properties"
key = "redis.password"
form = "plain"
mode = "0640"
alphabet = "!-~"
length = [1, 128]
[lifecycle]
apply = "none"
order = 30
"#;

const ANSWERS: &str = "format = 1
mode = 'configure'
components = ['redis', 'keep', 'shadow', 'mirror', 'app']
[estate]
dir = '@all@/estate'
[authority]
kind = 'passport'
[secret]
from = 'file:@all@/new.secret'
previous_from = 'file:@all@/current.secret'
";
