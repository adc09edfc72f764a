//! An engine's access to PassPort.

use super::engine::Engine;
use super::failure::Failure;
use super::home::Home;
use super::integration::Integration;
use super::settings;
pub use crate::daemon::access::Access;
use crate::daemon::access::Kept;
use crate::daemon::log::Log;
use crate::registration::state::COMPONENT;

/// For this engine, as its integration and the settings of both engines say.
pub fn access(home: &Home, engine: Engine, integration: &Integration, log: Log) -> Result<Access, Failure> {
    let place = engine.place();
    let unknown = || Failure::Failed(format!("{} has a format that is not known", place.file));
    Ok(Access {
        component: COMPONENT,
        home: home.folder().to_path_buf(),
        place: Kept { file: home.place(engine), format: place.form().ok_or_else(unknown)?, key: place.key.to_owned() },
        site: integration.site(home, engine),
        signer: settings::signer(&home.settings(), &integration.connection)?,
        expected: Vec::new(),
        log,
    })
}
