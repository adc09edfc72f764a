//! What a CSD lets a component's users do: actions on resources, gathered in privileges, gathered in roles.

use std::collections::{BTreeMap, BTreeSet};

use super::{CsdError, MAX_NAME};

/// Resources, privileges and roles. Every name in it leads to something.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Access {
    resources: BTreeMap<String, BTreeSet<String>>,
    privileges: BTreeMap<String, Privilege>,
    roles: BTreeMap<String, BTreeSet<String>>,
}

/// Actions on one resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Privilege {
    /// The resource.
    pub resource: String,
    /// What may be done with it.
    pub actions: BTreeSet<String>,
}

impl Access {
    /// Whether one of these roles has a privilege for this action on this resource. Roles that the CSD does not have
    /// give nothing.
    pub fn allows<'a>(&self, mut roles: impl Iterator<Item = &'a str>, resource: &str, action: &str) -> bool {
        let gives = |privilege: &String| {
            self.privileges
                .get(privilege)
                .is_some_and(|privilege| privilege.resource == resource && privilege.actions.contains(action))
        };
        roles.any(|role| self.roles.get(role).is_some_and(|privileges| privileges.iter().any(gives)))
    }

    /// The names of its roles.
    pub fn roles(&self) -> impl Iterator<Item = &str> {
        self.roles.keys().map(String::as_str)
    }
}

/// What was read so far. Names are looked up at the end, since the parts may stand in any order.
#[derive(Default)]
pub(super) struct Builder {
    access: Access,
    resource: Option<String>,
    privileges: Vec<(usize, String)>,
    roles: Vec<(usize, String)>,
}

impl Builder {
    /// A `resource`; the actions that follow are its own.
    pub fn resource(&mut self, line: usize, name: String) -> Result<(), CsdError> {
        check("resource", line, &name)?;
        if self.access.resources.insert(name.clone(), BTreeSet::new()).is_some() {
            return Err(CsdError::Twice(line, "resource", name));
        }
        self.resource = Some(name);
        Ok(())
    }

    /// An `action` of the resource before it.
    pub fn action(&mut self, line: usize, name: String) -> Result<(), CsdError> {
        check("action", line, &name)?;
        if let Some(actions) = self.resource.as_ref().and_then(|resource| self.access.resources.get_mut(resource)) {
            actions.insert(name);
        }
        Ok(())
    }

    /// A `privilege`; `actions` are apart by blanks.
    pub fn privilege(
        &mut self,
        line: usize,
        name: String,
        resource: Option<String>,
        actions: &str,
    ) -> Result<(), CsdError> {
        check("privilege", line, &name)?;
        let Some(resource) = resource else { return Err(CsdError::Incomplete(line, name, "resource")) };
        let actions = words(actions);
        if actions.is_empty() {
            return Err(CsdError::Incomplete(line, name, "actions"));
        }
        if self.access.privileges.insert(name.clone(), Privilege { resource, actions }).is_some() {
            return Err(CsdError::Twice(line, "privilege", name));
        }
        self.privileges.push((line, name));
        Ok(())
    }

    /// A `role`; `privileges` are apart by blanks.
    pub fn role(&mut self, line: usize, name: String, privileges: &str) -> Result<(), CsdError> {
        check("role", line, &name)?;
        if self.access.roles.insert(name.clone(), words(privileges)).is_some() {
            return Err(CsdError::Twice(line, "role", name));
        }
        self.roles.push((line, name));
        Ok(())
    }

    /// The whole of it, if every name leads to something.
    pub fn finish(self) -> Result<Access, CsdError> {
        let Self { access, privileges, roles, .. } = self;
        for (line, name) in privileges {
            let Privilege { resource, actions } = &access.privileges[&name];
            let unknown = |part, missing: &String| unknown(line, "privilege", &name, part, missing);
            let known = access.resources.get(resource).ok_or_else(|| unknown("resource", resource))?;
            if let Some(missing) = actions.difference(known).next() {
                return Err(unknown("action", missing));
            }
        }
        for (line, name) in roles {
            if let Some(missing) = access.roles[&name].iter().find(|name| !access.privileges.contains_key(*name)) {
                return Err(unknown(line, "role", &name, "privilege", missing));
            }
        }
        Ok(access)
    }
}

fn unknown(line: usize, kind: &'static str, name: &str, part: &'static str, missing: &str) -> CsdError {
    CsdError::Unknown { line, kind, name: name.to_owned(), part, missing: missing.to_owned() }
}

fn words(text: &str) -> BTreeSet<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn check(kind: &'static str, line: usize, name: &str) -> Result<(), CsdError> {
    let fits = !name.is_empty()
        && name.len() <= MAX_NAME
        && !name.chars().any(|character| character.is_whitespace() || character.is_control());
    if fits { Ok(()) } else { Err(CsdError::Name(line, kind)) }
}
