//! The audit of an authority that really decided something, and what of it can be falsified unnoticed: nothing.

use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countersign::passport::audit::hex;
use countersign::registration::wire::Purpose;
use rcgen::{KeyPair, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, Row, SqliteConnection};
use tempfile::TempDir;

use crate::fixture::{Authority, integrator, interchange};

/// A stopped authority with an audit, and a head that was exported two rows before its end.
struct Record {
    folder: TempDir,
    rows: i64,
    exported: PathBuf,
}

/// One copy of it, to be falsified.
struct Copy {
    home: PathBuf,
    exported: PathBuf,
    _folder: TempDir,
}

impl Record {
    async fn made() -> Self {
        let authority = Authority::ready_in_a_file().await;
        authority.enrolled(&integrator()).await;
        authority.enrolled(&interchange()).await;
        let wrong = authority.prove(&integrator(), "a wrong one", Purpose::Check).await;
        assert!(wrong.is_err());
        authority.audited("begun and not finished").await;
        authority.act(json!({ "do": "forget", "identity": interchange() })).await.expect("forgotten");
        let folder = tempfile::tempdir().expect("a folder");
        let exported = folder.path().join("head.json");
        let text = exported.to_str().expect("text");
        // The verbs work on the database beside the server, and their rows are part of the chain.
        assert_eq!(run(authority.home.path(), &["property", "set", "am.registration.signing", "manual"]).0, 0);
        assert_eq!(run(authority.home.path(), &["audit", "head", "--out", text]).0, 0);
        authority.set_property("am.registration.signing", "auto").await;
        assert_eq!(run(authority.home.path(), &["property", "set", "am.registration.validation", "manual"]).0, 0);
        let home = authority.stop().await;
        copy(home.path(), &folder.path().join("passport"));
        let (code, whole) = run(&folder.path().join("passport"), &["audit", "verify", "--head", text]);
        assert_eq!((code, &whole["whole"], &whole["first"]), (0, &json!(true), &Value::Null));
        Self { rows: whole["rows"].as_i64().expect("a number"), exported, folder }
    }

    fn copy(&self) -> Copy {
        let folder = tempfile::tempdir().expect("a folder");
        let home = folder.path().join("passport");
        copy(&self.folder.path().join("passport"), &home);
        Copy { home, exported: self.exported.clone(), _folder: folder }
    }

    /// What `audit verify` says after these statements: the number of the first bad row, and what is wrong.
    async fn after(&self, statements: &[&str]) -> Option<(i64, String)> {
        let copy = self.copy();
        let mut database = copy.database().await;
        for statement in statements {
            sqlx::raw_sql(sqlx::AssertSqlSafe((*statement).to_owned())).execute(&mut database).await.expect("done");
        }
        database.close().await.expect("closed");
        copy.verified(&[])
    }
}

impl Copy {
    async fn database(&self) -> SqliteConnection {
        SqliteConnectOptions::new().filename(self.home.join("data/passport.db")).connect().await.expect("opened")
    }

    fn verified(&self, more: &[&str]) -> Option<(i64, String)> {
        let (code, said) = run(&self.home, &[&["audit", "verify"], more].concat());
        let first = &said["first"];
        assert_eq!(
            (code, &said["whole"]),
            if first.is_null() { (0, &json!(true)) } else { (4, &json!(false)) },
            "{said}"
        );
        Some((first["number"].as_i64()?, first["what"].as_str()?.to_owned()))
    }

    fn verified_against_the_exported(&self) -> Option<(i64, String)> {
        self.verified(&["--head", self.exported.to_str().expect("text")])
    }
}

/// Runs a verb on a home; its exit code and its JSON.
fn run(home: &Path, arguments: &[&str]) -> (i32, Value) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    let output = command.arg("passport").args(arguments).arg("--home").arg(home).arg("--json").output().expect("run");
    let said = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
    (output.status.code().expect("ended by itself"), said)
}

fn copy(from: &Path, to: &Path) {
    assert!(Command::new("cp").arg("-r").args([from, to]).status().expect("run").success());
}

