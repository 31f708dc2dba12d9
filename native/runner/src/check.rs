//! What a component must look like before it is instantiated (spec sections 3.1, 3.4, 3.7).

use wasmtime::Engine;
use wasmtime::component::types::{self, ComponentFunc, ComponentItem, Type};

use crate::fault::Error;
use crate::image;

/// The export every extension has.
const HANDLER: &str = "handler";

/// The world's interfaces and their functions.
pub(crate) const INTERFACES: [(&str, &[&str]); 13] = [
    ("types", &[]),
    ("context", &["get-context"]),
    ("secrets", &["get", "list-keys"]),
    ("http", &["fetch"]),
    ("storage", &["get", "put", "delete", "list-entries"]),
    ("logging", &["log-info", "log-warn", "log-error"]),
    ("ui-proxy", &["call-route"]),
    ("user", &["get-user"]),
    ("user-v2", &["get-user"]),
    (
        "scheduler",
        &[
            "list-schedules",
            "get-schedule",
            "create-schedule",
            "update-schedule",
            "delete-schedule",
            "get-endpoints",
        ],
    ),
    ("invoicing", &["create-manual-invoice"]),
    ("clients", &["list-clients", "get-client"]),
    ("services", &["list-services", "get-service"]),
];

/// Package of the world.
const PACKAGE: &str = "alga:extension/";

/// What of WASI 0.2 is linked.
const WASI: [&str; 29] = [
    "wasi:cli/environment",
    "wasi:cli/exit",
    "wasi:cli/stdin",
    "wasi:cli/stdout",
    "wasi:cli/stderr",
    "wasi:cli/terminal-input",
    "wasi:cli/terminal-output",
    "wasi:cli/terminal-stdin",
    "wasi:cli/terminal-stdout",
    "wasi:cli/terminal-stderr",
    "wasi:clocks/monotonic-clock",
    "wasi:clocks/wall-clock",
    "wasi:filesystem/preopens",
    "wasi:filesystem/types",
    "wasi:http/outgoing-handler",
    "wasi:http/types",
    "wasi:io/error",
    "wasi:io/poll",
    "wasi:io/streams",
    "wasi:random/insecure",
    "wasi:random/insecure-seed",
    "wasi:random/random",
    "wasi:sockets/instance-network",
    "wasi:sockets/ip-name-lookup",
    "wasi:sockets/network",
    "wasi:sockets/tcp",
    "wasi:sockets/tcp-create-socket",
    "wasi:sockets/udp",
    "wasi:sockets/udp-create-socket",
];

/// Tells bytes that cannot be a component apart, before the compiler sees them.
///
/// # Errors
/// [`Error::Empty`], [`Error::NotWasm`] or [`Error::CoreModule`].
pub(crate) fn header(bytes: &[u8]) -> Result<(), Error> {
    match bytes {
        [] => Err(Error::Empty),
        [0, b'a', b's', b'm', 0x0d, 0, 1, 0, ..] => Ok(()),
        [0, b'a', b's', b'm', 1, 0, 0, 0, ..] => Err(Error::CoreModule),
        _ => Err(Error::NotWasm),
    }
}

/// Names of all imports, sorted: `alga:extension/storage.get` for functions of interfaces,
/// the bare name for the rest. How the memory comes in is not the extension's business and left out.
///
/// # Errors
/// [`Error::UnknownImport`] for the first one that is not linked.
pub(crate) fn imports(engine: &Engine, component: &types::Component) -> Result<Vec<String>, Error> {
    let mut names = Vec::new();
    for (name, import) in component.imports(engine) {
        if name == image::INTERFACE {
            continue;
        }
        let functions = functions_of(engine, &import.ty);
        if let Some(known) = known_functions(name) {
            let stranger = functions.iter().find(|function| !known.contains(&function.as_str()));
            if let Some(function) = stranger {
                return Err(unknown_function(name, function, known));
            }
        } else if !is_linked_wasi(name) {
            return Err(unknown_interface(name));
        }
        if functions.is_empty() {
            names.push(name.to_owned());
        }
        names.extend(functions.into_iter().map(|function| format!("{name}.{function}")));
    }
    names.sort_unstable();
    Ok(names)
}

