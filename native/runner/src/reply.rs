//! From a [`HostReply`] to the world's types. The text of an error says what is wrong with it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::host::HostReply;
use crate::types::{HttpResponse, StorageEntry};

/// What reading a reply gives.
pub(crate) type Shape<T> = Result<T, String>;

/// The recorded outcome of a well-shaped reply.
pub(crate) fn outcome(reply: &HostReply) -> String {
    let case = reply.value.get("err").and_then(Value::as_str);
    case.unwrap_or("ok").to_owned()
}

/// A function without a WIT result: the value itself.
pub(crate) fn plain<T: DeserializeOwned>(reply: HostReply) -> Shape<T> {
    from_json(reply.value)
}

/// A function with a WIT result and no bytes.
pub(crate) fn tagged<T: DeserializeOwned, E: DeserializeOwned>(
    reply: HostReply,
) -> Shape<Result<T, E>> {
    tagged_with(reply, |value, _| from_json(value))
}

/// `http.fetch`: bytes are the optional body.
pub(crate) fn http_response<E: DeserializeOwned>(
    reply: HostReply,
) -> Shape<Result<HttpResponse, E>> {
    tagged_with(reply, |value, body| {
        from_json(value).map(|response| HttpResponse { body, ..response })
    })
}

/// `storage.get` and `storage.put`: bytes are the value.
pub(crate) fn storage_entry<E: DeserializeOwned>(
    reply: HostReply,
) -> Shape<Result<StorageEntry, E>> {
    tagged_with(reply, |entry, bytes| {
        let value = bytes.ok_or("an entry must come with its value as bytes")?;
        from_json(entry).map(|entry| StorageEntry { value, ..entry })
    })
}

/// `storage.list-entries`: values are base64 inside the JSON.
pub(crate) fn storage_entries<E: DeserializeOwned>(
    reply: HostReply,
) -> Shape<Result<Vec<StorageEntry>, E>> {
    #[derive(Deserialize)]
    struct Listed {
        value: String,
        #[serde(flatten)]
        entry: StorageEntry,
    }
    tagged_with(reply, |value, _| {
        let listed: Vec<Listed> = from_json(value)?;
        let decode = |Listed { value, entry }| match STANDARD.decode(value) {
            Ok(value) => Ok(StorageEntry { value, ..entry }),
            Err(error) => Err(format!("the value of key `{}` is not base64: {error}", entry.key)),
        };
        listed.into_iter().map(decode).collect()
    })
}

/// `ui-proxy.call-route`: nothing but bytes.
pub(crate) fn only_bytes<E: DeserializeOwned>(reply: HostReply) -> Shape<Result<Vec<u8>, E>> {
    tagged_with(reply, |_, bytes| Ok(bytes.ok_or("an ok answer must come with bytes")?))
}

fn tagged_with<T, E: DeserializeOwned>(
    reply: HostReply,
    read: impl FnOnce(Value, Option<Vec<u8>>) -> Shape<T>,
) -> Shape<Result<T, E>> {
    const EXPECTED: &str = "expected an object with either `ok` or `err`";
    let Value::Object(mut object) = reply.value else {
        return Err(String::from(EXPECTED));
    };
    match (object.remove("ok"), object.remove("err")) {
        (Some(value), None) => read(value, reply.bytes).map(Ok),
        (None, Some(case)) => from_json(case).map(Err),
        _ => Err(String::from(EXPECTED)),
    }
}

fn from_json<T: DeserializeOwned>(value: Value) -> Shape<T> {
    serde_json::from_value(value).map_err(|error| error.to_string())
}