#[tokio::test]
async fn every_falsified_row_is_found_and_named() {
    let record = Record::made().await;
    let last = record.rows;
    assert!(last > 8, "{last}");
    let cases: [(&[&str], i64, &str); 11] = [
        (&["UPDATE audit SET result = 'Ok' WHERE number = 3"], 3, "was changed"),
        (&["UPDATE audit SET time = time + 1 WHERE number = 4"], 4, "was changed"),
        (&["UPDATE audit SET source = '' WHERE number = 2"], 2, "was changed"),
        (&["UPDATE audit SET hash = zeroblob(32) WHERE number = 5"], 5, "was changed"),
        (&["DELETE FROM audit WHERE number = 3"], 3, "it is missing"),
        (
            &["DELETE FROM audit WHERE number = 3", "UPDATE audit SET number = number - 1 WHERE number > 3"],
            3,
            "was changed",
        ),
        (
            &[
                "UPDATE audit SET number = -1 WHERE number = 6",
                "UPDATE audit SET number = 6 WHERE number = 7",
                "UPDATE audit SET number = 7 WHERE number = -1",
            ],
            6,
            "does not belong here",
        ),
        (&["UPDATE audit SET id = 100000 WHERE number = 6"], 7, "does not belong here"),
        (
            &[
                "INSERT INTO audit (node, number, hash, time, who, act, result) VALUES ('1', -5, x'00', 1, 'x', 'y', 'ok')",
            ],
            -5,
            "it was added",
        ),
        (&["INSERT INTO audit (id, time, who, act, result) VALUES (-5, 1, 'x', 'y', 'ok')"], 1, "does not belong here"),
        (&["DELETE FROM audit_heads"], last, "no head follows it"),
    ];
    for (statements, number, what) in cases {
        let (found, told) = record.after(statements).await.unwrap_or_else(|| panic!("{statements:?} is not found"));
        assert_eq!(found, number, "{statements:?}: {told}");
        assert!(told.contains(what), "{statements:?}: {told}");
    }
}

#[tokio::test]
async fn a_cut_tail_is_found_by_the_head_in_the_database_and_by_one_kept_elsewhere() {
    let record = Record::made().await;
    let exported: Value = serde_json::from_slice(&std::fs::read(&record.exported).expect("read")).expect("JSON");
    let (head, kept) = (&exported[0], exported[0]["count"].as_i64().expect("a number"));
    assert_eq!(kept, record.rows - 2);

    let copy = record.copy();
    let mut database = copy.database().await;
    sqlx::query("DELETE FROM audit WHERE number >= $1").bind(record.rows).execute(&mut database).await.expect("cut");
    let (number, what) = copy.verified(&[]).expect("found");
    assert_eq!((number, what), (record.rows, format!("it is missing: the head counts {} rows", record.rows)));

    // Cut back to the moment of the export, with the head of then: only a later export could tell.
    let back = "UPDATE audit_heads SET count = $1, hash = $2, time = $3, signature = $4";
    let time: jiff::Timestamp = head["time"].as_str().expect("a time").parse().expect("a time");
    sqlx::query(back)
        .bind(kept)
        .bind(unhex(head["hash"].as_str().expect("text")))
        .bind(time.as_second())
        .bind(STANDARD.decode(head["signature"].as_str().expect("text")).expect("base64"))
        .execute(&mut database)
        .await
        .expect("put back");
    sqlx::query("DELETE FROM audit WHERE number > $1").bind(kept).execute(&mut database).await.expect("cut");
    assert_eq!(copy.verified_against_the_exported(), None);
    let older = record.copy();
    let later = older.home.with_file_name("later.json");
    assert_eq!(run(&older.home, &["audit", "head", "--out", later.to_str().expect("text")]).0, 0);
    let (number, what) = copy.verified(&["--head", later.to_str().expect("text")]).expect("found");
    assert_eq!((number, what), (kept + 1, format!("it is missing: the exported head counts {} rows", record.rows)));
}