/// Requires the export `handler` with the world's type.
///
/// # Errors
/// [`Error::NoHandler`] or [`Error::HandlerType`].
pub(crate) fn handler(engine: &Engine, component: &types::Component) -> Result<(), Error> {
    let export = component.get_export(engine, HANDLER).map(|export| export.ty);
    let Some(ComponentItem::ComponentFunc(function)) = export else {
        let names: Vec<_> =
            component.exports(engine).map(|(name, _)| format!("`{name}`")).collect();
        let exports = if names.is_empty() { String::from("nothing") } else { names.join(", ") };
        return Err(Error::NoHandler { exports });
    };
    let found = signature(&function);
    if found == HANDLER_TYPE {
        return Ok(());
    }
    Err(Error::HandlerType { expected: HANDLER_TYPE.to_owned(), found })
}

fn functions_of(engine: &Engine, item: &ComponentItem) -> Vec<String> {
    let ComponentItem::ComponentInstance(instance) = item else {
        return Vec::new();
    };
    let exports = instance.exports(engine);
    exports
        .filter(|(_, export)| matches!(export.ty, ComponentItem::ComponentFunc(_)))
        .map(|(name, _)| name.to_owned())
        .collect()
}

fn known_functions(import: &str) -> Option<&'static [&'static str]> {
    let interface = import.strip_prefix(PACKAGE)?;
    INTERFACES.iter().find(|(name, _)| *name == interface).map(|(_, functions)| *functions)
}

/// Wasmtime links any 0.2 version to the one it has.
fn is_linked_wasi(import: &str) -> bool {
    let Some((name, version)) = import.split_once('@') else {
        return false;
    };
    version.starts_with("0.2.") && WASI.contains(&name)
}

/// How alike two names must be before one is offered for the other.
const LIKENESS: f64 = 0.6;

/// An interface that nobody has.
fn unknown_interface(import: &str) -> Error {
    let own = INTERFACES.iter().filter(|(_, functions)| !functions.is_empty());
    let own = own.map(|(interface, _)| format!("{PACKAGE}{interface}"));
    let known = own.chain(WASI.iter().map(|name| (*name).to_owned()));
    let bare = import.split_once('@').map_or(import, |(name, _)| name);
    let ending = |name: &str| name.rsplit('/').next().unwrap_or(name).to_owned();
    let likeness = |candidate: &str| {
        // A shared package says nothing about which of its members was meant.
        let endings = strsim::jaro_winkler(&ending(bare), &ending(candidate));
        let whole = strsim::normalized_levenshtein(bare, candidate);
        if bare.contains('/') { f64::midpoint(whole, endings) } else { endings }
    };
    Error::UnknownImport { import: import.to_owned(), nearest: most_alike(known, likeness) }
}

/// A function that a known interface does not have.
fn unknown_function(interface: &str, function: &str, known: &[&str]) -> Error {
    let known = known.iter().map(|name| (*name).to_owned());
    let nearest = most_alike(known, |candidate| strsim::jaro_winkler(function, candidate));
    Error::UnknownImport {
        import: format!("{interface}.{function}"),
        nearest: nearest.map(|function| format!("{interface}.{function}")),
    }
}

fn most_alike(
    candidates: impl Iterator<Item = String>,
    likeness: impl Fn(&str) -> f64,
) -> Option<String> {
    candidates
        .map(|candidate| (likeness(&candidate), candidate))
        .filter(|(score, _)| *score >= LIKENESS)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, candidate)| candidate)
}

/// `handler` as [`signature`] spells it. Parameter names play no part in linking.
pub(crate) const HANDLER_TYPE: &str = "func(record { context: record { request-id: option<string>, \
    tenant-id: string, extension-id: string, install-id: option<string>, version-id: option<string> }, \
    http: record { method: string, url: string, headers: list<record { name: string, value: string }>, \
    body: option<list<u8>> } }) -> record { status: u16, headers: list<record { name: string, \
    value: string }>, body: option<list<u8>> }";

