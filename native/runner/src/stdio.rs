//! WASI standard output and error as log lines.

use std::sync::{Arc, Mutex, PoisonError};

use crate::record::{LogLevel, Recorder};
use crate::wasi_output::Sink;

/// A longer line is logged in pieces of this size, so that a guest cannot fill the host.
const MAX_LINE: usize = 64 << 10;

/// Logs each line; clones write to the same line.
#[derive(Clone)]
pub(crate) struct LineSink(Arc<Lines>);

struct Lines {
    level: LogLevel,
    recorder: Arc<Recorder>,
    partial: Mutex<Vec<u8>>,
}

impl LineSink {
    pub(crate) fn new(level: LogLevel, recorder: &Arc<Recorder>) -> Self {
        let recorder = Arc::clone(recorder);
        Self(Arc::new(Lines { level, recorder, partial: Mutex::default() }))
    }

    /// Logs the last line, which may have no line end.
    pub(crate) fn end(&self) {
        let partial = self.0.take();
        if !partial.is_empty() {
            self.0.emit(&partial);
        }
    }
}

impl Sink for LineSink {
    fn push(&self, bytes: &[u8]) {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            let (text, ends) = match piece.split_last() {
                Some((b'\n', text)) => (text, true),
                _ => (piece, false),
            };
            self.0.extend(text);
            if ends {
                self.0.emit(&self.0.take());
            }
        }
    }
}

impl Lines {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.partial.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Adds to the line, of which full pieces are logged.
    fn extend(&self, mut text: &[u8]) {
        loop {
            let mut partial = self.partial.lock().unwrap_or_else(PoisonError::into_inner);
            let room = MAX_LINE.saturating_sub(partial.len()).min(text.len());
            partial.extend_from_slice(&text[..room]);
            let full = partial.len() >= MAX_LINE;
            drop(partial);
            if full {
                self.emit(&self.take());
            }
            text = &text[room..];
            if text.is_empty() {
                return;
            }
        }
    }

    fn emit(&self, line: &[u8]) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        self.recorder.log(self.level, &String::from_utf8_lossy(line));
    }
}
