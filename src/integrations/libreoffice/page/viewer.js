// Shows a document page by page. docs/documents.md of Lectern describes the messages to and from the parent window.
'use strict';

const { pages, animated } = JSON.parse(document.getElementById('document').textContent);
const [stage, page, strip, list, previous, number, next, full] =
  ['stage', 'page', 'strip', 'list', 'previous', 'number', 'next', 'full'].map(id => document.getElementById(id));

const words = navigator.language.startsWith('zh')
  ? { stage: '文档', strip: '缩略图', list: '缩略图', previous: '上一页', next: '下一页', full: '全屏', go: '第' }
  : { stage: 'Document', strip: 'Thumbnails', list: 'Thumbnails', previous: 'Previous', next: 'Next', full: 'Full screen', go: 'Page ' };
for (const [id, word] of Object.entries(words)) document.getElementById(id)?.setAttribute('aria-label', word);
for (const button of [list, previous, next, full]) button.title = button.ariaLabel;

let current = 0; // The page that is shown, from 1.
let frame = null; // The slides with their animations, once they can be played.
let shownStep = 0; // How many effects of the page were played.
let follows = false; // The parent window sends steps, so it is told steps.
let told = '';
let loading = animated; // The slides can't be played yet.
let later = 0; // What the parent window wanted to play meanwhile.

// Shows a page. `moved`: the slides show it already.
function show(wanted, moved = false) {
  const n = Math.min(Math.max(Math.trunc(wanted), 1), pages.length);
  if (!Number.isFinite(n)) return;
  if (frame && !moved) frame.contentWindow.postMessage({ page: n }, '*');
  if (n === current) return;
  current = n;
  if (!moved) shownStep = 0;
  page.src = pages[n - 1].image;
  page.alt = number.textContent = `${n} / ${pages.length}`;
  // The last page may have animation steps left. Only the slides know.
  previous.disabled = n === 1 && !frame;
  next.disabled = n === pages.length && !frame;
  for (const [i, button] of [...strip.children].entries()) button.toggleAttribute('aria-current', i === n - 1);
  reveal();
  history.replaceState(null, '', `#${n}`);
  tell();
  // Preload the neighbours.
  for (const near of [pages[n], pages[n - 2]]) if (near) new Image().src = near.image;
}

// Tells the parent window what is shown.
function tell() {
  if (parent === window) return;
  const message = { source: 'lectern', page: current, pages: pages.length, ...(follows && { step: shownStep }) };
  if (JSON.stringify(message) === told) return;
  told = JSON.stringify(message);
  parent.postMessage(message, '*');
}

// Shows what the parent window says: a page, and of it so many effects.
function follow({ page: wanted, step: effects, bare }) {
  follows = true;
  document.body.classList.toggle('bare', bare === true);
  const n = Math.min(Math.max(Math.trunc(wanted), 1), pages.length);
  if (frame) {
    frame.contentWindow.postMessage({ page: n, at: effects, bare }, '*');
  } else {
    // The slides are told when they can be played.
    show(n);
    shownStep = animated ? effects : 0;
  }
  tell();
}

// Plays a step for the parent window. Animations must not be passed over because they are still loading.
function turn(by) {
  if (loading) later = by;
  else step(by);
}

function loaded() {
  loading = false;
  if (later) step(later);
  later = 0;
}

function step(by) {
  if (frame) frame.contentWindow.postMessage({ step: by }, '*');
  else show(current + by);
}

const keys = {
  ArrowRight: () => step(1), ArrowDown: () => step(1), PageDown: () => step(1), ' ': () => step(1),
  ArrowLeft: () => step(-1), ArrowUp: () => step(-1), PageUp: () => step(-1), Backspace: () => step(-1),
  Home: () => show(1), End: () => show(pages.length), f: toggleFull,
};
addEventListener('keydown', event => {
  const act = keys[event.key === ' ' && event.shiftKey ? 'PageUp' : event.key];
  if (!act || event.ctrlKey || event.altKey || event.metaKey) return;
  // The space bar presses a button that has the focus.
  if (event.key === ' ' && event.target.closest('button')) return;
  event.preventDefault();
  act();
});

