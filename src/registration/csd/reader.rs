//! From XML to a CSD, in one pass.

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::access::Builder;
use super::{Csd, CsdError, DEFAULT_INSTANCE, MAX_CSD, MAX_DEPTH, usable};
use crate::registration::wire::{Identity, PROBE_COMPONENT};

/// Reads one.
pub fn read(xml: &str) -> Result<Csd, CsdError> {
    if xml.len() > MAX_CSD {
        return Err(CsdError::TooLarge);
    }
    // The reader leaves a byte order mark out of its positions.
    let xml = xml.trim_start_matches('\u{feff}');
    let mut found = Found::default();
    let mut reader = Reader::from_str(xml);
    let mut path: Vec<String> = Vec::new();
    let mut text = String::new();
    let mut roots = 0;
    let mut lines = Lines { xml, at: 0, line: 1 };
    loop {
        let line = lines.of(reader.buffer_position());
        match reader.read_event() {
            Ok(Event::Start(element)) => {
                roots += usize::from(path.is_empty());
                found.element(&element, &path, line)?;
                path.push(local(&element));
                text.clear();
                if path.len() > MAX_DEPTH {
                    return Err(CsdError::TooDeep(line));
                }
            }
            Ok(Event::Empty(element)) => {
                roots += usize::from(path.is_empty());
                found.element(&element, &path, line)?;
            }
            Ok(Event::End(_)) => {
                found.text(path.last(), path.len(), text.trim());
                text.clear();
                path.pop();
            }
            Ok(Event::Text(part)) => text.push_str(&part.xml10_content()),
            Ok(Event::CData(part)) => text.push_str(&part.xml10_content()),
            Ok(Event::GeneralRef(name)) => text.push_str(&resolved(&name).ok_or(CsdError::Entity(line))?),
            Ok(Event::DocType(_)) => return Err(CsdError::DocType(line)),
            Ok(Event::Eof) if path.is_empty() && roots == 1 => return found.csd(),
            Ok(Event::Eof) | Err(_) => {
                return Err(CsdError::NotXml(lines.of(reader.error_position().max(reader.buffer_position()))));
            }
            Ok(_) => {}
        }
    }
}

/// Counts lines, each once.
struct Lines<'a> {
    xml: &'a str,
    at: usize,
    line: usize,
}

impl Lines<'_> {
    /// The line in which the byte at this position is, not before the one asked for last.
    fn of(&mut self, position: u64) -> usize {
        let to = usize::try_from(position).unwrap_or(usize::MAX).min(self.xml.len());
        self.line += self.xml.as_bytes()[self.at.min(to)..to].split(|byte| *byte == b'\n').skip(1).count();
        self.at = self.at.max(to);
        self.line
    }
}

/// What XML itself has for a reference: a character by its number, or one of the five entities.
fn resolved(name: &BytesRef<'_>) -> Option<String> {
    match name.resolve_char_ref() {
        Ok(Some(character)) => Some(character.to_string()),
        Ok(None) => resolve_predefined_entity(name).map(str::to_owned),
        Err(_) => None,
    }
}

#[derive(Default)]
struct Found {
    name: Option<String>,
    version: Option<String>,
    group: Option<String>,
    listens: Option<String>,
    access: Builder,
}

impl Found {
    fn element(&mut self, element: &BytesStart<'_>, path: &[String], line: usize) -> Result<(), CsdError> {
        let attributes = attributes(element, line)?;
        // On the outermost element and on one called `component` attributes say who the component is.
        if path.is_empty() || word(&local(element)).starts_with("component") {
            for (name, value) in &attributes {
                self.take(name, value);
            }
        }
        let get = |key: &str| attributes.iter().find(|(name, _)| name == key).map(|(_, value)| value.clone());
        let within: Vec<_> = path.iter().skip(1).map(String::as_str).collect();
        let Some(name) = get("name") else { return Ok(()) };
        match (within.as_slice(), local(element).as_str()) {
            (["resources"], "resource") => self.access.resource(line, name),
            (["resources", "resource"], "action") => self.access.action(line, name),
            (["privileges"], "privilege") => {
                self.access.privilege(line, name, get("resource"), &get("actions").unwrap_or_default())
            }
            (["roles"], "role") => self.access.role(line, name, &get("privileges").unwrap_or_default()),
            _ => Ok(()),
        }
    }

    /// Elements count directly below the outermost one and one level further down.
    fn text(&mut self, element: Option<&String>, depth: usize, text: &str) {
        if let Some(element) = element
            && (2..=3).contains(&depth)
            && !text.is_empty()
        {
            self.take(element, text);
        }
    }

    fn take(&mut self, name: &str, value: &str) {
        let slot = match word(name).as_str() {
            "name" | "componentname" => &mut self.name,
            "version" | "componentversion" => &mut self.version,
            "group" | "componentgroup" | "groupname" => &mut self.group,
            "listens" => &mut self.listens,
            _ => return,
        };
        slot.get_or_insert_with(|| value.to_owned());
    }

    fn csd(self) -> Result<Csd, CsdError> {
        let part = |value: Option<String>, name| match value {
            None => Err(CsdError::Missing(name)),
            Some(value) if usable(&value) => Ok(value),
            Some(_) => Err(CsdError::Unusable(name)),
        };
        let identity = Identity {
            name: part(self.name, "name")?,
            version: part(self.version, "version")?,
            group: part(self.group, "group")?,
            instance: DEFAULT_INSTANCE.into(),
        };
        if identity.name == PROBE_COMPONENT {
            return Err(CsdError::Reserved);
        }
        let listens = self.listens.is_some_and(|value| matches!(word(&value).as_str(), "yes" | "true" | "1"));
        Ok(Csd { identity, listens, access: self.access.finish()? })
    }
}

/// An element's attributes by local name, without blanks around their values.
fn attributes(element: &BytesStart<'_>, line: usize) -> Result<Vec<(String, String)>, CsdError> {
    let one = |attribute: Result<quick_xml::events::attributes::Attribute<'_>, _>| {
        let attribute = attribute.map_err(|_| CsdError::NotXml(line))?;
        let name = attribute.key.local_name().as_ref().to_owned();
        let value = attribute.normalized_value(XmlVersion::Explicit1_0).map_err(|_| CsdError::Entity(line))?;
        Ok((name, value.trim().to_owned()))
    };
    element.attributes().map(one).collect()
}

fn local(element: &BytesStart<'_>) -> String {
    element.local_name().as_ref().to_owned()
}

/// Names are compared without case, hyphens and underscores.
fn word(name: &str) -> String {
    name.chars().filter(|character| !matches!(character, '-' | '_')).flat_map(char::to_lowercase).collect()
}
