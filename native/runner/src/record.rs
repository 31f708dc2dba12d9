//! What is kept of a run besides its answer. It outlives the store, so that a run that was
//! cut short keeps its logs and host calls.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::host::Host;

/// Where a log line came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// `logging.log-info`.
    Info,
    /// `logging.log-warn`.
    Warn,
    /// `logging.log-error`.
    Error,
    /// A line on WASI standard output.
    Stdout,
    /// A line on WASI standard error.
    Stderr,
}

impl LogLevel {
    /// The lower-case word, e.g. `info`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
            Self::Stdout => "stdout",
            Self::Stderr => "stderr",
        }
    }
}

/// One log line of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LogEntry {
    /// Where it came from.
    pub level: LogLevel,
    /// The text, without its line end for stdout and stderr.
    pub message: String,
    /// Microseconds since the start of the run.
    pub offset_micros: u64,
}

/// One host call of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HostCallRecord {
    /// Interface name without the package.
    pub interface: &'static str,
    /// Function name as in the WIT.
    pub function: &'static str,
    /// Microseconds since the start of the run.
    pub start_micros: u64,
    /// Microseconds until the answer; until the end of the run for an interrupted call.
    pub duration_micros: u64,
    /// `ok`, the WIT enum case, `fault`, or `interrupted` when the run ended first.
    pub outcome: String,
}

/// Handle of a call that was begun.
#[derive(Clone, Copy)]
pub(crate) struct CallIndex(usize);

#[derive(Default)]
struct Kept {
    logs: Vec<LogEntry>,
    log_bytes: usize,
    logs_dropped: u64,
    calls: Vec<HostCallRecord>,
}

/// Collects logs and host calls of one run.
pub(crate) struct Recorder {
    /// When the run began, and who hears of it; nothing before.
    run: OnceLock<(Instant, Arc<dyn Host>)>,
    max_log_bytes: usize,
    max_log_lines: usize,
    max_calls: usize,
    kept: Mutex<Kept>,
}

/// Everything a [`Recorder`] collected.
pub(crate) struct Collected {
    pub logs: Vec<LogEntry>,
    pub logs_dropped: u64,
    pub calls: Vec<HostCallRecord>,
    pub duration_micros: u64,
}

impl Recorder {
    pub(crate) fn new(limits: &crate::Limits) -> Self {
        Self {
            run: OnceLock::new(),
            max_log_bytes: limits.max_log_bytes,
            max_log_lines: limits.max_log_lines,
            max_calls: limits.max_host_calls,
            kept: Mutex::default(),
        }
    }

    /// Begins the run, now; a second time changes nothing.
    pub(crate) fn open(&self, host: Arc<dyn Host>) -> Instant {
        self.run.get_or_init(|| (Instant::now(), host)).0
    }

    /// Who answers, once the run has begun.
    pub(crate) fn host(&self) -> Option<&Arc<dyn Host>> {
        self.run.get().map(|(_, host)| host)
    }

    /// Whether the guest has neither logged nor called anything.
    pub(crate) fn is_untouched(&self) -> bool {
        let kept = self.lock();
        kept.logs.is_empty() && kept.logs_dropped == 0 && kept.calls.is_empty()
    }

    fn tell(&self, level: LogLevel, message: &str, offset_micros: u64) {
        if let Some(host) = self.host() {
            host.log(level, message, offset_micros);
        }
    }

    /// Keeps and passes on a line, cut at the space that is left; counts what does not fit.
    pub(crate) fn log(&self, level: LogLevel, message: &str) {
        let offset_micros = self.micros();
        let cut = {
            let mut kept = self.lock();
            let room = self.max_log_bytes.saturating_sub(kept.log_bytes);
            let cut = &message[..message.floor_char_boundary(room)];
            let nothing_fits = cut.is_empty() && !message.is_empty();
            if kept.logs.len() >= self.max_log_lines || nothing_fits {
                kept.logs_dropped += 1;
                return;
            }
            kept.log_bytes += cut.len();
            kept.logs.push(LogEntry { level, message: cut.to_owned(), offset_micros });
            cut
        };
        self.tell(level, cut, offset_micros);
    }

    /// Opens a record, or `None` when the run has used up its host calls.
    pub(crate) fn begin(
        &self,
        interface: &'static str,
        function: &'static str,
    ) -> Option<CallIndex> {
        let start_micros = self.micros();
        let mut kept = self.lock();
        if kept.calls.len() >= self.max_calls {
            return None;
        }
        kept.calls.push(HostCallRecord {
            interface,
            function,
            start_micros,
            duration_micros: 0,
            outcome: String::from(INTERRUPTED),
        });
        Some(CallIndex(kept.calls.len() - 1))
    }

    pub(crate) fn end(&self, index: CallIndex, outcome: String) {
        let now = self.micros();
        if let Some(call) = self.lock().calls.get_mut(index.0) {
            call.duration_micros = now.saturating_sub(call.start_micros);
            call.outcome = outcome;
        }
    }

    /// Takes everything out; calls still open are marked as interrupted now.
    pub(crate) fn collect(&self) -> Collected {
        let duration_micros = self.micros();
        self.tell_of_dropped_lines();
        let Kept { logs, logs_dropped, mut calls, .. } = std::mem::take(&mut *self.lock());
        for call in calls.iter_mut().filter(|call| call.outcome == INTERRUPTED) {
            call.duration_micros = duration_micros.saturating_sub(call.start_micros);
        }
        Collected { logs, logs_dropped, calls, duration_micros }
    }

    /// A last line, beyond the limits, says that there were more.
    fn tell_of_dropped_lines(&self) {
        let offset_micros = self.micros();
        let mut kept = self.lock();
        if kept.logs_dropped == 0 {
            return;
        }
        let message = format!(
            "{} more log lines were dropped: a run may log {} lines and {} bytes.",
            kept.logs_dropped, self.max_log_lines, self.max_log_bytes
        );
        kept.logs.push(LogEntry { level: LogLevel::Warn, message: message.clone(), offset_micros });
        drop(kept);
        self.tell(LogLevel::Warn, &message, offset_micros);
    }

    fn micros(&self) -> u64 {
        let elapsed = self.run.get().map_or(Duration::ZERO, |(started, _)| started.elapsed());
        u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX)
    }

    /// A panic elsewhere leaves the lists usable, so poisoning is no reason to lose them.
    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const INTERRUPTED: &str = "interrupted";
