//! The shapes of `wit/alga-extension/2026-08`, interface `types` (spec section 3).
//!
//! Written by hand rather than generated, because each has two faces: the component's (field
//! and case order as in the WIT) and JSON's (camelCase keys, kebab-case cases, absent options
//! left out). `list<u8>` members never travel inside the JSON: see [`crate::HostCall::bytes`].
#![allow(unsafe_code, reason = "the ComponentType derives expand to unsafe impls")]
#![allow(missing_docs, reason = "fields and cases are the WIT's own; the WIT file documents them")]

use serde::{Deserialize, Serialize};
use wasmtime::component::{ComponentType, Lift, Lower};

/// Declares enums whose WIT and JSON spelling are the same kebab-case word.
macro_rules! wit_enum {
    ($($(#[$doc:meta])* $name:ident { $($case:ident = $text:literal),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
        #[component(enum)]
        #[repr(u8)]
        pub enum $name { $(#[component(name = $text)] #[serde(rename = $text)] $case),+ }
    )+};
}

wit_enum! {
    SecretError { Missing = "missing", Denied = "denied", Expired = "expired", Internal = "internal" }
    HttpError { InvalidUrl = "invalid-url", NotAllowed = "not-allowed", Transport = "transport", Internal = "internal" }
    StorageError { Missing = "missing", Conflict = "conflict", Denied = "denied", Internal = "internal" }
    ProxyError { RouteNotFound = "route-not-found", Denied = "denied", BadRequest = "bad-request", Internal = "internal" }
    UserError { NotAvailable = "not-available", NotAllowed = "not-allowed" }
    SchedulerError {
        NotFound = "not-found", ValidationFailed = "validation-failed",
        QuotaExceeded = "quota-exceeded", Denied = "denied", Internal = "internal",
    }
    ClientReadError { NotAllowed = "not-allowed", InvalidInput = "invalid-input", Internal = "internal" }
    ServiceReadError { NotAllowed = "not-allowed", InvalidInput = "invalid-input", Internal = "internal" }
    DiscountType { Percentage = "percentage", Fixed = "fixed" }
    ServiceItemKind { Service = "service", Product = "product" }
    ServiceBillingMethod { Fixed = "fixed", Hourly = "hourly", Usage = "usage" }
}

/// Declares records: Rust's own case here, kebab-case in the component, camelCase in JSON.
macro_rules! wit_record {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident = $wit:literal : $ty:ty),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(ComponentType, Lift, Lower, Serialize, Deserialize, Clone, Debug, PartialEq)]
        #[component(record)]
        #[serde(rename_all = "camelCase")]
        pub struct $name { $($(#[$field_meta])* #[component(name = $wit)] pub $field: $ty),+ }
    )+};
}

wit_record! {
    ContextData {
        #[serde(skip_serializing_if = "Option::is_none")] request_id = "request-id": Option<String>,
        tenant_id = "tenant-id": String,
        extension_id = "extension-id": String,
        #[serde(skip_serializing_if = "Option::is_none")] install_id = "install-id": Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")] version_id = "version-id": Option<String>,
    }
    HttpHeader { name = "name": String, value = "value": String }
    HttpRequest {
        method = "method": String,
        url = "url": String,
        headers = "headers": Vec<HttpHeader>,
        #[serde(skip)] body = "body": Option<Vec<u8>>,
    }
    HttpResponse {
        status = "status": u16,
        headers = "headers": Vec<HttpHeader>,
        #[serde(skip)] body = "body": Option<Vec<u8>>,
    }
    StorageEntry {
        namespace = "namespace": String,
        key = "key": String,
        #[serde(skip)] value = "value": Vec<u8>,
        #[serde(skip_serializing_if = "Option::is_none")] revision = "revision": Option<u64>,
    }
    UserData {
        tenant_id = "tenant-id": String,
        client_name = "client-name": String,
        user_id = "user-id": String,
        user_email = "user-email": String,
        user_name = "user-name": String,
        user_type = "user-type": String,
    }
    UserDataV2 {
        tenant_id = "tenant-id": String,
        client_name = "client-name": String,
        user_id = "user-id": String,
        user_email = "user-email": String,
        user_name = "user-name": String,
        user_type = "user-type": String,
        client_id = "client-id": Option<String>,
        additional_fields = "additional-fields": Vec<(String, String)>,
    }
    ScheduleInfo {
        id = "id": String,
        endpoint_path = "endpoint-path": String,
        endpoint_method = "endpoint-method": String,
        name = "name": Option<String>,
        cron = "cron": String,
        timezone = "timezone": String,
        enabled = "enabled": bool,
        payload = "payload": Option<String>,
        last_run_at = "last-run-at": Option<String>,
        last_run_status = "last-run-status": Option<String>,
        last_error = "last-error": Option<String>,
        created_at = "created-at": Option<String>,
    }
    EndpointInfo {
        id = "id": String,
        method = "method": String,
        path = "path": String,
        handler = "handler": String,
        schedulable = "schedulable": bool,
    }
    CreateScheduleInput {
        endpoint = "endpoint": String,
        cron = "cron": String,
        #[serde(skip_serializing_if = "Option::is_none")] timezone = "timezone": Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")] enabled = "enabled": Option<bool>,
        #[serde(skip_serializing_if = "Option::is_none")] name = "name": Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")] payload = "payload": Option<String>,
    }
    CreateScheduleResult {
        success = "success": bool,
        schedule_id = "schedule-id": Option<String>,
        error = "error": Option<String>,
        field_errors = "field-errors": Option<String>,
    }
    UpdateScheduleInput {
        #[serde(skip_serializing_if = "Option::is_none")] endpoint = "endpoint": Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")] cron = "cron": Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")] timezone = "timezone": Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")] enabled = "enabled": Option<bool>,
        #[serde(skip_serializing_if = "Option::is_none")] name = "name": Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")] payload = "payload": Option<String>,
    }
    UpdateScheduleResult {
        success = "success": bool,
        error = "error": Option<String>,
        field_errors = "field-errors": Option<String>,
    }
    DeleteScheduleResult { success = "success": bool, error = "error": Option<String> }
    ManualInvoiceItemInput {
        service_id = "service-id": String,
        quantity = "quantity": f64,
        description = "description": String,
        rate = "rate": f64,
        #[serde(skip_serializing_if = "Option::is_none")] is_discount = "is-discount": Option<bool>,
        #[serde(skip_serializing_if = "Option::is_none")] discount_type = "discount-type": Option<DiscountType>,
        #[serde(skip_serializing_if = "Option::is_none")] applies_to_item_id = "applies-to-item-id": Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")] applies_to_service_id = "applies-to-service-id": Option<String>,
    }
    CreateManualInvoiceInput {
        client_id = "client-id": String,
        items = "items": Vec<ManualInvoiceItemInput>,
        #[serde(skip_serializing_if = "Option::is_none")] invoice_date = "invoice-date": Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")] due_date = "due-date": Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")] po_number = "po-number": Option<String>,
    }
    CreateManualInvoiceResult {
        success = "success": bool,
        invoice_id = "invoice-id": Option<String>,
        invoice_number = "invoice-number": Option<String>,
        status = "status": Option<String>,
        subtotal = "subtotal": Option<f64>,
        tax = "tax": Option<f64>,
        total = "total": Option<f64>,
        error = "error": Option<String>,
        field_errors = "field-errors": Option<String>,
    }
    ClientSummary {
        client_id = "client-id": String,
        client_name = "client-name": String,
        client_type = "client-type": Option<String>,
        is_inactive = "is-inactive": bool,
        default_currency_code = "default-currency-code": Option<String>,
        account_manager_id = "account-manager-id": Option<String>,
        account_manager_name = "account-manager-name": Option<String>,
        billing_email = "billing-email": Option<String>,
    }
    ClientsListInput {
        #[serde(skip_serializing_if = "Option::is_none")] search = "search": Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")] include_inactive = "include-inactive": Option<bool>,
        #[serde(skip_serializing_if = "Option::is_none")] page = "page": Option<u32>,
        #[serde(skip_serializing_if = "Option::is_none")] page_size = "page-size": Option<u32>,
    }
    ClientsListResult {
        items = "items": Vec<ClientSummary>,
        total_count = "total-count": u32,
        page = "page": u32,
        page_size = "page-size": u32,
    }
    ServiceSummary {
        service_id = "service-id": String,
        service_name = "service-name": String,
        item_kind = "item-kind": ServiceItemKind,
        billing_method = "billing-method": ServiceBillingMethod,
        service_type_id = "service-type-id": Option<String>,
        service_type_name = "service-type-name": Option<String>,
        default_rate = "default-rate": f64,
        unit_of_measure = "unit-of-measure": String,
        is_active = "is-active": bool,
        sku = "sku": Option<String>,
    }
    ServicesListInput {
        #[serde(skip_serializing_if = "Option::is_none")] search = "search": Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")] item_kind = "item-kind": Option<ServiceItemKind>,
        #[serde(skip_serializing_if = "Option::is_none")] is_active = "is-active": Option<bool>,
        #[serde(skip_serializing_if = "Option::is_none")] billing_method = "billing-method": Option<ServiceBillingMethod>,
        #[serde(skip_serializing_if = "Option::is_none")] page = "page": Option<u32>,
        #[serde(skip_serializing_if = "Option::is_none")] page_size = "page-size": Option<u32>,
    }
    ServicesListResult {
        items = "items": Vec<ServiceSummary>,
        total_count = "total-count": u32,
        page = "page": u32,
        page_size = "page-size": u32,
    }
    ExecuteRequest { context = "context": ContextData, http = "http": HttpRequest }
    ExecuteResponse {
        status = "status": u16,
        headers = "headers": Vec<HttpHeader>,
        #[serde(skip)] body = "body": Option<Vec<u8>>,
    }
}
