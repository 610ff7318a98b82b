//! The steps of an import after its upload: mapping, start, cancel, resume.

use std::sync::Arc;

use kernel::{ImportId, Object, PersonId};
use ledger::Disclosed;
use policy::{AccessPlan, FieldAccess, Import as ImportAction, PersonStatus, Principal};

use super::prepare::CUSTOMER_NAME;
use super::run::launch;
use super::state::{Import, Mapping, Options};
use super::view::ImportView;
use crate::door::{Inner, Records};
use crate::error::{Error, FieldError};

impl Records {
    /// Sets the mapping and the choices.
    ///
    /// # Errors
    /// `Invalid` for unknown columns, fields and owners; `Conflict` when it runs already.
    pub async fn configure_import(
        &self,
        who: &Arc<Principal>,
        id: ImportId,
        mapping: Vec<Mapping>,
        options: Options,
    ) -> Result<Disclosed<ImportView>, Error> {
        let import = self.0.import_of(who, id).await?;
        self.0.check_mapping(who, &import, &mapping, &options)?;
        self.alter(who, import, move |import| {
            if import.state != "mapping" {
                return Err(Error::Conflict("this import has been started already".to_owned()));
            }
            if import.object != "communication" {
                import.mapping = mapping;
            }
            import.options = options;
            Ok(())
        })
        .await
    }

    /// Starts it in the background.
    ///
    /// # Errors
    /// `Conflict` when it was started already; `Invalid` without a column for a required field.
    pub async fn start_import(
        &self,
        who: &Arc<Principal>,
        id: ImportId,
    ) -> Result<Disclosed<ImportView>, Error> {
        let import = self.0.import_of(who, id).await?;
        // Rights may have changed since the mapping was made.
        self.0.check_mapping(who, &import, &import.mapping, &import.options)?;
        let shape = self.0.shape(&import.object)?;
        let fed = |name: &str| import.mapping.iter().any(|m| m.field == name);
        let lacking: Vec<FieldError> = (shape.object.fields.iter())
            .filter(|f| f.required && f.name != "channel" && !fed(&f.name))
            .map(|f| FieldError::new(&f.name, "required", "no column feeds this field"))
            .collect();
        if !lacking.is_empty() {
            return Err(Error::Invalid(lacking));
        }
        self.enqueue(who, import, &["mapping"]).await
    }

    /// Goes on where a cancelled or failed import stopped.
    ///
    /// # Errors
    /// `Conflict` in any other state.
    pub async fn resume_import(
        &self,
        who: &Arc<Principal>,
        id: ImportId,
    ) -> Result<Disclosed<ImportView>, Error> {
        let import = self.0.import_of(who, id).await?;
        if !self.0.has_spool(id).await? {
            return Err(Error::Conflict(
                "the file of this import is not kept any more; upload it again".to_owned(),
            ));
        }
        self.enqueue(who, import, &["cancelled", "failed"]).await
    }

    /// Stops it after the chunk under way.
    ///
    /// # Errors
    /// `Conflict` when it has ended.
    pub async fn cancel_import(
        &self,
        who: &Arc<Principal>,
        id: ImportId,
    ) -> Result<Disclosed<ImportView>, Error> {
        let import = self.0.import_of(who, id).await?;
        let now = self.0.now();
        self.alter(who, import, move |import| {
            if !matches!(import.state.as_str(), "mapping" | "queued" | "running") {
                return Err(Error::Conflict("this import has ended already".to_owned()));
            }
            import.state = "cancelled".to_owned();
            import.finished_at = Some(now);
            Ok(())
        })
        .await
    }

    async fn enqueue(
        &self,
        who: &Arc<Principal>,
        import: Import,
        from: &'static [&'static str],
    ) -> Result<Disclosed<ImportView>, Error> {
        let id = import.id;
        let view = self
            .alter(who, import, move |import| {
                if !from.contains(&import.state.as_str()) {
                    return Err(Error::Conflict(format!("this import is {}", import.state)));
                }
                import.state = "queued".to_owned();
                import.error = None;
                import.finished_at = None;
                Ok(())
            })
            .await?;
        launch(&self.0, id, who.clone());
        Ok(view)
    }

    async fn alter(
        &self,
        who: &Arc<Principal>,
        import: Import,
        change: impl FnOnce(&mut Import) -> Result<(), Error> + Send + 'static,
    ) -> Result<Disclosed<ImportView>, Error> {
        let inner = self.0.clone();
        let mut entry = inner.entry_of(who, "import");
        entry.object = Some(import.object.clone().into());
        let (import, receipt) = self
            .0
            .store
            .write(move |conn| -> Result<_, Error> {
                let mut import = Import::load(conn, &inner, import.id, import.created_by)?;
                change(&mut import)?;
                import.save(conn, &inner)?;
                let receipt = inner.ledger.append(conn, &[entry])?;
                Ok((import, receipt))
            })
            .await?;
        Ok(Disclosed::with_receipt(import.view(self.0.now()), receipt))
    }
}

/// Whether a column may feed the field: one that the person may write, or a contact's customer by its name.
pub(crate) fn feedable(plan: &AccessPlan, object: &Object, field: &str) -> bool {
    (field == CUSTOMER_NAME && object.name == "contact")
        || object
            .field(field)
            .is_some_and(|f| !f.system && f.target.is_none() && plan.best_access(f) == FieldAccess::Write)
}

impl Inner {
    fn check_mapping(
        &self,
        who: &Arc<Principal>,
        import: &Import,
        mapping: &[Mapping],
        options: &Options,
    ) -> Result<(), Error> {
        let permit = self.policy.permit::<ImportAction>(who, &import.object, self.now())?;
        let shape = self.shape(&import.object)?;
        let mut errors = Vec::new();
        for (i, Mapping { column, field }) in mapping.iter().enumerate() {
            let known = feedable(permit.plan(), &shape.object, field);
            let twice = mapping[..i].iter().any(|m| m.field == *field || m.column == *column);
            if import.object != "communication" && (!known || twice || *column >= import.head.header.len()) {
                errors.push(FieldError::new(
                    field,
                    "unknown_field",
                    "map each column once to a field that you may write",
                ));
            }
        }
        if let Some(owner) = options.owner
            && !self.policy.org().person(PersonId(owner)).is_some_and(|p| p.status == PersonStatus::Active)
        {
            errors.push(FieldError::new("owner", "not_found", "choose a person who works here"));
        }
        if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
    }
}
