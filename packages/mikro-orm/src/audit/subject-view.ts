/**
 * What whom a line is about sees of it, on the page of their activity. `hidden`: nothing, because it is the app's alone or the
 * line beside it says the same. `disputable`: the line, and a button for whoever does not recognize what was done.
 */
export type SubjectView = 'hidden' | 'shown' | 'disputable'
