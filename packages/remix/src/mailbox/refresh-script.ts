/** Looks for new mail while the page is visible, and shows local times. */
export const refreshScript = `
for (const time of document.querySelectorAll('time')) {
  time.textContent = new Date(time.dateTime).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
}
const { newest, messages } = document.body.dataset
async function look() {
  if (document.visibilityState === 'visible') {
    try {
      const found = await (await fetch(messages)).json()
      if ((found[0]?.id ?? '') !== newest) {
        const url = new URL(location.href)
        url.searchParams.delete('open')
        location.replace(url)
        return
      }
    } catch {} // the server restarts: the next look finds it
  }
  setTimeout(look, 1500)
}
setTimeout(look, 1500)
`
