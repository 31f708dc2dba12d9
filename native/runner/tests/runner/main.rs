//! Tests of the runner through its public face, with guests written as text.

mod guest;
mod load;
mod run;
mod support;
