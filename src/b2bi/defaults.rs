//! `passportintegrationdefaults.xml`: who an engine is and where its PassPort is, as Install wrote it.

use std::collections::HashMap;

use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, Event};

use super::integration::{Connection, Integration};
use crate::registration::wire::Identity;

/// Reads the file's text. An error says what is wrong, without the file's name.
pub fn parse(text: &str) -> Result<Integration, String> {
    let values = leaves(text)?;
    let value = |path: &str| {
        values.get(path).filter(|value| !value.is_empty()).cloned().ok_or_else(|| format!("has no {path}"))
    };
    let port = |path: &str| {
        let text = value(path)?;
        text.parse::<u16>().ok().filter(|port| *port != 0).ok_or_else(|| format!("{path} is no port: {text}"))
    };
    Ok(Integration {
        identity: Identity {
            name: value("component/name")?,
            version: value("component/version")?,
            group: value("component/group")?,
            instance: value("component/instance")?,
        },
        connection: Connection {
            host: value("connection/host")?,
            https_port: port("connection/httpsPort")?,
            client_auth_port: port("connection/clientAuthPort")?,
            domain: value("connection/domain")?,
        },
    })
}

/// Every element's own text by its path below the root, without the blanks round it.
fn leaves(text: &str) -> Result<HashMap<String, String>, String> {
    let mut reader = Reader::from_str(text);
    let mut path: Vec<String> = Vec::new();
    let mut values: HashMap<String, String> = HashMap::new();
    let mut add = |path: &[String], text: &str| {
        if path.len() > 1 {
            values.entry(path[1..].join("/")).or_default().push_str(text);
        }
    };
    loop {
        let event = reader.read_event().map_err(|error| {
            let before = usize::try_from(reader.error_position()).ok().and_then(|at| text.get(..at));
            format!("is no XML, line {}: {error}", 1 + before.unwrap_or_default().matches('\n').count())
        })?;
        match event {
            Event::Start(tag) => path.push(tag.local_name().as_ref().to_owned()),
            Event::End(_) => drop(path.pop()),
            Event::Text(part) => add(&path, &part.xml10_content()),
            Event::CData(part) => add(&path, &part.xml10_content()),
            Event::GeneralRef(name) => add(&path, &resolve(&name)?),
            Event::Eof if path.is_empty() => break,
            Event::Eof => return Err(format!("is no XML: <{}> is not closed", path.join("/"))),
            _ => {}
        }
    }
    Ok(values.into_iter().map(|(path, text)| (path, text.trim().to_owned())).collect())
}

fn resolve(name: &BytesRef<'_>) -> Result<String, String> {
    match name.resolve_char_ref() {
        Ok(Some(character)) => Ok(character.to_string()),
        Ok(None) => {
            let name = name.xml10_content();
            resolve_xml_entity(&name).map(str::to_owned).ok_or_else(|| format!("holds &{name}; which is not known"))
        }
        Err(error) => Err(format!("is no XML: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: [&str; 2] = [
        include_str!("../../installer-assets/b2bi/Integrator/conf/passportintegrationdefaults.xml"),
        include_str!("../../installer-assets/b2bi/Interchange/conf/passportintegrationdefaults.xml"),
    ];

    fn filled(text: &str) -> String {
        text.replace("{host}", "passport.example")
            .replace("{https_port}", "6453")
            .replace("{client_auth_port}", "6666")
            .replace("{domain}", "Synchrony")
    }

    #[test]
    fn the_shipped_files_are_read_once_filled() {
        for (text, name) in SHIPPED.iter().zip(["integrator", "interchange"]) {
            assert!(parse(text).expect_err("not filled").contains("httpsPort"));
            let read = parse(&filled(text)).expect("read");
            assert_eq!(read.identity.parts().map(|(_, value)| value), [name, "2.3", "B2Bi", "default"]);
            assert_eq!(read.connection.host, "passport.example");
            assert_eq!((read.connection.https_port, read.connection.client_auth_port), (6453, 6666));
            assert_eq!(read.connection.domain, "Synchrony");
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        let good = filled(SHIPPED[0]);
        assert_eq!(parse(&good.replace("6666", "666666")).expect_err("no port").split(':').count(), 2);
        assert_eq!(parse(&good.replace("<host>passport.example</host>", "")).expect_err("x"), "has no connection/host");
        assert!(parse("<a><b>").expect_err("not closed").contains("not closed"));
        assert!(parse("<a>\n</b>").expect_err("no XML").contains("line 2"));
    }

    #[test]
    fn references_are_resolved_and_unknown_ones_refused() {
        let good = filled(SHIPPED[0]);
        let read = parse(&good.replace(">B2Bi<", ">B2&amp;B&#105;<")).expect("read");
        assert_eq!(read.identity.group, "B2&Bi");
        assert!(parse(&good.replace(">B2Bi<", ">&file;<")).expect_err("unknown").contains("&file;"));
    }
}
