//! The OpenAPI 3.1 document: the endpoints from the router itself, the objects from the catalog.

mod objects;
mod operations;

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use axum::body::Bytes;
use kernel::Catalog;
use serde_json::{Map, Value};
use utoipa::{OpenApi, ToSchema};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Shouxin",
        description = "Every answer that holds customer data was decided by the policy and recorded in the ledger before it left.",
        license(name = "AGPL-3.0-only", identifier = "AGPL-3.0-only")
    ),
    servers((url = "/api/v1")),
    components(schemas(Problem, FieldProblem))
)]
struct Head;

/// What went wrong and how to mend it (RFC 9457).
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of an answer that is written field by field")]
struct Problem {
    /// `urn:shouxin:problem:<key>`
    r#type: String,
    /// Stable; texts in every language hang from it.
    key: String,
    title: String,
    status: u16,
    /// What is wrong and how to mend it.
    detail: String,
    /// The same in Chinese.
    detail_zh: String,
    /// Complaints about single fields.
    #[schema(nullable = false)]
    fields: Option<Vec<FieldProblem>>,
    /// Numbers and ids that texts need.
    #[schema(nullable = false)]
    params: Option<Map<String, Value>>,
}

/// Why one field of a request was not taken.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the shape of an answer that is written field by field")]
struct FieldProblem {
    field: String,
    /// Stable; texts in every language hang from it.
    key: String,
    detail: String,
    /// The same in Chinese.
    detail_zh: String,
}

/// The document: paths as the router has them, a schema for every object of the catalog.
#[must_use]
pub fn document(catalog: Option<&Catalog>) -> Value {
    let (_, paths) = crate::api::router().split_for_parts();
    let mut head = Head::openapi();
    head.merge(paths);
    let mut document = serde_json::to_value(head).unwrap_or_default();
    document["info"]["version"] = Value::String(env!("CARGO_PKG_VERSION").to_owned());
    operations::describe(&mut document);
    for object in catalog.into_iter().flat_map(Catalog::objects) {
        for (name, schema) in objects::schemas(object) {
            document["components"]["schemas"][name] = schema;
        }
    }
    document
}

/// The document as it is answered, made once for each catalog.
#[derive(Default)]
pub(crate) struct Written(ArcSwapOption<(Option<Arc<Catalog>>, Bytes)>);

impl Written {
    pub(crate) fn of(&self, catalog: Option<&Arc<Catalog>>) -> Bytes {
        let known = self.0.load();
        if let Some(known) = known.as_ref().filter(|known| same(known.0.as_ref(), catalog)) {
            return known.1.clone();
        }
        let text = Bytes::from(document(catalog.map(Arc::as_ref)).to_string());
        self.0.store(Some(Arc::new((catalog.cloned(), text.clone()))));
        text
    }
}

fn same(one: Option<&Arc<Catalog>>, other: Option<&Arc<Catalog>>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => Arc::ptr_eq(one, other),
        (one, other) => one.is_none() && other.is_none(),
    }
}