#[tokio::test]
async fn a_chain_made_anew_without_the_ca_s_key_is_found() {
    let record = Record::made().await;
    let copy = record.copy();
    let mut database = copy.database().await;
    sqlx::query("UPDATE audit SET who = 'somebody else' WHERE number = 2")
        .execute(&mut database)
        .await
        .expect("changed");
    let end = chained_anew(&mut database).await;
    let set = |signature: Vec<u8>| {
        sqlx::query("UPDATE audit_heads SET hash = $1, signature = $2").bind(end.clone()).bind(signature)
    };
    let (number, what) = copy.verified(&[]).expect("found");
    assert_eq!((number, what.as_str()), (record.rows, "it or an earlier one is another than the head says"));

    let time: i64 = sqlx::query("SELECT time FROM audit_heads").fetch_one(&mut database).await.expect("read").get(0);
    let time = jiff::Timestamp::from_second(time).expect("a time");
    let message = format!("countersign audit head v1\n1\n{}\n{}\n{time}\n", record.rows, hex(&end));
    let forged = KeyPair::generate().expect("a key").sign(message.as_bytes()).expect("signed");
    for signature in [Vec::new(), forged.clone()] {
        set(signature).execute(&mut database).await.expect("set");
        let (number, what) = copy.verified(&[]).expect("found");
        assert_eq!((number, what.as_str()), (record.rows, "the head after it was not signed by PassPort's CA"));
    }
    let (number, what) = copy.verified_against_the_exported().expect("found");
    assert_eq!((number, what.contains("at the export of the head")), (record.rows - 2, true), "{what}");

    // An exported head that somebody else signed is refused, and so is what is none.
    let file = copy.home.with_file_name("forged.json");
    let head = json!([{ "node": "1", "count": record.rows, "hash": hex(&end), "signature": STANDARD.encode(forged),
                        "time": time.to_string() }]);
    for (text, said) in [(head.to_string(), "was not signed by this PassPort's CA"), ("{}".into(), "cannot be read")] {
        std::fs::write(&file, text).expect("written");
        let (code, refusal) = run(&copy.home, &["audit", "verify", "--head", file.to_str().expect("text")]);
        assert_eq!(code, 3);
        assert!(refusal["problems"][0].as_str().expect("a line").contains(said), "{refusal}");
    }
}

#[tokio::test]
async fn an_authority_never_signs_a_chain_that_is_not_its_own_as_if_it_were() {
    let authority = Authority::ready_in_a_file().await;
    authority.enrolled(&integrator()).await;
    let mut rows = 0;
    let authority = authority
        .restart_after(|home| {
            let database = home.database();
            rows = run(home.path(), &["audit", "verify"]).1["rows"].as_i64().expect("a number");
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
                runtime.block_on(async {
                    let options = SqliteConnectOptions::new().filename(database);
                    let mut database = options.connect().await.expect("opened");
                    let change = "UPDATE audit SET who = 'somebody else' WHERE number = 1";
                    sqlx::query(change).execute(&mut database).await.expect("changed");
                    let end = chained_anew(&mut database).await;
                    sqlx::query("UPDATE audit_heads SET hash = $1")
                        .bind(end)
                        .execute(&mut database)
                        .await
                        .expect("set");
                });
            })
            .join()
            .expect("falsified");
        })
        .await;
    authority.set_property("am.registration.signing", "manual").await;
    let (code, said) = run(authority.home.path(), &["audit", "verify"]);
    assert_eq!((code, &said["first"]["number"]), (4, &json!(rows + 1)));
    let expected =
        format!("the chain was broken before it: PassPort found {rows} rows, and a head that it had not signed");
    assert_eq!(said["first"]["what"], json!(expected));
}

