/** Of the mailbox alone: it stays readable whatever the app's own styles are. */
export const stylesheet = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f6f5f2, #16171a);
  --card: light-dark(#fff, #1e2024);
  --ink: light-dark(#1d1f23, #eceae4);
  --soft: light-dark(#585a61, #a2a19b);
  --line: light-dark(#e3e1db, #2f3238);
  --accent: light-dark(#2f5d50, #8fcab6);
  --chosen: light-dark(#eaf1ee, #24312d);
}
* { box-sizing: border-box; }
body {
  margin: 0; min-height: 100dvh; display: grid; grid-template-columns: minmax(16rem, 22rem) 1fr;
  background: var(--ground); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', sans-serif;
}
aside { border-right: 1px solid var(--line); height: 100dvh; overflow: auto; position: sticky; top: 0; }
aside > header { padding: 1.5rem 1.25rem .75rem; }
h1 { margin: 0; font-size: 1.25rem; letter-spacing: -.01em; }
aside header p, .none { margin: 0; color: var(--soft); font-size: .875rem; }
.none { padding: .5rem 1.25rem; }
nav h2 {
  margin: 1.5rem 1.25rem .25rem; font-size: .75rem; text-transform: uppercase; letter-spacing: .08em; color: var(--soft);
}
ol { list-style: none; margin: 0; padding: 0 .5rem 1rem; }
li a {
  display: grid; grid-template-columns: 1fr auto; gap: 0 .75rem; padding: .6rem .75rem; border-radius: .5rem;
  color: inherit; text-decoration: none;
}
li a:hover { background: var(--card); }
li a[aria-current] { background: var(--chosen); box-shadow: inset 3px 0 0 var(--accent); }
li strong { grid-column: 1 / -1; font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
li span { color: var(--soft); font-size: .875rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
time { color: var(--soft); font-size: .8125rem; font-variant-numeric: tabular-nums; }
main { display: flex; flex-direction: column; min-width: 0; padding: 1.5rem clamp(1rem, 3vw, 2.5rem) 2rem; }
main h2 { margin: 0 0 .5rem; font-size: 1.5rem; line-height: 1.25; letter-spacing: -.015em; overflow-wrap: anywhere; }
dl { margin: 0; color: var(--soft); font-size: .875rem; }
dl div { display: flex; gap: .5rem; }
dt { min-width: 3rem; }
dd { margin: 0; overflow-wrap: anywhere; }
.tabs { display: inline-flex; gap: .25rem; margin: 1rem 0; padding: .2rem; border-radius: .6rem; background: var(--line); }
.tabs a { padding: .25rem .9rem; border-radius: .45rem; color: var(--soft); text-decoration: none; font-size: .875rem; }
.tabs a[aria-current] { background: var(--card); color: var(--ink); font-weight: 600; }
iframe { flex: 1; width: 100%; min-height: 70dvh; border: 1px solid var(--line); border-radius: .75rem; background: #fff; }
pre {
  flex: 1; margin: 0; padding: 1.5rem; border: 1px solid var(--line); border-radius: .75rem; background: var(--card);
  white-space: pre-wrap; overflow-wrap: anywhere; font: 14px/1.6 ui-monospace, monospace;
}
a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
@media (max-width: 46rem) {
  body { grid-template-columns: 1fr; }
  aside { position: static; height: auto; max-height: 45dvh; border-right: 0; border-bottom: 1px solid var(--line); }
}
`
