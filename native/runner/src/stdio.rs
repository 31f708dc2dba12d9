//! WASI standard output and error as log lines.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use tokio::io::AsyncWrite;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamResult};

use crate::record::{LogLevel, Recorder};

/// A longer line is logged in pieces of this size, so that a guest cannot fill the host.
const MAX_LINE: usize = 64 << 10;

/// A WASI output stream that logs each line; clones write to the same line.
#[derive(Clone)]
pub(crate) struct LineSink(Arc<Lines>);

struct Lines {
    level: LogLevel,
    recorder: Arc<Recorder>,
    partial: Mutex<Vec<u8>>,
}

impl LineSink {
    pub(crate) fn stdout(recorder: &Arc<Recorder>) -> Self {
        Self::new(LogLevel::Stdout, recorder)
    }

    pub(crate) fn stderr(recorder: &Arc<Recorder>) -> Self {
        Self::new(LogLevel::Stderr, recorder)
    }

    fn new(level: LogLevel, recorder: &Arc<Recorder>) -> Self {
        let recorder = Arc::clone(recorder);
        Self(Arc::new(Lines { level, recorder, partial: Mutex::default() }))
    }

    fn push(&self, bytes: &[u8]) {
        let mut partial = self.0.partial.lock().unwrap_or_else(PoisonError::into_inner);
        for &byte in bytes {
            if byte != b'\n' {
                partial.push(byte);
            }
            if byte == b'\n' || partial.len() == MAX_LINE {
                self.0.emit(&std::mem::take(&mut *partial));
            }
        }
    }
}

impl Lines {
    fn emit(&self, line: &[u8]) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        self.recorder.log(self.level, &String::from_utf8_lossy(line));
    }
}

/// The last line may have no line end.
impl Drop for Lines {
    fn drop(&mut self) {
        let partial =
            std::mem::take(self.partial.get_mut().unwrap_or_else(PoisonError::into_inner));
        if !partial.is_empty() {
            self.emit(&partial);
        }
    }
}

impl IsTerminal for LineSink {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for LineSink {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(self.clone())
    }

    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }
}

impl OutputStream for LineSink {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        self.push(&bytes);
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(MAX_LINE)
    }
}

#[async_trait::async_trait]
impl Pollable for LineSink {
    async fn ready(&mut self) {}
}

impl AsyncWrite for LineSink {
    fn poll_write(
        self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.push(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