#[tokio::test]
async fn openssl_verifies_a_head_and_rows_are_json_lines() {
    let record = Record::made().await;
    let copy = record.copy();
    let path = |name: &str| copy.home.with_file_name(name).to_str().expect("text").to_owned();
    let (_, heads) = run(&copy.home, &["audit", "head"]);
    let text = |key: &str| heads[0][key].as_str().expect("text").to_owned();
    let message = format!(
        "countersign audit head v1\n{}\n{}\n{}\n{}\n",
        text("node"),
        heads[0]["count"],
        text("hash"),
        text("time")
    );
    std::fs::write(path("message"), message).expect("written");
    std::fs::write(path("signature"), STANDARD.decode(text("signature")).expect("base64")).expect("written");
    run(&copy.home, &["certificate", "export", "ca", "--out", &path("ca.pem"), "--pem"]);
    let script = "openssl x509 -in \"$1\" -noout -pubkey > \"$1.key\" && \
                  openssl dgst -sha256 -verify \"$1.key\" -signature \"$2\" \"$3\"";
    let output = Command::new("sh")
        .args(["-c", script, "sh", &path("ca.pem"), &path("signature"), &path("message")])
        .output()
        .expect("run");
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "Verified OK");

    let mut list = Command::new(env!("CARGO_BIN_EXE_countersign"));
    list.args(["passport", "audit", "list", "--since", "1h", "--json", "--home"]).arg(&copy.home);
    let output = list.output().expect("run");
    let rows: Vec<Value> = String::from_utf8(output.stdout)
        .expect("text")
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(rows.len(), usize::try_from(record.rows).expect("a size"));
    let enrolled = rows.iter().find(|row| row["act"] == "enrol").expect("an enrolment");
    assert_eq!((&enrolled["who"], &enrolled["source"]), (&json!("client"), &json!("127.0.0.1")));
    assert_eq!(enrolled["component"], json!("integrator/2.3/B2Bi/default"));
    assert!(enrolled["secret_id"].is_string() && enrolled["request"].is_string());
    let numbers: Vec<_> = rows.iter().map(|row| row["number"].as_i64()).collect();
    assert_eq!(numbers, (1..=record.rows).map(Some).collect::<Vec<_>>());
    for (arguments, expected) in [(&["--limit", "3"][..], 3), (&["--since", "2999-01-01"], 0)] {
        let mut list = Command::new(env!("CARGO_BIN_EXE_countersign"));
        let output = list.args(["passport", "audit", "list"]).args(arguments).arg("--home").arg(&copy.home).output();
        assert_eq!(String::from_utf8(output.expect("run").stdout).expect("text").lines().count(), expected);
    }
    assert_eq!(run(&copy.home, &["audit", "list", "--since", "yesterday"]).0, 2);
}

/// Makes the hashes of all rows anew, as the reference describes them; returns the last.
async fn chained_anew(database: &mut SqliteConnection) -> Vec<u8> {
    let some = |hash: &mut Sha256, bytes: &[u8]| {
        hash.update([1]);
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    };
    let mut beginning = Sha256::new();
    some(&mut beginning, b"countersign audit beginning v1");
    let mut previous = beginning.finalize().to_vec();
    let rows = sqlx::query("SELECT * FROM audit ORDER BY number").fetch_all(&mut *database).await.expect("read");
    for row in &rows {
        let mut hash = Sha256::new();
        some(&mut hash, b"countersign audit row v1");
        some(&mut hash, &previous);
        some(&mut hash, row.get::<String, _>("node").as_bytes());
        for number in ["number", "time"] {
            some(&mut hash, &row.get::<i64, _>(number).to_be_bytes());
        }
        let texts =
            ["who", "source", "act", "component", "secret_id", "change", "request", "serial", "result", "reason"];
        for text in texts {
            match row.get::<Option<String>, _>(text) {
                Some(text) => some(&mut hash, text.as_bytes()),
                None => hash.update([0]),
            }
        }
        previous = hash.finalize().to_vec();
        let set = sqlx::query("UPDATE audit SET hash = $1 WHERE number = $2");
        set.bind(&previous).bind(row.get::<i64, _>("number")).execute(&mut *database).await.expect("written");
    }
    previous
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hexadecimal")).collect()
}
