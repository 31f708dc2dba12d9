//! The twelve interfaces of the world: each function becomes one [`crate::HostCall`].

use serde_json::json;
use wasmtime::Result;

use crate::record::LogLevel;
use crate::reply;
use crate::state::RunState;
use crate::types::{
    ClientReadError, ClientSummary, ClientsListInput, ClientsListResult, ContextData,
    CreateManualInvoiceInput, CreateManualInvoiceResult, CreateScheduleInput, CreateScheduleResult,
    DeleteScheduleResult, EndpointInfo, HttpError, HttpRequest, HttpResponse, ProxyError,
    ScheduleInfo, SchedulerError, SecretError, ServiceReadError, ServiceSummary, ServicesListInput,
    ServicesListResult, StorageEntry, StorageError, UpdateScheduleInput, UpdateScheduleResult,
    UserData, UserDataV2, UserError,
};
use crate::world::alga::extension;

/// An answer of a function whose WIT type is a result; the outer error is a trap.
type Answer<T, E> = Result<std::result::Result<T, E>>;

impl extension::context::Host for RunState {
    async fn get_context(&mut self) -> Result<ContextData> {
        self.native("context", "get-context")?;
        Ok(self.context.clone())
    }
}

impl extension::secrets::Host for RunState {
    async fn get(&mut self, key: String) -> Answer<String, SecretError> {
        self.ask("secrets", "get", json!({ "key": key }), None, reply::tagged).await
    }

    async fn list_keys(&mut self) -> Result<Vec<String>> {
        self.ask("secrets", "list-keys", json!({}), None, reply::plain).await
    }
}

impl extension::http::Host for RunState {
    async fn fetch(&mut self, mut request: HttpRequest) -> Answer<HttpResponse, HttpError> {
        let body = request.body.take();
        self.ask("http", "fetch", json!({ "request": request }), body, reply::http_response).await
    }
}

impl extension::storage::Host for RunState {
    async fn get(&mut self, namespace: String, key: String) -> Answer<StorageEntry, StorageError> {
        let args = json!({ "namespace": namespace, "key": key });
        self.ask("storage", "get", args, None, reply::storage_entry).await
    }

    async fn put(&mut self, mut entry: StorageEntry) -> Answer<StorageEntry, StorageError> {
        let value = std::mem::take(&mut entry.value);
        let args = json!({ "entry": entry });
        self.ask("storage", "put", args, Some(value), reply::storage_entry).await
    }

    async fn delete(&mut self, namespace: String, key: String) -> Answer<(), StorageError> {
        let args = json!({ "namespace": namespace, "key": key });
        self.ask("storage", "delete", args, None, reply::tagged).await
    }

    async fn list_entries(
        &mut self,
        namespace: String,
        cursor: Option<String>,
    ) -> Answer<Vec<StorageEntry>, StorageError> {
        let mut args = json!({ "namespace": namespace });
        if let Some(cursor) = cursor {
            args["cursor"] = cursor.into();
        }
        self.ask("storage", "list-entries", args, None, reply::storage_entries).await
    }
}

impl extension::logging::Host for RunState {
    async fn log_info(&mut self, message: String) -> Result<()> {
        self.recorder.log(LogLevel::Info, &message);
        Ok(())
    }

    async fn log_warn(&mut self, message: String) -> Result<()> {
        self.recorder.log(LogLevel::Warn, &message);
        Ok(())
    }

    async fn log_error(&mut self, message: String) -> Result<()> {
        self.recorder.log(LogLevel::Error, &message);
        Ok(())
    }
}

impl extension::ui_proxy::Host for RunState {
    async fn call_route(
        &mut self,
        route: String,
        payload: Option<Vec<u8>>,
    ) -> Answer<Vec<u8>, ProxyError> {
        let args = json!({ "route": route });
        self.ask("ui-proxy", "call-route", args, payload, reply::only_bytes).await
    }
}

impl extension::user::Host for RunState {
    async fn get_user(&mut self) -> Answer<UserData, UserError> {
        self.ask("user", "get-user", json!({}), None, reply::tagged).await
    }
}

impl extension::user_v2::Host for RunState {
    async fn get_user(&mut self) -> Answer<UserDataV2, UserError> {
        self.ask("user-v2", "get-user", json!({}), None, reply::tagged).await
    }
}

impl extension::scheduler::Host for RunState {
    async fn list_schedules(&mut self) -> Answer<Vec<ScheduleInfo>, SchedulerError> {
        self.ask("scheduler", "list-schedules", json!({}), None, reply::tagged).await
    }

    async fn get_schedule(
        &mut self,
        schedule_id: String,
    ) -> Answer<Option<ScheduleInfo>, SchedulerError> {
        let args = json!({ "scheduleId": schedule_id });
        self.ask("scheduler", "get-schedule", args, None, reply::tagged).await
    }

    async fn create_schedule(
        &mut self,
        input: CreateScheduleInput,
    ) -> Result<CreateScheduleResult> {
        let args = json!({ "input": input });
        self.ask("scheduler", "create-schedule", args, None, reply::plain).await
    }

    async fn update_schedule(
        &mut self,
        schedule_id: String,
        input: UpdateScheduleInput,
    ) -> Result<UpdateScheduleResult> {
        let args = json!({ "scheduleId": schedule_id, "input": input });
        self.ask("scheduler", "update-schedule", args, None, reply::plain).await
    }

    async fn delete_schedule(&mut self, schedule_id: String) -> Result<DeleteScheduleResult> {
        let args = json!({ "scheduleId": schedule_id });
        self.ask("scheduler", "delete-schedule", args, None, reply::plain).await
    }

    async fn get_endpoints(&mut self) -> Answer<Vec<EndpointInfo>, SchedulerError> {
        self.ask("scheduler", "get-endpoints", json!({}), None, reply::tagged).await
    }
}

impl extension::invoicing::Host for RunState {
    async fn create_manual_invoice(
        &mut self,
        input: CreateManualInvoiceInput,
    ) -> Result<CreateManualInvoiceResult> {
        let args = json!({ "input": input });
        self.ask("invoicing", "create-manual-invoice", args, None, reply::plain).await
    }
}

impl extension::clients::Host for RunState {
    async fn list_clients(
        &mut self,
        input: ClientsListInput,
    ) -> Answer<ClientsListResult, ClientReadError> {
        self.ask("clients", "list-clients", json!({ "input": input }), None, reply::tagged).await
    }

    async fn get_client(
        &mut self,
        client_id: String,
    ) -> Answer<Option<ClientSummary>, ClientReadError> {
        let args = json!({ "clientId": client_id });
        self.ask("clients", "get-client", args, None, reply::tagged).await
    }
}

impl extension::services::Host for RunState {
    async fn list_services(
        &mut self,
        input: ServicesListInput,
    ) -> Answer<ServicesListResult, ServiceReadError> {
        self.ask("services", "list-services", json!({ "input": input }), None, reply::tagged).await
    }

    async fn get_service(
        &mut self,
        service_id: String,
    ) -> Answer<Option<ServiceSummary>, ServiceReadError> {
        let args = json!({ "serviceId": service_id });
        self.ask("services", "get-service", args, None, reply::tagged).await
    }
}