// A swipe turns the page in its direction. A tap or click turns back in the left third, and forward elsewhere.
let start = null;
stage.addEventListener('pointerdown', event => { start = event.isPrimary && event.button === 0 ? event : null; });
stage.addEventListener('pointercancel', () => { start = null; });
stage.addEventListener('pointerup', event => {
  if (!start || event.pointerId !== start.pointerId) return;
  const [across, down] = [event.clientX - start.clientX, event.clientY - start.clientY];
  start = null;
  if (Math.abs(across) > 40 && Math.abs(across) > Math.abs(down)) step(across < 0 ? 1 : -1);
  else if (Math.hypot(across, down) < 10) step(event.clientX < stage.clientWidth / 3 ? -1 : 1);
});

// One page for each turn of the wheel. A touch pad sends many small turns, and continues after the fingers are lifted.
let turned = 0, quiet = 0;
stage.addEventListener('wheel', event => {
  if (event.ctrlKey) return; // The user is zooming.
  event.preventDefault();
  if (event.timeStamp - quiet > 200) turned = 0;
  quiet = event.timeStamp;
  const delta = (Math.abs(event.deltaY) > Math.abs(event.deltaX) ? event.deltaY : event.deltaX) * (event.deltaMode ? 30 : 1);
  if (turned === null) return;
  turned += delta;
  if (Math.abs(turned) < 50) return;
  step(Math.sign(turned));
  turned = event.deltaMode || Math.abs(delta) >= 50 ? 0 : null;
}, { passive: false });

previous.onclick = () => step(-1);
next.onclick = () => step(1);

full.hidden = !document.fullscreenEnabled;
full.onclick = toggleFull;
function toggleFull() {
  if (document.fullscreenElement) document.exitFullscreen();
  else if (document.fullscreenEnabled) document.documentElement.requestFullscreen();
}

list.onclick = () => {
  if (!strip.childElementCount) {
    strip.append(...pages.map(({ thumbnail, width, height }, i) => {
      const button = document.createElement('button');
      const image = Object.assign(new Image(width, height), { loading: 'lazy', alt: '', src: thumbnail });
      button.type = 'button';
      button.ariaLabel = `${words.go}${i + 1}`;
      button.toggleAttribute('aria-current', i === current - 1);
      button.onclick = () => show(i + 1);
      button.append(image);
      return button;
    }));
  }
  strip.hidden = !strip.hidden;
  list.ariaExpanded = String(!strip.hidden);
  reveal();
};

function reveal() {
  if (!strip.hidden) strip.children[current - 1]?.scrollIntoView({ block: 'nearest', inline: 'center' });
}

addEventListener('message', ({ source, data }) => {
  if (typeof data !== 'object' || data === null) return;
  if (source !== parent || parent === window) return;
  if (data.turn === 1 || data.turn === -1) turn(data.turn);
  else if (Number.isFinite(data.page) && Number.isInteger(data.step) && data.step >= 0) follow(data);
  else if (Number.isFinite(data.page)) show(data.page);
});
addEventListener('hashchange', () => show(Number(location.hash.slice(1)) || current));

show(Number(location.hash.slice(1)) || 1);
if (animated) play();

// The slides are in a frame with an opaque origin. The pages are shown until the slides can be played.
function play() {
  const slides = Object.assign(document.createElement('iframe'), { title: document.title, tabIndex: -1 });
  slides.setAttribute('sandbox', 'allow-scripts');
  slides.src = 'slides.xhtml';
  addEventListener('message', ({ source, data }) => {
    if (source !== slides.contentWindow || typeof data !== 'object' || data === null) return;
    if (data.ready) {
      frame = slides;
      previous.disabled = next.disabled = false;
      stage.classList.add('playing');
      // The slides start with the first page.
      if (current > 1 || follows) slides.contentWindow.postMessage({ page: current, at: shownStep, bare: document.body.classList.contains('bare') }, '*');
      loaded();
    } else if (data.failed) {
      frame = null;
      stage.classList.remove('playing');
      slides.remove();
      loaded();
    } else if (frame && Number.isFinite(data.page)) {
      if (Number.isInteger(data.step)) shownStep = data.step;
      show(data.page, true);
      if (follows) tell();
    }
  });
  stage.append(slides);
}
