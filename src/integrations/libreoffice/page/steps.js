// Connects the viewer with LibreOffice's script that plays slides: receives steps and page numbers, reports the page that is shown.
'use strict';

// The viewer handles keys, mouse and touch.
document.onkeydown = document.onkeypress = document.onmouseup = window.onmousewheel = null;

const tell = message => parent.postMessage(message, '*');
let failed = false;
addEventListener('error', () => { if (!failed) { failed = true; tell({ failed }); } });

// Runs after `init`, which the other script registered before. The first slide may have a transition.
addEventListener('load', () => {
  if (!theMetaDoc) return;
  const set = theMetaDoc.setCurrentSlide;
  theMetaDoc.setCurrentSlide = function (index) {
    set.call(this, index);
    turned();
  };
  if (typeof nCurSlide === 'number') turned();
});

let ready = false;
let working = false;
function turned() {
  if (working) return;
  if (ready) report();
  else tell({ ready: true });
  ready = true;
}

// Which slide is shown, and how many of its effects were played.
function report() {
  tell({ page: nCurSlide + 1, step: aSlideShow.nCurrentEffect || 0 });
}

// Shows a slide with so many of its effects. The next slide and the next effect are played, everything else is jumped to.
function follow(slide, effects) {
  if (slide !== nCurSlide) {
    if (slide === nCurSlide + 1 && effects === 0) switchSlide(1, false);
    else aSlideShow.displaySlide(slide, true);
  }
  if (nCurSlide !== slide) return;
  // More than any slide has: an effect that can't be played must not be waited for.
  let left = 1000;
  while (aSlideShow.nCurrentEffect > effects && aSlideShow.hasAnyEffectStarted() && left-- > 0) aSlideShow.rewindEffect();
  while (aSlideShow.nCurrentEffect < effects - 1 && left-- > 0) if (!aSlideShow.skipPlayingOrNextEffect()) return;
  while (aSlideShow.nCurrentEffect === effects - 1 && left-- > 0) if (!aSlideShow.nextEffect()) return;
}

addEventListener('message', ({ source, data }) => {
  if (source !== parent || failed || !ready) return;
  // What is shown in between is not told.
  working = true;
  act(data);
  working = false;
  report();
});

function act(data) {
  if (data.step > 0) {
    // Without the check the script would start over after the last slide.
    if (!aSlideShow.nextEffect() && nCurSlide + 1 < theMetaDoc.nNumberOfSlides) switchSlide(1, false);
  } else if (data.step < 0) {
    if (aSlideShow.hasAnyEffectStarted() || nCurSlide > 0) aSlideShow.rewindEffect();
  } else if (Number.isInteger(data.at)) {
    // Beside the slide there may be a line of one pixel.
    if (data.bare) document.documentElement.style.background = '#fff';
    follow(data.page - 1, data.at);
  } else if (data.page - 1 !== nCurSlide) {
    aSlideShow.displaySlide(data.page - 1, true);
  }
}
