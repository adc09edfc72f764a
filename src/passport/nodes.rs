//! The nodes that share one authority.

use super::config::Config;
use super::store::{Node, Store, query, query_as, query_scalar};
use super::{Fault, audit::Entry, authority, now};
use crate::secret::{SealingKey, Secret};

/// Refuses a database that holds an authority; what one left that was never made to the end is removed.
pub async fn empty(store: &Store) -> Result<(), Fault> {
    let mut write = store.write().await?;
    let is_used: bool = query_scalar("SELECT EXISTS (SELECT 1 FROM nodes)").fetch_one(&mut *write).await?;
    if is_used {
        return Err(Fault::refused("the database holds a PassPort already: join it with --join, or give an empty one"));
    }
    for rest in [
        "DELETE FROM audit",
        "DELETE FROM audit_heads",
        "DELETE FROM users",
        "DELETE FROM keys",
        "DELETE FROM properties",
    ] {
        query(rest).execute(&mut *write).await?;
    }
    Ok(write.commit().await?)
}

/// Notes this node; the last act of making it.
pub async fn add(store: &Store, host: &str) -> Result<(), Fault> {
    let mut write = store.write().await?;
    let name = &store.node().name;
    query("INSERT INTO nodes (name, host, joined) VALUES ($1, $2, $3)")
        .bind(name)
        .bind(host)
        .bind(now())
        .execute(&mut *write)
        .await?;
    let reason = format!("node {name} on {host}");
    Entry::new("admin", "node added").result("ok", Some(&reason)).write(&mut *write).await?;
    Ok(write.commit().await?)
}

/// Adds a node to the authority in this database: under the next number, with keys of its own for its ports.
pub async fn join(address: &Secret, key: &SealingKey, config: &Config) -> Result<Store, Fault> {
    let asking = Store::connect(address, Node::of("joining", key.again())).await?;
    let names: Vec<String> = query_scalar("SELECT name FROM nodes").fetch_all(asking.reader()).await?;
    let domains: Vec<(String,)> = query_as("SELECT DISTINCT domain FROM users").fetch_all(asking.reader()).await?;
    asking.close().await;
    let Some(last) = names.iter().filter_map(|name| name.parse::<u32>().ok()).max() else {
        return Err(Fault::refused("the database holds no PassPort to join: make the first node without --join"));
    };
    if !domains.iter().any(|(domain,)| *domain == config.domain) {
        let domains: Vec<String> = domains.into_iter().map(|(domain,)| domain).collect();
        return Err(Fault::refused(format!(
            "no user of this PassPort is in the domain {}: give one of {}",
            config.domain,
            domains.join(", ")
        )));
    }
    let store = Store::connect(address, Node::of(&(last + 1).to_string(), key.again())).await?;
    authority::join(&store, &config.host).await?;
    add(&store, &config.host).await?;
    Ok(store)
}
