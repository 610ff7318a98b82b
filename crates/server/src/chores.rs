//! What the server does by itself: leavings on their date, lent roles that end, accounts past their end date.

use std::time::Duration;

use crate::app::App;

/// How often it looks.
const LOOK: Duration = Duration::from_secs(20);

/// Does what is due, again and again.
pub(crate) async fn run(app: App) {
    loop {
        if let Err(error) = do_chores(&app).await {
            tracing::warn!(%error, "what was due could not be done; it is tried again");
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Does what is due now; nothing before the set-up.
///
/// # Errors
/// When the store fails.
pub async fn do_chores(app: &App) -> Result<(), identity::Error> {
    let Some(workspace) = app.workspace() else { return Ok(()) };
    if workspace.identity.do_due().await? > 0 {
        workspace.records.hand_over_now();
    }
    Ok(())
}
