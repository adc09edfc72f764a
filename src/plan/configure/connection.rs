//! Where the authority is: at the authority itself, and told to each component.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::Work;
use crate::estate::ComponentHome;
use crate::plan::edit::edited;
use crate::plan::{NewValue, Step};
use crate::profile::Connection;
use crate::registration::site::Site;

impl Work<'_> {
    /// Whether the components are told another authority than before.
    pub(super) fn connects(&self) -> bool {
        self.found.estate.authority != self.settings.authority
    }

    /// The registrations whose keystore gets another name, each as it was and with the number of the one that takes its
    /// place.
    pub(super) fn renamed<'a>(&self, client: &'a ComponentHome) -> impl Iterator<Item = (Site, usize)> + use<'a> {
        let before = client.sites(&self.found.estate.authority);
        let after = client.sites(&self.settings.authority);
        let pairs = before.into_iter().zip(after).enumerate();
        pairs.filter(|(_, (before, after))| before.keystore() != after.keystore()).map(|(at, (before, _))| (before, at))
    }

    /// The authority's own settings, where they change.
    pub(super) fn served(&self) -> Result<Option<Step>, String> {
        let server = self.staying().find(|one| one.is_authority());
        server.map_or(Ok(None), |server| self.in_file(server))
    }

    /// Tells a stopped component of the authority, and makes room for its new keystore.
    pub(super) fn connect(&self, client: &ComponentHome) -> Result<Vec<Step>, String> {
        if !self.connects() {
            return Ok(Vec::new());
        }
        let told = self.found.clients.get(client.id()).and_then(|client| client.told.as_ref());
        let mut steps: Vec<Step> = match told {
            Some(told) => self.by_command(client, told).into_iter().collect(),
            None => self.in_file(client)?.into_iter().collect(),
        };
        for (site, _) in self.renamed(client) {
            let files = [site.keystore(), site.password_file(), site.lock_file()];
            steps.extend(files.map(|file| self.move_aside(file, client.id())));
        }
        Ok(steps)
    }

    /// What changes in a file of repositories, which holds the secret too.
    fn in_repositories(&self, client: &ComponentHome, connection: &Connection, path: PathBuf) -> Option<Step> {
        let before = &self.settings.repositories.as_ref()?.authority;
        let before = [
            ("host", before.host.clone()),
            ("https_port", before.https_port.to_string()),
            ("client_auth_port", before.client_auth_port.to_string()),
            ("domain", before.domain.clone()),
        ];
        let mut answers = self.answers(client);
        let value = |(word, before): (&str, String)| {
            let (key, after) = (connection.keys.get(word)?.clone(), answers.remove(word)?);
            (before != after).then_some(NewValue { key, before, after })
        };
        let values: Vec<NewValue> = before.into_iter().filter_map(value).collect();
        let (home, format) = (client.home().to_path_buf(), connection.format.clone());
        (!values.is_empty()).then_some(Step::SetValues { home, path, format, values })
    }

    /// The values that a component is told, by the answers' words.
    fn answers(&self, client: &ComponentHome) -> BTreeMap<String, String> {
        let values = self.settings.values(client.values());
        let keys = client.connection().into_iter().flat_map(|(connection, _)| connection.keys.keys());
        keys.map(|word| (word.clone(), values.fill(&format!("{{{word}}}")))).collect()
    }

    fn by_command(&self, client: &ComponentHome, told: &BTreeMap<String, String>) -> Option<Step> {
        let change = client.connection()?.0.change.as_ref()?;
        let new = self.answers(client);
        let filled = |answers: &BTreeMap<String, String>| {
            let word = |argument: &String| {
                let word = argument.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
                let answer = word.and_then(|word| answers.get(word));
                answer.cloned().unwrap_or_else(|| client.values().fill(argument))
            };
            change.iter().map(word).collect()
        };
        (new != *told).then(|| Step::Connect {
            name: client.component.name.clone(),
            command: filled(&new),
            back: filled(told),
        })
    }

    fn in_file(&self, client: &ComponentHome) -> Result<Option<Step>, String> {
        let Some((connection, path)) = client.connection() else { return Ok(None) };
        let answers = self.answers(client);
        if client.repositories_file().as_ref() == Some(&path) {
            return Ok(self.in_repositories(client, connection, path));
        }
        let values: Vec<(String, String)> =
            connection.keys.iter().filter_map(|(word, key)| Some((key.clone(), answers.get(word)?.clone()))).collect();
        let after = edited(self.text(&path)?, &connection.format, &values)
            .map_err(|why| format!("{} {why}", self.shown(&path)))?;
        self.edit(path, after)
    }
}
