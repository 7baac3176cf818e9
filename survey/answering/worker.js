// Answers the GET of a form when there is no network, and nothing else. Its name changes with the form's own parts.
const SHELF = 'NAME'
const HEADERS = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': `POLICY` }
const FORM = /^\/[ctr]\/[^/]+$/
addEventListener('install', () => skipWaiting())
addEventListener('activate', event => event.waitUntil(
  caches.keys()
    .then(names => Promise.all(names.filter(name => name.startsWith('gopy-') && name != SHELF).map(name => caches.delete(name))))
    .then(() => clients.claim())))
addEventListener('fetch', event => {
  const address = new URL(event.request.url)
  if (event.request.method == 'GET' && event.request.mode == 'navigate' && FORM.test(address.pathname))
    event.respondWith(opened(event.request, address))
})
async function opened(request, address) {
  const shelf = await caches.open(SHELF)
  // The form's own script puts it there, empty; what somebody answered is never kept.
  const found = await shelf.match(address.pathname)
  const kept = found && new Response(found.body, { headers: HEADERS })
  const fresh = fetch(request).then(answer => kept && answer.status > 499 ? kept : answer)
  if (!kept) return fresh
  const late = new Promise(resolve => setTimeout(resolve, 5000, kept))
  return Promise.race([fresh.catch(() => kept), late])
}
