//! An engine's control socket: `status`, `prove`, `reload`, `stop`.

use std::io;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::failure::Failure;
use super::held::Held;
use crate::daemon::control;

/// How the text of an error begins that says nothing about the secret: PassPort could not be reached, for one.
pub const CANNOT_TELL: &str = "can't tell: ";

/// Listens and answers until the task is dropped. `stop` tells `stopped`.
pub fn serve(
    socket: &Path,
    held: Arc<Held>,
    stopped: mpsc::Sender<()>,
) -> io::Result<impl Future<Output = ()> + Send + 'static> {
    let listener = control::listen(socket)?;
    Ok(control::serve(listener, move |request| answer(request, held.clone(), stopped.clone())))
}

async fn answer(request: Value, held: Arc<Held>, stopped: mpsc::Sender<()>) -> Result<Value, String> {
    let said = |failure: Failure| match failure {
        Failure::NotAccepted(text) => text,
        failure => format!("{CANNOT_TELL}{failure}"),
    };
    match request["do"].as_str() {
        Some("status") => {
            let status = held.status().await.map_err(said)?;
            serde_json::to_value(status).map_err(|error| error.to_string())
        }
        Some("prove") => held.prove().await.map(|id| json!({ "secret_id": id })).map_err(said),
        Some("reload") => held
            .reload()
            .await
            .map(|id| json!({ "secret_id": id }))
            .map_err(|failure| format!("{}; the engine keeps the secret that it held before", said(failure))),
        Some("stop") => {
            let _ = stopped.try_send(());
            Ok(json!({}))
        }
        _ => Err("the engine knows status, prove, reload and stop".to_owned()),
    }
}
