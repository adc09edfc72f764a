//! Reading a Component Security Descriptor: who the component is, whether it listens, and what its users may do.
//!
//! No complete CSD of the vendor is public. So name, version and group are taken from attributes of the outermost
//! element or from the first elements of those names; resources, privileges and roles in the form of
//! `installer-assets/csd/csd.xsd` alone, and what else there is is left aside.

mod access;
mod reader;

use thiserror::Error;

pub use self::access::{Access, Privilege};
pub use self::reader::read;
use crate::registration::wire::{Identity, PROBE_COMPONENT};

/// The longest CSD that is read, in bytes.
pub const MAX_CSD: usize = 512 * 1024;
/// The longest name, version, group or instance, in bytes.
pub const MAX_PART: usize = 64;
/// The deepest nesting that is followed.
const MAX_DEPTH: usize = 64;
/// The longest name of a resource, action, privilege or role, in bytes.
const MAX_NAME: usize = 128;
/// The instance that an import makes.
pub const DEFAULT_INSTANCE: &str = "default";

/// What a CSD says of a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Csd {
    /// Name, version and group from the file; instance `default`.
    pub identity: Identity,
    /// Whether it accepts connections: its certificate is then good for that too.
    pub listens: bool,
    /// What its users may do.
    pub access: Access,
}

