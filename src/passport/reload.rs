//! SIGHUP: `passport.toml` is read again. What needs no other port counts at once.

use super::authority::Authority;
use super::config::Config;
use super::{Fault, Home};

/// The configuration that counts, as its file says it: port 0 is 0 here.
pub struct Reloading {
    home: Home,
    counts: Config,
}

impl Reloading {
    /// With the configuration of the start.
    pub fn new(home: &Home) -> Result<Self, Fault> {
        Ok(Self { home: home.clone(), counts: Config::read(home)? })
    }

    /// Reads it again. One that cannot be read changes nothing; the log says what became of it.
    pub async fn again(&mut self, authority: &Authority) {
        match self.changed(authority).await {
            Ok(told) if told.is_empty() => authority.log.info("the configuration was read again: nothing is new"),
            Ok(told) => authority.log.info(format_args!("the configuration was read again: {}", told.join(", "))),
            Err(fault) => authority.log.warn(format_args!("the configuration that was there still counts: {fault}")),
        }
    }

    async fn changed(&mut self, authority: &Authority) -> Result<Vec<String>, Fault> {
        let new = Config::read(&self.home)?;
        let mut told = Vec::new();
        if new.domain != self.counts.domain {
            authority.follow_domain(&new.domain).await?;
            told.push(format!("the domain is {}", new.domain));
            self.counts.domain.clone_from(&new.domain);
        }
        if new.host != self.counts.host {
            authority.follow_host(&new.host).await?;
            told.push(format!("the host is {}", new.host));
            self.counts.host.clone_from(&new.host);
        }
        if new != self.counts {
            authority
                .log
                .warn("passport.toml has another address, port or node: stop and start PassPort for it to count");
        }
        Ok(told)
    }
}
