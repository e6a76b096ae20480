/** The name people read: on every page and in every mail. Colours and type are in app.css. */
export const appName = 'Playground'