/// Why a file is no CSD.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum CsdError {
    /// Over [`MAX_CSD`].
    #[error("the CSD is longer than {MAX_CSD} bytes")]
    TooLarge,
    /// Nested too deeply.
    #[error("line {0}: the CSD is nested deeper than {MAX_DEPTH} elements")]
    TooDeep(usize),
    /// Not well-formed XML.
    #[error("line {0}: the CSD is no well-formed XML")]
    NotXml(usize),
    /// A document type can define entities, and name files and hosts to read.
    #[error("line {0}: the CSD has a document type (DOCTYPE): take it out")]
    DocType(usize),
    /// Only the five entities of XML itself are known.
    #[error("line {0}: the CSD uses an entity that XML itself does not have")]
    Entity(usize),
    /// A value is missing.
    #[error("the CSD does not give the component's {0}")]
    Missing(&'static str),
    /// A value cannot be used.
    #[error("the CSD's component {0} must be 1 to {MAX_PART} bytes without colon, slash or control characters")]
    Unusable(&'static str),
    /// The name is taken.
    #[error("the component name {PROBE_COMPONENT} is reserved")]
    Reserved,
    /// A resource, privilege or role cannot have this name.
    #[error("line {0}: the name of a {1} must be 1 to {MAX_NAME} bytes without blanks or control characters")]
    Name(usize, &'static str),
    /// Two of a kind have one name.
    #[error("line {0}: there is a {1} {2:?} already")]
    Twice(usize, &'static str, String),
    /// A privilege says nothing of where it holds.
    #[error("line {0}: the privilege {1:?} names no {2}")]
    Incomplete(usize, String, &'static str),
    /// A privilege or role names what is not there.
    #[error("line {line}: the {kind} {name:?} names the {part} {missing:?}, which the CSD does not have")]
    Unknown {
        /// Where.
        line: usize,
        /// `privilege` or `role`.
        kind: &'static str,
        /// Its name.
        name: String,
        /// `resource`, `action` or `privilege`.
        part: &'static str,
        /// What is not there.
        missing: String,
    },
}

/// Whether a part of an identity can be used as one: short, without separators of ours.
pub fn usable(part: &str) -> bool {
    !part.is_empty() && part.len() <= MAX_PART && !part.contains([':', '/']) && !part.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_byte_order_mark_is_no_trouble_and_lines_are_counted_behind_it() {
        let mark = '\u{feff}';
        assert_eq!(
            read(&format!("{mark}\n")).map_err(|error| error.to_string()),
            read("\n").map_err(|error| error.to_string())
        );
        let error = read(&format!("{mark}<c>\u{e4}\n<d></c>")).expect_err("not closed");
        assert!(error.to_string().starts_with("line 2"), "{error}");
    }

    #[test]
    fn the_shipped_ones_say_who_listens_and_who_may_do_what() {
        let integrator = read(include_str!("../../../installer-assets/csd/integrator.xml")).expect("read");
        let interchange = read(include_str!("../../../installer-assets/csd/interchange.xml")).expect("read");
        let gateway = read(include_str!("../../../installer-assets/csd/api-gateway.xml")).expect("read");
        assert_eq!(integrator.identity.parts().map(|(_, value)| value), ["integrator", "2.3", "B2Bi", "default"]);
        assert_eq!(interchange.identity.parts().map(|(_, value)| value), ["interchange", "2.3", "B2Bi", "default"]);
        assert!(integrator.listens && !interchange.listens && !gateway.listens);
        let may = |roles: &[&str], resource, action| integrator.access.allows(roles.iter().copied(), resource, action);
        assert!(may(&["Administration"], "maps", "deploy"));
        assert!(may(&["Nothing", "Monitoring"], "maps", "view"));
        assert!(!may(&["Monitoring"], "maps", "deploy") && !may(&["Monitoring"], "partners", "view"));
        assert!(!may(&["Nothing"], "maps", "view") && !may(&[], "maps", "view"));
        for csd in [interchange, gateway] {
            assert!(csd.access.roles().count() > 1);
        }
    }

    #[test]
    fn elements_do_as_well_as_attributes_and_a_role_s_name_is_not_the_component_s() {
        let xml = "<csd><identity><component-name>a</component-name><Version> 1 </Version><group>g</group></identity>\
                   <roles><role><name>boss</name></role></roles></csd>";
        assert_eq!(read(xml).expect("read").identity.name, "a");
        let late = "<csd version='1' group='g'><roles><role name='boss'/></roles><name>a</name></csd>";
        assert_eq!(read(late).expect("read").identity.name, "a");
    }

    fn with(inside: &str) -> Result<Csd, String> {
        read(&format!("<csd name='a' version='1' group='g'>\n{inside}</csd>")).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert_eq!(read("<csd name='a' group='g'/>"), Err(CsdError::Missing("version")));
        assert_eq!(read("<csd name='a:b' version='1' group='g'/>"), Err(CsdError::Unusable("name")));
        assert_eq!(read("<csd name='countersign-probe' version='1' group='g'/>"), Err(CsdError::Reserved));
        assert_eq!(read("<csd name='a'"), Err(CsdError::NotXml(1)));
        assert_eq!(read("<a>\n<b></a>"), Err(CsdError::NotXml(2)));
        assert_eq!(read("<csd name='a' version='1' group='g'/><b/>"), Err(CsdError::NotXml(1)));
        assert_eq!(read(""), Err(CsdError::NotXml(1)));
        assert_eq!(read(&"<a>\n".repeat(100)), Err(CsdError::TooDeep(65)));
        assert_eq!(read(&" ".repeat(MAX_CSD + 1)), Err(CsdError::TooLarge));
    }

    #[test]
    fn no_entity_but_xml_s_own_is_ever_resolved() {
        let doctype =
            "<?xml version='1.0'?>\n<!DOCTYPE csd [\n<!ENTITY a 'lol'><!ENTITY b '&a;&a;'>]>\n<csd name='&b;'/>";
        assert_eq!(read(doctype), Err(CsdError::DocType(2)));
        assert_eq!(read("<!DOCTYPE csd SYSTEM 'file:///etc/passwd'><csd/>"), Err(CsdError::DocType(1)));
        assert_eq!(
            with("<name>&xxe;</name>"),
            Err("line 2: the CSD uses an entity that XML itself does not have".into())
        );
        assert_eq!(read("<csd\nname='&xxe;' version='1' group='g'/>"), Err(CsdError::Entity(1)));
        let own =
            read("<csd version='1&amp;2' group='&#65;'><name>&lt;&#x41;&gt;</name></csd>").expect("read").identity;
        assert_eq!((own.name.as_str(), own.version.as_str(), own.group.as_str()), ("<A>", "1&2", "A"));
    }

    #[test]
    fn what_a_role_or_privilege_names_must_be_there() {
        let resources = "<resources><resource name='maps'><action name='view'/></resource></resources>\n";
        for (inside, expected) in [
            (
                "<roles>\n<role name='boss' privileges='See'/></roles>",
                "line 4: the role \"boss\" names the privilege \"See\", which the CSD does not have",
            ),
            (
                "<privileges><privilege name='See' resource='map' actions='view'/></privileges>",
                "line 3: the privilege \"See\" names the resource \"map\", which the CSD does not have",
            ),
            (
                "<privileges><privilege name='See' resource='maps' actions='view burn'/></privileges>",
                "line 3: the privilege \"See\" names the action \"burn\", which the CSD does not have",
            ),
            (
                "<privileges><privilege name='See' actions='view'/></privileges>",
                "line 3: the privilege \"See\" names no resource",
            ),
            ("<roles><role name='a'/><role name='a'/></roles>", "line 3: there is a role \"a\" already"),
            (
                "<roles><role name='a b'/></roles>",
                "line 3: the name of a role must be 1 to 128 bytes without blanks or control characters",
            ),
        ] {
            assert_eq!(with(&format!("{resources}{inside}")), Err(expected.to_owned()), "{inside}");
        }
    }

    proptest! {
        #[test]
        fn nothing_makes_the_reader_panic(text in "[<>/&;='\"a-z \\n]{0,200}|\\PC{0,200}") {
            let _ = read(&text);
        }
    }
}
