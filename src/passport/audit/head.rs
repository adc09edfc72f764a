//! The end of a node's chain, signed with the CA's key: whoever has the CA's certificate can check it.

use std::fmt;

use rcgen::{KeyPair, SigningKey};
use rustls::SignatureScheme;
use serde::{Deserialize, Serialize};
use x509_parser::prelude::{FromDer, X509Certificate};

use super::{hex, unhex};
use crate::passport::store::{Conn, Node, Store, query, query_as};
use crate::passport::{Fault, authority, time_text};
use crate::registration::tls::provider;
use crate::registration::wire::Bytes;

/// The first line of what is signed: nothing else that the CA's key signs begins with it.
const DOMAIN: &str = "countersign audit head v1";

/// How long a node's chain is, and what it ends in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The node.
    pub node: String,
    /// How many rows.
    pub count: i64,
    /// The last row's hash.
    pub hash: Vec<u8>,
    /// When it was signed, in seconds since 1970.
    pub time: i64,
    /// ECDSA with SHA-256 over the text of all this, DER.
    pub signature: Option<Vec<u8>>,
}

/// The end of a chain that nobody has signed yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// How many rows.
    pub count: i64,
    /// The last row's hash.
    pub hash: Vec<u8>,
}

/// A head as it is exported.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Exported {
    node: String,
    count: i64,
    hash: String,
    signature: Bytes,
    time: String,
}

impl Head {
    /// Where the chain ends.
    pub(super) fn end(&self) -> End {
        End { count: self.count, hash: self.hash.clone() }
    }

    /// What is signed: five lines.
    pub(super) fn message(&self) -> String {
        format!("{DOMAIN}\n{}\n{}\n{}\n{}\n", self.node, self.count, hex(&self.hash), time_text(self.time))
    }
}

/// As a line for people.
impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "node {}: {} rows, {}, signed {}", self.node, self.count, hex(&self.hash), time_text(self.time))
    }
}

/// Heads as JSON for whoever keeps them elsewhere: `[{"node","count","hash","signature","time"}]`. One that was never
/// signed is worth nothing there and stays away.
pub fn export(heads: Vec<Head>) -> serde_json::Value {
    let one = |head: Head| {
        let (hash, time) = (hex(&head.hash), time_text(head.time));
        Some(Exported { node: head.node, count: head.count, hash, signature: Bytes(head.signature?), time })
    };
    heads.into_iter().filter_map(one).map(|one| serde_json::json!(one)).collect()
}

/// Reads what [`export`] wrote; `None` when it is something else.
pub fn import(text: &str) -> Option<Vec<Head>> {
    let exported: Vec<Exported> = serde_json::from_str(text).ok()?;
    let one = |one: Exported| {
        let time = one.time.parse::<jiff::Timestamp>().ok()?.as_second();
        let (hash, signature) = (unhex(&one.hash)?, Some(one.signature.0));
        Some(Head { node: one.node, count: one.count, hash, time, signature })
    };
    exported.into_iter().map(one).collect()
}

/// All heads, as of this moment.
pub async fn heads(store: &Store) -> Result<Vec<Head>, Fault> {
    Ok(all(&mut *store.read().await?).await?)
}

pub(super) async fn all(from: &mut Conn) -> Result<Vec<Head>, sqlx::Error> {
    let rows: Vec<Stored> =
        query_as("SELECT node, count, hash, time, signature FROM audit_heads ORDER BY node").fetch_all(from).await?;
    Ok(rows.into_iter().map(head).collect())
}

pub(super) async fn stored(from: &mut Conn, node: &str) -> Result<Option<Head>, sqlx::Error> {
    let row: Option<Stored> = query_as("SELECT node, count, hash, time, signature FROM audit_heads WHERE node = $1")
        .bind(node)
        .fetch_optional(from)
        .await?;
    Ok(row.map(head))
}

/// Puts a head into the table.
pub(super) async fn put(to: &mut Conn, head: &Head) -> Result<(), sqlx::Error> {
    query(
        "INSERT INTO audit_heads (node, count, hash, time, signature) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (node) DO UPDATE
         SET count = excluded.count, hash = excluded.hash, time = excluded.time, signature = excluded.signature",
    )
    .bind(&head.node)
    .bind(head.count)
    .bind(&head.hash)
    .bind(head.time)
    .bind(&head.signature)
    .execute(to)
    .await
    .map(drop)
}

type Stored = (String, i64, Vec<u8>, i64, Option<Vec<u8>>);

fn head((node, count, hash, time, signature): Stored) -> Head {
    Head { node, count, hash, time, signature }
}

/// The CA's key, for heads.
pub struct Signer {
    key: KeyPair,
    verifier: Verifier,
}

/// The CA's certificate, for heads.
pub struct Verifier(Vec<u8>);

impl Signer {
    /// The CA's, opened by this node; `None` while the authority has no keys yet.
    pub(super) async fn load(from: &mut Conn, node: &Node) -> Result<Option<Self>, sqlx::Error> {
        let kept = authority::key(from, node, authority::CA).await.map_err(|fault| match fault {
            Fault::Database(error) => error,
            other => unusable(other),
        })?;
        let Some((private, certificate)) = kept else { return Ok(None) };
        let key = KeyPair::try_from(private.as_slice()).map_err(unusable)?;
        Ok(Some(Self { key, verifier: Verifier::new(&certificate.unwrap_or_default()).map_err(unusable)? }))
    }

    pub(super) fn sign(&self, head: &Head) -> Result<Vec<u8>, sqlx::Error> {
        self.key.sign(head.message().as_bytes()).map_err(unusable)
    }

    pub(super) fn accepts(&self, head: &Head) -> bool {
        self.verifier.accepts(head)
    }
}

impl Verifier {
    /// With the CA's certificate, DER.
    pub(super) fn new(certificate: &[u8]) -> Result<Self, Fault> {
        let (_, parsed) = X509Certificate::from_der(certificate).map_err(|_| Fault::Damaged("the CA's certificate"))?;
        Ok(Self(parsed.public_key().subject_public_key.data.to_vec()))
    }

    /// Whether the CA signed exactly this.
    pub(super) fn accepts(&self, head: &Head) -> bool {
        let Some(signature) = &head.signature else { return false };
        let provider = provider();
        let schemes = provider.signature_verification_algorithms.mapping.iter();
        schemes
            .filter(|(scheme, _)| *scheme == SignatureScheme::ECDSA_NISTP256_SHA256)
            .flat_map(|(_, algorithms)| algorithms.iter())
            .any(|one| one.verify_signature(&self.0, head.message().as_bytes(), signature).is_ok())
    }
}

fn unusable(error: impl std::fmt::Display) -> sqlx::Error {
    sqlx::Error::Protocol(format!("the CA's key cannot be used for the audit: {error}"))
}
