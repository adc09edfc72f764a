//! Messages with their length before them, with a limit and a deadline for every part.

use std::io;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;

use super::{MAX_MESSAGE, PATIENCE};

/// How much is read or written within one deadline, so that a large document on a slow machine still passes.
const PART: usize = 256 * 1024;

/// Writes a JSON message.
pub async fn send(to: &mut (impl AsyncWrite + Unpin), message: &impl Serialize) -> io::Result<()> {
    let bytes = serde_json::to_vec(message)?;
    let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
    send_bytes(to, &length.to_be_bytes()).await?;
    send_bytes(to, &bytes).await?;
    in_time(to.flush()).await
}

/// Reads a JSON message that begins within `soon`; `None` when the other side closed the connection before it.
pub async fn receive<T: DeserializeOwned>(
    from: &mut (impl AsyncRead + Unpin),
    soon: Duration,
) -> io::Result<Option<T>> {
    let mut length = [0; 4];
    if within(soon, from.read(&mut length[..1])).await? == 0 {
        return Ok(None);
    }
    in_time(from.read_exact(&mut length[1..])).await?;
    let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
    if length > MAX_MESSAGE {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "a message is too long"));
    }
    let bytes = receive_bytes(from, length).await?;
    serde_json::from_slice(&bytes).map(Some).map_err(Into::into)
}

/// Writes bytes whose length the other side knows.
pub async fn send_bytes(to: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) -> io::Result<()> {
    for part in bytes.chunks(PART) {
        in_time(to.write_all(part)).await?;
    }
    in_time(to.flush()).await
}

/// Reads exactly as many bytes; memory is taken as they come, not as they are announced.
pub async fn receive_bytes(from: &mut (impl AsyncRead + Unpin), length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    while bytes.len() < length {
        let start = bytes.len();
        bytes.resize(length.min(start + PART), 0);
        in_time(from.read_exact(&mut bytes[start..])).await?;
    }
    Ok(bytes)
}

/// Runs one step within the deadline for one step.
pub async fn in_time<T>(step: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    within(PATIENCE, step).await
}

async fn within<T>(deadline: Duration, step: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    timeout(deadline, step)
        .await
        .unwrap_or_else(|_| Err(io::Error::new(io::ErrorKind::TimedOut, "the other engine does not go on")))
}
