//! Tests of the runner through its public face, with guests written as text.

mod caller;
mod guest;
mod hostile;
mod load;
mod ready;
mod relink;
mod run;
mod runs;
mod stdin;
mod support;
#[cfg(target_os = "linux")]
mod swap;
