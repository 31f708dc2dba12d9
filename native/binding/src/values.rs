//! Plain objects that cross the border, and nothing but their conversion.

use napi::bindgen_prelude::Buffer;
use napi_derive::napi;
use xwb_runner::types;

/// How an engine is made.
#[napi(object, object_to_js = false)]
pub struct EngineOptions {
    /// Folder for compiled components; made when absent.
    pub cache_dir: String,
    /// Bytes that folder may hold; default 2 GiB.
    pub max_cache_bytes: Option<f64>,
    /// The most MiB that `memoryMb` of a run may say; default 1024, at most 4096.
    pub max_memory_mb: Option<u32>,
    /// Keep compiled functions in memory, up to 256 MiB: a component much like an earlier one is
    /// compiled in a quarter of the time; default false.
    pub reuse_functions: Option<bool>,
}

impl From<EngineOptions> for xwb_runner::EngineOptions {
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the cast saturates, which is what a size beyond all bounds means"
    )]
    fn from(given: EngineOptions) -> Self {
        let mut options = Self::new(given.cache_dir);
        options.max_cache_bytes =
            given.max_cache_bytes.map_or(options.max_cache_bytes, |bytes| bytes as u64);
        options.max_memory_mb = given.max_memory_mb.unwrap_or(options.max_memory_mb);
        options.reuse_functions = given.reuse_functions.unwrap_or(options.reuse_functions);
        options
    }
}

/// Facts about an engine.
#[napi(object, object_from_js = false)]
pub struct EngineInfo {
    /// Version of Wasmtime.
    pub wasmtime: String,
    /// Whether instances come from a pool reserved ahead of time.
    pub pooling: bool,
    /// Runs at the same time; more wait their turn, which no limit counts.
    pub max_concurrent: u32,
    /// The most MiB that `memoryMb` of a run may say.
    pub max_memory_mb: u32,
}

impl From<&xwb_runner::EngineInfo> for EngineInfo {
    fn from(info: &xwb_runner::EngineInfo) -> Self {
        Self {
            wasmtime: info.wasmtime.to_owned(),
            pooling: info.pooling,
            max_concurrent: info.max_concurrent,
            max_memory_mb: info.max_memory_mb,
        }
    }
}

/// One header; names may repeat.
#[napi(object)]
pub struct HttpHeader {
    /// Name, case kept.
    pub name: String,
    /// Value.
    pub value: String,
}

/// Who is calling, for which install.
#[napi(object, object_to_js = false)]
#[allow(clippy::struct_field_names, reason = "the WIT's names")]
pub struct ExecuteContext {
    /// Request id, if there is one.
    pub request_id: Option<String>,
    /// Tenant id.
    pub tenant_id: String,
    /// Registry id of the extension.
    pub extension_id: String,
    /// Install id, if there is one.
    pub install_id: Option<String>,
    /// Version id, if there is one.
    pub version_id: Option<String>,
}

/// The request as the guest sees it.
#[napi(object, object_to_js = false)]
pub struct ExecuteHttp {
    /// Method, as is.
    pub method: String,
    /// Path and query.
    pub url: String,
    /// Headers.
    pub headers: Vec<HttpHeader>,
    /// Absent is none, an empty buffer is the empty list.
    pub body: Option<Buffer>,
}

/// What the handler is given.
#[napi(object, object_to_js = false)]
pub struct ExecuteRequest {
    /// Who is calling.
    pub context: ExecuteContext,
    /// The request.
    pub http: ExecuteHttp,
}

impl From<ExecuteRequest> for types::ExecuteRequest {
    fn from(request: ExecuteRequest) -> Self {
        let ExecuteRequest { context, http } = request;
        let headers = http.headers.into_iter();
        Self {
            context: types::ContextData {
                request_id: context.request_id,
                tenant_id: context.tenant_id,
                extension_id: context.extension_id,
                install_id: context.install_id,
                version_id: context.version_id,
            },
            http: types::HttpRequest {
                method: http.method,
                url: http.url,
                headers: headers
                    .map(|HttpHeader { name, value }| types::HttpHeader { name, value })
                    .collect(),
                body: http.body.map(Into::into),
            },
        }
    }
}

/// What one run may use; what is absent has its default.
#[napi(object, object_to_js = false)]
pub struct RunLimits {
    /// Wall-clock milliseconds, host calls included; default 5000.
    pub timeout_ms: Option<u32>,
    /// MiB for each linear memory; default 256.
    pub memory_mb: Option<u32>,
    /// Elements of each table; default 1000000.
    pub max_table_elements: Option<u32>,
    /// Core instances; default 50.
    pub max_instances: Option<u32>,
    /// Bytes of body and headers of the response; default 32 MiB.
    pub max_response_bytes: Option<u32>,
    /// Bytes of all log messages, the rest is dropped; default 1 MiB.
    pub max_log_bytes: Option<u32>,
    /// Log messages, the rest is dropped; default 10000.
    pub max_log_lines: Option<u32>,
    /// Headers of the response; default 10000.
    pub max_response_headers: Option<u32>,
    /// Bytes that one host call's arguments or the whole response may take; default 64 MiB.
    pub max_transfer_bytes: Option<u32>,
    /// Host calls, logging not counted; default 10000.
    pub max_host_calls: Option<u32>,
    /// Milliseconds for the answer to one host call; default 30000.
    pub host_call_timeout_ms: Option<u32>,
    /// Lets outgoing `wasi:http` requests through, past the platform's allowlist; default false.
    pub allow_wasi_http: Option<bool>,
}

impl From<RunLimits> for xwb_runner::Limits {
    fn from(given: RunLimits) -> Self {
        let default = Self::default();
        let size = |given: Option<u32>, default| given.map_or(default, |given| given as usize);
        Self {
            timeout_ms: given.timeout_ms.map_or(default.timeout_ms, u64::from),
            memory_mb: given.memory_mb.unwrap_or(default.memory_mb),
            max_table_elements: size(given.max_table_elements, default.max_table_elements),
            max_instances: size(given.max_instances, default.max_instances),
            max_response_bytes: size(given.max_response_bytes, default.max_response_bytes),
            max_log_bytes: size(given.max_log_bytes, default.max_log_bytes),
            max_log_lines: size(given.max_log_lines, default.max_log_lines),
            max_response_headers: size(given.max_response_headers, default.max_response_headers),
            max_transfer_bytes: size(given.max_transfer_bytes, default.max_transfer_bytes),
            host_call_timeout_ms: given
                .host_call_timeout_ms
                .map_or(default.host_call_timeout_ms, u64::from),
            max_host_calls: size(given.max_host_calls, default.max_host_calls),
            allow_wasi_http: given.allow_wasi_http.unwrap_or(default.allow_wasi_http),
        }
    }
}
