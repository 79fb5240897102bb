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
function turned() {
  tell(ready ? { page: nCurSlide + 1 } : { ready: true });
  ready = true;
}

addEventListener('message', ({ source, data }) => {
  if (source !== parent || failed || !ready) return;
  if (data.step > 0) {
    // Without the check the script would start over after the last slide.
    if (!aSlideShow.nextEffect() && nCurSlide + 1 < theMetaDoc.nNumberOfSlides) switchSlide(1, false);
  } else if (data.step < 0) {
    if (aSlideShow.hasAnyEffectStarted() || nCurSlide > 0) aSlideShow.rewindEffect();
  } else if (data.page - 1 !== nCurSlide) {
    aSlideShow.displaySlide(data.page - 1, true);
  }
});
