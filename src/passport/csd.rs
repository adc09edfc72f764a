//! Reading a Component Security Descriptor: who the component is, and whether it listens.
//!
//! No complete CSD of the vendor is public, so nothing is checked against a schema: name, version and group are taken
//! from attributes of the outermost element or from the first elements of those names, the rest is kept as it is.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use thiserror::Error;

use crate::registration::wire::{Identity, PROBE_COMPONENT};

/// The longest CSD that is read, in bytes.
pub const MAX_CSD: usize = 512 * 1024;
/// The longest name, version, group or instance, in bytes.
pub const MAX_PART: usize = 64;
/// The deepest nesting that is followed.
const MAX_DEPTH: usize = 64;
/// The instance that an import makes.
pub const DEFAULT_INSTANCE: &str = "default";

/// What a CSD says of a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Csd {
    /// Name, version and group from the file; instance `default`.
    pub identity: Identity,
    /// Whether it accepts connections: its certificate is then good for that too.
    pub listens: bool,
}

/// Why a file is no CSD.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum CsdError {
    /// Over [`MAX_CSD`] or nested too deeply.
    #[error("the CSD is too large")]
    TooLarge,
    /// Not well-formed XML.
    #[error("the CSD is no well-formed XML (byte {0})")]
    NotXml(u64),
    /// A value is missing.
    #[error("the CSD does not give the component's {0}")]
    Missing(&'static str),
    /// A value cannot be used.
    #[error("the CSD's component {0} must be 1 to {MAX_PART} bytes without colon, slash or control characters")]
    Unusable(&'static str),
    /// The name is taken.
    #[error("the component name {PROBE_COMPONENT} is reserved")]
    Reserved,
}

/// Reads one.
pub fn read(xml: &str) -> Result<Csd, CsdError> {
    if xml.len() > MAX_CSD {
        return Err(CsdError::TooLarge);
    }
    let mut found = Found::default();
    let mut reader = Reader::from_str(xml);
    let mut path: Vec<String> = Vec::new();
    let mut text = String::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(element)) => {
                found.attributes(&element, path.len());
                path.push(local(&element));
                text.clear();
                if path.len() > MAX_DEPTH {
                    return Err(CsdError::TooLarge);
                }
            }
            Ok(Event::Empty(element)) => found.attributes(&element, path.len()),
            Ok(Event::End(_)) => {
                found.text(path.last(), path.len(), text.trim());
                text.clear();
                path.pop();
            }
            Ok(Event::Text(part)) => text.push_str(&part.xml10_content()),
            Ok(Event::CData(part)) => text.push_str(&part.xml10_content()),
            Ok(Event::GeneralRef(name)) => {
                text.push_str(quick_xml::escape::resolve_predefined_entity(&name).unwrap_or("\u{fffd}"));
            }
            Ok(Event::Eof) if path.is_empty() => return found.csd(),
            Ok(Event::Eof) | Err(_) => return Err(CsdError::NotXml(reader.error_position())),
            Ok(_) => {}
        }
    }
}

/// Whether a part of an identity can be used as one: short, without separators of ours.
pub fn usable(part: &str) -> bool {
    !part.is_empty() && part.len() <= MAX_PART && !part.contains([':', '/']) && !part.chars().any(char::is_control)
}

#[derive(Default)]
struct Found {
    name: Option<String>,
    version: Option<String>,
    group: Option<String>,
    listens: Option<String>,
}

impl Found {
    /// Attributes count on the outermost element and on one called `component`.
    fn attributes(&mut self, element: &BytesStart<'_>, depth: usize) {
        if depth > 0 && !word(&local(element)).starts_with("component") {
            return;
        }
        for attribute in element.attributes().with_checks(false).flatten() {
            let name = attribute.key.local_name().as_ref().to_owned();
            if let Ok(value) = attribute.normalized_value(quick_xml::XmlVersion::Explicit1_0) {
                self.take(&name, value.trim());
            }
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
        Ok(Csd { identity, listens })
    }
}

fn local(element: &BytesStart<'_>) -> String {
    element.local_name().as_ref().to_owned()
}

/// Names are compared without case, hyphens and underscores.
fn word(name: &str) -> String {
    name.chars().filter(|character| !matches!(character, '-' | '_')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_shipped_ones_say_who_listens() {
        let integrator = read(include_str!("../../installer-assets/csd/integrator.xml")).expect("read");
        let interchange = read(include_str!("../../installer-assets/csd/interchange.xml")).expect("read");
        assert_eq!(integrator.identity.parts().map(|(_, value)| value), ["integrator", "2.3", "B2Bi", "default"]);
        assert_eq!(interchange.identity.parts().map(|(_, value)| value), ["interchange", "2.3", "B2Bi", "default"]);
        assert!(integrator.listens && !interchange.listens);
    }

    #[test]
    fn elements_do_as_well_as_attributes_and_a_role_s_name_is_not_the_component_s() {
        let xml = "<csd><identity><component-name>a</component-name><Version> 1 </Version><group>g</group></identity>\
                   <roles><role><name>boss</name></role></roles></csd>";
        assert_eq!(read(xml).expect("read").identity.name, "a");
        let late = "<csd version='1' group='g'><roles><role name='boss'/></roles><name>a</name></csd>";
        assert_eq!(read(late).expect("read").identity.name, "a");
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert_eq!(read("<csd name='a' group='g'/>"), Err(CsdError::Missing("version")));
        assert_eq!(read("<csd name='a:b' version='1' group='g'/>"), Err(CsdError::Unusable("name")));
        assert_eq!(read("<csd name='countersign-probe' version='1' group='g'/>"), Err(CsdError::Reserved));
        assert!(matches!(read("<csd name='a'"), Err(CsdError::NotXml(_))));
        assert!(matches!(read("<a><b></a>"), Err(CsdError::NotXml(_))));
        assert_eq!(read(&"<a>".repeat(100)), Err(CsdError::TooLarge));
    }

    proptest! {
        #[test]
        fn nothing_makes_the_reader_panic(text in "[<>/&;='\"a-z \\n]{0,200}|\\PC{0,200}") {
            let _ = read(&text);
        }
    }
}
