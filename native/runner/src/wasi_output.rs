//! Standard output and error of a guest, as WASI wants them.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use tokio::io::AsyncWrite;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamResult};

/// Most bytes that a guest is asked to write at once.
const CHUNK: usize = 64 << 10;

/// Takes what a guest writes, at once and without failing. Clones take it to the same place.
pub trait Sink: Clone + Send + Sync + Unpin + 'static {
    /// The next bytes.
    fn push(&self, bytes: &[u8]);
}

/// A WASI output stream, which is no terminal, into a [`Sink`].
#[derive(Clone, Debug)]
pub struct WasiOutput<S>(pub S);

impl<S: Sink> IsTerminal for WasiOutput<S> {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl<S: Sink> StdoutStream for WasiOutput<S> {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(self.clone())
    }

    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }
}

impl<S: Sink> OutputStream for WasiOutput<S> {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        self.0.push(&bytes);
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(CHUNK)
    }
}

#[async_trait::async_trait]
impl<S: Sink> Pollable for WasiOutput<S> {
    async fn ready(&mut self) {}
}

impl<S: Sink> AsyncWrite for WasiOutput<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.0.push(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
