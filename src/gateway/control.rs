//! The gateway's control socket: `status`, `prove`, `reload`, `stop`.

use std::io;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::auth::Door;
use crate::daemon::control::{self, Refusal};

/// Listens and answers until the task is dropped. `stop` tells `stopped`.
pub fn serve(
    socket: &Path,
    door: Arc<Door>,
    stopped: mpsc::Sender<()>,
) -> io::Result<impl Future<Output = ()> + Send + 'static> {
    let listener = control::listen(socket)?;
    Ok(control::serve(listener, move |request| answer(request, door.clone(), stopped.clone())))
}

async fn answer(request: Value, door: Arc<Door>, stopped: mpsc::Sender<()>) -> Result<Value, Refusal> {
    match request["do"].as_str() {
        Some("status") => Ok(door.status()),
        Some("prove") => Ok(json!({ "secret_id": door.set.prove().await? })),
        Some("reload") => match door.reload().await {
            Ok(id) => Ok(json!({ "secret_id": id })),
            Err(failure) => {
                let refusal = Refusal::from(failure);
                let text = format!("{refusal}; what was in use before goes on");
                Err(Refusal { text, ..refusal })
            }
        },
        Some("stop") => {
            let _ = stopped.try_send(());
            Ok(json!({}))
        }
        _ => Err("API Gateway knows status, prove, reload and stop".to_owned().into()),
    }
}
