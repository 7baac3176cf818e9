// Steps, autosave and queue on top of a form that works without any of it. tests/answering/test_script_*.py.
(() => {
// The page as it came, before anybody answered: what the service worker keeps of it.
const untouched = '<!doctype html>' + document.documentElement.outerHTML
const el = id => document.getElementById(id)
const form = el('form')
const line = document.querySelector('[role=status]')
const words = line.dataset
// Letters and check character of survey/answering/codes.py.
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const newReceipt = () => {
  const values = [...crypto.getRandomValues(new Uint8Array(15))].map(byte => byte % 32)
  let sum = 0
  for (let i = 0; i < 15; i++) {
    const twice = values[14 - i] * (2 - i % 2)
    sum += (twice >> 5) + (twice & 31)
  }
  return [...values, -sum & 31].map(value => letters[value]).join('')
}

// What waits is kept on the phone (local storage) until it is acknowledged; what is saved, only with the tab (session
// storage), so that it can be reloaded without a network and leaves nothing behind.
let stored = true
const shelf = (name, value, room = 'localStorage') => {
  try {
    if (value === undefined) return JSON.parse(self[room].getItem('gopy ' + name))
    if (value) self[room].setItem('gopy ' + name, JSON.stringify(value))
    else self[room].removeItem('gopy ' + name)
  } catch { stored = false }
}
const tab = 'sessionStorage'
const field = name => form.elements[name]
const own = field('receipt')
const path = location.pathname
const part = field('part')?.value || ''
const again = path.startsWith('/r/')
// Of a daily evaluation every day is a response of its own.
const day = form.dataset.day ? '.' + form.dataset.day : ''
const started = () => {
  if (again || own) return again ? path.slice(3) : own.value
  const [, found, of = ''] = document.cookie.match(/gopy_started=(\w+)(\.[\w-]+)?/) || []
  return found && of == day ? found : shelf(path + day)
}
let receipt = started() || newReceipt()
const home = { ...shelf(receipt, undefined, tab), ...shelf(receipt) }
let door = path
let base = again && own ? field('sequence').value - 1 : home.base || 0
let dirty = new Set(Object.keys(home.dirty || {}))
let flying = new Set()
let busy, timer, done, wish, sent, filed, wrong
let pause = 0
let ahead = 0

const answers = () => {
  const found = {}
  for (const [name, value] of new FormData(form)) if (!hidden.has(name)) (found[name] ??= []).push(value)
  return found
}
const hidden = new Set(['receipt', 'sequence', 'base', 'part', 'complete'])
const fill = (found, but) => {
  for (const one of form.elements) {
    if (!one.name || one.type == 'hidden' || one.type == 'submit' || but?.has(one.name)) continue
    const values = [].concat(found[one.name] ?? []).map(String)
    if (one.type == 'textarea') {
      one.value = values[0] ?? ''
      const box = one.closest('details')
      if (box && one.value) box.open = true
    } else one.checked = values.includes(one.value)
  }
}
// Another tab may have begun meanwhile: then this is its response too.
const agree = () => { if (!base && !sent) receipt = started() || receipt }
const keep = flown => {
  agree()
  const now = answers()
  const waiting = shelf(receipt)?.dirty || {}
  flown?.forEach(name => delete waiting[name])
  for (const name of [...dirty, ...flying]) waiting[name] = now[name] || []
  // No base: only a tab that knows every answer may say on which save it builds.
  shelf(receipt, Object.keys(waiting).length && { dirty: waiting })
  shelf(receipt, { base, part, answers: now }, tab)
  if (!base) {
    document.cookie = `gopy_started=${receipt + day};path=${door};max-age=2592000;samesite=lax` + (location.protocol == 'https:' ? ';secure' : '')
    if (!document.cookie.includes(receipt)) shelf(door + day, receipt)
  }
}

const say = (state, more) => {
  line.dataset.state = state
  const text = words[state == 'kept' && !stored ? 'only' : state] + (more ? '. ' + more : '')
  const last = words.last - Date.now() - ahead
  line.textContent = text + (last < 36e5 ? ' · ' + words.left.replace('{n}', Math.max(0, Math.ceil(last / 6e4))) : '')
}
const soon = ms => { clearTimeout(timer); timer = setTimeout(save, ms) }

async function save() {
  if (busy || done || !dirty.size) return
  busy = sent = true
  flying = dirty
  dirty = new Set()
  say('saving')
  const body = new URLSearchParams()
  for (const [name, value] of new FormData(form)) if (!hidden.has(name)) body.append(name, value)
  for (const [name, value] of [['receipt', receipt], ['base', base], ['sequence', base + 1], ['part', part], ['complete', 1]]) body.append(name, value)
  const stop = new AbortController
  const late = setTimeout(() => stop.abort(), 8e3)
  let told
  try {
    const answer = await fetch(base ? '/r/' + receipt : door, {
      method: 'POST', body, signal: stop.signal, keepalive: `${body}`.length < 6e4,
      headers: { accept: 'application/json' },
    })
    ahead = Date.parse(answer.headers.get('date')) - Date.now() || 0
    told = await answer.json()
    if (answer.status > 499) throw 0
    pause = 0
    if (answer.ok) accepted(told)
    else if (told.answers) merge(told)
    else {
      done = true
      dirty = new Set([...dirty, ...flying])
      keep()
      say('kept', told.sentence)
    }
  } catch {
    dirty = new Set([...dirty, ...flying])
    keep()
    say('kept')
    pause = Math.min(60, pause * 2 || 1)
    soon(pause * 1e3)
  }
  clearTimeout(late)
  busy = false
  flying = new Set()
  if (!done && !pause) {
    if (dirty.size) soon(told?.answers ? 0 : 500)
    else if (wish) leave()
  }
}
function accepted(told) {
  base = told.sequence
  receipt = told.receipt
  const flown = flying
  flying = new Set()
  keep(flown)
  slips(told.slips)
  say(dirty.size ? 'will' : wrong ? 'some' : 'saved')
  settle()
  // The form without its answers, so that this address too opens without a network.
  filed ??= self.caches?.open(words.cache).then(async shelf => {
    const doors = (await shelf.keys()).filter(one => !one.url.includes('/r/'))
    const page = await shelf.match(again ? doors[1] ? '' : doors[0] || '' : door)
    if (page) await shelf.put('/r/' + receipt, page)
  }).catch(() => {})
}
const settle = () => history.replaceState(null, '', '/r/' + receipt + location.hash)
// Another tab or phone saved meanwhile: what was answered there stays, what was answered here is laid over it.
function merge(told) {
  dirty = new Set([...dirty, ...flying])
  flying = new Set()
  if (told.receipt != receipt) shelf(receipt, 0)
  receipt = told.receipt
  base = told.sequence
  fill(told.answers, dirty)
  boxes()
  const now = answers()
  const settled = [...dirty].filter(name => `${[].concat(told.answers[name] ?? [])}` == `${now[name] || []}`)
  settled.forEach(name => dirty.delete(name))
  keep(settled)
  // Another share of the modules was begun before: it is the one to go on with.
  if (told.part != part && stored) { done = true; location.replace('/r/' + receipt); return }
  settle()
  say(dirty.size ? 'will' : 'saved')
}
function slips(said) {
  wrong = null
  document.querySelectorAll('.told').forEach(one => one.remove())
  for (const place in said) {
    wrong = document.createElement('p')
    wrong.className = 'slip told'
    wrong.textContent = said[place]
    form.querySelector(`[name='${place}']`)?.closest('fieldset, details, .step').prepend(wrong)
  }
}
async function leave() {
  wish = 0
  const step = wrong?.closest('.step')
  if (step) return location.hash = step.id
  done = true
  shelf(receipt, 0)
  shelf(receipt, 0, tab)
  await filed
  await self.caches?.open(words.cache).then(shelf => shelf.delete('/r/' + receipt)).catch(() => {})
  location.assign('/r/' + receipt)
}

// Tabs of one phone tell each other at once: whatever was tapped last counts, in whichever of them.
const tabs = self.BroadcastChannel && new BroadcastChannel('gopy')
if (tabs) tabs.onmessage = ({ data: [whose, name, values] }) => {
  agree()
  if (whose != receipt) return
  // This one sees to it as well, for the other may be closed the next moment.
  flying.delete(name)
  dirty.add(name)
  fill({ ...answers(), [name]: values })
  boxes()
  later()
}
const later = () => { if (!busy && !pause) { say('will'); soon(500) } }
const changed = event => {
  const name = event.target.name
  if (!name || hidden.has(name)) return
  dirty.add(name)
  done = false
  keep()
  tabs?.postMessage([receipt, name, answers()[name] || []])
  later()
}
form.addEventListener('input', changed)
form.addEventListener('change', event => { boxes(); if (event.target.type != 'textarea') changed(event) })
form.addEventListener('submit', event => {
  if (event.submitter?.name == 'language') { field('sequence').value = base + 1; return }
  event.preventDefault()
  if (event.submitter?.id != 'go') return move(1)
  wish = true
  if (!base) { dirty.add(''); keep() }
  if (dirty.size || busy) save()
  else leave()
})
addEventListener('online', save)
document.addEventListener('visibilitychange', save)
addEventListener('pagehide', save)

// Steps: one at a time, each an address of its own, so that the browser's Back goes back a step.
const steps = [el('start'), ...form.querySelectorAll('.step')]
const [back, count, next] = document.querySelector('nav').children
let here = 0
const show = () => {
  const target = el(decodeURIComponent(location.hash.slice(1)))
  const found = Math.max(0, steps.indexOf(target?.closest('.step')))
  const moved = found != here
  here = found
  // Before the first step the whole form stands there, as it does without a script.
  document.documentElement.classList.toggle('steps', here > 0)
  steps.forEach((step, number) => step.classList.toggle('on', number == here))
  form.querySelectorAll('section').forEach(section => section.classList.toggle('on', section.contains(steps[here])))
  next.hidden = here == steps.length - 1
  back.parentNode.hidden = !here
  count.textContent = here + '/' + (steps.length - 1)
  missing()
  if (target && target != steps[here]) target.scrollIntoView()
  else if (moved) {
    scrollTo(0, 0)
    const heading = steps[here].querySelector('h3, legend, p')
    heading.tabIndex = -1
    heading.focus({ preventScroll: true })
  }
}
const move = by => { location.hash = steps[Math.min(steps.length - 1, here + by)].id }
back.onclick = () => move(-1)
next.onclick = () => move(1)
addEventListener('hashchange', show)

function missing() {
  const modules = [...form.querySelectorAll('.module')]
  const open = modules.filter(step => [...step.querySelectorAll('fieldset')].some(asked => !asked.querySelector(':checked')))
  const list = el('missing')
  list.firstElementChild.textContent = list.dataset[open.length ? 'some' : 'all'].replace('{answered}', modules.length - open.length).replace('{n}', modules.length)
  list.lastElementChild.replaceChildren(...open.map(step => {
    const item = document.createElement('li')
    const link = item.appendChild(document.createElement('a'))
    link.href = '#' + step.id
    link.textContent = modules.indexOf(step) + 1
    link.ariaLabel = link.textContent + '. ' + step.querySelector('h3').textContent
    return item
  }))
}
// Who picks a module to revise is asked at once what should change: its own text box comes along.
function boxes() {
  const pick = form.querySelector('.pick')
  pick?.querySelectorAll('input').forEach(one => {
    const step = el('m' + one.value)
    const box = step?.box || step?.querySelector('details')
    if (!box) return
    step.box = box
    if (one.checked && box.parentNode == step) { one.parentNode.after(box); box.open = true }
    if (!one.checked && box.parentNode != step) step.append(box)
  })
}

if (own && again || form.dataset.unsaved) {
  if (form.dataset.unsaved) Object.keys(answers()).forEach(name => dirty.add(name))
  if (home.dirty) fill({ ...answers(), ...home.dirty })
  shelf(receipt, location.hash && { base, part, answers: answers() }, tab)
} else if (home.answers || home.dirty) fill({ ...home.answers, ...home.dirty })
// A phone that has begun and is here all the same keeps no cookies, or this page is its copy: the answer leads it there.
if (!again && !own && started()) dirty.add('')
if (!again && !own && home.base && home.part != part) location.replace('/r/' + receipt)
document.documentElement.classList.add('js')
boxes()
shelf('test', 1)
shelf('test', 0)
if (again) door = '/r/' + receipt
show()
say(dirty.size ? 'kept' : base ? 'saved' : 'will')
save()
setInterval(() => { if (words.last - Date.now() - ahead < 36e5) say(line.dataset.state) }, 3e4)

const note = el('offline') || count
const tell = kind => { note.append(note.dataset[kind] || ''); note.hidden = false }
if (navigator.serviceWorker) navigator.serviceWorker.register('/sw.js')
  .then(() => navigator.serviceWorker.ready)
  .then(() => caches.open(words.cache))
  .then(shelf => again || own || form.dataset.unsaved || shelf.put(path, new Response(untouched)))
  .then(() => tell('works'), () => tell('stay'))
else tell('stay')
})()
