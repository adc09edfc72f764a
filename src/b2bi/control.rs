//! An engine's control socket: `status`, `prove`, `reload`, `stop`.

use std::io;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::held::Held;
use crate::daemon::control::{self, Refusal};

/// Listens and answers until the task is dropped. `stop` tells `stopped`.
pub fn serve(
    socket: &Path,
    held: Arc<Held>,
    stopped: mpsc::Sender<()>,
) -> io::Result<impl Future<Output = ()> + Send + 'static> {
    let listener = control::listen(socket)?;
    Ok(control::serve(listener, move |request| answer(request, held.clone(), stopped.clone())))
}

async fn answer(request: Value, held: Arc<Held>, stopped: mpsc::Sender<()>) -> Result<Value, Refusal> {
    match request["do"].as_str() {
        Some("status") => {
            let status = held.status().await?;
            serde_json::to_value(status).map_err(|error| error.to_string().into())
        }
        Some("prove") => Ok(json!({ "secret_id": held.holding.prove().await? })),
        Some("reload") => match held.holding.reload().await {
            Ok(id) => Ok(json!({ "secret_id": id })),
            Err(failure) => {
                let refusal = Refusal::from(failure);
                let text = format!("{refusal}; the engine keeps the secret that it held before");
                Err(Refusal { text, ..refusal })
            }
        },
        Some("stop") => {
            let _ = stopped.try_send(());
            Ok(json!({}))
        }
        _ => Err("the engine knows status, prove, reload and stop".to_owned().into()),
    }
}
