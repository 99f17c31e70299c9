// The page of a code: counts down what is left of its time, and when it is over asks the page what to say.

const line = document.querySelector("[data-countdown]");

function inMinutes(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function countDown() {
  const left = document.createElement("strong");
  const ends = Date.now() + Number(line.dataset.countdown) * 1000;
  left.setAttribute("aria-hidden", "true");
  line.append(" ", left);
  const tick = () => {
    const seconds = Math.max(0, Math.ceil((ends - Date.now()) / 1000));
    left.textContent = `${line.dataset.left} ${inMinutes(seconds)}`;
    if (seconds === 0) {
      clearInterval(ticking);
      location.reload();
    }
  };
  const ticking = setInterval(tick, 1000);
  tick();
}

if (line !== null) {
  countDown();
}

// A page that comes back from the browser's memory may show a code that has ended.
addEventListener("pageshow", (event) => {
  if (event.persisted) {
    location.reload();
  }
});
