//! Where the authority is: at the authority itself, and told to each component.

use std::collections::BTreeMap;

use super::Work;
use crate::estate::ComponentHome;
use crate::plan::Step;
use crate::plan::edit::edited;

impl Work<'_> {
    /// Whether the components are told another authority than before.
    pub(super) fn connects(&self) -> bool {
        self.found.estate.authority != self.settings.authority
    }

    /// The components whose keystore gets another name: they register anew.
    pub(super) fn renamed(&self) -> impl Iterator<Item = &ComponentHome> {
        self.staying().filter(|client| {
            let before = client.site(&self.found.estate.authority).map(|site| site.keystore());
            before != client.site(&self.settings.authority).map(|site| site.keystore())
        })
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
        if self.renamed().any(|renamed| renamed.id() == client.id())
            && let Some(site) = client.site(&self.found.estate.authority)
        {
            let files = [site.keystore(), site.password_file(), site.lock_file()];
            steps.extend(files.map(|file| self.move_aside(file, client.id())));
        }
        Ok(steps)
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
        let values: Vec<(String, String)> =
            connection.keys.iter().filter_map(|(word, key)| Some((key.clone(), answers.get(word)?.clone()))).collect();
        let after = edited(self.text(&path)?, &connection.format, &values)
            .map_err(|why| format!("{} {why}", self.shown(&path)))?;
        self.edit(path, after)
    }
}