fn signature(function: &ComponentFunc) -> String {
    let keyword = if function.async_() { "async func" } else { "func" };
    let params: Vec<_> = function.params().map(|(_, ty)| spell(&ty)).collect();
    let results: Vec<_> = function.results().map(|ty| format!(" -> {}", spell(&ty))).collect();
    format!("{keyword}({}){}", params.join(", "), results.concat())
}

fn spell(ty: &Type) -> String {
    let optional = |ty: Option<Type>| ty.map_or_else(|| String::from("_"), |ty| spell(&ty));
    let list = |names: Vec<String>| names.join(", ");
    match ty {
        Type::Bool => "bool".into(),
        Type::S8 => "s8".into(),
        Type::U8 => "u8".into(),
        Type::S16 => "s16".into(),
        Type::U16 => "u16".into(),
        Type::S32 => "s32".into(),
        Type::U32 => "u32".into(),
        Type::S64 => "s64".into(),
        Type::U64 => "u64".into(),
        Type::Float32 => "f32".into(),
        Type::Float64 => "f64".into(),
        Type::Char => "char".into(),
        Type::String => "string".into(),
        Type::List(inner) => format!("list<{}>", spell(&inner.ty())),
        Type::Option(inner) => format!("option<{}>", spell(&inner.ty())),
        Type::Result(inner) => {
            format!("result<{}, {}>", optional(inner.ok()), optional(inner.err()))
        }
        Type::Tuple(inner) => {
            format!("tuple<{}>", list(inner.types().map(|ty| spell(&ty)).collect()))
        }
        Type::Record(inner) => {
            let fields =
                inner.fields().map(|field| format!("{}: {}", field.name, spell(&field.ty)));
            format!("record {{ {} }}", list(fields.collect()))
        }
        Type::Enum(inner) => {
            format!("enum {{ {} }}", list(inner.names().map(str::to_owned).collect()))
        }
        Type::Variant(inner) => {
            let cases = inner.cases().map(|case| match case.ty {
                Some(ty) => format!("{}({})", case.name, spell(&ty)),
                None => case.name.to_owned(),
            });
            format!("variant {{ {} }}", list(cases.collect()))
        }
        Type::Flags(inner) => {
            format!("flags {{ {} }}", list(inner.names().map(str::to_owned).collect()))
        }
        // No member of the world has one of these; the word is enough to say what is wrong.
        Type::Own(_) | Type::Borrow(_) => "resource".into(),
        Type::Future(_) => "future".into(),
        Type::Stream(_) => "stream".into(),
        Type::ErrorContext => "error-context".into(),
        Type::Map(_) => "map".into(),
        Type::FixedLengthList(_) => "fixed-length list".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::INTERFACES;

    /// Holds the table against the WIT file, interface by interface and function by function.
    #[test]
    fn the_table_is_the_wit() {
        let wit = include_str!("../../../wit/alga-extension/2026-08/extension-runner.wit");
        let mut found: Vec<(&str, Vec<&str>)> = Vec::new();
        for line in wit.lines() {
            if let Some(interface) = line.strip_prefix("interface ") {
                found.push((interface.trim_end_matches(" {"), Vec::new()));
            } else if line.starts_with("world ") {
                break;
            } else if let Some((name, _)) = line.trim().split_once(": func(") {
                found.last_mut().expect("a function stands in an interface").1.push(name);
            }
        }
        for (interface, functions) in &mut found {
            let (_, known) = INTERFACES.iter().find(|(name, _)| name == interface).expect("known");
            let mut known = known.to_vec();
            known.sort_unstable();
            functions.sort_unstable();
            assert_eq!(*functions, known, "{interface}");
        }
        assert_eq!(found.len(), INTERFACES.len());
    }
}
