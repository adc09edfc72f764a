//! `gateway list`.

use serde_json::{Value, json};

use super::{Exit, Home, Scope, log, ours};
use crate::gateway::{Named, all};
use crate::registration::material::Validity;

/// Shows every repository.
pub fn run(home: &Home, scope: &Scope) -> anyhow::Result<Exit> {
    let all = all(home, &log(home)).map_err(|failure| ours(&failure))?;
    let values: Vec<Value> = all.iter().map(described).collect();
    let text = |key: &'static str| move |value: &Value| value[key].as_str().unwrap_or("-").to_owned();
    let lines: Vec<String> = values
        .iter()
        .map(|value| {
            let state = value["error"].as_str().map_or_else(|| text("status")(value), str::to_owned);
            let until = value["until"].as_str().map_or_else(String::new, |day| format!(", until {day}"));
            format!(
                "{}  {}  ports {} and {}  {}  {state}{until}",
                text("repository")(value),
                text("host")(value),
                value["https_port"],
                value["client_auth_port"],
                text("keystore")(value),
            )
        })
        .collect();
    let said = if lines.is_empty() { "no repository yet".to_owned() } else { lines.join("\n") };
    scope.print(&said, &json!({ "repositories": values }));
    Ok(Exit::Done)
}

fn described(named: &Named) -> Value {
    let Named { name, repository, link } = named;
    match link {
        Err(failure) => json!({ "repository": name, "host": repository.host, "error": failure.to_string() }),
        Ok(link) => {
            let site = &link.access.site;
            let until = site.material().ok().flatten().and_then(|material| Validity::of(material.leaf()));
            let until = until.and_then(|validity| jiff::Timestamp::from_second(validity.until).ok());
            json!({
                "repository": name,
                "host": site.host,
                "address": site.address,
                "https_port": site.https_port,
                "client_auth_port": site.client_auth_port,
                "domain": link.domain,
                "csd": repository.csd,
                "elsewhere": repository.elsewhere,
                "keystore": site.keystore().file_name().map(|name| name.to_string_lossy()),
                "status": site.state(),
                "until": until.map(|end| end.strftime("%Y-%m-%d").to_string()),
            })
        }
    }
}
