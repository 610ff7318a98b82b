//! HTTP API, OpenAPI, embedded web application
