//! Driving the registration of a repository once, outside of a running gateway.

use std::path::PathBuf;

use super::Failure;
use super::failure::about;
use super::links::{Link, Named};
use crate::registration::material::Material;
use crate::registration::state::State;

/// What became of it.
pub struct Registered {
    /// The repository.
    pub name: String,
    /// Its state after that.
    pub state: Option<State>,
    /// Its keystore's file.
    pub keystore: Option<PathBuf>,
    /// Which of the authority's secrets was proved.
    pub secret_id: Option<String>,
    /// Where an earlier registration was set aside.
    pub backup: Option<PathBuf>,
    /// What the authority gave up, one line for people each.
    pub given_up: Vec<String>,
    /// How it ended.
    pub ended: Result<(), Failure>,
}

/// Proves the secret and registers, or goes on where an earlier attempt stopped; with `again` anew.
pub async fn register(named: Named, again: bool) -> Registered {
    let Named { name, link, .. } = named;
    let mut registered = Registered {
        name,
        state: None,
        keystore: None,
        secret_id: None,
        backup: None,
        given_up: Vec::new(),
        ended: Ok(()),
    };
    registered.ended = match link {
        Ok(link) => {
            let ended = driven(&link, again, &mut registered).await;
            registered.state = Some(link.access.site.state());
            ended.map(drop)
        }
        Err(failure) => Err(failure),
    }
    .map_err(|failure| about(&registered.name, failure));
    registered
}

async fn driven(link: &Link, again: bool, told: &mut Registered) -> Result<Material, Failure> {
    let access = &link.access;
    told.keystore = Some(access.site.keystore());
    if access.valid_material().is_none() || again {
        access.is_expected().await?;
    }
    let taken = if again { access.take_secret_anew().await } else { access.take_secret().await };
    let (secret, secret_id) = taken?;
    told.secret_id = secret_id;
    if !again {
        return access.register(&secret, true).await;
    }
    let anew = access.register_anew(&secret).await?;
    (told.backup, told.given_up) = (anew.folder, anew.given_up);
    anew.ended
}
