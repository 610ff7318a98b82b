//! The catalog as one caller may know it: objects, fields with the caller's access, actions.

use std::sync::Arc;
use utoipa::ToSchema;

use kernel::catalog::{Choice, Label};
use kernel::{Class, Field, FieldType, Object};
use policy::{ActionKind, FieldAccess, Principal};
use serde::Serialize;

use crate::door::Records;

/// An object and what the caller may do with it.
#[derive(Serialize, ToSchema)]
#[schema(as = ObjectMeta)]
pub struct ObjectView {
    name: String,
    label: Label,
    label_plural: Label,
    icon: &'static str,
    title_field: String,
    fields: Vec<FieldView>,
    actions: Vec<&'static str>,
}

/// A field and how far it is open to the caller.
#[derive(Serialize, ToSchema)]
#[schema(as = FieldMeta)]
pub struct FieldView {
    name: String,
    label: Label,
    #[serde(rename = "type")]
    kind: FieldType,
    class: Class,
    required: bool,
    #[schema(value_type = FieldAccess)]
    access: &'static str,
    sortable: bool,
    filterable: bool,
    #[schema(value_type = Vec<String>)]
    filter_ops: &'static [&'static str],
    searchable: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    options: Vec<Choice>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    target: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    max_length: Option<usize>,
    system: bool,
    /// The caller may ask for its full value.
    reveal: bool,
}

impl Records {
    /// The objects that the caller may do anything with; fields that are hidden are left out.
    #[must_use]
    pub fn objects(&self, who: &Arc<Principal>) -> Vec<ObjectView> {
        let mut order: Vec<&Arc<Object>> = self.0.catalog.objects().collect();
        order.sort_by_key(|o| {
            ["customer", "contact", "deal", "communication", "task"]
                .iter()
                .position(|n| *n == o.name)
                .unwrap_or(9)
        });
        order.into_iter().filter_map(|object| self.object_view(who, object)).collect()
    }

    fn object_view(&self, who: &Arc<Principal>, object: &Arc<Object>) -> Option<ObjectView> {
        let now = self.0.now();
        let actions: Vec<&'static str> =
            self.0.policy.actions(who, &object.name, now).into_iter().map(ActionKind::as_str).collect();
        if actions.is_empty() {
            return None;
        }
        let list = self.0.policy.permit::<policy::List>(who, &object.name, now).ok();
        let update = self.0.policy.permit::<policy::Update>(who, &object.name, now).ok();
        let create = self.0.policy.permit::<policy::Create>(who, &object.name, now).ok();
        let reveal = self.0.policy.permit::<policy::Reveal>(who, &object.name, now).ok();
        let access_of = |field: &Field| {
            let write = update
                .iter()
                .map(|p| p.plan().best_access(field))
                .chain(create.iter().map(|p| p.plan().best_access(field)))
                .any(|a| a == FieldAccess::Write);
            let seen = list
                .as_ref()
                .map_or(FieldAccess::Hidden, |p| p.plan().best_access(field).min(FieldAccess::Read));
            if write && !field.system { FieldAccess::Write } else { seen }
        };
        let fields = object
            .all_fields()
            .map(|field| (field, access_of(field)))
            .filter(|(field, access)| *access > FieldAccess::Hidden && field.name != "message_key")
            .map(|(field, access)| {
                let readable = list.as_ref().is_some_and(|p| {
                    field.system
                        || p.plan().least_access(field)
                            >= if field.class == Class::Restricted {
                                FieldAccess::Masked
                            } else {
                                FieldAccess::Read
                            }
                });
                let revealable = field.class == Class::Restricted
                    && reveal.as_ref().is_some_and(|p| p.plan().best_access(field) > FieldAccess::Hidden);
                view(field, access, readable, revealable)
            })
            .collect();
        Some(ObjectView {
            name: object.name.clone(),
            label: object.label.clone(),
            label_plural: object.label_plural.clone(),
            icon: icon(&object.name),
            title_field: object.title_field.clone(),
            fields,
            actions,
        })
    }
}

fn view(field: &Field, access: FieldAccess, readable: bool, reveal: bool) -> FieldView {
    let filterable = readable && field.filterable();
    FieldView {
        name: field.name.clone(),
        label: field.label.clone(),
        kind: field.kind,
        class: field.class,
        required: field.required,
        access: access.as_str(),
        sortable: field.sortable && readable,
        filterable,
        filter_ops: if filterable { operators(field) } else { &[] },
        searchable: field.searchable,
        options: field.options.clone(),
        target: field.target.clone(),
        max_length: field.max_length,
        system: field.system,
        reveal,
    }
}

/// Operators that fit the field (`kernel::condition` has their meaning).
fn operators(field: &Field) -> &'static [&'static str] {
    if field.class == Class::Restricted {
        return &["eq", "is_empty"];
    }
    match field.kind {
        FieldType::Select | FieldType::Person | FieldType::Department => &["eq", "ne", "in", "is_empty"],
        FieldType::Ref | FieldType::Bool => &["eq", "ne", "is_empty"],
        FieldType::Datetime | FieldType::Date | FieldType::Int | FieldType::Money | FieldType::Duration => {
            &["eq", "ne", "lt", "le", "gt", "ge", "is_empty"]
        }
        _ => &["eq", "ne", "contains", "starts_with", "is_empty"],
    }
}

fn icon(object: &str) -> &'static str {
    match object {
        "customer" => "bank",
        "contact" => "user",
        "deal" => "fund",
        "communication" => "message",
        "task" => "check-square",
        _ => "appstore",
    }
}
