// sigra:if app=existing
// sigra:+ /** The name people read: on every page and in every mail. Colours and type are in app/accounts/style.css. */
// sigra:else
/** The name people read: on every page and in every mail. Colours and type are in app.css. */
// sigra:end
export const appName = 'Sigra App'
